/** Takes back what a {@link ChangeRecorder} wrote down; see [Note: Undo]. Store worker thread; called within a write. */
import { z } from 'zod'
import type { Domain, LedgerId, PersonId } from '../../../../src-shared/ids'
import type { Connection } from '../connection'
import { sameFace } from '../faces/assign-faces'
import { keyOf, withdrawRejects } from '../faces/rejections'
import {
  type FaceFields,
  faceState,
  faceStates,
  type PersonFields,
  type PersonState,
  personFieldsSchema,
  personState,
  writeFaces,
  writePerson,
} from '../people/person-state'
import { boxColumns, countRow } from '../rows'
import type { Steps } from '../steps'
import { apartFrom, type Changes, deleteApart, sameValue, writeApart } from './changes'
import { InTheWay } from './in-the-way'
import type { WriteScope } from './ledger'
import type { GivenDetails } from './ledger-details'

/** Faces or rejects that are taken back in one step. */
const atOnce = 500

const boxRow = z.object(boxColumns)

export const selectBox = 'SELECT box_x AS x, box_y AS y, box_w AS w, box_h AS h FROM faces WHERE id = ?'
export const countLiveDomains =
  'SELECT count(*) AS count FROM domains WHERE client_id = ? AND name = ? AND removed_by IS NULL'
export const countFacesOfPerson = 'SELECT count(*) AS count FROM faces WHERE person_id = ?'
export const countRejectsOfPerson = 'SELECT count(*) AS count FROM rejections WHERE person_id = ?'
export const deleteEmptyPhoto =
  'DELETE FROM photos WHERE id = ? AND NOT EXISTS (SELECT 1 FROM faces WHERE photo_id = photos.id)'

/** Takes the changes of an entry back. Throws {@link InTheWay}, or what the database raises, where it cannot. */
export function* revertChanges(
  connection: Connection,
  scope: WriteScope,
  entryId: LedgerId,
  entryAt: number,
  changes: Changes,
): Steps<void> {
  const total = changes.rejectsAdded.length + changes.persons.length + 2 * changes.faces.length
  let done = 0
  for (const some of portions(changes.rejectsAdded)) {
    yield { done, total }
    done += some.length
    const removed = new Set(withdrawRejects(connection, some).map(keyOf))
    for (const reject of some) {
      if (!removed.has(keyOf(reject))) throw new InTheWay(reject.faceId)
      scope.people.add(reject.personId)
    }
  }
  for (const apart of changes.apartAdded) {
    if (deleteApart(connection, apart) === 0) throw new InTheWay()
    for (const id of [apart.personId, apart.otherId]) scope.people.add(id)
  }
  for (const some of portions(changes.faces)) {
    yield { done, total }
    done += some.length
    const states = faceStates(
      connection,
      some.map(({ faceId }) => faceId),
    )
    for (const { faceId, after } of some) {
      const face = states.get(faceId)
      if (face === undefined || !sameFaceFields(face, after)) throw new InTheWay(faceId)
    }
  }
  // Backwards: a name that one person gave up may have been taken by the next.
  for (const change of changes.persons.toReversed()) {
    yield { done: done++, total }
    revertPerson(connection, scope, entryId, entryAt, change)
  }
  /** The domain of each owner, `undefined` where they are not there. */
  const domains = new Map<PersonId, Domain | undefined>()
  const domainOf = (personId: PersonId) => {
    if (!domains.has(personId)) {
      const owner = personState(connection, personId)
      domains.set(personId, owner?.removedBy === null ? owner.domain : undefined)
    }
    return domains.get(personId)
  }
  for (const some of portions(changes.faces)) {
    yield { done, total }
    done += some.length
    for (const { faceId, before, after } of some) {
      if (before.photoId !== after.photoId) {
        const box = connection.row(boxRow, selectBox, faceId)!
        // The same face was enrolled again in the place that this one left.
        if (sameFace(connection, before.photoId, { box }) !== undefined) throw new InTheWay(faceId)
      }
      if (before.personId !== null) {
        if (domainOf(before.personId) !== before.domain) throw new InTheWay(faceId)
        scope.people.add(before.personId)
        if (after.personId === null) scope.reserve++
      }
      if (after.personId !== null) scope.people.add(after.personId)
    }
    writeFaces(
      connection,
      some.map(({ faceId, before }) => ({ faceId, ...before })),
    )
  }
  scope.touchFaces(changes.faces.map(({ faceId }) => faceId))
  for (const { faceId, personId, createdAt } of changes.rejectsRemoved) {
    // The face was given to just that person since.
    if (faceState(connection, faceId)?.personId === personId) throw new InTheWay(faceId)
    connection.run(
      'INSERT INTO rejections (face_id, person_id, created_at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
      faceId,
      personId,
      createdAt,
    )
    scope.people.add(personId)
  }
  for (const apart of changes.apartRemoved) {
    writeApart(connection, apart)
    for (const id of [apart.personId, apart.otherId]) scope.people.add(id)
  }
  for (const { personId, name } of changes.created) deleteCreatedPerson(connection, scope, personId, name)
  for (const photoId of changes.photos) connection.run(deleteEmptyPhoto, photoId)
}

