/**
 * Who looks like a person: their own embeddings as probes of the flat index. Nobody is offered by a face that was ruled out,
 * on either side. Store worker thread.
 */
import { setImmediate as nextTurn } from 'node:timers/promises'
import { z } from 'zod'
import type { Lookalike } from '../../../../src-shared/gallery'
import {
  type ClientId,
  domainSchema,
  type FaceId,
  faceIdSchema,
  type ModelId,
  type PersonId,
  personIdSchema,
} from '../../../../src-shared/ids'
import { distanceOf } from '../../flat/flat-index'
import type { FlatNearest } from '../../flat/flat-query'
import { probesPerPass } from '../../flat/layout'
import type { Connection } from '../connection'
import { apartFrom } from '../ledger/changes'
import { vectorRow } from '../rows'
import { type FlatIndexes, floatsOf } from '../search/flat-indexes'

const idRow = z.object({ id: z.number().int() })
const rejectRow = z.object({ faceId: faceIdSchema, personId: personIdSchema })
const ownRow = vectorRow.extend({ faceId: faceIdSchema })
const nearestRow = z.object({
  id: z.number().int(),
  faceId: faceIdSchema,
  personId: personIdSchema,
  name: z.string(),
  domain: domainSchema,
})

export const selectOwnVectors = `
  SELECT f.id AS faceId, floats(e.vector) AS vector
  FROM faces f CROSS JOIN embeddings e ON same_client(e, f) AND e.face_id = f.id AND e.model_id = ?
  WHERE f.person_id = ? AND f.removed_by IS NULL ORDER BY f.id`
/** People who are gone by now are left out. */
export const selectNearest = `
  SELECT e.id, f.id AS faceId, p.id AS personId, p.name, p.domain
  FROM numbers(?) hit
  CROSS JOIN embeddings e ON e.id = hit.value
  CROSS JOIN faces f ON same_client(f, e) AND f.id = e.face_id AND f.removed_by IS NULL
  CROSS JOIN persons p ON same_client(p, f) AND p.id = f.person_id AND p.removed_by IS NULL`

/** Whom a person's faces were ruled out for. */
export const selectRejectsOfFaces = `
  SELECT r.face_id AS faceId, r.person_id AS personId
  FROM ids(?) own CROSS JOIN rejections r ON r.face_id = own.value`
/** Faces that were ruled out for a person. */
export const selectRejectedEmbeddings = `
  SELECT e.id FROM rejections r
  CROSS JOIN embeddings e ON same_client(e, r) AND e.face_id = r.face_id AND e.model_id = ?
  WHERE r.person_id = ?`

/** The body of `GalleryStore.lookalikes`, for a live person of the client. */
export async function lookalikes(
  connection: Connection,
  indexes: FlatIndexes,
  clientId: ClientId,
  personId: PersonId,
  modelId: ModelId,
  limit: number,
): Promise<Lookalike[]> {
  const own = connection.rows(ownRow, selectOwnVectors, modelId, personId)
  const rejects = ruledOut(
    connection,
    own.map(({ faceId }) => faceId),
  )
  const notEmbeddings = new Set(
    connection.rows(idRow, selectRejectedEmbeddings, modelId, personId).map(({ id }) => id),
  )
  let best: (FlatNearest & Pick<Lookalike, 'ownFaceId'>)[] = []
  for (let first = 0; first < own.length; first += probesPerPass) {
    const some = own.slice(first, first + probesPerPass)
    // Asked for again after every turn: a write may have replaced it.
    const index = await indexes.get(clientId, modelId)
    const found = index.nearestToAny({
      probes: some.map(({ vector }) => floatsOf(vector)),
      except: personId,
      notPersons: new Map(
        some.flatMap(({ faceId }, position) => {
          const persons = rejects.get(faceId)
          return persons === undefined ? [] : [[position, persons]]
        }),
      ),
      notEmbeddings,
      limit,
      floor: best.length < limit ? Number.NEGATIVE_INFINITY : best.at(-1)!.similarity,
    })
    const all = [...best, ...found.map((hit) => ({ ...hit, ownFaceId: some[hit.probe]!.faceId }))]
    const nearestFirst = all.sort((a, b) => b.similarity - a.similarity)
    // Each once, by the nearest of their faces.
    const seen = new Set<PersonId>()
    best = nearestFirst.filter((hit) => !seen.has(hit.personId) && seen.add(hit.personId)).slice(0, limit)
    await nextTurn()
  }
  const rows = connection.rows(
    nearestRow,
    selectNearest,
    JSON.stringify(best.map(({ embedding }) => embedding)),
  )
  const rowOf = new Map(rows.map(({ id, ...row }) => [id, row]))
  const apart = apartFrom(connection, personId)
  return best.flatMap(({ embedding, similarity, ownFaceId }) => {
    const row = rowOf.get(embedding)
    if (row === undefined) return []
    return [{ ...row, distance: distanceOf(similarity), ownFaceId, toldApart: apart.has(row.personId) }]
  })
}

/** Whom these faces were ruled out for; faces without such are left out. */
function ruledOut(connection: Connection, faceIds: readonly FaceId[]): Map<FaceId, Set<PersonId>> {
  const rejects = new Map<FaceId, Set<PersonId>>()
  for (const { faceId, personId } of connection.rows(
    rejectRow,
    selectRejectsOfFaces,
    JSON.stringify(faceIds),
  )) {
    rejects.set(faceId, (rejects.get(faceId) ?? new Set()).add(personId))
  }
  return rejects
}
