/**
 * Taking back what a ledger entry did. Store worker thread; called within a write.
 *
 * [Note: Undo] An entry can be undone where everything that it changed is still as it left it:
 * - each field of a person that it changed has the value that it wrote (tags are one field, aliases another), and the
 *   person is live, or removed by this very entry;
 * - each face that it gave, took or moved is live, and has the person, domain and photo that it gave to it;
 * - each reject that it stored is still stored;
 * - a person that it made has got nothing since;
 * - what comes back has a place: the domain is there, the name is free, the face was not enrolled again.
 * What else was done since does not matter, and stays: a person who was merged into and renamed since keeps the new name
 * when the merge is undone, faces that were enrolled since stay with whom they were enrolled for. Otherwise the whole undo
 * is refused (`conflict`), because half an undo is worse than none; the error's detail lists the later entries, not undone
 * themselves, that touch the same people or the face in the way, newest first. What an entry made is deleted, what it
 * removed is live again, what it moved goes back. `updated_at` goes back too, unless the person was changed since.
 */
import { z } from 'zod'
import { hasCode, VisorError } from '../../../../src-shared/errors'
import { mostOverlapping, sameFaceIou } from '../../../../src-shared/geometry'
import {
  type ClientId,
  clientIdSchema,
  type FaceId,
  type LedgerId,
  ledgerIdSchema,
  type PersonId,
  photoIdSchema,
} from '../../../../src-shared/ids'
import type { Connection } from '../connection'
import { refuseGivenSince, undoRepeatsPeople } from '../faces/one-per-photo'
import { liveFacesOf } from '../faces/portion-state'
import { setDismissed } from '../health/dismiss-findings'
import { selectAnyDomain, selectDomain, writeDomainName } from '../people/change-persons'
import { writePerson } from '../people/person-state'
import { isForeignKeyViolation, isServerFailure, isUniqueViolation } from '../refusals'
import { reopenSettled } from '../reviews/reviews'
import { boxColumns, countRow, isoTime } from '../rows'
import type { Steps } from '../steps'
import { undoTakeOut } from '../unknown/take-out'
import { setIgnored } from '../unknown/unknown-groups'
import { InTheWay } from './in-the-way'
import type { WriteScope } from './ledger'
import { actsForGood, type LedgerDetails, ledgerDetailsSchema, noClient } from './ledger-details'
import { livePersonOf, revertChanges } from './revert-changes'
import { deleteFace, faceOf, undoAssign, undoReject } from './undo-assign'
import { undoCopy } from './undo-copy'
import { touchOwners, undoChangeBox, undoLocate } from './undo-photo-faces'
import { undoSeePhotos } from './undo-see-photos'

/** Later entries that an error names at most. */
const entriesNamed = 20
/** Of these, so many are told in words. */
const entriesTold = 3
/** Faces that are restored in one step. */
const facesAtOnce = 500

const entryRow = z.object({
  sequence: z.number().int(),
  /** Empty where the client was erased; then the content went, too. */
  clientId: z.union([clientIdSchema, z.literal(noClient)]),
  at: z.number().int(),
  summary: z.string(),
  details: z.string(),
  undoneBy: z.string().nullable(),
  closed: z.number().int(),
  erased: z.number().int(),
})
type UndoneEntry = z.infer<typeof entryRow>

const restoredFaceRow = z.object({ photoId: photoIdSchema, ...boxColumns })
const rowOfAnything = z.object({})
const laterRow = z.object({
  ledgerId: ledgerIdSchema,
  sequence: z.number().int(),
  at: isoTime,
  summary: z.string(),
})

export const selectEntry = `
  SELECT sequence, client_id AS clientId, at, summary, details, undone_by AS undoneBy,
    closed_by IS NOT NULL AS closed, salt IS NULL AS erased
  FROM ledger WHERE id = ?`
export const selectRemovedFaces = 'SELECT id FROM faces WHERE removed_by = ?'
export const selectPlaces = `
  SELECT photo_id AS photoId, box_x AS x, box_y AS y, box_w AS w, box_h AS h
  FROM faces WHERE id IN (SELECT value FROM ids(?))`
export const restoreFaces = 'UPDATE faces SET removed_by = NULL WHERE id IN (SELECT value FROM ids(?))'
export const restorePersons = 'UPDATE persons SET removed_by = NULL WHERE removed_by = ? RETURNING id'
export const countStranded = `
  SELECT count(*) AS count FROM faces f JOIN persons p ON same_client(p, f) AND p.id = f.person_id
  WHERE f.id IN (SELECT value FROM ids(?)) AND p.removed_by IS NOT NULL`
export const countHomeless = `
  SELECT count(*) AS count FROM persons p JOIN domains d ON d.client_id = p.client_id AND d.name = p.domain
  WHERE p.removed_by = ? AND d.removed_by IS NOT NULL`
