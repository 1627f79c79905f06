/** What curators do to faces: give them to others, take them, withdraw a reject. Store worker thread; called within a write. */
import { VisorError } from '../../../../src-shared/errors'
import {
  type Domain,
  domainSchema,
  type FaceId,
  type PersonId,
  personNameSchema,
} from '../../../../src-shared/ids'
import type { PersonRef } from '../../gallery-records'
import { argument } from '../argument'
import type { Connection } from '../connection'
import { ChangeRecorder } from '../ledger/changes'
import type { Done, WriteScope } from '../ledger/ledger'
import { personRow } from '../rows'
import { toldApartFromOwners } from '../unknown/told-apart'
import { ensureDomain, selectPersonByName } from './assign-faces'
import { refuseTwice } from './one-per-photo'

/** The body of `GalleryStore.moveFaces`. */
export function moveFaces(
  connection: Connection,
  scope: WriteScope,
  faceIds: readonly FaceId[],
  domain: Domain,
  to: PersonRef,
): Done<PersonId> {
  const recorder = new ChangeRecorder(connection, scope)
  const faces = recorder.faces(faceIds)
  const personId = receiver(recorder, argument(domainSchema, domain), to)
  const moving = faces.filter((face) => face.personId !== personId)
  recorder.removeRejects(moving.map(({ faceId }) => ({ faceId, personId })))
  recorder.giveFaces(moving, { personId, domain, source: 'confirmed' })
  const given = moving.map(({ faceId }) => faceId)
  refuseTwice(connection, given)
  const apart = toldApartFromOwners(
    connection,
    scope,
    given.map((faceId) => ({ faceId, personId })),
  )
  recorder.addRejects(apart)
  return recorder.done('move-faces', personId)
}

/** The body of `GalleryStore.takeFaces`. */
export function takeFaces(
  connection: Connection,
  scope: WriteScope,
  faceIds: readonly FaceId[],
  reject: boolean,
): Done<void> {
  const recorder = new ChangeRecorder(connection, scope)
  const taken = recorder.faces(faceIds).filter(({ personId }) => personId !== null)
  recorder.giveFaces(taken, null)
  if (reject) recorder.addRejects(taken.map(({ faceId, personId }) => ({ faceId, personId: personId! })))
  return recorder.done('take-faces', undefined)
}

/** The body of `GalleryStore.rejectFaces`. */
export function rejectFaces(
  connection: Connection,
  scope: WriteScope,
  faceIds: readonly FaceId[],
  personId: PersonId,
): Done<void> {
  const recorder = new ChangeRecorder(connection, scope)
  recorder.person(personId)
  const faces = recorder.faces(faceIds)
  recorder.giveFaces(
    faces.filter((face) => face.personId === personId),
    null,
  )
  recorder.addRejects(faces.map(({ faceId }) => ({ faceId, personId })))
  return recorder.done('reject-faces', undefined)
}

/** The body of `GalleryStore.withdrawReject`. */
export function withdrawReject(
  connection: Connection,
  scope: WriteScope,
  faceId: FaceId,
  personId: PersonId,
): Done<void> {
  const recorder = new ChangeRecorder(connection, scope)
  if (recorder.removeRejects([{ faceId: recorder.face(faceId).faceId, personId }]) === 0) {
    throw new VisorError('not-found', 'That person is not ruled out for this face.')
  }
  return recorder.done('withdraw-reject', undefined)
}

function receiver(recorder: ChangeRecorder, domain: Domain, to: PersonRef): PersonId {
  const { connection, scope } = recorder
  if ('personId' in to) {
    const person = recorder.person(to.personId)
    if (person.domain !== domain) {
      throw new VisorError('not-found', `${person.name} is not in the domain ${domain}.`)
    }
    return person.personId
  }
  const name = argument(personNameSchema, to.name)
  ensureDomain(connection, scope.clientId, domain, false)
  const there = connection.row(personRow, selectPersonByName, scope.clientId, domain, name)
  return there?.id ?? recorder.createPerson(domain, name)
}
