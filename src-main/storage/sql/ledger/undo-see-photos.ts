/** Makes photos that were seen stand-ins again; see [Note: Stand-ins]. Store worker thread; called within a write. */
import { z } from 'zod'
import { type FaceId, faceIdSchema, photoIdSchema, sha256Schema } from '../../../../src-shared/ids'
import type { Connection } from '../connection'
import { sameFace } from '../faces/assign-faces'
import { touchOwner } from '../faces/photo-faces'
import { withdrawRejects } from '../faces/rejections'
import { moveEmbedding, moveToPhoto } from '../faces/see-photos'
import { faceState } from '../people/person-state'
import { boxColumns } from '../rows'
import { InTheWay } from './in-the-way'
import type { WriteScope } from './ledger'
import type { LedgerDetails } from './ledger-details'
import { livePersonOf, selectBox } from './revert-changes'
import { restoreFormer } from './undo-photo-faces'

export const selectJoined = 'SELECT photo_id AS photoId FROM faces WHERE id = ? AND former_of = ?'
export const restoreJoined =
  'UPDATE faces SET removed_by = NULL, former_of = NULL, person_id = ? WHERE id = ?'
export const selectPhotoOfFormer = 'SELECT photo_id AS photoId FROM faces WHERE id = ?'
export const selectSha256 = 'SELECT sha256 FROM photos WHERE id = ? AND seen = TRUE'
export const selectMeasuredOfPhoto =
  'SELECT id AS faceId FROM faces WHERE photo_id = ? AND removed_by IS NULL AND measured = TRUE'
export const restoreStandIn = `
  UPDATE photos SET sha256 = ?, path = ?, format = ?, width = ?, height = ?, perceptual_hash = NULL, seen = FALSE
  WHERE id = ?`
export const deleteEmbedding = 'DELETE FROM embeddings WHERE face_id = ? AND model_id = ?'
export const deleteCrop = 'DELETE FROM crops WHERE face_id = ?'

const photoRow = z.object({ photoId: photoIdSchema })
const boxRow = z.object(boxColumns)
const sha256Row = z.object({ sha256: sha256Schema })
const faceRow = z.object({ faceId: faceIdSchema })

type Details = Extract<LedgerDetails, { action: 'see-photos' }>

/** Takes back a `see-photos`. Throws {@link InTheWay} where a face or a photo is not as it left it. */
export function undoSeePhotos(
  connection: Connection,
  scope: WriteScope,
  { photos, faces, joined }: Details,
): void {
  // Backwards: what one joined may have been measured in the same step.
  for (const one of joined.toReversed()) separate(connection, scope, one)
  for (const one of faces.toReversed()) unmeasure(connection, scope, one)
  for (const { photoId, sha256, before } of photos) {
    if (connection.row(sha256Row, selectSha256, photoId)?.sha256 !== sha256) throw new InTheWay()
    // Somebody got a face of it since: it is seen, whatever becomes of the import.
    const other = connection.row(faceRow, selectMeasuredOfPhoto, photoId)
    if (other !== undefined) throw new InTheWay(other.faceId)
    const { path, format, width, height } = before
    connection.run(restoreStandIn, before.sha256, path, format, width, height, photoId)
  }
}

function separate(
  connection: Connection,
  scope: WriteScope,
  { faceId, personId, intoId, moved, ruledOut, ...added }: Details['joined'][number],
): void {
  const into = faceState(connection, intoId)
  if (into === undefined || connection.row(photoRow, selectJoined, faceId, intoId) === undefined) {
    throw new InTheWay(intoId)
  }
  if (personId !== null) livePersonOf(connection, personId)
  scope.touchFaces([faceId, intoId])
  takeAway(connection, intoId, added)
  for (const modelId of moved) {
    if (connection.run(moveEmbedding, faceId, intoId, modelId) === 0) throw new InTheWay(intoId)
  }
  withdrawRejects(
    connection,
    ruledOut.map((other) => ({ faceId: intoId, personId: other })),
  )
  connection.run(restoreJoined, personId, faceId)
  scope.touchFaces([faceId])
  scope.reserve += moved.length + 1
  touchOwner(connection, scope, personId)
}

function unmeasure(
  connection: Connection,
  scope: WriteScope,
  { faceId, formerId, photoId, box, ...added }: Details['faces'][number],
): void {
  const face = faceState(connection, faceId)
  const now = connection.row(boxRow, selectBox, faceId)
  const before = connection.row(photoRow, selectPhotoOfFormer, formerId)
  const former = connection.row(boxRow, selectBox, formerId)
  const isAsLeft =
    face?.photoId === photoId && now?.x === box.x && now.y === box.y && now.w === box.w && now.h === box.h
  if (!isAsLeft || before === undefined || former === undefined) throw new InTheWay(faceId)
  const other = sameFace(connection, before.photoId, { box: former }, faceId)
  if (other !== undefined && before.photoId !== photoId) throw new InTheWay(other.id)
  scope.touchFaces([faceId])
  takeAway(connection, faceId, added)
  connection.run(restoreFormer, formerId, faceId)
  connection.run(moveToPhoto, before.photoId, faceId)
  connection.run('DELETE FROM faces WHERE id = ?', formerId)
  touchOwner(connection, scope, face.personId)
}

function takeAway(
  connection: Connection,
  faceId: FaceId,
  { embedded, cropped }: Pick<Details['faces'][number], 'embedded' | 'cropped'>,
): void {
  if (embedded !== null) connection.run(deleteEmbedding, faceId, embedded)
  if (cropped) connection.run(deleteCrop, faceId)
}
