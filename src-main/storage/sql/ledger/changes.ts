/**
 * What a curator's act changes of people, faces and rejects: done and written down in one step, so that the ledger has what
 * undo needs. Store worker thread; used within a write.
 */
import { z } from 'zod'
import { VisorError } from '../../../../src-shared/errors'
import {
  type Domain,
  type FaceId,
  faceIdSchema,
  type PersonId,
  type PhotoId,
  personIdSchema,
  photoIdSchema,
} from '../../../../src-shared/ids'
import type { Connection } from '../connection'
import { addRejects, type Rejection, withdrawRejects } from '../faces/rejections'
import {
  type FaceFields,
  type FaceState,
  faceFieldsSchema,
  faceStates,
  insertPerson,
  livePersonState,
  type PersonFields,
  type PersonState,
  personFieldsSchema,
  sameList,
  writeFaces,
  writePerson,
} from '../people/person-state'
import { personIdRow } from '../rows'
import type { Done, WriteScope } from './ledger'
import type { CurationAction } from './ledger-details'

const rejectSchema = z.object({
  faceId: faceIdSchema,
  personId: personIdSchema,
  /** Unix milliseconds. */
  createdAt: z.number().int(),
})
type Reject = z.infer<typeof rejectSchema>

/** Two people told apart, the lesser id first. */
const apartSchema = z.object({
  personId: personIdSchema,
  otherId: personIdSchema,
  /** Unix milliseconds. */
  createdAt: z.number().int(),
})
type Apart = z.infer<typeof apartSchema>

export const changesSchema = z.object({
  /** People who were made. */
  created: z.array(z.object({ personId: personIdSchema, name: z.string() })),
  /** Records of photos that were made, in a domain that faces moved to. */
  photos: z.array(photoIdSchema),
  /** By person: the fields that were changed, and when the person was changed before (Unix ms). */
  persons: z.array(
    z.object({
      personId: personIdSchema,
      updatedAt: z.number().int(),
      before: personFieldsSchema.partial(),
      after: personFieldsSchema.partial(),
    }),
  ),
  faces: z.array(z.object({ faceId: faceIdSchema, before: faceFieldsSchema, after: faceFieldsSchema })),
  rejectsAdded: z.array(rejectSchema),
  rejectsRemoved: z.array(rejectSchema),
  // Absent from entries that were written before people could be told apart.
  apartAdded: z.array(apartSchema).default([]),
  apartRemoved: z.array(apartSchema).default([]),
})
export type Changes = z.infer<typeof changesSchema>

export const selectPhotoInDomain = `
  SELECT there.id FROM photos here
  CROSS JOIN photos there ON there.client_id = here.client_id AND there.sha256 = here.sha256 AND there.domain = ?
  WHERE here.id = ?`
export const selectApart = `
  SELECT person_id AS personId, other_id AS otherId, created_at AS createdAt FROM people_apart
  WHERE person_id = ? AND other_id = ?`
export const selectApartOf = `
  SELECT other_id AS id FROM people_apart WHERE person_id = ?
  UNION ALL SELECT person_id FROM people_apart WHERE other_id = ?`

const photoIdRow = z.object({ id: photoIdSchema })

/** Faces that the indexes are told of at once. */
const touchedAtOnce = 500

interface PersonChange {
  readonly updatedAt: number
  readonly before: Partial<PersonFields>
  readonly after: Partial<PersonFields>
}

/** One act in the making. */
export class ChangeRecorder {
  readonly connection: Connection
  readonly scope: WriteScope
  readonly #created: Changes['created'] = []
  readonly #photos: PhotoId[] = []
  readonly #persons = new Map<PersonId, PersonChange>()
  readonly #faces = new Map<FaceId, { readonly before: FaceFields; readonly after: FaceFields }>()
  /** Faces that the indexes are not told of yet. */
  #given: FaceId[] = []
  readonly #rejectsAdded: Reject[] = []
  readonly #rejectsRemoved: Reject[] = []
  readonly #apartAdded: Apart[] = []
  readonly #apartRemoved: Apart[] = []

  constructor(connection: Connection, scope: WriteScope) {
    this.connection = connection
    this.scope = scope
  }

