/** Renaming and removing people, removing a domain. Store worker thread; called within a write. */
import { z } from 'zod'
import { VisorError } from '../../../src-shared/errors'
import { type Domain, type FaceId, type PersonId, personNameSchema } from '../../../src-shared/ids'
import { foldText } from '../../../src-shared/text'
import { livePerson } from './assign-faces'
import type { Connection } from './connection'
import type { Done, WriteScope } from './ledger'
import { faceIdRow } from './rows'
import { isUniqueViolation } from './sqlite-errors'

const domainRow = z.object({ sample: z.number().int() })

export const selectDomain =
  'SELECT sample FROM domains WHERE client_id = ? AND name = ? AND removed_by IS NULL'
export const removeFacesOfPerson =
  'UPDATE faces SET removed_by = ? WHERE person_id = ? AND removed_by IS NULL RETURNING id'
export const removePersonsOfDomain =
  'UPDATE persons SET removed_by = ? WHERE client_id = ? AND domain = ? AND removed_by IS NULL'
/** Faces without a person, too: `photos` leads to them. */
export const removeFacesOfDomain = `
  UPDATE faces SET removed_by = ? WHERE removed_by IS NULL AND photo_id IN
    (SELECT id FROM photos WHERE client_id = ? AND domain = ?) RETURNING id`

/** Gives a live person another name. Raises `not-found`, `conflict`. */
export function renamePerson(
  connection: Connection,
  scope: WriteScope,
  personId: PersonId,
  wanted: string,
): Done<void> {
  const { name: from, domain } = livePerson(connection, personId)
  const to = personNameSchema.parse(wanted)
  if (to === from) return { value: undefined, details: undefined }
  setName(connection, scope, personId, to, domain)
  return { value: undefined, details: { action: 'rename-person', personId, from, to } }
}

/** Writes a person's name. Raises `conflict` where the domain has another person of that name. */
export function setName(
  connection: Connection,
  scope: WriteScope,
  personId: PersonId,
  name: string,
  domain: Domain,
): void {
  try {
    connection.run(
      'UPDATE persons SET name = ?, folded = ?, updated_at = ? WHERE id = ?',
      name,
      foldText(name),
      scope.at,
      personId,
    )
  } catch (error) {
    if (!isUniqueViolation(error)) throw error
    throw new VisorError('conflict', `${domain} already has a person called ${name}.`, {
      cause: error,
      consequence: 'The name was not changed.',
      remedy: 'Choose another name, or give the faces to that person.',
    })
  }
}

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
  connection.run(removePersonsOfDomain, ledgerId, clientId, domain)
  scope.touchFaces(removeFaces(connection, removeFacesOfDomain, ledgerId, clientId, domain))
  return { value: undefined, details: { action: 'delete-domain', domain, sample: row.sample === 1 } }
}

function removeFaces(connection: Connection, sql: string, ...values: string[]): FaceId[] {
  return connection.rows(faceIdRow, sql, ...values).map(({ id }) => id)
}
