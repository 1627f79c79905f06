/** Giving faces to people, and ruling people out. Store worker thread; called within a write. */
import { z } from 'zod'
import { VisorError } from '../../../../src-shared/errors'
import type { EmbeddedFace } from '../../../../src-shared/face'
import { mostOverlapping, sameFaceIou } from '../../../../src-shared/geometry'
import {
  type ClientId,
  type Domain,
  type FaceId,
  type ModelId,
  type PersonId,
  type PhotoId,
  photoIdSchema,
} from '../../../../src-shared/ids'
import type { AssignedFace, FaceAssignment, PhotoRecord, RejectedFace } from '../../gallery-records'
import type { Connection } from '../connection'
import type { Done, WriteScope } from '../ledger/ledger'
import { settleReviews } from '../reviews/settle-reviews'
import { rowSteps } from '../row-steps'
import { type FaceRow, faceRow, type PersonRow, personRow } from '../rows'
import type { Steps } from '../steps'
import { toldApartFromOwners } from '../unknown/told-apart'
import { addEmbedding, addFace, photoValues } from './add-faces'
import { Assigning, newAssignDetails } from './assign-portion'
import { addRejects } from './rejections'

export const selectPerson =
  'SELECT id, client_id AS clientId, domain, name FROM persons WHERE id = ? AND removed_by IS NULL'
export const selectPersonByName = `
  SELECT id, client_id AS clientId, domain, name FROM persons
  WHERE client_id = ? AND domain = ? AND name = ? AND removed_by IS NULL`
export const selectFacesOfPhoto = `
  SELECT id, person_id AS personId, domain, source, box_x AS x, box_y AS y, box_w AS w, box_h AS h
  FROM faces WHERE photo_id = ? AND removed_by IS NULL`
export const selectPhoto = 'SELECT id FROM photos WHERE client_id = ? AND sha256 = ? AND domain = ?'

export const selectLiveDomain =
  'SELECT 1 AS found FROM domains WHERE client_id = ? AND name = ? AND removed_by IS NULL'

const photoIdRow = z.object({ id: photoIdSchema })
const foundRow = z.object({ found: z.number() })

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
  if (connection.row(foundRow, selectLiveDomain, clientId, domain) !== undefined) return
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

/** Whether so many assignments are more than one step. */
export const takesLong = ({ stepRows }: Pick<Connection, 'stepRows'>, assignments: number): boolean =>
  assignments > stepRows[0]

/** The body of `GalleryStore.assignFaces`: a portion at a time, in the order of the assignments. */
export function* assignFaces(
  connection: Connection,
  scope: WriteScope,
  domain: Domain,
  modelId: ModelId,
  assignments: readonly FaceAssignment[],
): Steps<Done<readonly AssignedFace[]>> {
  const details = newAssignDetails()
  const value: AssignedFace[] = []
  const total = assignments.length
  ensureDomain(connection, scope.clientId, domain, false)
  const assigning = new Assigning(connection, scope, domain, modelId, details)
  for (const { first, end, readTo } of rowSteps(connection, total)) {
    if (first > 0) yield { done: first, total }
    if (readTo !== undefined) assigning.read(assignments.slice(first, readTo))
    for (const assignment of assignments.slice(first, end)) value.push(assigning.assign(assignment))
    assigning.write()
  }
  if (takesLong(connection, total)) yield { done: total, total }
  assigning.end()
  assigning.refuseTwice()
  const apart = toldApartFromOwners(connection, scope, details.moved)
  details.ruledOut.push(...addRejects(connection, apart, scope.at))
  const { action: _action, ...lists } = details
  const decided = settleReviews(
    connection,
    scope,
    assignments.flatMap(({ review }) => review ?? []),
  )
  if (Object.values(lists).some((list) => list.length > 0)) return { value, details }
  return { value, details: decided === 0 ? undefined : { action: 'settle-review' } }
}

/** The body of `GalleryStore.rejectFace`, for a live person of the client. */
export function rejectFace(
  connection: Connection,
  scope: WriteScope,
  person: PersonRow,
  modelId: ModelId,
  { photo, face, source = 'manual', embeddings = new Map(), review }: RejectedFace,
): Done<FaceId> {
  const { photoId, added: photoAdded } = photoOf(connection, scope, person.domain, photo, [])
  const there = sameFace(connection, photoId, face)
  const faceId = there?.id ?? addFace(connection, scope, person.domain, modelId, photoId, null, face, source)
  if (there === undefined) {
    for (const [further, embedding] of embeddings) {
      addEmbedding(connection, scope, faceId, further, { ...face, embedding })
    }
  }
  const rejected = addRejects(connection, [{ faceId, personId: person.id }], scope.at).length > 0
  scope.people.add(person.id)
  const taken = there?.personId === person.id
  if (taken) {
    scope.touchFaces([faceId])
    connection.run('UPDATE faces SET person_id = NULL WHERE id = ?', faceId)
    touchPerson(connection, scope, person.id)
  }
  const decided = review === undefined ? 0 : settleReviews(connection, scope, [review])
  if (!rejected && !taken) {
    return { value: faceId, details: decided === 0 ? undefined : { action: 'settle-review' } }
  }
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

/** The photo's record in a domain, made where there is none (by `givenId`, if one is given); those made are added to `addedPhotos`. */
export function photoOf(
  connection: Connection,
  scope: WriteScope,
  domain: Domain,
  photo: PhotoRecord,
  addedPhotos: PhotoId[],
  givenId?: PhotoId,
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
  const photoId = givenId ?? photoIdSchema.parse(scope.newId())
  connection.run(
    `INSERT INTO photos
       (id, client_id, domain, sha256, path, format, width, height, perceptual_hash, repeats_people, seen, created_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?,
       ? OR EXISTS (SELECT 1 FROM photos WHERE client_id = ? AND sha256 = ? AND repeats_people = TRUE), ?, ?)`,
    photoId,
    scope.clientId,
    domain,
    ...photoValues(photo),
    photo.repeatsPeople === true ? 1 : 0,
    scope.clientId,
    photo.sha256,
    photo.seen === false ? 0 : 1,
    scope.at,
  )
  addedPhotos.push(photoId)
  return { photoId, added: true }
}
