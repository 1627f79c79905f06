/** What the search checks of a diagnosis say of a store that answers rightly, wrongly and slowly; the store is a stand-in. */
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import {
  checkLatency,
  checkLedger,
  checkSelf,
  type SearchedGallery,
} from '../../../src-main/services/diagnostics/search-checks'
import type { StoredFace } from '../../../src-main/storage/diagnostics-store'
import type { SearchAnswer, SearchMethod } from '../../../src-main/storage/search-records'
import type { UnitEmbedding } from '../../../src-shared/face'

const never = new AbortController().signal
const faces = ['a', 'b', 'c'].map(
  (id) =>
    ({
      clientId: 'default',
      domain: 'slovenia',
      modelId: 'm',
      personId: id,
      faceId: id,
      embedding: new Float32Array([id.charCodeAt(0)]) as UnitEmbedding,
    }) as unknown as StoredFace,
)

/** Answers with `persons` (id and distance) for the probe of each face. */
function gallery(
  persons: (of: string) => readonly (readonly [string, number])[],
  method: SearchMethod = 'exact',
  tookMs = 0,
): SearchedGallery {
  return {
    search: async ({ probes: [probe] }) => {
      if (tookMs > 0) await sleep(tookMs)
      const found = persons(String.fromCharCode(probe![0]!))
      const hits = found.map(([personId, distance]) => ({ personId, distance }))
      return { probes: [{ persons: hits, faces: [] }], method } as unknown as SearchAnswer
    },
    verifyLedger: async () => ({ entries: 3, brokenAt: 2 }),
  }
}

test('every face is found for its own person at distance 0', async () => {
  expect(
    await checkSelf(
      gallery((own) => [[own, 0]]),
      faces,
      never,
    ),
  ).toMatchObject({
    state: 'pass',
    figure: '3 of 3',
  })
})

test('a face that is missed, or found farther away, fails; an index is to be built anew', async () => {
  const missing = gallery((own) => (own === 'b' ? [['a', 0.4]] : [[own, 0]]), 'hnsw')
  expect(await checkSelf(missing, faces, never)).toMatchObject({
    state: 'fail',
    figure: '2 of 3',
    next: { copy: 'visor index rebuild' },
  })
  expect(
    await checkSelf(
      gallery((own) => [[own, 0.01]]),
      faces,
      never,
    ),
  ).toMatchObject({
    state: 'fail',
    figure: '0 of 3',
    next: { copy: null },
  })
})

test('where more people have the very same face than are asked for, any of them will do', async () => {
  const others = Array.from({ length: 10 }, (_, other) => [`twin ${other}`, 0] as const)
  expect(
    await checkSelf(
      gallery(() => others),
      faces,
      never,
    ),
  ).toMatchObject({ state: 'pass' })
  expect(
    await checkSelf(
      gallery(() => others.slice(1)),
      faces,
      never,
    ),
  ).toMatchObject({ state: 'fail' })
})

test('slow searches are told, with what answered', async () => {
  expect(
    await checkLatency(
      gallery((own) => [[own, 0]]),
      faces,
      never,
    ),
  ).toMatchObject({ state: 'pass' })
  const slow = await checkLatency(
    gallery((own) => [[own, 0]], 'exact', 300),
    faces,
    never,
  )
  expect(slow).toMatchObject({ state: 'warn' })
  expect(slow.table?.rows).toContainEqual(['method', 'exact'])
  expect(slow.table?.rows).toContainEqual(['searches', '6'])
})

test('nobody enrolled is no failure; a broken ledger is', async () => {
  const any = gallery(() => [])
  expect(await checkSelf(any, [], never)).toMatchObject({ state: 'unchecked' })
  expect(await checkLatency(any, [], never)).toMatchObject({ state: 'unchecked' })
  expect(await checkLedger(any)).toMatchObject({
    state: 'fail',
    sentence: expect.stringContaining('entry 2'),
  })
})
