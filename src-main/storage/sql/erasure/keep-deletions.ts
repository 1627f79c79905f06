/**
 * What others of an act still need once its content is gone. Store worker thread; called within a write.
 *
 * An act that deleted several people, a domain or several faces stays in the bin for those of it who are not erased: it is
 * written anew for them, with the time and the actor that it had, so that they can be restored and go when their time is
 * over. What other acts removed (people who were merged into others, boxes as they were) nothing can bring back any more, and
 * goes.
 */
import { z } from 'zod'
import { faceIdSchema, ledgerIdSchema, personIdSchema, photoIdSchema } from '../../../../src-shared/ids'
import type { Connection } from '../connection'
import { deleteBarePhotos } from '../ledger/history'
import { appendEntry, WriteScope } from '../ledger/ledger'
import { type LedgerDetails, ledgerDetailsSchema } from '../ledger/ledger-details'
import { personIdRow } from '../rows'

type Deletion = Extract<LedgerDetails, { action: 'delete-persons' | 'delete-domain' | 'delete-faces' }>

const deletionRow = z.object({
  id: ledgerIdSchema,
  at: z.number().int(),
  actor: z.string(),
  details: z.string(),
})
const faceRow = z.object({ id: faceIdSchema, personId: personIdSchema.nullable() })
const photoRow = z.object({ photoId: photoIdSchema })
const domainRow = z.object({ name: z.string() })

/** Of these entries, those that are in the bin. */
export const selectDeletions = `
  SELECT e.id, e.at, e.actor, e.details FROM numbers(?) listed CROSS JOIN ledger e ON e.sequence = listed.value
  WHERE e.undone_by IS NULL AND e.closed_by IS NULL
    AND e.action IN ('delete-persons', 'delete-domain', 'delete-faces') ORDER BY e.sequence`
export const selectPersonsLeft = 'SELECT id FROM persons WHERE removed_by = ?'
export const selectFacesLeft = 'SELECT id, person_id AS personId FROM faces WHERE removed_by = ?'
export const selectDomainsLeft = 'SELECT name FROM domains WHERE client_id = ? AND removed_by = ?'
export const takeOverPersons = 'UPDATE persons SET removed_by = ? WHERE removed_by = ?'
export const takeOverFaces = 'UPDATE faces SET removed_by = ? WHERE removed_by = ?'
export const takeOverDomains = 'UPDATE domains SET removed_by = ? WHERE client_id = ? AND removed_by = ?'
export const deleteOrphanedFaces = `
  DELETE FROM faces WHERE removed_by IN (SELECT value FROM ids(?)) RETURNING photo_id AS photoId`
export const deleteOrphanedPersons = `
  DELETE FROM persons WHERE removed_by IN (SELECT value FROM ids(?))
    AND NOT EXISTS (SELECT 1 FROM faces WHERE person_id = persons.id)`

/** Writes the deletions among these entries (by sequence number) anew for who is left of them. Call before they are blank. */
export function keepDeletions(
  connection: Connection,
  { clientId, chain }: WriteScope,
  sequences: readonly number[],
): void {
  for (const { id, at, actor, details: text } of connection.rows(
    deletionRow,
    selectDeletions,
    JSON.stringify(sequences),
  )) {
    const persons = connection.rows(personIdRow, selectPersonsLeft, id)
    const faces = connection.rows(faceRow, selectFacesLeft, id)
    const domains = connection.rows(domainRow, selectDomainsLeft, clientId, id)
    if (persons.length + faces.length + domains.length === 0) continue
    const scope = new WriteScope(connection, clientId, chain)
    for (const person of persons) scope.people.add(person.id)
    for (const { personId } of faces) if (personId !== null) scope.people.add(personId)
    connection.run(takeOverPersons, scope.ledgerId, id)
    connection.run(takeOverFaces, scope.ledgerId, id)
    connection.run(takeOverDomains, scope.ledgerId, clientId, id)
    const before = ledgerDetailsSchema.parse(JSON.parse(text)) as Deletion
    const details: Deletion =
      before.action === 'delete-faces' ? { ...before, faceIds: faces.map((face) => face.id) } : before
    const summary = summaryOf(details, persons.length)
    const { ledgerId, people } = scope
    appendEntry(connection, { clientId, chain, ledgerId, at, people }, { actor, summary }, details)
  }
}

/** Removes for good what only these entries, blank by now, could have brought back. */
export function deleteOrphans(connection: Connection, entryIds: readonly string[]): void {
  const list = JSON.stringify(entryIds)
  const photos = connection.rows(photoRow, deleteOrphanedFaces, list).map(({ photoId }) => photoId)
  connection.run(deleteOrphanedPersons, list)
  connection.run(deleteBarePhotos, JSON.stringify([...new Set(photos)]))
}

function summaryOf(details: Deletion, persons: number): string {
  const what =
    details.action === 'delete-domain'
      ? `the domain ${details.domain}`
      : details.action === 'delete-faces'
        ? `${details.faceIds.length} ${details.faceIds.length === 1 ? 'face' : 'faces'}`
        : `${persons} ${persons === 1 ? 'person' : 'people'}`
  return `Deleted ${what}, without those erased since`
}
