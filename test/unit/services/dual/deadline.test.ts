/** Something is waited for until a moment, and no longer. */
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { Deadline } from '../../../../src-main/services/dual/deadline'

const never = new Promise<void>(() => undefined)

test('says whether it was in time, and raises what it raises', async () => {
  const deadline = new Deadline(5000)
  expect(await deadline.sees(Promise.resolve())).toBe(true)
  await expect(deadline.sees(Promise.reject(new Error('no')))).rejects.toThrow('no')
  expect(await deadline.sees(never, 10)).toBe(false)
  expect(deadline.leftMs).toBeGreaterThan(0)
})

test('what comes later goes on by itself, and fails by itself', async () => {
  const deadline = new Deadline(10)
  const late = sleep(30).then(() => Promise.reject(new Error('late')))
  expect(await deadline.sees(late)).toBe(false)
  expect(await deadline.sees(never)).toBe(false)
  expect(deadline.leftMs).toBeLessThan(10)
  await expect(late).rejects.toThrow('late')
})
