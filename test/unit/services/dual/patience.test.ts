/** Work is waited for while there are signs of it, and no longer. */
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { Listeners } from '../../../../src-main/host/listeners'
import { whileItMoves } from '../../../../src-main/services/dual/patience'

const never = new Promise<string>(() => undefined)

test('gives what it gives, and raises what it raises', async () => {
  const signs = new Listeners<void>()
  const limits = { silentMs: 1000, longestMs: 1000 }
  expect(await whileItMoves(Promise.resolve('done'), signs, limits)).toBe('done')
  await expect(whileItMoves(Promise.reject(new Error('no')), signs, limits)).rejects.toThrow('no')
  expect(signs.size).toBe(0)
})

test('is over soon where nothing is heard, and later where something is', async () => {
  const signs = new Listeners<void>()
  const startedAt = performance.now()
  expect(await whileItMoves(never, signs, { silentMs: 30, longestMs: 10_000 })).toBeUndefined()
  expect(performance.now() - startedAt).toBeLessThan(5000)
  const beat = setInterval(() => signs.emit(), 5)
  const late = sleep(150).then(() => 'late')
  expect(await whileItMoves(late, signs, { silentMs: 100, longestMs: 10_000 })).toBe('late')
  expect(await whileItMoves(never, signs, { silentMs: 1000, longestMs: 50 })).toBeUndefined()
  clearInterval(beat)
})
