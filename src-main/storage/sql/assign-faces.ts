/** Giving faces to people, and ruling people out. Store worker thread; called within a write. */
import { z } from 'zod'
import { VisorError } from '../../../src-shared/errors'
import type { EmbeddedFace } from '../../../src-shared/face'
import { mostOverlapping, sameFaceIou } from '../../../src-shared/geometry'
import {
  type ClientId,
  type Domain,
  type FaceId,
  type ModelId,
  type PersonId,
  type PhotoId,
  personNameSchema,
  photoIdSchema,
} from '../../../src-shared/ids'
import type {
  AssignedFace,
  FaceAssignment,
  FaceSource,
  PersonRef,
  PhotoRecord,
  RejectedFace,
} from '../gallery-records'
import { addCrop, addEmbedding, addFace } from './add-faces'
import { argument } from './argument'
import type { Connection } from './connection'
import type { Done, LedgerDetails, WriteScope } from './ledger'
import { refuseTwice } from './one-per-photo'
import { insertPerson } from './person-state'
import { type FaceRow, faceRow, type PersonRow, personRow } from './rows'
import { toldApartFrom } from './told-apart'

type AssignDetails = Extract<LedgerDetails, { action: 'assign-faces' }>

export const selectPerson =
  'SELECT id, client_id AS clientId, domain, name FROM persons WHERE id = ? AND removed_by IS NULL'
export const selectPersonByName = `
  SELECT id, client_id AS clientId, domain, name FROM persons
  WHERE client_id = ? AND domain = ? AND name = ? AND removed_by IS NULL`
export const selectFacesOfPhoto = `
  SELECT id, person_id AS personId, domain, source, box_x AS x, box_y AS y, box_w AS w, box_h AS h
  FROM faces WHERE photo_id = ? AND removed_by IS NULL`
export const selectPhoto = 'SELECT id FROM photos WHERE client_id = ? AND sha256 = ? AND domain = ?'

const photoIdRow = z.object({ id: photoIdSchema })

/** A live person. Raises `not-found`. */
export function livePerson(connection: Connection, personId: PersonId): PersonRow {
  const person = connection.row(personRow, selectPerson, personId)
  if (person === undefined) throw new VisorError('not-found', 'That person is no longer in the gallery.')
  return person
}

/** Makes a client and a live domain where there are none; `sample` is kept only with a domain that is made. */
export function ensureDomain(
  connection: Connection,
  clientId: ClientId,
  domain: Domain,
  sample: boolean,
): void {
  const now = Date.now()
  connection.run('INSERT INTO clients (id, created_at) VALUES (?, ?) ON CONFLICT DO NOTHING', clientId, now)
  connection.run(
    `INSERT INTO domains (client_id, name, sample, created_at) VALUES (?, ?, ?, ?)
     ON CONFLICT (client_id, name) DO UPDATE SET sample = excluded.sample, removed_by = NULL
     WHERE domains.removed_by IS NOT NULL`,
    clientId,
    domain,
    sample ? 1 : 0,
    now,
  )
}

