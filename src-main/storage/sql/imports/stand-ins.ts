/** Photos of imports that were not seen yet, and what became of looking for them. Store's threads. */
import { z } from 'zod'
import { bytesSchema } from '../../../../src-shared/face'
import {
  type ClientId,
  type Domain,
  type FaceId,
  faceIdSchema,
  type ImportRunId,
  type ModelId,
  type PhotoId,
  personIdSchema,
  photoIdSchema,
} from '../../../../src-shared/ids'
import { rejectReasonSchema } from '../../../../src-shared/import'
import type { UnfoundFace } from '../../../../src-shared/import-run'
import type { StandIn, UnseenPhotos } from '../../import-store'
import type { Connection } from '../connection'
import { embeddingOf } from '../faces/transfer'
import { beforeAllIds, boxColumns, countRow } from '../rows'

const photosInPage = 200

/** `?`: client, domain. */
export const countUnseen = `
  SELECT count(DISTINCT p.id) AS photos, count(*) AS faces, min(p.path) AS example
  FROM photos p CROSS JOIN faces f ON same_client(f, p) AND f.photo_id = p.id
  WHERE p.client_id = ? AND p.domain = ? AND p.seen = FALSE AND f.removed_by IS NULL AND f.measured = FALSE`
/** `?`: client, domain, the id before. */
export const selectUnseen = `
  SELECT p.id AS photoId, p.path FROM photos p
  WHERE p.client_id = ? AND p.domain = ? AND p.seen = FALSE AND p.id > ? ORDER BY p.id LIMIT ${photosInPage}`
/** `?`: ids, client, domain. */
export const selectUnseenOf = `
  SELECT p.id AS photoId, p.path FROM ids(?) given CROSS JOIN photos p ON p.id = given.value
  WHERE p.client_id = ? AND p.domain = ? AND p.seen = FALSE ORDER BY p.id`
export const selectUnseenFaces = `
  SELECT f.photo_id AS photoId, f.id AS faceId, f.person_id AS personId, f.box_x AS x, f.box_y AS y, f.box_w AS w,
    f.box_h AS h, floats(e.vector) AS vector
  FROM ids(?) given CROSS JOIN faces f ON f.photo_id = given.value
  LEFT JOIN embeddings e ON same_client(e, f) AND e.face_id = f.id AND e.model_id = ?
  WHERE f.removed_by IS NULL AND f.measured = FALSE ORDER BY f.id`
export const deleteUnfound =
  'DELETE FROM import_unfound WHERE run_id = ? AND face_id IN (SELECT value FROM ids(?))'
export const insertUnfound = `
  INSERT INTO import_unfound (run_id, face_id, reason, detail)
  SELECT r.id, f.id, json_extract(given.value, '$.reason'), json_extract(given.value, '$.detail')
  FROM texts(?) given CROSS JOIN import_runs r ON r.id = ?
  CROSS JOIN faces f ON same_client(f, r) AND f.id = id_of(json_extract(given.value, '$.faceId'))`
const stillUnfound = `
  FROM import_unfound u CROSS JOIN faces f ON same_client(f, u) AND f.id = u.face_id
  CROSS JOIN photos ph ON same_client(ph, f) AND ph.id = f.photo_id
  LEFT JOIN persons p ON same_client(p, f) AND p.id = f.person_id
  WHERE u.run_id = ? AND f.removed_by IS NULL AND f.measured = FALSE`
export const selectUnfound = `
  SELECT u.face_id AS faceId, coalesce(p.name, '') AS person, ph.path AS photo, u.reason, u.detail ${stillUnfound}
  ORDER BY p.name, u.face_id LIMIT ? OFFSET ?`
export const countUnfound = `SELECT count(*) AS count ${stillUnfound}`

const unseenRow = z.object({ photos: z.number(), faces: z.number(), example: z.string().nullable() })
const photoRow = z.object({ photoId: photoIdSchema, path: z.string() })
const faceRow = z.object({
  photoId: photoIdSchema,
  faceId: faceIdSchema,
  personId: personIdSchema.nullable(),
  ...boxColumns,
  vector: bytesSchema.nullable(),
})
const unfoundRow = z.object({
  faceId: faceIdSchema,
  person: z.string(),
  photo: z.string(),
  reason: rejectReasonSchema,
  detail: z.string(),
})

/** The body of `ImportStore.countStandIns`. */
export function standInCount(connection: Connection, clientId: ClientId, domain: Domain): UnseenPhotos {
  return connection.row(unseenRow, countUnseen, clientId, domain)!
}

/** The body of `ImportStore.standIns`. */
export function standInsAfter(
  connection: Connection,
  clientId: ClientId,
  domain: Domain,
  modelId: ModelId,
  after: PhotoId | null,
): StandIn[] {
  const photos = connection.rows(photoRow, selectUnseen, clientId, domain, after ?? beforeAllIds)
  return withFaces(connection, modelId, photos)
}

/** The body of `ImportStore.standInsOf`. */
export function standInsOf(
  connection: Connection,
  clientId: ClientId,
  domain: Domain,
  modelId: ModelId,
  photoIds: readonly PhotoId[],
): StandIn[] {
  const photos = connection.rows(photoRow, selectUnseenOf, JSON.stringify(photoIds), clientId, domain)
  return withFaces(connection, modelId, photos)
}

function withFaces(
  connection: Connection,
  modelId: ModelId,
  photos: readonly z.output<typeof photoRow>[],
): StandIn[] {
  const list = JSON.stringify(photos.map(({ photoId }) => photoId))
  const faces = Map.groupBy(
    connection.rows(faceRow, selectUnseenFaces, list, modelId),
    ({ photoId }) => photoId,
  )
  return photos.map((photo) => ({
    ...photo,
    faces: (faces.get(photo.photoId) ?? []).map(({ faceId, personId, vector, x, y, w, h }) => ({
      faceId,
      personId,
      box: { x, y, w, h },
      embedding: vector === null ? null : embeddingOf(vector),
    })),
  }))
}

/** The body of `ImportStore.noteLook`. */
export function noteLook(
  connection: Connection,
  runId: ImportRunId,
  found: readonly FaceId[],
  unfound: readonly Pick<UnfoundFace, 'faceId' | 'reason' | 'detail'>[],
): void {
  const dealtWith = [...found, ...unfound.map(({ faceId }) => faceId)]
  connection.run(deleteUnfound, runId, JSON.stringify(dealtWith))
  const rows = unfound.map(({ faceId, reason, detail }) => ({ faceId, reason, detail }))
  if (rows.length > 0) connection.run(insertUnfound, JSON.stringify(rows), runId)
}

/** The body of `ImportStore.unfound`. */
export function unfoundOf(
  connection: Connection,
  runId: ImportRunId,
  { offset, limit }: { readonly offset: number; readonly limit: number },
): { total: number; unfound: UnfoundFace[] } {
  return {
    total: connection.row(countRow, countUnfound, runId)!.count,
    unfound: connection.rows(unfoundRow, selectUnfound, runId, limit, offset),
  }
}