  /** A live person of the client. Raises `not-found`. */
  person(personId: PersonId): PersonState {
    return livePersonState(this.connection, personId, this.scope.clientId)
  }

  /** A live face of the client. Raises `not-found`. */
  face(faceId: FaceId): FaceState {
    return this.faces([faceId])[0]!
  }

  /** Live faces of the client, each once. Raises `not-found`. */
  faces(faceIds: readonly FaceId[]): FaceState[] {
    const states = faceStates(this.connection, faceIds)
    return [...new Set(faceIds)].map((faceId) => {
      const face = states.get(faceId)
      if (face === undefined || face.clientId !== this.scope.clientId) {
        throw new VisorError('not-found', 'One of the faces is no longer in the gallery.')
      }
      return face
    })
  }

  /** Changes fields of a person; nothing where all of them are as wanted. Raises `conflict` for a name that is taken. */
  changePerson(personId: PersonId, wanted: Partial<PersonFields>): void {
    const before = this.person(personId)
    const current: PersonFields = { ...before, removed: false }
    const changed = Object.fromEntries(
      Object.entries(wanted).filter(
        ([field, value]) => !sameValue(current[field as keyof PersonFields], value),
      ),
    ) as Partial<PersonFields>
    if (Object.keys(changed).length === 0) return
    const { removed = false, ...fields } = changed
    const removedBy = removed ? this.scope.ledgerId : null
    writePerson(this.connection, before, { ...before, ...fields, removedBy, updatedAt: this.scope.at })
    const replaced = Object.fromEntries(
      Object.keys(changed).map((field) => [field, current[field as keyof PersonFields]]),
    ) as Partial<PersonFields>
    this.#note(before, replaced, changed)
  }

  createPerson(domain: Domain, name: string): PersonId {
    const personId = insertPerson(this.connection, this.scope, domain, name)
    this.#created.push({ personId, name })
    this.scope.people.add(personId)
    return personId
  }

  /** Gives faces to a person of a domain, or to nobody where they are; their photos go with them. */
  giveFaces(
    faces: readonly FaceState[],
    to: (Pick<FaceFields, 'personId' | 'domain'> & { source?: FaceFields['source'] }) | null,
  ): void {
    const given = faces.map((face) => {
      const { faceId, clientId: _, ...before } = face
      const receiver = to ?? { personId: null, domain: face.domain }
      const photoId =
        receiver.domain === face.domain ? face.photoId : this.#photoIn(face.photoId, receiver.domain)
      const after: FaceFields = { ...before, ...receiver, photoId }
      this.#faces.set(faceId, { before: this.#faces.get(faceId)?.before ?? before, after })
      this.#given.push(faceId)
      if (before.personId === null && receiver.personId !== null) this.scope.reserve++
      for (const personId of [before.personId, receiver.personId]) {
        if (personId !== null) this.#touch(personId)
      }
      return { faceId, ...after }
    })
    writeFaces(this.connection, given)
    if (this.#given.length >= touchedAtOnce) this.#touchGiven()
  }

  /** Rules people out for faces, where they were not. */
  addRejects(rejects: readonly Rejection[], createdAt = this.scope.at): void {
    for (const { faceId, personId } of addRejects(this.connection, rejects, createdAt)) {
      this.#rejectsAdded.push({ faceId, personId, createdAt })
      this.scope.people.add(personId)
    }
  }

  /** Withdraws rejects; how many there were. */
  removeRejects(rejects: readonly Rejection[]): number {
    const removed = withdrawRejects(this.connection, rejects)
    for (const reject of removed) {
      this.#rejectsRemoved.push(reject)
      this.scope.people.add(reject.personId)
    }
    return removed.length
  }

  /** People whom this one was told apart from, removed ones among them. */
  apartOf(personId: PersonId): readonly PersonId[] {
    return [...apartFrom(this.connection, personId)]
  }

  /** Tells two people apart, where they were not. */
  addApart(a: PersonId, b: PersonId): void {
    const [personId, otherId] = a < b ? [a, b] : [b, a]
    const createdAt = this.scope.at
    if (writeApart(this.connection, { personId, otherId, createdAt }) === 0) return
    this.#apartAdded.push({ personId, otherId, createdAt })
    for (const id of [personId, otherId]) this.scope.people.add(id)
  }

  /** Withdraws that; whether they were told apart. */
  removeApart(a: PersonId, b: PersonId): boolean {
    const [personId, otherId] = a < b ? [a, b] : [b, a]
    const apart = this.connection.row(apartSchema, selectApart, personId, otherId)
    if (apart === undefined) return false
    deleteApart(this.connection, apart)
    this.#apartRemoved.push(apart)
    for (const id of [personId, otherId]) this.scope.people.add(id)
    return true
  }

  /** The act as the ledger keeps it. */
  done<T>(action: CurationAction, value: T): Done<T> {
    this.#touchGiven()
    const changes: Changes = {
      created: this.#created,
      photos: this.#photos,
      persons: [...this.#persons].map(([personId, change]) => ({ personId, ...change })),
      faces: [...this.#faces].map(([faceId, change]) => ({ faceId, ...change })),
      rejectsAdded: this.#rejectsAdded,
      rejectsRemoved: this.#rejectsRemoved,
      apartAdded: this.#apartAdded,
      apartRemoved: this.#apartRemoved,
    }
    const nothing = Object.values(changes).every((list) => list.length === 0)
    return { value, details: nothing ? undefined : { action, changes } }
  }

  #touchGiven(): void {
    this.scope.touchFaces(this.#given)
    this.#given = []
  }

  /** Marks a live person as changed now. */
  #touch(personId: PersonId): void {
    if (this.#persons.has(personId) || this.#created.some((person) => person.personId === personId)) return
    const before = this.person(personId)
    this.connection.run('UPDATE persons SET updated_at = ? WHERE id = ?', this.scope.at, personId)
    this.#note(before, {}, {})
  }

  #note(state: PersonState, before: Partial<PersonFields>, after: Partial<PersonFields>): void {
    const { personId, updatedAt } = state
    const known = this.#persons.get(personId)
    this.#persons.set(personId, {
      updatedAt: known?.updatedAt ?? updatedAt,
      before: { ...before, ...known?.before },
      after: { ...known?.after, ...after },
    })
    this.scope.people.add(personId)
  }

