/** Faces to search with, spread over all that are stored. Diagnostics worker thread. */
import { z } from 'zod'
import { embeddingLength, parseUnitEmbedding } from '../../../src-shared/face'
import {
  clientIdSchema,
  domainSchema,
  faceIdSchema,
  modelIdSchema,
  personIdSchema,
} from '../../../src-shared/ids'
import type { StoredFace } from '../diagnostics-store'
import { type AskedDatabase, oneRow } from './asked-database'

const rangeRow = z.object({ first: z.coerce.number(), last: z.coerce.number() })
const faceRow = z.object({
  id: z.coerce.number(),
  clientId: clientIdSchema,
  domain: domainSchema,
  modelId: modelIdSchema,
  personId: personIdSchema,
  faceId: faceIdSchema,
  /** As SQLite keeps them: float32, little-endian. */
  vector: z.instanceof(Uint8Array),
})

/** Without vectors that are not of length 1: what is wrong with those another check says. */
export async function storedFaces(database: AskedDatabase, limit: number): Promise<StoredFace[]> {
  const { first, last } = await oneRow(
    database,
    rangeRow,
    'SELECT coalesce(min(id), 0) AS first, coalesce(max(id), -1) AS last FROM embeddings',
  )
  const found = new Map<number, StoredFace>()
  for (let step = 0; step < limit; step++) {
    const from = first + Math.floor(((last - first + 1) * step) / limit)
    const [row] = await database.rows(
      faceRow,
      `SELECT e.id, e.client_id AS clientId, f.domain, e.model_id AS modelId, f.person_id AS personId, e.face_id AS faceId,
         floats(e.vector) AS vector
       FROM embeddings e JOIN faces f ON f.id = e.face_id AND f.client_id = e.client_id
       WHERE e.id >= ? AND vector_dims(e.vector) = ${embeddingLength} AND f.removed_by IS NULL AND f.person_id IS NOT NULL ORDER BY e.id LIMIT 1`,
      from,
    )
    if (row === undefined) break
    const { id, vector, ...face } = row
    const embedding = parseUnitEmbedding(new Float32Array(vector.slice().buffer))
    if (embedding !== undefined) found.set(id, { ...face, embedding })
  }
  return [...found.values()]
}
