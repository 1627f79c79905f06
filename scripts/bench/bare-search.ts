/** The store's searches of a whole gallery without the store, to measure it by. Benchmarks, Electron's Node. */
import type pg from 'pg'
import {
  fewestExactRows,
  fewestRows,
  searchBounds,
  standsOut,
} from '../../src-main/storage/postgres/search-shape'
import {
  type SearchShape,
  searchRow,
  searchStatement,
} from '../../src-main/storage/postgres/search-statement'
import { encodeVector } from '../../src-main/storage/postgres/vectors'
import type { UnitEmbedding } from '../../src-shared/face'
import { defaultSearchWidth } from '../../src-shared/search-index'
import { clientId, large, modelId } from './server-gallery'

export const topPersons = 10
export const topFaces = 10
export const withinDistance = 0.6

/** What the store sets on its connections, to search among so many faces. */
export const session = (faces: number) => `
  SET search_path = visor, public; SET plan_cache_mode = force_custom_plan; SET hnsw.ef_search = ${defaultSearchWidth(faces)};
  SET hnsw.iterative_scan = relaxed_order; SET hnsw.max_scan_tuples = 200000; SET hnsw.scan_mem_multiplier = 4; SET jit = off`

/** As a parameter. */
export const bytesOf = (probe: UnitEmbedding) => Buffer.from(encodeVector(probe).buffer)

/** One statement: the `nearest` rows of all of so many `faces` and whose they are. */
export function bareStatement(shape: SearchShape, faces: number) {
  const known = {
    sizes: [{ domain: large, persons: 0, embeddings: faces }],
    indexes: [{ vectors: 'vector' as const, rows: faces, searchWidth: null }],
  }
  const nearest = shape === 'exact' ? fewestExactRows : fewestRows(shape, known, 'all')
  const text = searchStatement({ shape, probes: 1, allDomains: true })
  return (client: pg.Client, probe: UnitEmbedding) =>
    client.query<Record<string, unknown>>(text, [
      clientId,
      modelId,
      nearest,
      topPersons,
      topFaces,
      withinDistance,
      [],
      bytesOf(probe),
    ])
}

/** The statements of a search: by the index, and exact where nobody stands out. */
export function bareSearch(faces: number) {
  const exactly = bareStatement('exact', faces)
  if (faces < searchBounds.indexFromRows) return exactly
  const byIndex = bareStatement('vector', faces)
  return async (client: pg.Client, probe: UnitEmbedding) => {
    const { rows } = await byIndex(client, probe)
    if (!standsOut(searchRow.parse(rows[0]).persons)) await exactly(client, probe)
  }
}
