/** How many enrolments wait, as the rail says it: counted until the list itself is asked for. Main is a stand-in. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { waitingEnrolments } from '../../../../src-renderer/state/enrolment-slice'
import { createStore } from '../../../../src-renderer/state/store'
import { reviewIdSchema } from '../../../../src-shared/ids'
import { defaultSettings } from '../../../../src-shared/settings'

const asked: { readonly limit: number }[] = []
let byDomain: readonly { readonly domain: string; readonly count: number }[]
beforeEach(() => {
  asked.length = 0
  byDomain = [
    { domain: 'slovenia', count: 2 },
    { domain: 'serbia', count: 3 },
  ]
  const waiting = (query: { readonly limit: number }) => {
    asked.push(query)
    return Promise.resolve({ ok: true, value: { total: 5, reviews: [], byDomain, byKind: [] } })
  }
  vi.stubGlobal('window', { visor: { request: { 'review.waiting': waiting } } })
})
afterEach(() => vi.unstubAllGlobals())

test('they are counted without their list, of all domains, and anew when the galleries change', async () => {
  const store = createStore(defaultSettings)
  expect(waitingEnrolments(store.getState())).toBe(0)
  await store.getState().renewEnrolments()
  expect(waitingEnrolments(store.getState())).toBe(5)
  expect(store.getState().enrolments).toBeUndefined()
  byDomain = byDomain.slice(1)
  await store.getState().renewEnrolments()
  expect(waitingEnrolments(store.getState())).toBe(3)
  expect(asked.map(({ limit }) => limit)).toEqual([1, 1])
})

test('once the list is there, what is decided counts no more', async () => {
  const store = createStore(defaultSettings)
  await store.getState().loadEnrolments(defaultSettings.search.clientId)
  expect(waitingEnrolments(store.getState())).toBe(5)
  store.getState().markDecided(reviewIdSchema.parse('00000000-0000-7000-8000-000000000001'))
  expect(waitingEnrolments(store.getState())).toBe(4)
  await store.getState().renewEnrolments()
  expect(asked.map(({ limit }) => limit)).toEqual([200, 200])
})
