/** Removing people and domains, giving a domain another name. Store worker thread; called within a write. */
import { z } from 'zod'
import { VisorError } from '../../../src-shared/errors'
import type { Domain, FaceId, PersonId } from '../../../src-shared/ids'
import type { Connection } from './connection'
import type { Done, WriteScope } from './ledger'
import { faceIdRow, personIdRow } from './rows'

const domainRow = z.object({ sample: z.number().int() })
const removedByRow = z.object({ removedBy: z.string().nullable() })

export const selectDomain =
  'SELECT sample FROM domains WHERE client_id = ? AND name = ? AND removed_by IS NULL'
export const selectPersonsOfDomain =
  'SELECT id FROM persons WHERE client_id = ? AND domain = ? AND removed_by IS NULL'
export const selectAnyDomain = 'SELECT removed_by AS removedBy FROM domains WHERE client_id = ? AND name = ?'
export const removeFacesOfPerson =
  'UPDATE faces SET removed_by = ? WHERE person_id = ? AND removed_by IS NULL RETURNING id'
export const removePersonsOfDomain =
  'UPDATE persons SET removed_by = ? WHERE client_id = ? AND domain = ? AND removed_by IS NULL RETURNING id'
// Of the removed as well: they come back to the domain, whatever it is called by then.
export const renamePersonsDomain = 'UPDATE persons SET domain = ? WHERE client_id = ? AND domain = ?'
export const renameFacesDomain = `
  UPDATE faces SET domain = ? WHERE photo_id IN (SELECT id FROM photos WHERE client_id = ? AND domain = ?)`
export const renamePhotosDomain = 'UPDATE photos SET domain = ? WHERE client_id = ? AND domain = ?'
/** Faces without a person, too: `photos` leads to them. */
export const removeFacesOfDomain = `
  UPDATE faces SET removed_by = ? WHERE removed_by IS NULL AND photo_id IN
    (SELECT id FROM photos WHERE client_id = ? AND domain = ?) RETURNING id`

/** Removes people with their faces. Raises `not-found`. */
export function deletePersons(
  connection: Connection,
  scope: WriteScope,
  personIds: readonly PersonId[],
): Done<void> {
  for (const personId of new Set(personIds)) {
    const removed = connection.run(
      'UPDATE persons SET removed_by = ? WHERE id = ? AND client_id = ? AND removed_by IS NULL',
      scope.ledgerId,
      personId,
      scope.clientId,
    )
    if (removed === 0) throw new VisorError('not-found', 'One of the people is no longer in the gallery.')
    scope.people.add(personId)
    scope.touchFaces(removeFaces(connection, removeFacesOfPerson, scope.ledgerId, personId))
  }
  return { value: undefined, details: personIds.length === 0 ? undefined : { action: 'delete-persons' } }
}

/** Removes a domain with all it holds. Raises `not-found`. */
export function deleteDomain(connection: Connection, scope: WriteScope, domain: Domain): Done<void> {
  const { clientId, ledgerId } = scope
  const row = connection.row(domainRow, selectDomain, clientId, domain)
  if (row === undefined) throw new VisorError('not-found', `There is no domain called ${domain}.`)
  connection.run(
    'UPDATE domains SET removed_by = ? WHERE client_id = ? AND name = ?',
    ledgerId,
    clientId,
    domain,
  )
  for (const { id } of connection.rows(personIdRow, removePersonsOfDomain, ledgerId, clientId, domain)) {
    scope.people.add(id)
  }
  scope.touchFaces(removeFaces(connection, removeFacesOfDomain, ledgerId, clientId, domain))
  return { value: undefined, details: { action: 'delete-domain', domain, sample: row.sample === 1 } }
}

/**
 * Gives a domain another name, with all that was ever in it. Raises `not-found`; `conflict` where another domain, or one
 * in the bin, has the name.
 */
export function renameDomain(
  connection: Connection,
  scope: WriteScope,
  from: Domain,
  to: Domain,
): Done<void> {
  const { clientId } = scope
  if (connection.row(domainRow, selectDomain, clientId, from) === undefined) {
    throw new VisorError('not-found', `There is no domain called ${from}.`)
  }
  if (from === to) return { value: undefined, details: undefined }
  const taken = connection.row(removedByRow, selectAnyDomain, clientId, to)
  if (taken !== undefined) {
    const inBin = taken.removedBy !== null
    throw new VisorError(
      'conflict',
      `There is a domain called ${to} already${inBin ? ', in the bin' : ''}.`,
      {
        consequence: 'Nothing was renamed.',
        remedy: inBin
          ? 'Choose another name, or empty the bin.'
          : 'Choose another name, or move the people there.',
      },
    )
  }
  writeDomainName(connection, scope, from, to)
  return { value: undefined, details: { action: 'rename-domain', from, to } }
}

/** Writes a domain's name into all that carries it. */
export function writeDomainName(connection: Connection, scope: WriteScope, from: Domain, to: Domain): void {
  const { clientId } = scope
  connection.run(
    `INSERT INTO domains (client_id, name, sample, created_at, removed_by)
     SELECT client_id, ?, sample, created_at, removed_by FROM domains WHERE client_id = ? AND name = ?`,
    to,
    clientId,
    from,
  )
  for (const { id } of connection.rows(personIdRow, selectPersonsOfDomain, clientId, from))
    scope.people.add(id)
  for (const sql of [renamePersonsDomain, renameFacesDomain, renamePhotosDomain]) {
    connection.run(sql, to, clientId, from)
  }
  connection.run('DELETE FROM domains WHERE client_id = ? AND name = ?', clientId, from)
  scope.renamedDomain = { from, to }
}

function removeFaces(connection: Connection, sql: string, ...values: string[]): FaceId[] {
  return connection.rows(faceIdRow, sql, ...values).map(({ id }) => id)
}