/** The body of `GalleryStore.assignFaces`. */
export function assignFaces(
  connection: Connection,
  scope: WriteScope,
  domain: Domain,
  modelId: ModelId,
  assignments: readonly FaceAssignment[],
): Done<readonly AssignedFace[]> {
  const details: AssignDetails = {
    action: 'assign-faces',
    persons: [],
    photos: [],
    added: [],
    moved: [],
    embedded: [],
    withdrawn: [],
    ruledOut: [],
  }
  ensureDomain(connection, scope.clientId, domain, false)
  const value = assignments.map(({ person, photo, face, source }): AssignedFace => {
    const { personId, created } = personOf(connection, scope, domain, person, details)
    const { photoId } = photoOf(connection, scope, domain, photo, details.photos)
    const there = sameFace(connection, photoId, face)
    if (there === undefined) {
      const faceId = addFace(connection, scope, domain, modelId, photoId, personId, face, source)
      touchPerson(connection, scope, personId)
      details.added.push({ faceId, personId })
      return { personId, faceId, outcome: 'added', personCreated: created }
    }
    const faceId = there.id
    withdrawReject(connection, faceId, personId, details)
    const embedded = addEmbedding(connection, scope, faceId, modelId, face)
    if (embedded) details.embedded.push({ faceId, modelId })
    addCrop(connection, faceId, face)
    if (there.personId === personId) {
      if (embedded) touchPerson(connection, scope, personId)
      return { personId, faceId, outcome: embedded ? 'added' : 'already-there', personCreated: created }
    }
    moveFace(connection, scope, there, personId, source, details)
    return { personId, faceId, outcome: 'moved', personCreated: created }
  })
  refuseTwice(
    connection,
    [...details.added, ...details.moved].map(({ faceId }) => faceId),
  )
  for (const [personId, faces] of givenFaces(details)) {
    for (const faceId of toldApartFrom(connection, scope, faces, personId)) {
      if (addReject(connection, scope, faceId, personId)) details.ruledOut.push({ faceId, personId })
    }
  }
  const { action: _action, ...lists } = details
  return { value, details: Object.values(lists).some((list) => list.length > 0) ? details : undefined }
}

/** The body of `GalleryStore.rejectFace`, for a live person of the client. */
export function rejectFace(
  connection: Connection,
  scope: WriteScope,
  person: PersonRow,
  modelId: ModelId,
  { photo, face, source = 'manual', embeddings = new Map() }: RejectedFace,
): Done<FaceId> {
  const { photoId, added: photoAdded } = photoOf(connection, scope, person.domain, photo, [])
  const there = sameFace(connection, photoId, face)
  const faceId = there?.id ?? addFace(connection, scope, person.domain, modelId, photoId, null, face, source)
  if (there === undefined) {
    for (const [further, embedding] of embeddings) {
      addEmbedding(connection, scope, faceId, further, { ...face, embedding })
    }
  }
  const rejected = addReject(connection, scope, faceId, person.id)
  scope.people.add(person.id)
  const taken = there?.personId === person.id
  if (taken) {
    scope.touchFaces([faceId])
    connection.run('UPDATE faces SET person_id = NULL WHERE id = ?', faceId)
    touchPerson(connection, scope, person.id)
  }
  if (!rejected && !taken) return { value: faceId, details: undefined }
  return {
    value: faceId,
    details: {
      action: 'reject-face',
      faceId,
      personId: person.id,
      faceAdded: there === undefined,
      photoAdded: photoAdded ? photoId : null,
      rejected,
      takenSource: taken ? there.source : null,
    },
  }
}

/** The live face of a photo that is the same face: the one that overlaps most, by IoU ≥ 0.5; `except` is left out. */
export function sameFace(
  connection: Connection,
  photoId: PhotoId,
  face: Pick<EmbeddedFace, 'box'>,
  except?: FaceId,
): FaceRow | undefined {
  const faces = connection.rows(faceRow, selectFacesOfPhoto, photoId).filter(({ id }) => id !== except)
  const boxed = faces.map((row) => ({ row, box: row }))
  return mostOverlapping(boxed, face.box, sameFaceIou)?.row
}

/** Marks a person as changed now. */
export function touchPerson(connection: Connection, scope: WriteScope, personId: PersonId): void {
  scope.people.add(personId)
  connection.run('UPDATE persons SET updated_at = ? WHERE id = ?', scope.at, personId)
}

