/** Faces that are not people: many at once. Store worker thread; called within a write. */
import { z } from 'zod'
import { type FaceId, faceIdSchema, personIdSchema } from '../../../../src-shared/ids'
import type { RuledOut } from '../../act'
import type { Connection } from '../connection'

export type Rejection = RuledOut

export const rejectionRow = z.object({ faceId: faceIdSchema, personId: personIdSchema })
const datedRow = rejectionRow.extend({
  /** Unix milliseconds. */
  createdAt: z.number().int(),
})

export const selectRejectedOfFaces = `
  SELECT r.face_id AS faceId, r.person_id AS personId
  FROM ids(?) asked CROSS JOIN rejections r ON r.face_id = asked.value`
export const insertRejects = `
  INSERT INTO rejections (face_id, person_id, created_at)
  SELECT id_of(json_extract(given.value, '$.faceId')), id_of(json_extract(given.value, '$.personId')), CAST(? AS bigint)
  FROM texts(?) given WHERE TRUE
  ON CONFLICT DO NOTHING RETURNING face_id AS faceId, person_id AS personId`
export const deleteRejects = `
  DELETE FROM rejections WHERE (face_id, person_id) IN (
    SELECT id_of(json_extract(value, '$.faceId')), id_of(json_extract(value, '$.personId')) FROM texts(?))
  RETURNING face_id AS faceId, person_id AS personId, created_at AS createdAt`

/** Who is ruled out for these faces. */
export function rejectsOfFaces(connection: Connection, faceIds: readonly FaceId[]): Rejection[] {
  if (faceIds.length === 0) return []
  return connection.rows(rejectionRow, selectRejectedOfFaces, JSON.stringify(faceIds))
}

/** Rules people out for faces, where they were not; those that are new, in the given order. `at`: Unix milliseconds. */
export function addRejects(connection: Connection, rejects: readonly Rejection[], at: number): Rejection[] {
  if (rejects.length === 0) return []
  const added = new Set(connection.rows(rejectionRow, insertRejects, at, JSON.stringify(rejects)).map(keyOf))
  // A pair that was named twice is new once.
  return rejects.filter((reject) => added.delete(keyOf(reject)))
}

/** Withdraws rejects; those that there were, in the given order. */
export function withdrawRejects(
  connection: Connection,
  rejects: readonly Rejection[],
): (Rejection & { readonly createdAt: number })[] {
  if (rejects.length === 0) return []
  const gone = new Map(
    connection.rows(datedRow, deleteRejects, JSON.stringify(rejects)).map((row) => [keyOf(row), row]),
  )
  return rejects.flatMap((reject) => {
    const row = gone.get(keyOf(reject))
    gone.delete(keyOf(reject))
    return row === undefined ? [] : [row]
  })
}

/** The same for the same face and person. */
export const keyOf = ({ faceId, personId }: Rejection) => `${faceId} ${personId}`
