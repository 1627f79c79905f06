/**
 * Many assignments: decided in memory, in their order, and written a portion at a time. Store worker thread; called within a
 * write.
 */
import { VisorError } from '../../../../src-shared/errors'
import type { UnitEmbedding } from '../../../../src-shared/face'
import { mostOverlapping, sameFaceIou } from '../../../../src-shared/geometry'
import {
  type Domain,
  type FaceId,
  faceIdSchema,
  type ModelId,
  type PersonId,
  personIdSchema,
  personNameSchema,
  photoIdSchema,
} from '../../../../src-shared/ids'
import { foldText } from '../../../../src-shared/text'
import type {
  AssignedFace,
  FaceAssignment,
  FaceSource,
  GivenIds,
  PersonRef,
  PhotoRecord,
} from '../../gallery-records'
import { argument } from '../argument'
import type { Connection, SqlValue } from '../connection'
import type { WriteScope } from '../ledger/ledger'
import type { LedgerDetails } from '../ledger/ledger-details'
import { cropsTable, embeddingsTable, facesTable, personsTable, photosTable } from '../tables'
import { measuredValues } from './add-faces'
import { refuseTwice } from './one-per-photo'
import { type FaceState, GalleryState, type PhotoState } from './portion-state'
import { type Rejection, withdrawRejects } from './rejections'

export type AssignDetails = Extract<LedgerDetails, { action: 'assign-faces' }>

/** Of an entry that did nothing yet. */
export const newAssignDetails = (): AssignDetails => ({
  action: 'assign-faces',
  persons: [],
  photos: [],
  added: [],
  moved: [],
  embedded: [],
  withdrawn: [],
  ruledOut: [],
})

export const giveFaces = `
  UPDATE faces SET person_id = id_of(json_extract(given.value, '$.personId')),
    source = json_extract(given.value, '$.source')
  FROM texts(?) given WHERE faces.id = id_of(json_extract(given.value, '$.id'))`
export const updatePhotos = `
  UPDATE photos SET path = json_extract(given.value, '$.path'),
    perceptual_hash = json_extract(given.value, '$.perceptualHash')
  FROM texts(?) given WHERE photos.id = id_of(json_extract(given.value, '$.id'))`
export const markRepeating = 'UPDATE photos SET repeats_people = TRUE WHERE id IN (SELECT value FROM ids(?))'
export const touchPersons = 'UPDATE persons SET updated_at = ? WHERE id IN (SELECT value FROM ids(?))'

/** Decides assignments, in their order, and writes what follows from some of them at once; `details` gets what undo needs. */
export class Assigning {
  readonly #connection: Connection
  readonly #scope: WriteScope
  readonly #domain: Domain
  readonly #modelId: ModelId
  readonly #details: AssignDetails
  readonly #state: GalleryState
  readonly #made = new Set<PersonId>()
  readonly #touchedPersons = new Set<PersonId>()
  #unwritten = new Unwritten()
  #modelNamed = false
  /** Faces that were given to somebody who has another one in the photo. */
  readonly #perhapsTwice: FaceId[] = []

  /** `state`: where somebody else reads it, too. */
  constructor(
    connection: Connection,
    scope: WriteScope,
    domain: Domain,
    modelId: ModelId,
    details: AssignDetails,
    state = new GalleryState(connection, scope.clientId, domain, modelId),
  ) {
    this.#connection = connection
    this.#scope = scope
    this.#domain = domain
    this.#modelId = modelId
    this.#details = details
    this.#state = state
  }

