/** The faces of one photo: shown, drawn by hand, given another box, deleted; and where its file is. Store worker thread. */
import { z } from 'zod'
import { VisorError } from '../../../../src-shared/errors'
import type { EmbeddedFace } from '../../../../src-shared/face'
import type { GalleryPhoto } from '../../../../src-shared/gallery'
import {
  clientIdSchema,
  domainSchema,
  type FaceId,
  faceIdSchema,
  type ModelId,
  modelIdSchema,
  type PersonId,
  type PhotoId,
  personIdSchema,
  photoIdSchema,
  sha256Schema,
} from '../../../../src-shared/ids'
import type { Connection } from '../connection'
import type { Done, WriteScope } from '../ledger/ledger'
import { faceState } from '../people/person-state'
import { boxColumns, faceSourceSchema, flag, jsonList, personIdRow } from '../rows'
import {
  addCrop,
  addEmbedding,
  addFace as insertFace,
  measuredValues,
  selectEmbeddingOfFace,
} from './add-faces'
import { sameFace, touchPerson } from './assign-faces'

const photoRow = z.object({
  photoId: photoIdSchema,
  clientId: clientIdSchema,
  domain: domainSchema,
  sha256: sha256Schema,
  path: z.string(),
  format: z.string(),
  width: z.number().int(),
  height: z.number().int(),
  seen: flag,
})
const photoFaceRow = z.object({
  faceId: faceIdSchema,
  ...boxColumns,
  quality: z.number(),
  score: z.number(),
  source: faceSourceSchema,
  manual: flag,
  measured: flag,
  personId: personIdSchema.nullable(),
  name: z.string().nullable(),
  models: jsonList(modelIdSchema),
})
const placeRow = z.object({ photoId: photoIdSchema, path: z.string() })
const idRow = z.object({ id: z.number().int() })

export const selectPhotoById = `
  SELECT id AS photoId, client_id AS clientId, domain, sha256, path, format, width, height, seen FROM photos WHERE id = ?`
export const selectFacesInPhoto = `
  SELECT f.id AS faceId, f.box_x AS x, f.box_y AS y, f.box_w AS w, f.box_h AS h, f.quality, f.detection_score AS score,
    f.source, f.manual, f.measured, f.person_id AS personId, p.name,
    (SELECT json_group_array(model_id) FROM embeddings WHERE face_id = f.id) AS models
  FROM faces f LEFT JOIN persons p ON same_client(p, f) AND p.id = f.person_id
  WHERE f.photo_id = ? AND f.removed_by IS NULL ORDER BY f.box_x, f.id`
export const selectPlacesOfPhoto = `
  SELECT there.id AS photoId, there.path FROM photos here
  CROSS JOIN photos there ON there.client_id = here.client_id AND there.sha256 = here.sha256
  WHERE here.id = ?`
export const selectPeopleOfPhotos = `
  SELECT DISTINCT f.person_id AS id FROM ids(?) asked CROSS JOIN faces f ON f.photo_id = asked.value
  WHERE f.removed_by IS NULL AND f.person_id IS NOT NULL`
export const insertFormer = `
  INSERT INTO faces (id, photo_id, client_id, domain, person_id, box_x, box_y, box_w, box_h, landmarks,
    detection_score, quality, quality_size, quality_sharpness, quality_pose, quality_exposure, size_px,
    yaw_degrees, roll_degrees, source, manual, measured, created_at, removed_by, former_of)
  SELECT ?, photo_id, client_id, domain, NULL, box_x, box_y, box_w, box_h, landmarks,
    detection_score, quality, quality_size, quality_sharpness, quality_pose, quality_exposure, size_px,
    yaw_degrees, roll_degrees, source, manual, measured, created_at, ?, id
  FROM faces WHERE id = ?`
export const updateBox = `
  UPDATE faces SET box_x = ?, box_y = ?, box_w = ?, box_h = ?, landmarks = ?, detection_score = ?, quality = ?,
    quality_size = ?, quality_sharpness = ?, quality_pose = ?, quality_exposure = ?, size_px = ?, yaw_degrees = ?,
    roll_degrees = ?, manual = ?, measured = TRUE WHERE id = ?`
/** An unknown face stays one, with its new embedding. */
export const keepUnknown = `
  INSERT INTO unknown_faces (embedding_id, face_id, client_id, model_id, kept_at, ignored)
  SELECT ?, ?, client_id, model_id, kept_at, ignored FROM unknown_faces WHERE face_id = ? AND model_id = ?`

export const moveEmbeddings = 'UPDATE embeddings SET face_id = ? WHERE face_id = ?'
export const moveUnknown = 'UPDATE unknown_faces SET face_id = ? WHERE face_id = ?'
export const moveCrop = 'UPDATE crops SET face_id = ? WHERE face_id = ?'

/** The body of `GalleryStore.photo`. */
export function photo(connection: Connection, photoId: PhotoId): GalleryPhoto {
  const { format: _, ...row } = photoOfId(connection, photoId)
  const faces = connection.rows(photoFaceRow, selectFacesInPhoto, photoId)
  return {
    ...row,
    faces: faces.map(({ x, y, w, h, personId, name, ...face }) => ({
      ...face,
      box: { x, y, w, h },
      ...(personId === null || name === null ? {} : { person: { personId, name } }),
    })),
  }
}

