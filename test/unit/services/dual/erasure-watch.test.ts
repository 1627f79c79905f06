/** Asking a server for erasures now and then: again after an outage, no more after a refusal, never where nobody has to. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { ErasureWatch } from '../../../../src-main/services/dual/erasure-watch'
import { VisorError } from '../../../../src-shared/errors'
import { ServerError } from '../../../../src-shared/server-failure'

const hourMs = 60 * 60 * 1000
const refused = new ServerError(
  { kind: 'password', reason: 'wrong', sqlState: '28P01', outage: false, retry: 'no' },
  { code: 'server-login', message: 'The password is wrong.' },
)
const away = new ServerError(
  { kind: 'shutdown', sqlState: '57P01', outage: true, retry: 'safe' },
  { code: 'server-unreachable', message: 'It does not answer.' },
)

let asked: number
let isDue: boolean
let answers: (Error | undefined)[]
let errors: unknown[]
let watch: ErasureWatch

beforeEach(() => {
  vi.useFakeTimers()
  ;[asked, isDue, answers, errors] = [0, true, [], []]
  watch = new ErasureWatch({
    isDue: () => isDue,
    ask: async () => {
      asked++
      const answer = answers.shift()
      if (answer !== undefined) throw answer
    },
    onError: (error) => errors.push(error),
  })
})
afterEach(async () => {
  await watch.stop()
  vi.useRealTimers()
})
const hours = (count: number) => vi.advanceTimersByTimeAsync(count * hourMs)

test('at once, and once an hour; an outage is no error', async () => {
  answers = [undefined, away]
  watch.start()
  await hours(3)
  expect(asked).toBe(4)
  expect(errors).toEqual([])
})

test('a refusal is told once, and ends the asking', async () => {
  answers = [refused]
  watch.start()
  await hours(3)
  expect(asked).toBe(1)
  expect(errors).toEqual([refused])
})

test('nobody is asked where a server is worked with, or the gallery is on none', async () => {
  isDue = false
  watch.start()
  await hours(2)
  expect(asked).toBe(0)
  isDue = true
  await hours(1)
  expect(asked).toBe(1)
})

test('whatever else goes wrong is told', async () => {
  answers = [new VisorError('disk-full', 'The disk is full.')]
  watch.start()
  await hours(0)
  expect(errors).toHaveLength(1)
})
