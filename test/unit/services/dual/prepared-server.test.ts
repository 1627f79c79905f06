/** A server that was opened beforehand goes to one who takes it, or is closed. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { PreparedServer } from '../../../../src-main/services/dual/prepared-server'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

function set() {
  const told: string[] = []
  let [place, opened] = ['here', 0]
  let failure: Error | undefined
  const open = async () => {
    if (failure !== undefined) throw failure
    const name = `${place} ${++opened}`
    return { name, close: async () => void told.push(`closed ${name}`) }
  }
  return {
    told,
    prepared: new PreparedServer(open, () => place),
    go: (to: string) => {
      place = to
    },
    fail: (error: Error | undefined) => {
      failure = error
    },
  }
}

test('is opened once, and given once', async () => {
  const { prepared, told } = set()
  expect(prepared.take()).toBeUndefined()
  await Promise.all([prepared.prepare(), prepared.prepare()])
  expect((await prepared.take())?.name).toBe('here 1')
  expect(prepared.take()).toBeUndefined()
  await vi.advanceTimersByTimeAsync(3_600_000)
  await prepared.close()
  expect(told).toEqual([])
})

test('is closed where nobody takes it', async () => {
  const { prepared, told } = set()
  await prepared.prepare()
  await vi.advanceTimersByTimeAsync(3_600_000)
  expect([prepared.take(), told]).toEqual([undefined, ['closed here 1']])
})

test('of another place it is given to nobody', async () => {
  const { prepared, told, go } = set()
  await prepared.prepare()
  go('there')
  expect(prepared.take()).toBeUndefined()
  await prepared.prepare()
  expect(told).toEqual(['closed here 1'])
  expect((await prepared.take())?.name).toBe('there 2')
})

test('where it cannot be opened says why, and is tried again the next time', async () => {
  const { prepared, fail } = set()
  fail(new Error('refused'))
  await expect(prepared.prepare()).rejects.toThrow('refused')
  expect(prepared.take()).toBeUndefined()
  fail(undefined)
  await prepared.prepare()
  expect((await prepared.take())?.name).toBe('here 1')
})