  /** Reads what these assignments are decided by: before {@link assign}. Raises `invalid-argument`. */
  read(assignments: readonly FaceAssignment[]): void {
    this.#state.read({
      persons: assignments.flatMap(({ person }) => ('personId' in person ? person.personId : [])),
      names: assignments.flatMap(({ person }) => ('name' in person ? nameOf(person) : [])),
      photos: assignments.map(({ photo }) => photo.sha256),
    })
  }

  /** Raises `not-found`. */
  assign(assignment: FaceAssignment): AssignedFace {
    const { person, photo, face, source, ids, since } = assignment
    const { personId, created } = this.#person(person, ids, since?.person)
    const of = this.#photo(photo, ids)
    const there = mostOverlapping(of.faces, face.box, sameFaceIou)
    if (there === undefined) {
      const faceId = this.#add(of, personId, assignment)
      this.#suspect(of, faceId, personId)
      this.#details.added.push({ faceId, personId })
      return { personId, faceId, outcome: 'added', personCreated: created }
    }
    const faceId = there.id
    if (there.rejected.delete(personId)) this.#unwritten.withdrawn.push({ faceId, personId })
    const embedded = this.#embed(there, face)
    if (embedded) this.#details.embedded.push({ faceId, modelId: this.#modelId })
    if (there.personId === personId) {
      if (embedded) this.#touch(personId)
      return { personId, faceId, outcome: embedded ? 'added' : 'already-there', personCreated: created }
    }
    this.#give(there, personId, source)
    this.#suspect(of, faceId, personId)
    return { personId, faceId, outcome: 'moved', personCreated: created }
  }

  /** Writes what was decided since it last did. */
  write(): void {
    const connection = this.#connection
    const { at } = this.#scope
    const { persons, photos, faces, embedded, crops, changedPhotos, repeating, given, ...more } =
      this.#unwritten
    this.#unwritten = new Unwritten()
    if (embedded.length > 0 && !this.#modelNamed) {
      connection.run(
        'INSERT INTO models (id, created_at) VALUES (?, ?) ON CONFLICT DO NOTHING',
        this.#modelId,
        at,
      )
      this.#modelNamed = true
    }
    const [, , , numbers = []] = connection.insertMany([
      { table: personsTable, rows: persons },
      { table: photosTable, rows: photos.map((photo) => this.#photoValues(photo)) },
      { table: facesTable, rows: faces.map((face) => this.#faceValues(face)) },
      { table: embeddingsTable, rows: embedded.map((embedding) => this.#embeddingValues(embedding)) },
      { table: cropsTable, rows: crops },
    ])
    for (const number of numbers) this.#scope.touchEmbedding(number, this.#modelId)
    for (const made of [...photos, ...faces]) made.made = undefined
    const changed = [...changedPhotos].map(({ id, path, perceptualHash }) => ({ id, path, perceptualHash }))
    if (changed.length > 0) connection.run(updatePhotos, JSON.stringify(changed))
    const repeats = [...repeating].map(({ id }) => id)
    if (repeats.length > 0) connection.run(markRepeating, JSON.stringify(repeats))
    const moved = [...given].map(({ id, personId, source }) => ({ id, personId, source }))
    if (moved.length > 0) connection.run(giveFaces, JSON.stringify(moved))
    const withdrawn = withdrawRejects(connection, more.withdrawn)
    this.#details.withdrawn.push(...withdrawn.map(({ faceId, personId }) => ({ faceId, personId })))
    if (more.movedFaces.size > 0) this.#scope.touchFaces([...more.movedFaces])
  }

  /** Writes what is best written once for all, after the last {@link write}: a server that is asked is waited for. */
  end(): void {
    const touched = [...this.#touchedPersons].filter((personId) => !this.#made.has(personId))
    if (touched.length > 0) this.#connection.run(touchPersons, this.#scope.at, JSON.stringify(touched))
  }

  /** Raises `person-twice` where one of the faces was given to somebody who has another one in its photo; after {@link write}. */
  refuseTwice(): void {
    if (this.#perhapsTwice.length > 0) refuseTwice(this.#connection, this.#perhapsTwice)
  }

  #person(
    reference: PersonRef,
    ids: GivenIds | undefined,
    since: number | undefined,
  ): { readonly personId: PersonId; readonly created: boolean } {
    const { clientId, at } = this.#scope
    if ('personId' in reference) {
      const person = this.#state.persons.get(reference.personId)
      if (person === undefined) {
        throw new VisorError('not-found', 'That person is no longer in the gallery.')
      }
      if (person.clientId !== clientId || person.domain !== this.#domain) {
        throw new VisorError('not-found', `${person.name} is not in the domain ${this.#domain}.`)
      }
      return { personId: person.id, created: false }
    }
    const name = nameOf(reference)
    const there = this.#state.byName.get(name)
    if (there !== undefined) return { personId: there, created: false }
    const personId = ids?.personId ?? personIdSchema.parse(this.#scope.newId())
    this.#unwritten.persons.push([personId, clientId, this.#domain, name, foldText(name), since ?? at, at])
    this.#state.byName.set(name, personId)
    this.#state.persons.set(personId, { id: personId, clientId, domain: this.#domain, name })
    this.#made.add(personId)
    this.#details.persons.push({ personId, name })
    this.#scope.people.add(personId)
    return { personId, created: true }
  }

  #photo(record: PhotoRecord, ids?: GivenIds): PhotoState {
    const there = this.#state.photos.get(record.sha256)
    if (there === undefined) return this.#newPhoto(record, ids)
    // The same bytes, maybe found elsewhere since: the newest place is where they are.
    const perceptualHash = there.perceptualHash ?? record.perceptualHash ?? null
    if (there.path !== record.path || there.perceptualHash !== perceptualHash) {
      Object.assign(there, { path: record.path, perceptualHash })
      if (there.made === undefined) this.#unwritten.changedPhotos.add(there)
    }
    if (record.repeatsPeople === true && !there.repeats) {
      there.repeats = true
      if (there.made === undefined) this.#unwritten.repeating.add(there)
    }
    return there
  }

  #newPhoto(record: PhotoRecord, ids?: GivenIds): PhotoState {
    const photo: PhotoState = {
      id: ids?.photoId ?? photoIdSchema.parse(this.#scope.newId()),
      path: record.path,
      perceptualHash: record.perceptualHash ?? null,
      repeats: record.repeatsPeople === true || this.#state.repeating.has(record.sha256),
      made: record,
      faces: [],
    }
    this.#state.photos.set(record.sha256, photo)
    this.#unwritten.photos.push(photo)
    this.#details.photos.push(photo.id)
    return photo
  }

  #add(photo: PhotoState, personId: PersonId, { face, source, ids, since }: FaceAssignment): FaceId {
    const added: FaceState = {
      id: ids?.faceId ?? faceIdSchema.parse(this.#scope.newId()),
      photoId: photo.id,
      box: face.box,
      personId,
      source,
      embedded: false,
      hasCrop: false,
      rejected: new Set(),
      made: face,
      since: since?.face,
    }
    photo.faces.push(added)
    this.#unwritten.faces.push(added)
    this.#embed(added, face)
    this.#touch(personId)
    return added.id
  }

  /** Adds embedding and crop where the face has none; whether the embedding is new. */
  #embed(there: FaceState, { embedding, crop }: FaceAssignment['face']): boolean {
    if (crop !== undefined && !there.hasCrop) {
      there.hasCrop = true
      this.#unwritten.crops.push([there.id, crop])
    }
    if (there.embedded) return false
    there.embedded = true
    this.#unwritten.embedded.push({ of: there, embedding })
    this.#scope.reserve++
    return true
  }

  #give(face: FaceState, personId: PersonId, source: FaceSource): void {
    this.#details.moved.push({
      faceId: face.id,
      personId,
      fromPersonId: face.personId,
      fromSource: face.source,
    })
    this.#touch(personId)
    if (face.personId !== null) this.#touch(face.personId)
    Object.assign(face, { personId, source })
    // A face that is new is written as it is in the end.
    if (face.made === undefined) this.#unwritten.given.add(face)
    this.#unwritten.movedFaces.add(face.id)
    this.#scope.reserve++
  }

  #suspect({ faces, repeats }: PhotoState, faceId: FaceId, personId: PersonId): void {
    if (repeats || !faces.some((other) => other.id !== faceId && other.personId === personId)) return
    this.#perhapsTwice.push(faceId)
  }

  /** Marks a person as changed now. */
  #touch(personId: PersonId): void {
    this.#scope.people.add(personId)
    this.#touchedPersons.add(personId)
  }

  #photoValues({ id, path, perceptualHash, repeats, made }: PhotoState): SqlValue[] {
    const { sha256, format, width, height, seen } = made!
    const { clientId, at } = this.#scope
    const size = [format, width, height] as const
    const flags = [repeats ? 1 : 0, seen === false ? 0 : 1] as const
    return [id, clientId, this.#domain, sha256, path, ...size, perceptualHash, ...flags, at]
  }

  #faceValues({ id, photoId, personId, source, made, since = this.#scope.at }: FaceState): SqlValue[] {
    const { clientId } = this.#scope
    const flags = [made!.manual === true ? 1 : 0, made!.measured === false ? 0 : 1] as const
    return [id, photoId, clientId, this.#domain, personId, ...measuredValues(made!), source, ...flags, since]
  }

  /** A face that was there may change hands only after this: the server looks for it. */
  #embeddingValues({ of, embedding }: Unwritten['embedded'][number]): SqlValue[] {
    const values = [of.id, this.#modelId, this.#scope.clientId, embedding]
    return of.made === undefined ? [...values, null, null] : [...values, this.#domain, of.personId]
  }
}

/** What was decided and is not yet written. */
class Unwritten {
  readonly persons: SqlValue[][] = []
  readonly photos: PhotoState[] = []
  readonly faces: FaceState[] = []
  readonly embedded: { readonly of: FaceState; readonly embedding: UnitEmbedding }[] = []
  readonly crops: SqlValue[][] = []
  /** Photos that were there and are said to be elsewhere, or have a hash now. */
  readonly changedPhotos = new Set<PhotoState>()
  readonly repeating = new Set<PhotoState>()
  /** Faces that were there and change hands. */
  readonly given = new Set<FaceState>()
  readonly withdrawn: Rejection[] = []
  readonly movedFaces = new Set<FaceId>()
}

/** As it is stored. Raises `invalid-argument`. */
const nameOf = ({ name }: Extract<PersonRef, { name: string }>) => argument(personNameSchema, name)