export type PhotoRow = z.output<typeof photoRow>

/** A photo's record; `undefined` where there is none. */
export function photoRecord(connection: Connection, photoId: PhotoId): PhotoRow | undefined {
  return connection.row(photoRow, selectPhotoById, photoId)
}

/** The same. Raises `not-found`. */
export function photoOfId(connection: Connection, photoId: PhotoId): PhotoRow {
  const row = photoRecord(connection, photoId)
  if (row === undefined) throw new VisorError('not-found', 'That photo is no longer in the gallery.')
  return row
}

/** The body of `GalleryStore.addFace`. */
export function addFace(
  connection: Connection,
  scope: WriteScope,
  photoId: PhotoId,
  modelId: ModelId,
  face: EmbeddedFace,
): Done<FaceId> {
  const { domain } = photoOfId(connection, photoId)
  refuseSecondFace(connection, photoId, face)
  const faceId = insertFace(connection, scope, domain, modelId, photoId, null, face, 'manual')
  return { value: faceId, details: { action: 'add-face', faceId } }
}

/** The body of `GalleryStore.changeBox`. */
export function changeBox(
  connection: Connection,
  scope: WriteScope,
  faceId: FaceId,
  modelId: ModelId,
  face: EmbeddedFace,
): Done<void> {
  const { photoId, personId } = liveFace(connection, scope, faceId)
  refuseSecondFace(connection, photoId, face, faceId)
  const formerId = faceIdSchema.parse(scope.newId())
  scope.touchFaces([faceId])
  connection.run(insertFormer, formerId, scope.ledgerId, faceId)
  moveBelongings(connection, faceId, formerId)
  connection.run(updateBox, ...measuredValues(face), face.manual === true ? 1 : 0, faceId)
  addEmbedding(connection, scope, faceId, modelId, face)
  addCrop(connection, faceId, face)
  const { id } = connection.row(idRow, selectEmbeddingOfFace, faceId, modelId)!
  connection.run(keepUnknown, id, faceId, formerId, modelId)
  touchOwner(connection, scope, personId)
  return { value: undefined, details: { action: 'change-box', faceId, formerId, modelId, box: face.box } }
}

/** The body of `GalleryStore.deleteFaces`. */
export function deleteFaces(
  connection: Connection,
  scope: WriteScope,
  faceIds: readonly FaceId[],
): Done<void> {
  const faces = [...new Set(faceIds)].map((faceId) => liveFace(connection, scope, faceId))
  const deleted = faces.map(({ faceId }) => faceId)
  scope.touchFaces(deleted)
  for (const { faceId, personId } of faces) {
    connection.run('UPDATE faces SET removed_by = ? WHERE id = ?', scope.ledgerId, faceId)
    touchOwner(connection, scope, personId)
  }
  return { value: undefined, details: { action: 'delete-faces', faceIds: deleted } }
}

/** The body of `GalleryStore.locatePhoto`. */
export function locatePhoto(
  connection: Connection,
  scope: WriteScope,
  photoId: PhotoId,
  path: string,
): Done<void> {
  photoOfId(connection, photoId)
  const places = connection.rows(placeRow, selectPlacesOfPhoto, photoId)
  const moved = places.filter((place) => place.path !== path)
  for (const place of moved) writePath(connection, place.photoId, path)
  const ids = JSON.stringify(moved.map((place) => place.photoId))
  for (const { id } of connection.rows(personIdRow, selectPeopleOfPhotos, ids)) scope.people.add(id)
  const photos = moved.map((place) => ({ photoId: place.photoId, from: place.path }))
  const details = moved.length === 0 ? undefined : { action: 'locate-photo' as const, photos, to: path }
  return { value: undefined, details }
}

export function writePath(connection: Connection, photoId: PhotoId, path: string): void {
  connection.run('UPDATE photos SET path = ? WHERE id = ?', path, photoId)
}

/** Gives embeddings, with what is known of them as unknown faces, and the crop to another row of `faces`. */
export function moveBelongings(connection: Connection, from: FaceId, to: FaceId): void {
  connection.run(moveEmbeddings, to, from)
  connection.run(moveUnknown, to, from)
  connection.run(moveCrop, to, from)
}

/** Marks whoever has the face as changed now. */
export function touchOwner(connection: Connection, scope: WriteScope, personId: PersonId | null): void {
  if (personId !== null) touchPerson(connection, scope, personId)
}

function liveFace(connection: Connection, scope: WriteScope, faceId: FaceId) {
  const face = faceState(connection, faceId)
  if (face === undefined || face.clientId !== scope.clientId) {
    throw new VisorError('not-found', 'That face is no longer in the gallery.')
  }
  return face
}

function refuseSecondFace(
  connection: Connection,
  photoId: PhotoId,
  face: EmbeddedFace,
  except?: FaceId,
): void {
  const there = sameFace(connection, photoId, face, except)
  if (there === undefined) return
  throw new VisorError('conflict', 'The photo has a face here already.', {
    consequence: 'Nothing was changed.',
    remedy: 'Change the box of that face, or delete it first.',
  })
}