function personOf(
  connection: Connection,
  scope: WriteScope,
  domain: Domain,
  reference: PersonRef,
  details: AssignDetails,
): { personId: PersonId; created: boolean } {
  const { clientId } = scope
  if ('personId' in reference) {
    const person = livePerson(connection, reference.personId)
    if (person.clientId !== clientId || person.domain !== domain) {
      throw new VisorError('not-found', `${person.name} is not in the domain ${domain}.`)
    }
    return { personId: person.id, created: false }
  }
  const name = argument(personNameSchema, reference.name)
  const there = connection.row(personRow, selectPersonByName, clientId, domain, name)
  if (there !== undefined) return { personId: there.id, created: false }
  const personId = insertPerson(connection, scope, domain, name)
  details.persons.push({ personId, name })
  scope.people.add(personId)
  return { personId, created: true }
}

/** The photo's record in a domain, made where there is none; those made are added to `addedPhotos`. */
export function photoOf(
  connection: Connection,
  scope: WriteScope,
  domain: Domain,
  photo: PhotoRecord,
  addedPhotos: PhotoId[],
): { photoId: PhotoId; added: boolean } {
  const there = connection.row(photoIdRow, selectPhoto, scope.clientId, photo.sha256, domain)
  if (there !== undefined) {
    // The same bytes, maybe found elsewhere since: the newest place is where they are.
    connection.run('UPDATE photos SET path = ? WHERE id = ? AND path <> ?', photo.path, there.id, photo.path)
    if (photo.perceptualHash !== undefined) {
      connection.run(
        'UPDATE photos SET perceptual_hash = ? WHERE id = ? AND perceptual_hash IS NULL',
        photo.perceptualHash,
        there.id,
      )
    }
    if (photo.repeatsPeople === true) {
      connection.run('UPDATE photos SET repeats_people = TRUE WHERE id = ?', there.id)
    }
    return { photoId: there.id, added: false }
  }
  const photoId = photoIdSchema.parse(scope.newId())
  connection.run(
    `INSERT INTO photos
       (id, client_id, domain, sha256, path, format, width, height, perceptual_hash, repeats_people, created_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?,
       ? OR EXISTS (SELECT 1 FROM photos WHERE client_id = ? AND sha256 = ? AND repeats_people = TRUE), ?)`,
    photoId,
    scope.clientId,
    domain,
    photo.sha256,
    photo.path,
    photo.format,
    photo.width,
    photo.height,
    photo.perceptualHash ?? null,
    photo.repeatsPeople === true ? 1 : 0,
    scope.clientId,
    photo.sha256,
    scope.at,
  )
  addedPhotos.push(photoId)
  return { photoId, added: true }
}

function moveFace(
  connection: Connection,
  scope: WriteScope,
  face: FaceRow,
  personId: PersonId,
  source: FaceSource,
  details: AssignDetails,
): void {
  scope.touchFaces([face.id])
  scope.reserve++
  connection.run('UPDATE faces SET person_id = ?, source = ? WHERE id = ?', personId, source, face.id)
  touchPerson(connection, scope, personId)
  if (face.personId !== null) touchPerson(connection, scope, face.personId)
  details.moved.push({ faceId: face.id, personId, fromPersonId: face.personId, fromSource: face.source })
}

/** Whether it is new. */
function addReject(connection: Connection, scope: WriteScope, faceId: FaceId, personId: PersonId): boolean {
  const added = connection.run(
    'INSERT INTO rejections (face_id, person_id, created_at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
    faceId,
    personId,
    scope.at,
  )
  return added === 1
}

/** The faces that were there and changed hands, by who got them. */
function givenFaces({ moved }: AssignDetails): Map<PersonId, FaceId[]> {
  const given = new Map<PersonId, FaceId[]>()
  for (const { faceId, personId } of moved) {
    const faces = given.get(personId)
    if (faces === undefined) given.set(personId, [faceId])
    else faces.push(faceId)
  }
  return given
}

function withdrawReject(
  connection: Connection,
  faceId: FaceId,
  personId: PersonId,
  details: AssignDetails,
): void {
  const withdrawn = connection.run(
    'DELETE FROM rejections WHERE face_id = ? AND person_id = ?',
    faceId,
    personId,
  )
  if (withdrawn > 0) details.withdrawn.push({ faceId, personId })
}
