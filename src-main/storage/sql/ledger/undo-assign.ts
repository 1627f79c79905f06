/** Taking back what gave faces to people, or ruled people out. Store worker thread; called within a write. */
import type { FaceId, PersonId } from '../../../../src-shared/ids'
import type { Connection } from '../connection'
import { touchPerson } from '../faces/assign-faces'
import { countRow, type FaceRow, faceRow } from '../rows'
import type { Steps } from '../steps'
import { InTheWay } from './in-the-way'
import type { WriteScope } from './ledger'
import type { LedgerDetails } from './ledger-details'
import { deleteCreatedPerson, deleteEmptyPhoto, livePersonOf } from './revert-changes'

export const selectFace = `
  SELECT id, person_id AS personId, domain, source, box_x AS x, box_y AS y, box_w AS w, box_h AS h
  FROM faces WHERE id = ? AND removed_by IS NULL`
export const countRejectsOfFace = 'SELECT count(*) AS count FROM rejections WHERE face_id = ?'

/** Takes back an `assign-faces`. Throws {@link InTheWay}. */
export function* undoAssign(
  connection: Connection,
  scope: WriteScope,
  details: Extract<LedgerDetails, { action: 'assign-faces' }>,
): Steps<void> {
  const total = details.moved.length + details.added.length
  let done = 0
  for (const { faceId, modelId } of details.embedded) {
    scope.touchFaces([faceId])
    connection.run('DELETE FROM embeddings WHERE face_id = ? AND model_id = ?', faceId, modelId)
  }
  // Backwards: one face may have been moved twice in one call.
  for (const { faceId, personId, fromPersonId, fromSource } of details.moved.toReversed()) {
    yield { done: done++, total }
    const face = faceOf(connection, faceId)
    if (face.personId !== personId) throw new InTheWay(faceId)
    if (fromPersonId !== null) {
      if (livePersonOf(connection, fromPersonId).domain !== face.domain) throw new InTheWay(faceId)
      touchPerson(connection, scope, fromPersonId)
    }
    touchPerson(connection, scope, personId)
    scope.touchFaces([faceId])
    scope.reserve++
    connection.run(
      'UPDATE faces SET person_id = ?, source = ? WHERE id = ?',
      fromPersonId,
      fromSource,
      faceId,
    )
  }
  for (const { faceId, personId } of details.added) {
    yield { done: done++, total }
    if (faceOf(connection, faceId).personId !== personId) throw new InTheWay(faceId)
    touchPerson(connection, scope, personId)
    deleteFace(connection, scope, faceId)
  }
  for (const { faceId, personId } of details.withdrawn) {
    connection.run(
      'INSERT INTO rejections (face_id, person_id, created_at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
      faceId,
      personId,
      scope.at,
    )
  }
  for (const { faceId, personId } of details.ruledOut) removeReject(connection, faceId, personId)
  for (const photoId of details.photos) connection.run(deleteEmptyPhoto, photoId)
  for (const { personId, name, given } of details.persons) {
    deleteCreatedPerson(connection, scope, personId, name, given)
  }
}

/** Takes back a `reject-face`. Throws {@link InTheWay}. */
export function undoReject(
  connection: Connection,
  scope: WriteScope,
  {
    faceId,
    personId,
    faceAdded,
    photoAdded,
    rejected,
    takenSource,
  }: Extract<LedgerDetails, { action: 'reject-face' }>,
): void {
  if (rejected) {
    removeReject(connection, faceId, personId)
    scope.people.add(personId)
  }
  if (takenSource !== null) {
    const face = faceOf(connection, faceId)
    if (face.personId !== null) throw new InTheWay(faceId)
    if (livePersonOf(connection, personId).domain !== face.domain) throw new InTheWay(faceId)
    scope.touchFaces([faceId])
    scope.reserve++
    connection.run('UPDATE faces SET person_id = ?, source = ? WHERE id = ?', personId, takenSource, faceId)
    touchPerson(connection, scope, personId)
  }
  if (faceAdded) {
    if (faceOf(connection, faceId).personId !== null) throw new InTheWay(faceId)
    deleteFace(connection, scope, faceId)
  }
  if (photoAdded !== null) connection.run(deleteEmptyPhoto, photoAdded)
}

/** Takes a reject back that an entry stored. */
function removeReject(connection: Connection, faceId: FaceId, personId: PersonId): void {
  const sql = 'DELETE FROM rejections WHERE face_id = ? AND person_id = ?'
  if (connection.run(sql, faceId, personId) === 0) throw new InTheWay(faceId)
}

/** A live face that an entry left. Raises `conflict` where it is gone. */
export function faceOf(
  connection: Connection,
  faceId: FaceId,
): FaceRow & { readonly personId: PersonId | null } {
  const face = connection.row(faceRow, selectFace, faceId)
  if (face === undefined) throw new InTheWay(faceId)
  return face
}

export function deleteFace(connection: Connection, scope: WriteScope, faceId: FaceId): void {
  if (connection.row(countRow, countRejectsOfFace, faceId)!.count > 0) throw new InTheWay(faceId)
  scope.touchFaces([faceId])
  connection.run('DELETE FROM faces WHERE id = ?', faceId)
}
