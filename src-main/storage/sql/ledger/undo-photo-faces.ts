/** Takes back what was done to the faces of one photo; see [Note: Undo]. Store worker thread; called within a write. */
import { z } from 'zod'
import { type FaceId, modelIdSchema } from '../../../../src-shared/ids'
import type { Connection } from '../connection'
import { sameFace } from '../faces/assign-faces'
import { moveBelongings, touchOwner, writePath } from '../faces/photo-faces'
import { faceState } from '../people/person-state'
import { boxColumns } from '../rows'
import { InTheWay } from './in-the-way'
import type { WriteScope } from './ledger'
import type { LedgerDetails } from './ledger-details'
import { selectBox } from './revert-changes'

const boxRow = z.object(boxColumns)
const modelRow = z.object({ modelId: modelIdSchema })
const pathRow = z.object({ path: z.string() })

export const selectModelsOfFace = 'SELECT model_id AS modelId FROM embeddings WHERE face_id = ?'
export const selectPath = 'SELECT path FROM photos WHERE id = ?'
export const restoreFormer = `
  UPDATE faces SET (box_x, box_y, box_w, box_h, landmarks, detection_score, quality, quality_size, quality_sharpness,
      quality_pose, quality_exposure, size_px, yaw_degrees, roll_degrees, manual, measured) =
    (SELECT box_x, box_y, box_w, box_h, landmarks, detection_score, quality, quality_size, quality_sharpness,
      quality_pose, quality_exposure, size_px, yaw_degrees, roll_degrees, manual, measured FROM faces former WHERE former.id = ?)
  WHERE id = ?`

type Details<A> = Extract<LedgerDetails, { action: A }>

/** The face is as it was, unless its box was changed again, or it got an embedding of a further model since. */
export function undoChangeBox(
  connection: Connection,
  scope: WriteScope,
  { faceId, formerId, modelId, box }: Details<'change-box'>,
): void {
  const face = faceState(connection, faceId)
  const now = connection.row(boxRow, selectBox, faceId)
  const former = connection.row(boxRow, selectBox, formerId)
  if (face === undefined || now === undefined || former === undefined) throw new InTheWay(faceId)
  const models = connection.rows(modelRow, selectModelsOfFace, faceId)
  const isAsLeft =
    now.x === box.x &&
    now.y === box.y &&
    now.w === box.w &&
    now.h === box.h &&
    models.length === 1 &&
    models[0]?.modelId === modelId
  if (!isAsLeft) throw new InTheWay(faceId)
  const other = sameFace(connection, face.photoId, { box: former }, faceId)
  if (other !== undefined) throw new InTheWay(other.id)
  scope.touchFaces([faceId, formerId])
  connection.run('DELETE FROM embeddings WHERE face_id = ?', faceId)
  connection.run('DELETE FROM crops WHERE face_id = ?', faceId)
  moveBelongings(connection, formerId, faceId)
  connection.run(restoreFormer, formerId, faceId)
  connection.run('DELETE FROM faces WHERE id = ?', formerId)
  scope.reserve += connection.rows(modelRow, selectModelsOfFace, faceId).length
  touchOwner(connection, scope, face.personId)
}

export function undoLocate(connection: Connection, { photos, to }: Details<'locate-photo'>): void {
  for (const { photoId, from } of photos) {
    if (connection.row(pathRow, selectPath, photoId)?.path !== to) throw new InTheWay()
    writePath(connection, photoId, from)
  }
}

/** Whose restored faces are: they have them again. */
export function touchOwners(connection: Connection, scope: WriteScope, faceIds: readonly FaceId[]): void {
  for (const faceId of faceIds) touchOwner(connection, scope, faceState(connection, faceId)?.personId ?? null)
}