  #photoIn(photoId: PhotoId, domain: Domain): PhotoId {
    const there = this.connection.row(photoIdRow, selectPhotoInDomain, domain, photoId)
    if (there !== undefined) return there.id
    const made = photoIdSchema.parse(this.scope.newId())
    this.connection.run(
      `INSERT INTO photos
         (id, client_id, domain, sha256, path, format, width, height, perceptual_hash, repeats_people, seen, created_at)
       SELECT ?, client_id, ?, sha256, path, format, width, height, perceptual_hash, repeats_people, seen, ?
       FROM photos WHERE id = ?`,
      made,
      domain,
      this.scope.at,
      photoId,
    )
    this.#photos.push(made)
    return made
  }
}

/** People whom a person was told apart from, removed ones among them. */
export function apartFrom(connection: Connection, personId: PersonId): ReadonlySet<PersonId> {
  return new Set(connection.rows(personIdRow, selectApartOf, personId, personId).map(({ id }) => id))
}

/** The body of `GalleryStore.toldApart`. */
export function toldApart(connection: Connection, personIds: readonly PersonId[]): [PersonId, PersonId][] {
  return personIds.flatMap((personId, place) => {
    const apart = apartFrom(connection, personId)
    return personIds
      .slice(place + 1)
      .flatMap((other): [PersonId, PersonId][] => (apart.has(other) ? [[personId, other]] : []))
  })
}

/** Stores that two people are told apart; 0 where they were. */
export function writeApart(connection: Connection, { personId, otherId, createdAt }: Apart): number {
  return connection.run(
    'INSERT INTO people_apart (person_id, other_id, created_at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
    personId,
    otherId,
    createdAt,
  )
}

/** Takes that back; 0 where they were not. */
export function deleteApart(
  connection: Connection,
  { personId, otherId }: Pick<Apart, 'personId' | 'otherId'>,
): number {
  return connection.run('DELETE FROM people_apart WHERE person_id = ? AND other_id = ?', personId, otherId)
}

/** Whether two values of a person's field are the same. */
export function sameValue(a: unknown, b: unknown): boolean {
  return Array.isArray(a) && Array.isArray(b) ? sameList(a, b) : a === b
}