/** The items, some hundred at once. */
function* portions<T>(items: readonly T[]): Generator<readonly T[]> {
  for (let first = 0; first < items.length; first += atOnce) yield items.slice(first, first + atOnce)
}

/** Deletes a person that the entry made, with the details `given`, where nothing was added to them since. */
export function deleteCreatedPerson(
  connection: Connection,
  scope: WriteScope,
  personId: PersonId,
  name: string,
  given: GivenDetails = { wikidataId: null, occupation: null, description: null },
): void {
  const person = livePersonOf(connection, personId)
  const { wikidataId, occupation, description, coverFaceId, tags, aliases } = person
  // Faces that were removed count, too: whoever undoes their removal needs the person.
  const asMade =
    person.name === name &&
    wikidataId === given.wikidataId &&
    occupation === given.occupation &&
    description === given.description &&
    coverFaceId === null &&
    tags.length + aliases.length === 0 &&
    apartFrom(connection, personId).size === 0 &&
    connection.row(countRow, countFacesOfPerson, personId)!.count === 0 &&
    connection.row(countRow, countRejectsOfPerson, personId)!.count === 0
  if (!asMade) throw new InTheWay()
  scope.people.add(personId)
  connection.run('DELETE FROM persons WHERE id = ?', personId)
}

/** A person who must still be there for an undo. */
export function livePersonOf(connection: Connection, personId: PersonId): PersonState {
  const person = personState(connection, personId)
  if (person === undefined || person.removedBy !== null) throw new InTheWay()
  return person
}

function revertPerson(
  connection: Connection,
  scope: WriteScope,
  entryId: LedgerId,
  entryAt: number,
  { personId, updatedAt, before, after }: Changes['persons'][number],
): void {
  const person = personState(connection, personId)
  const removedBy = after.removed === true ? entryId : null
  if (person === undefined || person.removedBy !== removedBy) throw new InTheWay()
  const current: PersonFields = { ...person, removed: removedBy !== null }
  for (const [field, value] of Object.entries(after)) {
    if (!sameValue(current[field as keyof PersonFields], value)) throw new InTheWay()
  }
  const { removed: _, ...fields } = personFieldsSchema.parse({ ...current, ...before })
  const domains = connection.row(countRow, countLiveDomains, person.clientId, fields.domain)!
  if (domains.count === 0) throw new InTheWay()
  writePerson(connection, person, {
    ...person,
    ...fields,
    removedBy: null,
    // As before, but for a person who was changed in other ways since: that is news to whoever looks.
    updatedAt: person.updatedAt === entryAt ? updatedAt : scope.at,
  })
  scope.people.add(personId)
}

function sameFaceFields(a: FaceFields, b: FaceFields): boolean {
  return (
    a.personId === b.personId && a.source === b.source && a.domain === b.domain && a.photoId === b.photoId
  )
}
