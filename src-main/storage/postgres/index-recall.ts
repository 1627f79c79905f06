/** How well the index finds: the same searches by it and without. Server thread. */
import { z } from 'zod'
import { VisorError } from '../../../src-shared/errors'
import { embeddingLength, type UnitEmbedding } from '../../../src-shared/face'
import {
  type Recall,
  type RecallQuery,
  recallQuerySchema,
  type Share,
} from '../../../src-shared/search-index'
import type { IndexControl } from '../index-store'
import type { ServerPool } from './connect'
import { pooledQuery } from './pooled-query'
import type { ServerSearch } from './server-search'
import { decodeVector } from './vectors'

const topPersons = 10
/** How much of the second face is in a probe: as like the first as another photo of a person is. */
const secondShare = 0.7
/** The 97.5th percentile of the normal distribution: 95 % lie within it on both sides. */
const z95 = 1.959964

/** Faces by chance: as many are read as are wanted, from places by chance. */
const selectFaces = `
  SELECT vector_send(e.vector) AS vector
  FROM embeddings e
  WHERE e.client_id = $1 AND e.model_id = $2 AND e.person_id IS NOT NULL AND ($3::text[] IS NULL OR e.domain = ANY ($3))
  ORDER BY hashint8extended(e.id, $4) LIMIT $5`
const vectorRow = z.object({ vector: z.instanceof(Buffer) })

/** The body of `IndexStore.recall`. */
export async function indexRecall(
  pool: () => Promise<ServerPool>,
  search: Pick<ServerSearch, 'search'>,
  wanted: RecallQuery,
  { signal, onProgress }: IndexControl<{ done: number; total: number }> = {},
): Promise<Recall> {
  const { clientId, modelId, domains, searches } = recallQuerySchema.parse(wanted)
  const seed = Math.floor(Math.random() * 2 ** 31)
  const rows = await pooledQuery(pool, {
    text: selectFaces,
    values: [clientId, modelId, domains === 'all' ? null : domains, seed, searches * 2],
  })
  const faces = rows.map((row) => floatsOf(vectorRow.parse(row).vector))
  const total = Math.floor(faces.length / 2)
  if (total === 0) {
    throw new VisorError('not-found', 'There are not two faces to search with.', {
      consequence: 'Nothing was measured.',
      remedy: 'Choose a client, a domain and a model that have some.',
    })
  }
  const counts = { found: 0, wanted: 0, sameTop: 0, byIndex: 0 }
  const times = { approximate: [] as number[], exact: [] as number[] }
  for (let number = 0; number < total; number++) {
    signal?.throwIfAborted()
    const probe = between(faces[2 * number]!, faces[2 * number + 1]!)
    const query = { clientId, modelId, domains, probes: [probe], topPersons, topFaces: 0, withinDistance: 0 }
    const approximate = await search.search(query)
    const exact = await search.search({ ...query, exact: true })
    const [near, truth] = [approximate, exact].map(({ probes }) => probes[0]!.persons)
    const ids = new Set(near!.map(({ personId }) => personId))
    counts.found += truth!.filter(({ personId }) => ids.has(personId)).length
    counts.wanted += truth!.length
    if (near![0]?.personId === truth![0]?.personId) counts.sameTop++
    if (approximate.method === 'hnsw') counts.byIndex++
    times.approximate.push(approximate.elapsedMs)
    times.exact.push(exact.elapsedMs)
    onProgress?.({ done: number + 1, total })
  }
  return {
    searches: total,
    recallAt10: share(counts.found, counts.wanted),
    sameTopPerson: share(counts.sameTop, total),
    byIndex: counts.byIndex,
    approximateMs: median(times.approximate),
    exactMs: median(times.exact),
  }
}

/** Wilson's score interval of a share: E. B. Wilson, Journal of the American Statistical Association 22 (1927). */
export function share(hits: number, of: number): Share {
  const value = hits / of
  const spread = z95 ** 2 / of
  const centre = (value + spread / 2) / (1 + spread)
  const half = (Math.sqrt((value * (1 - value)) / of + spread / (4 * of)) * z95) / (1 + spread)
  return { value, low: Math.max(0, centre - half), high: Math.min(1, centre + half) }
}

/** Somebody who is more like the first than like the second. */
function between(first: Float32Array, second: Float32Array): UnitEmbedding {
  const probe = first.map((value, index) => value + secondShare * second[index]!)
  const length = Math.hypot(...probe)
  return probe.map((value) => value / length) as UnitEmbedding
}

function floatsOf(bytes: Uint8Array): Float32Array {
  return new Float32Array(decodeVector(bytes).buffer, 0, embeddingLength)
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)]!
}
