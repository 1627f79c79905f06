/** Changes are told at once, and then not too often; the last one always. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { ChangeNews } from '../../../src-main/services/change-news'
import { type ClientId, clientIdSchema } from '../../../src-shared/ids'

const [one, other] = [clientIdSchema.parse('one'), clientIdSchema.parse('other')]

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

test('many changes are told twice: at once, and at their end', () => {
  const told: ClientId[] = []
  const news = new ChangeNews((clientId) => told.push(clientId))
  for (let index = 0; index < 20; index++) news.heard(one)
  news.heard(other)
  expect(told).toEqual([one, other])
  vi.advanceTimersByTime(500)
  expect(told).toEqual([one, other, one])
  vi.advanceTimersByTime(5000)
  expect(told).toEqual([one, other, one])
  news.heard(one)
  expect(told).toHaveLength(4)
})
