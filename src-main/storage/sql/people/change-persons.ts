/** Removing people and domains, giving a domain another name. Store worker thread; called within a write. */
import { z } from 'zod'
import { VisorError } from '../../../../src-shared/errors'
import type { Domain, FaceId, PersonId, PhotoId } from '../../../../src-shared/ids'
import type { Connection } from '../connection'
import type { Done, WriteScope } from '../ledger/ledger'
import { faceIdRow } from '../rows'
import type { Steps } from '../steps'

/** Photos of a domain that are dealt with in one step. */
const photosAtOnce = 500

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
/** They lead to all faces of a domain, those without a person, too. */
export const selectPhotosOfDomain = 'SELECT id FROM photos WHERE client_id = ? AND domain = ?'
export const renameFacesOfPhotos = 'UPDATE faces SET domain = ? WHERE photo_id IN (SELECT value FROM ids(?))'
export const renamePhotos = 'UPDATE photos SET domain = ? WHERE id IN (SELECT value FROM ids(?))'
export const removeFacesOfPhotos = `
  UPDATE faces SET removed_by = ? WHERE removed_by IS NULL AND photo_id IN (SELECT value FROM ids(?))
  RETURNING id`
export const renameReviewsDomain =
  'UPDATE enrolment_reviews SET domain = ? WHERE client_id = ? AND domain = ?'
export const renameFindingsDomain = 'UPDATE findings SET domain = ? WHERE client_id = ? AND domain = ?'

/** Removes people with their faces. Raises `not-found`. */
export function* deletePersons(
  connection: Connection,
  scope: WriteScope,
  personIds: readonly PersonId[],
): Steps<Done<void>> {
  const asked = new Set(personIds)
  let done = 0
  for (const personId of asked) {
    yield { done: done++, total: asked.size }
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
export function* deleteDomain(connection: Connection, scope: WriteScope, domain: Domain): Steps<Done<void>> {
  const { clientId, ledgerId } = scope
  const row = connection.row(domainRow, selectDomain, clientId, domain)
  if (row === undefined) throw new VisorError('not-found', `There is no domain called ${domain}.`)
  connection.run(
    'UPDATE domains SET removed_by = ? WHERE client_id = ? AND name = ?',
    ledgerId,
    clientId,
    domain,
  )
  for (const id of connection.ids<PersonId>(removePersonsOfDomain, ledgerId, clientId, domain))
    scope.people.add(id)
  yield* eachPhoto(connection, clientId, domain, (photos) => {
    scope.touchFaces(removeFaces(connection, removeFacesOfPhotos, ledgerId, photos))
  })
  return { value: undefined, details: { action: 'delete-domain', domain, sample: row.sample === 1 } }
}

/**
 * Gives a domain another name, with all that was ever in it. Raises `not-found`; `conflict` where another domain, or one
 * in the bin, has the name.
 */
export function* renameDomain(
  connection: Connection,
  scope: WriteScope,
  from: Domain,
  to: Domain,
): Steps<Done<void>> {
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
  yield* writeDomainName(connection, scope, from, to)
  return { value: undefined, details: { action: 'rename-domain', from, to } }
}

/** Writes a domain's name into all that carries it. */
export function* writeDomainName(
  connection: Connection,
  scope: WriteScope,
  from: Domain,
  to: Domain,
): Steps<void> {
  const { clientId } = scope
  connection.run(
    `INSERT INTO domains (client_id, name, sample, created_at, removed_by)
     SELECT client_id, ?, sample, created_at, removed_by FROM domains WHERE client_id = ? AND name = ?`,
    to,
    clientId,
    from,
  )
  for (const id of connection.ids<PersonId>(selectPersonsOfDomain, clientId, from)) scope.people.add(id)
  connection.run(renamePersonsDomain, to, clientId, from)
  connection.run(renameReviewsDomain, to, clientId, from)
  connection.run(renameFindingsDomain, to, clientId, from)
  yield* eachPhoto(connection, clientId, from, (photos) => {
    connection.run(renameFacesOfPhotos, to, photos)
    connection.run(renamePhotos, to, photos)
  })
  connection.run('DELETE FROM domains WHERE client_id = ? AND name = ?', clientId, from)
  scope.renamedDomain = { from, to }
}

/** Has `work` do something to the photos of a domain, some at a time: it is given a JSON list of their ids. */
function* eachPhoto(
  connection: Connection,
  clientId: string,
  domain: Domain,
  work: (photos: string) => void,
): Steps<void> {
  const ids = connection.ids<PhotoId>(selectPhotosOfDomain, clientId, domain)
  for (let first = 0; first < ids.length; first += photosAtOnce) {
    yield { done: first, total: ids.length }
    work(JSON.stringify(ids.slice(first, first + photosAtOnce)))
  }
}

function removeFaces(connection: Connection, sql: string, ...values: string[]): FaceId[] {
  return connection.rows(faceIdRow, sql, ...values).map(({ id }) => id)
}
