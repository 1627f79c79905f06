/** What lies between the two stores. */
import { expect, it } from 'vitest'
import {
  betweenStores,
  followedUntil,
} from '../../../../../src-renderer/features/settings/moving/between-stores'
import { cacheStateSchema } from '../../../../../src-shared/cache'
import { dualStateSchema } from '../../../../../src-shared/dual'
import type { ServerState } from '../../../../../src-shared/store-mode'

const state = (part: object) =>
  dualStateSchema.parse({
    mode: 'dual',
    pairings: [
      {
        clientId: 'default',
        serverId: '0198c0de-0000-7000-8000-000000000001',
        place: 'db',
        state: 'paired',
        since: '2026-11-20T14:32:00.000Z',
        revision: 0,
        asOf: null,
        domains: ['slovenia'],
      },
    ],
    waiting: 0,
    conflicts: 0,
    queued: 0,
    dropped: 0,
    ...part,
  })
const server = (link: ServerState['state']): ServerState => ({
  place: 'db',
  state: link,
  since: null,
  waiting: 0,
  conflicts: 0,
  error: null,
})
const told = (part: object, link: ServerState['state'] | null) =>
  betweenStores(state(part), link === null ? null : server(link)).map(({ text, tone }) => `${text}: ${tone}`)

it('says what goes, what waits, what is held', () => {
  expect(told({ pairings: [] }, null)).toEqual(['nothing is paired: still'])
  expect(told({}, 'up')).toEqual(['each search is compared: goes', 'edits reach it at once: goes'])
  expect(told({ waiting: 2, conflicts: 1 }, 'gone')).toEqual([
    'nothing is compared: still',
    '2 edits wait: still',
    '1 edit is held: held',
  ])
  expect(told({ mode: 'local', waiting: 1 }, null)).toEqual(['1 edit waits, not sent in this mode: still'])
  expect(told({ mode: 'server' }, 'up')).toEqual([
    'edits reach it at once: goes',
    'what changes comes here: goes',
  ])
})

it('knows up to when the copy is: by the domain that is furthest behind', () => {
  const copy = (...times: (string | null)[]) =>
    cacheStateSchema.parse({
      bytes: 0,
      edits: 0,
      following: true,
      work: null,
      domains: times.map((asOf, place) => ({
        clientId: 'default',
        domain: `d${place}`,
        state: 'whole',
        filled: 1,
        rows: { persons: 0, photos: 0, faces: 0, embeddings: 0 },
        revision: 1,
        asOf,
      })),
    })
  const [early, late] = ['2026-11-20T14:32:00.000Z', '2026-11-20T15:00:00.000Z']
  expect(followedUntil(copy(late, early))).toBe(early)
  expect(followedUntil(copy(late, null))).toBeUndefined()
  expect(followedUntil(copy())).toBeUndefined()
  expect(followedUntil(undefined)).toBeUndefined()
})
