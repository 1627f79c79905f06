/** What curators do to people: details, tags, cover, merge, move. Store worker thread; called within a write. */
import { z } from 'zod'
import { VisorError } from '../../../../src-shared/errors'
import { tagSchema, wikidataIdSchema } from '../../../../src-shared/gallery'
import {
  type Domain,
  domainSchema,
  type FaceId,
  faceIdSchema,
  type PersonId,
  personIdSchema,
  personNameSchema,
} from '../../../../src-shared/ids'
import type { MovedPersons, PersonPatch, SeenFields } from '../../gallery-records'
import { argument } from '../argument'
import type { Connection } from '../connection'
import { ensureDomain, selectPersonByName } from '../faces/assign-faces'
import { refuseChangedMeanwhile } from '../ledger/changed-meanwhile'
import { ChangeRecorder } from '../ledger/changes'
import type { Done, WriteScope } from '../ledger/ledger'
import { faceIdRow, personRow } from '../rows'
import type { Steps } from '../steps'
import {
  type FaceState,
  nameTaken,
  orderedAliases,
  orderedTags,
  type PersonFields,
  type PersonState,
  tagKey,
} from './person-state'

/** Longest texts, characters. */
const longestOccupation = 200
const longestDescription = 4000
const tagsAtMost = 50

const rejectRow = z.object({ faceId: faceIdSchema, at: z.number().int(), ownerId: personIdSchema.nullable() })

export const selectFacesOf = 'SELECT id FROM faces WHERE person_id = ? AND removed_by IS NULL ORDER BY id'
/** Faces that were ruled out for a person, and whose they are. */
export const selectRejectsOf = `
  SELECT r.face_id AS faceId, r.created_at AS at, f.person_id AS ownerId
  FROM rejections r CROSS JOIN faces f ON same_client(f, r) AND f.id = r.face_id
  WHERE r.person_id = ? AND f.removed_by IS NULL ORDER BY r.created_at DESC, r.face_id`

/** The body of `GalleryStore.updatePerson`. */
export function updatePerson(
  connection: Connection,
  scope: WriteScope,
  personId: PersonId,
  { seen = {}, ...patch }: PersonPatch & { readonly seen?: SeenFields },
): Done<void> {
  const recorder = new ChangeRecorder(connection, scope)
  const wanted: Partial<PersonFields> = {
    ...(patch.name === undefined ? {} : { name: argument(personNameSchema, patch.name) }),
    ...validDetails(patch),
  }
  const person = recorder.person(personId)
  refuseChangedMeanwhile(connection, person, wanted, seen)
  // The name is no other name of theirs.
  const aliases = person.aliases.filter((alias) => alias !== wanted.name)
  recorder.changePerson(personId, { ...wanted, aliases })
  return recorder.done('update-person', undefined)
}

/** The body of `GalleryStore.tagPersons`. */
export function* tagPersons(
  connection: Connection,
  scope: WriteScope,
  personIds: readonly PersonId[],
  { add, remove }: { readonly add: readonly string[]; readonly remove: readonly string[] },
): Steps<Done<void>> {
  const recorder = new ChangeRecorder(connection, scope)
  const added = validTags(add)
  const removed = new Set(validTags(remove).map(tagKey))
  for (const [place, personId] of personIds.entries()) {
    const { tags } = recorder.person(personId)
    const kept = tags.filter((tag) => !removed.has(tagKey(tag)))
    recorder.changePerson(personId, { tags: validTags([...kept, ...added]) })
    yield { done: place + 1, total: personIds.length }
  }
  return recorder.done('tag-persons', undefined)
}

/** The body of `GalleryStore.setCover`. */
export function setCover(
  connection: Connection,
  scope: WriteScope,
  personId: PersonId,
  faceId: FaceId | null,
): Done<void> {
  const recorder = new ChangeRecorder(connection, scope)
  const { name } = recorder.person(personId)
  if (faceId !== null && recorder.face(faceId).personId !== personId) {
    throw new VisorError('not-found', `That face is not one of ${name}.`)
  }
  recorder.changePerson(personId, { coverFaceId: faceId })
  return recorder.done('set-cover', undefined)
}

/** The body of `GalleryStore.mergePersons`. */
export function* mergePersons(
  connection: Connection,
  scope: WriteScope,
  targetId: PersonId,
  sourceIds: readonly PersonId[],
): Steps<Done<void>> {
  const recorder = new ChangeRecorder(connection, scope)
  const target = recorder.person(targetId)
  const sources = [...new Set(sourceIds)].map((sourceId) => recorder.person(sourceId))
  if (sources.some(({ personId }) => personId === targetId)) {
    throw new VisorError('invalid-argument', `${target.name} cannot be merged into themselves.`)
  }
  yield* mergeInto(recorder, target, sources)
  return recorder.done('merge-persons', undefined)
}

