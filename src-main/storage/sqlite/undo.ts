/**
 * Taking back what a ledger entry did. Store worker thread; called within a write.
 *
 * [Note: Undo] What the entry left must still be as it left it; otherwise something later stands on it and the whole undo
 * is refused (`conflict`), because half an undo is worse than none. What an entry made is deleted, what it removed is
 * marked as live again, what it moved goes back.
 */
import { z } from 'zod'
import { VisorError } from '../../../src-shared/errors'
import {
  clientIdSchema,
  type FaceId,
  faceIdSchema,
  type LedgerId,
  type PersonId,
  photoIdSchema,
} from '../../../src-shared/ids'
import { livePerson, sameFace, touchPerson } from './assign-faces'
import { setName } from './change-persons'
import type { Connection } from './connection'
import { type LedgerDetails, ledgerDetailsSchema, type WriteScope } from './ledger'
import { boxColumns, countRow, type FaceRow, faceRow } from './rows'
import { isForeignKeyViolation, isUniqueViolation } from './sqlite-errors'

const entryRow = z.object({
  clientId: clientIdSchema,
  summary: z.string(),
  details: z.string().transform((text) => ledgerDetailsSchema.parse(JSON.parse(text))),
  undoneBy: z.string().nullable(),
})
export type LedgerEntry = z.infer<typeof entryRow>

const restoredFaceRow = z.object({ id: faceIdSchema, photoId: photoIdSchema, ...boxColumns })

export const selectEntry =
  'SELECT client_id AS clientId, summary, details, undone_by AS undoneBy FROM ledger WHERE id = ?'
export const selectFace = `
  SELECT id, person_id AS personId, source, box_x AS x, box_y AS y, box_w AS w, box_h AS h
  FROM faces WHERE id = ? AND removed_by IS NULL`
export const countRejectsOfFace = 'SELECT count(*) AS count FROM rejections WHERE face_id = ?'
export const countFacesOfPerson = 'SELECT count(*) AS count FROM faces WHERE person_id = ?'
export const selectRemovedFaces = `
  SELECT id, photo_id AS photoId, box_x AS x, box_y AS y, box_w AS w, box_h AS h
  FROM faces WHERE removed_by = ?`
export const restoreFaces = 'UPDATE faces SET removed_by = NULL WHERE removed_by = ?'
export const restorePersons = 'UPDATE persons SET removed_by = NULL, updated_at = ? WHERE removed_by = ?'
export const countStranded = `
  SELECT count(*) AS count FROM faces f JOIN persons p ON p.id = f.person_id
  WHERE f.id IN (SELECT value FROM json_each(?)) AND p.removed_by IS NOT NULL`
export const countHomeless = `
  SELECT count(*) AS count FROM persons p JOIN domains d ON d.client_id = p.client_id AND d.name = p.domain
  WHERE p.removed_by = ? AND d.removed_by IS NOT NULL`
export const deleteEmptyPhoto =
  'DELETE FROM photos WHERE id = ? AND NOT EXISTS (SELECT 1 FROM faces WHERE photo_id = photos.id)'

/** The entry. Raises `not-found`. */
export function ledgerEntry(connection: Connection, ledgerId: LedgerId): LedgerEntry {
  const entry = connection.row(entryRow, selectEntry, ledgerId)
  if (entry === undefined) throw new VisorError('not-found', 'The history has no such entry.')
  return entry
}

/** Takes the entry back. Raises `conflict`. */
export function undo(connection: Connection, scope: WriteScope, ledgerId: LedgerId): LedgerDetails {
  // Read again: the caller's look was before this transaction.
  const { details, undoneBy } = ledgerEntry(connection, ledgerId)
  if (undoneBy !== null) throw new VisorError('conflict', 'This was undone already.')
  try {
    takeBack(connection, scope, ledgerId, details)
  } catch (error) {
    if (isUniqueViolation(error) || isForeignKeyViolation(error)) throw changedSince(error)
    throw error
  }
  connection.run('UPDATE ledger SET undone_by = ? WHERE id = ?', scope.ledgerId, ledgerId)
  return { action: 'undo', undoes: ledgerId }
}