export const selectLater = `
  SELECT id AS ledgerId, sequence, at, summary FROM ledger e
  WHERE e.sequence > ? AND e.client_id = ? AND e.undone_by IS NULL AND e.action <> 'undo'
    AND e.closed_by IS NULL AND (
    e.sequence IN (
      SELECT theirs.sequence FROM ledger_persons own
      CROSS JOIN ledger_persons theirs ON same_client(theirs, own) AND theirs.person_id = own.person_id
      WHERE own.sequence = ?)
    OR instr(e.details, ?) > 0)
  ORDER BY e.sequence DESC LIMIT ${entriesNamed}`

/** The entry. Raises `not-found`; `conflict` where its content was erased. */
export function entryToUndo(connection: Connection, ledgerId: LedgerId): UndoneEntry {
  const entry = connection.row(entryRow, selectEntry, ledgerId)
  if (entry === undefined) throw new VisorError('not-found', 'The history has no such entry.')
  if (entry.erased === 1) {
    throw new VisorError('conflict', 'What this entry did was erased, and cannot be undone any more.', {
      consequence: 'Nothing was undone.',
      remedy: 'The history says which erasure took it.',
    })
  }
  return entry
}

/** Takes the entry back. Raises `conflict`. */
export function* undo(connection: Connection, scope: WriteScope, ledgerId: LedgerId): Steps<LedgerDetails> {
  // Read again: the caller's look was before this transaction.
  const entry = entryToUndo(connection, ledgerId)
  if (entry.undoneBy !== null) throw new VisorError('conflict', 'This was undone already.')
  if (entry.closed === 1) {
    throw new VisorError('conflict', 'What this removed is gone for good.', {
      consequence: 'Nothing was undone.',
    })
  }
  const details = ledgerDetailsSchema.parse(JSON.parse(entry.details))
  connection.run('SAVEPOINT as_it_is')
  try {
    yield* takeBack(connection, scope, ledgerId, entry, details)
    refuseGivenSince(connection, scope, entry.sequence, facesGivenBack(details))
    reopenSettled(connection, ledgerId)
  } catch (error) {
    const inTheWay =
      error instanceof InTheWay ||
      isUniqueViolation(error) ||
      isForeignKeyViolation(error) ||
      // A name that was taken meanwhile.
      hasCode(error, 'person-twice') ||
      (hasCode(error, 'conflict') && !isServerFailure(error) && !actsForGood.has(details.action))
    if (!inTheWay) throw error
    // PostgreSQL answers nothing in a transaction in which something was refused.
    connection.run('ROLLBACK TO SAVEPOINT as_it_is')
    throw changedSince(connection, entry, error)
  }
  connection.run('UPDATE ledger SET undone_by = ? WHERE id = ?', scope.ledgerId, ledgerId)
  return { action: 'undo', undoes: ledgerId }
}

function* takeBack(
  connection: Connection,
  scope: WriteScope,
  ledgerId: LedgerId,
  { at, sequence }: UndoneEntry,
  details: LedgerDetails,
): Steps<void> {
  switch (details.action) {
    case 'assign-faces':
      yield* undoAssign(connection, scope, details)
      break
    case 'reject-face':
      undoReject(connection, scope, details)
      break
    case 'rename-person': {
      const person = livePersonOf(connection, details.personId)
      if (person.name !== details.to) throw new InTheWay()
      writePerson(connection, person, { ...person, name: details.from, updatedAt: scope.at })
      scope.people.add(person.personId)
      break
    }
    case 'add-face':
      if (faceOf(connection, details.faceId).personId !== null) throw new InTheWay(details.faceId)
      deleteFace(connection, scope, details.faceId)
      break
    case 'change-box':
      undoChangeBox(connection, scope, details)
      break
    case 'delete-faces':
      yield* restoreRemoved(connection, scope, ledgerId)
      touchOwners(connection, scope, details.faceIds)
      break
    case 'locate-photo':
      undoLocate(connection, details)
      break
    case 'see-photos':
      undoSeePhotos(connection, scope, details)
      break
    case 'delete-persons':
      yield* restoreRemoved(connection, scope, ledgerId)
      break
    case 'delete-domain':
      restoreDomain(connection, scope, details)
      yield* restoreRemoved(connection, scope, ledgerId)
      break
    case 'rename-domain':
      yield* undoRenameDomain(connection, scope, details)
      break
    case 'ignore-unknown':
      setIgnored(connection, details.faceIds, !details.ignored)
      break
    case 'take-out-unknown':
      undoTakeOut(connection, ledgerId, details)
      break
    case 'repeats-people':
      undoRepeatsPeople(connection, scope, sequence, details)
      break
    case 'dismiss-findings':
      setDismissed(connection, details.findingIds, !details.dismissed)
      break
    case 'copy-in':
      undoCopy(connection, scope, details)
      break
    case 'settle-review':
      break
    case 'undo':
      throw new VisorError('conflict', 'An undo cannot be undone.', {
        remedy: 'Do again what was undone.',
      })
    case 'empty-bin':
      throw new VisorError('conflict', 'What was emptied from the bin is gone for good.')
    case 'erase':
      throw new VisorError('conflict', 'What was erased is gone for good.')
    case 'forget-unknown':
      throw new VisorError('conflict', 'Faces that were forgotten are gone for good.')
    case 'move':
      throw new VisorError('conflict', 'A step of the move to the server cannot be undone here.', {
        remedy: 'Settings, Cut-over: cut over or roll back.',
      })
    case 'follow-server':
      throw new VisorError('conflict', 'This was done on the server, and is undone there.')
    default:
      yield* revertChanges(connection, scope, ledgerId, at, details.changes)
  }
}