/** The body of `GalleryStore.movePersons`. */
export function* movePersons(
  connection: Connection,
  scope: WriteScope,
  personIds: readonly PersonId[],
  domain: Domain,
  onClash: 'refuse' | 'merge',
): Steps<Done<MovedPersons>> {
  const recorder = new ChangeRecorder(connection, scope)
  ensureDomain(connection, scope.clientId, argument(domainSchema, domain), false)
  let moved = 0
  let merged = 0
  const asked = new Set(personIds)
  let done = 0
  for (const personId of asked) {
    yield { done: done++, total: asked.size }
    const person = recorder.person(personId)
    if (person.domain === domain) continue
    const there = connection.row(personRow, selectPersonByName, scope.clientId, domain, person.name)
    if (there === undefined) {
      recorder.changePerson(personId, { domain })
      recorder.giveFaces(facesOf(recorder, personId), { personId, domain })
      moved++
    } else if (onClash === 'merge') {
      for (const _ of mergeInto(recorder, recorder.person(there.id), [person]));
      merged++
    } else {
      throw nameTaken(domain, person.name)
    }
  }
  return recorder.done('move-persons', { moved, merged })
}

/** The body of `GalleryStore.tellApart`. */
export function tellApart(
  connection: Connection,
  scope: WriteScope,
  personId: PersonId,
  otherId: PersonId,
  apart: boolean,
): Done<void> {
  const recorder = new ChangeRecorder(connection, scope)
  const [person, other] = [recorder.person(personId), recorder.person(otherId)]
  if (person.personId === other.personId) {
    throw new VisorError('invalid-argument', `${person.name} cannot be told apart from themselves.`)
  }
  if (apart) recorder.addApart(personId, otherId)
  else recorder.removeApart(personId, otherId)
  return recorder.done('tell-apart', undefined)
}

/** The body of `GalleryStore.rejectsOf`, for a person of any client. */
export function rejectsOf(connection: Connection, personId: PersonId): { faceId: FaceId; at: string }[] {
  return connection
    .rows(rejectRow, selectRejectsOf, personId)
    .map(({ faceId, at }) => ({ faceId, at: new Date(at).toISOString() }))
}

/** The details of a patch as they are kept: only those that it has. Raises `invalid-argument`. */
export function validDetails(
  patch: Pick<PersonPatch, 'wikidataId' | 'occupation' | 'description' | 'tags'>,
): Partial<Pick<PersonFields, 'wikidataId' | 'occupation' | 'description' | 'tags'>> {
  return {
    ...(patch.wikidataId === undefined
      ? {}
      : { wikidataId: patch.wikidataId === null ? null : argument(wikidataIdSchema, patch.wikidataId) }),
    ...(patch.occupation === undefined
      ? {}
      : { occupation: textOrNull(patch.occupation, longestOccupation) }),
    ...(patch.description === undefined
      ? {}
      : { description: textOrNull(patch.description, longestDescription) }),
    ...(patch.tags === undefined ? {} : { tags: validTags(patch.tags) }),
  }
}

function facesOf(recorder: ChangeRecorder, personId: PersonId): FaceState[] {
  const ids = recorder.connection.rows(faceIdRow, selectFacesOf, personId)
  return recorder.faces(ids.map(({ id }) => id))
}

function* mergeInto(
  recorder: ChangeRecorder,
  target: PersonState,
  sources: readonly PersonState[],
): Steps<void> {
  const { connection } = recorder
  const { personId, domain } = target
  const everybody = [target, ...sources]
  for (const [place, source] of sources.entries()) {
    yield { done: place, total: sources.length }
    recorder.giveFaces(facesOf(recorder, source.personId), { personId, domain })
  }
  for (const source of sources) {
    for (const { faceId, at, ownerId } of connection.rows(rejectRow, selectRejectsOf, source.personId)) {
      // *Not the one, but the other* has no meaning once both are one.
      if (ownerId !== personId) recorder.addRejects([{ faceId, personId }], at)
    }
  }
  const own = connection
    .rows(rejectRow, selectRejectsOf, personId)
    .filter(({ ownerId }) => ownerId === personId)
  recorder.removeRejects(own.map(({ faceId }) => ({ faceId, personId })))
  for (const source of sources) {
    for (const otherId of recorder.apartOf(source.personId)) {
      recorder.removeApart(source.personId, otherId)
      // Whoever is told apart from one of them is so from all, but for those who are one now.
      if (!everybody.some(({ personId: one }) => one === otherId)) recorder.addApart(personId, otherId)
    }
  }
  for (const source of sources) recorder.changePerson(source.personId, { removed: true })
  const first = (field: 'wikidataId' | 'occupation' | 'description') =>
    everybody.find((person) => person[field] !== null)?.[field] ?? null
  const aliases = everybody.flatMap((person) => [...person.aliases, person.name])
  recorder.changePerson(personId, {
    wikidataId: first('wikidataId'),
    occupation: first('occupation'),
    description: first('description'),
    tags: orderedTags(everybody.flatMap(({ tags }) => tags)),
    aliases: orderedAliases(aliases.filter((alias) => alias !== target.name)),
  })
}

function validTags(tags: readonly string[]): string[] {
  const valid = orderedTags(tags.map((tag) => argument(tagSchema, tag)))
  if (valid.length <= tagsAtMost) return valid
  throw new VisorError('invalid-argument', `A person has at most ${tagsAtMost} tags.`)
}

/** NFC, without white space at the ends; nothing is `null`. */
function textOrNull(text: string | null, longest: number): string | null {
  const trimmed = (text ?? '').normalize('NFC').trim()
  if (trimmed === '') return null
  if (trimmed.length <= longest) return trimmed
  throw new VisorError(
    'invalid-argument',
    `That has ${trimmed.length} characters; at most ${longest} are kept.`,
  )
}