function takeBack(
  connection: Connection,
  scope: WriteScope,
  ledgerId: LedgerId,
  details: LedgerDetails,
): void {
  switch (details.action) {
    case 'assign-faces':
      undoAssign(connection, scope, details)
      break
    case 'reject-face':
      undoReject(connection, scope, details)
      break
    case 'rename-person': {
      const person = livePerson(connection, details.personId)
      if (person.name !== details.to) throw changedSince()
      setName(connection, scope, person.id, details.from, person.domain)
      break
    }
    case 'delete-persons':
      restoreRemoved(connection, scope, ledgerId)
      break
    case 'delete-domain':
      connection.run(
        'UPDATE domains SET removed_by = NULL, sample = ? WHERE client_id = ? AND name = ?',
        details.sample ? 1 : 0,
        scope.clientId,
        details.domain,
      )
      restoreRemoved(connection, scope, ledgerId)
      break
    case 'undo':
      throw new VisorError('conflict', 'An undo cannot be undone.', {
        remedy: 'Do again what was undone.',
      })
  }
}

function undoAssign(
  connection: Connection,
  scope: WriteScope,
  details: Extract<LedgerDetails, { action: 'assign-faces' }>,
): void {
  for (const { faceId, modelId } of details.embedded) {
    scope.touchFaces([faceId])
    connection.run('DELETE FROM embeddings WHERE face_id = ? AND model_id = ?', faceId, modelId)
  }
  // Backwards: one face may have been moved twice in one call.
  for (const { faceId, personId, fromPersonId, fromSource } of details.moved.toReversed()) {
    if (faceOf(connection, faceId).personId !== personId) throw changedSince()
    if (fromPersonId !== null) {
      livePerson(connection, fromPersonId)
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
    if (faceOf(connection, faceId).personId !== personId) throw changedSince()
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
  for (const photoId of details.photos) connection.run(deleteEmptyPhoto, photoId)
  for (const { personId, name } of details.persons) {
    if (livePerson(connection, personId).name !== name) throw changedSince()
    // Faces that were removed count, too: whoever undoes their removal needs the person.
    if (connection.row(countRow, countFacesOfPerson, personId)!.count > 0) throw changedSince()
    connection.run('DELETE FROM persons WHERE id = ?', personId)
  }
}

function undoReject(
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
    const withdrawn = connection.run(
      'DELETE FROM rejections WHERE face_id = ? AND person_id = ?',
      faceId,
      personId,
    )
    if (withdrawn === 0) throw changedSince()
  }
  if (takenSource !== null) {
    if (faceOf(connection, faceId).personId !== null) throw changedSince()
    livePerson(connection, personId)
    scope.touchFaces([faceId])
    scope.reserve++
    connection.run('UPDATE faces SET person_id = ?, source = ? WHERE id = ?', personId, takenSource, faceId)
    touchPerson(connection, scope, personId)
  }
  if (faceAdded) {
    if (faceOf(connection, faceId).personId !== null) throw changedSince()
    deleteFace(connection, scope, faceId)
  }
  if (photoAdded !== null) connection.run(deleteEmptyPhoto, photoAdded)
}

/** Makes the people and faces live again that the entry removed. */
function restoreRemoved(connection: Connection, scope: WriteScope, ledgerId: LedgerId): void {
  const faces = connection.rows(restoredFaceRow, selectRemovedFaces, ledgerId)
  for (const { photoId, x, y, w, h } of faces) {
    // The same face was enrolled again meanwhile.
    if (sameFace(connection, photoId, { box: { x, y, w, h } }) !== undefined) throw changedSince()
  }
  // Their domain was deleted meanwhile.
  if (connection.row(countRow, countHomeless, ledgerId)!.count > 0) throw changedSince()
  connection.run(restorePersons, scope.at, ledgerId)
  connection.run(restoreFaces, ledgerId)
  const ids = faces.map(({ id }) => id)
  if (connection.row(countRow, countStranded, JSON.stringify(ids))!.count > 0) throw changedSince()
  scope.touchFaces(ids)
  scope.reserve += ids.length
}

/** A live face that an entry left. Raises `conflict` where it is gone. */
function faceOf(connection: Connection, faceId: FaceId): FaceRow & { readonly personId: PersonId | null } {
  const face = connection.row(faceRow, selectFace, faceId)
  if (face === undefined) throw changedSince()
  return face
}

function deleteFace(connection: Connection, scope: WriteScope, faceId: FaceId): void {
  if (connection.row(countRow, countRejectsOfFace, faceId)!.count > 0) throw changedSince()
  scope.touchFaces([faceId])
  connection.run('DELETE FROM faces WHERE id = ?', faceId)
}

function changedSince(cause?: unknown): VisorError {
  return new VisorError('conflict', 'Something was changed since that stands on this.', {
    ...(cause === undefined ? {} : { cause }),
    consequence: 'Nothing was undone.',
    remedy: 'Undo the later changes first.',
  })
}