/** Faces that an undo gives back to people. */
function facesGivenBack(details: LedgerDetails): FaceId[] {
  if ('changes' in details) return details.changes.faces.map(({ faceId }) => faceId)
  if (details.action === 'assign-faces') return details.moved.map(({ faceId }) => faceId)
  if (details.action === 'delete-faces') return details.faceIds
  if (details.action === 'see-photos') return details.joined.map(({ faceId }) => faceId)
  return details.action === 'reject-face' ? [details.faceId] : []
}

function restoreDomain(
  connection: Connection,
  { clientId }: WriteScope,
  { domain, sample }: Extract<LedgerDetails, { action: 'delete-domain' }>,
): void {
  const restored = connection.run(
    'UPDATE domains SET removed_by = NULL, sample = ? WHERE client_id = ? AND name = ?',
    sample ? 1 : 0,
    clientId,
    domain,
  )
  if (restored === 0) throw new InTheWay()
}

function* undoRenameDomain(
  connection: Connection,
  scope: WriteScope,
  { from, to }: Extract<LedgerDetails, { action: 'rename-domain' }>,
): Steps<void> {
  const { clientId } = scope
  if (connection.row(rowOfAnything, selectDomain, clientId, to) === undefined) throw new InTheWay()
  if (connection.row(rowOfAnything, selectAnyDomain, clientId, from) !== undefined) throw new InTheWay()
  yield* writeDomainName(connection, scope, to, from)
}

/** Makes the people and faces live again that the entry removed. */
function* restoreRemoved(connection: Connection, scope: WriteScope, ledgerId: LedgerId): Steps<void> {
  const removed = connection.ids<FaceId>(selectRemovedFaces, ledgerId)
  const portions: string[] = []
  for (let first = 0; first < removed.length; first += facesAtOnce) {
    portions.push(JSON.stringify(removed.slice(first, first + facesAtOnce)))
  }
  const total = 2 * portions.length
  for (const [place, portion] of portions.entries()) {
    yield { done: place, total }
    const places = connection.rows(restoredFaceRow, selectPlaces, portion)
    const live = liveFacesOf(
      connection,
      places.map(({ photoId }) => photoId),
    )
    for (const { photoId, ...box } of places) {
      // The same face was enrolled again meanwhile.
      const others = (live.get(photoId) ?? []).map((face) => ({ ...face, box: face }))
      const again = mostOverlapping(others, box, sameFaceIou)
      if (again !== undefined) throw new InTheWay(again.id)
    }
  }
  // Their domain was deleted meanwhile.
  if (connection.row(countRow, countHomeless, ledgerId)!.count > 0) throw new InTheWay()
  for (const id of connection.ids<PersonId>(restorePersons, ledgerId)) scope.people.add(id)
  for (const [place, portion] of portions.entries()) {
    yield { done: portions.length + place, total }
    connection.run(restoreFaces, portion)
    if (connection.row(countRow, countStranded, portion)!.count > 0) throw new InTheWay()
  }
  for (let first = 0; first < removed.length; first += facesAtOnce) {
    scope.touchFaces(removed.slice(first, first + facesAtOnce))
  }
  scope.reserve += removed.length
}

/** The error that names what stands on the entry. */
function changedSince(
  connection: Connection,
  { sequence, clientId }: { readonly sequence: number; readonly clientId: ClientId },
  cause: unknown,
): VisorError {
  // Without a face in the way, only people are looked for.
  const faceId = (cause instanceof InTheWay ? cause.faceId : undefined) ?? null
  const later = connection.rows(laterRow, selectLater, sequence, clientId, sequence, faceId)
  const lines = later.map((entry) => `${entry.sequence} · ${entry.at} · ${entry.summary} · ${entry.ledgerId}`)
  return new VisorError('conflict', 'Something was changed since that stands on this.', {
    cause,
    consequence: 'Nothing was undone.',
    remedy: undoFirst(later.map(({ summary }) => summary)),
    ...(lines.length === 0 ? {} : { detail: lines.join('\n') }),
  })
}

/** What to do about later changes, newest first. */
function undoFirst(summaries: readonly string[]): string {
  const told = summaries.slice(0, entriesTold).map((summary) => `“${summary}”`)
  const rest = summaries.length - told.length
  const more = summaries.length === entriesNamed ? 'more' : `${rest} more`
  const all = rest === 0 ? told : [...told, more]
  return all.length === 0
    ? 'Undo the later changes first.'
    : `Undo the later changes first: ${all.join(', ')}.`
}
