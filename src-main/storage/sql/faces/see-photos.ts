/**
 * Photos of an import that Visor sees at last: their records and faces become those of the real bytes. Store worker thread; called
 * within a write.
 *
 * [Note: Stand-ins] A photo of another system is recorded by a hash that stands in for that of its bytes, its faces as not measured.
 * Once the file is seen, the record gets what the file is, or, where the gallery has those bytes already, its faces go over to the
 * photo that is there. What a face was before is kept as a former one of it; a face that is there already takes over the embeddings
 * of the stand-in, which becomes a former one of it. So a row of the source is found again by its id, or by where it was: see
 * `sql/imports/known-as.ts`.
 */
import { z } from 'zod'
import {
  type Domain,
  type FaceId,
  faceIdSchema,
  type ModelId,
  modelIdSchema,
  type PersonId,
  type PhotoId,
  personIdSchema,
  photoIdSchema,
} from '../../../../src-shared/ids'
import type { SeenFace, SeenPhoto } from '../../gallery-records'
import type { Connection } from '../connection'
import { insertLaterStep } from '../imports/runs'
import type { Done, WriteScope } from '../ledger/ledger'
import type { LedgerDetails } from '../ledger/ledger-details'
import { addCrop, addEmbedding, measuredValues, photoValues } from './add-faces'
import { sameFace, selectPhoto } from './assign-faces'
import { insertFormer, type PhotoRow, photoRecord, touchOwner, updateBox } from './photo-faces'
import { addRejects, rejectsOfFaces } from './rejections'

export const selectUnmeasured = `
  SELECT id AS faceId, person_id AS personId FROM faces
  WHERE photo_id = ? AND removed_by IS NULL AND measured = FALSE`
export const selectModels = 'SELECT model_id AS modelId FROM embeddings WHERE face_id = ?'
export const selectHasCrop = 'SELECT 1 FROM crops WHERE face_id = ?'
/** Another live face of the person in a photo where nobody is twice. */
export const selectOtherOfPerson = `
  SELECT f.id AS faceId FROM photos p
  CROSS JOIN faces f ON same_client(f, p) AND f.photo_id = p.id
  WHERE p.id = ? AND p.repeats_people = FALSE AND unindexed(f.person_id) = ? AND f.removed_by IS NULL AND f.id <> ?`
export const updateSeen = `
  UPDATE photos SET sha256 = ?, path = ?, format = ?, width = ?, height = ?, perceptual_hash = ?, seen = TRUE,
    repeats_people = repeats_people OR EXISTS (
      SELECT 1 FROM photos other WHERE other.client_id = ? AND other.sha256 = ? AND other.repeats_people = TRUE)
  WHERE id = ?`
export const moveToPhoto = 'UPDATE faces SET photo_id = ? WHERE id = ?'
export const moveEmbedding = 'UPDATE embeddings SET face_id = ? WHERE face_id = ? AND model_id = ?'
export const becomeFormer = 'UPDATE faces SET removed_by = ?, former_of = ?, person_id = NULL WHERE id = ?'

const unmeasuredRow = z.object({ faceId: faceIdSchema, personId: personIdSchema.nullable() })
const modelRow = z.object({ modelId: modelIdSchema })
const idRow = z.object({ id: photoIdSchema })
const anyRow = z.object({})
const otherRow = z.object({ faceId: faceIdSchema })

const nothingAdded = { embedded: null, cropped: false }

type Details = Extract<LedgerDetails, { action: 'see-photos' }>

/** The body of `GalleryStore.seePhotos`. */
export function seePhotos(
  connection: Connection,
  scope: WriteScope,
  domain: Domain,
  modelId: ModelId,
  photos: readonly SeenPhoto[],
): Done<readonly SeenFace[]> {
  const seeing = new Seeing(connection, scope, domain, modelId)
  const value = photos.flatMap((photo) => seeing.see(photo))
  const { details } = seeing
  const changed = details.photos.length + details.faces.length + details.joined.length > 0
  // With what it did: a look that is killed leaves nothing in the history that its run does not know.
  const runs = changed ? photos.flatMap(({ ofRun }) => ofRun ?? []) : []
  for (const runId of new Set(runs)) connection.run(insertLaterStep, scope.ledgerId, runId)
  return { value, details: changed ? details : undefined }
}

class Seeing {
  readonly details: Details = { action: 'see-photos', photos: [], faces: [], joined: [] }
  readonly #connection: Connection
  readonly #scope: WriteScope
  readonly #domain: Domain
  readonly #modelId: ModelId

  constructor(connection: Connection, scope: WriteScope, domain: Domain, modelId: ModelId) {
    this.#connection = connection
    this.#scope = scope
    this.#domain = domain
    this.#modelId = modelId
  }

  see(sighting: SeenPhoto): SeenFace[] {
    const { photoId, faces } = sighting
    const standIn = photoRecord(this.#connection, photoId)
    const isOurs = standIn?.clientId === this.#scope.clientId && standIn.domain === this.#domain
    const rows = isOurs ? this.#connection.rows(unmeasuredRow, selectUnmeasured, photoId) : []
    const waiting = new Map(rows.map((row) => [row.faceId, row.personId]))
    const target = waiting.size > 0 && standIn !== undefined ? this.#target(standIn, sighting) : undefined
    return faces.map(({ faceId, face }) => {
      const personId = waiting.get(faceId)
      // Deleted, or looked at by somebody else meanwhile.
      if (target === undefined || personId === undefined) return { faceId, outcome: 'gone' }
      return { faceId, outcome: this.#place(faceId, personId, target, face) }
    })
  }

  /** The record of these bytes: the one that the domain has, else the stand-in's own, which becomes it; nothing where it is another by now. */
  #target(standIn: PhotoRow, { photo }: SeenPhoto): PhotoId | undefined {
    const { clientId } = this.#scope
    const there = this.#connection.row(idRow, selectPhoto, clientId, photo.sha256, this.#domain)
    if (there !== undefined) return there.id
    if (standIn.seen) return undefined
    const { photoId, sha256, path, format, width, height } = standIn
    this.#connection.run(updateSeen, ...photoValues(photo), clientId, photo.sha256, photoId)
    const before = { sha256, path, format, width, height }
    this.details.photos.push({ photoId, sha256: photo.sha256, before })
    return photoId
  }

  #place(
    faceId: FaceId,
    personId: PersonId | null,
    target: PhotoId,
    face: SeenPhoto['faces'][number]['face'],
  ): SeenFace['outcome'] {
    const there = sameFace(this.#connection, target, face, faceId)
    if (there !== undefined && there.personId !== null && there.personId !== personId) return 'other-person'
    if (personId !== null && there?.personId === null) {
      const ruledOut = rejectsOfFaces(this.#connection, [there.id])
      if (ruledOut.some((reject) => reject.personId === personId)) return 'other-person'
    }
    if (there !== undefined && there.personId === personId) {
      this.#join(faceId, personId, there.id, face)
      return 'joined'
    }
    if (personId !== null) {
      const other = this.#connection.row(otherRow, selectOtherOfPerson, target, personId, faceId)
      if (other !== undefined) return 'person-twice'
    }
    if (there !== undefined) this.#join(there.id, null, faceId)
    this.#measure(faceId, personId, target, face)
    return 'seen'
  }

  /** The face is what was found; what it was is kept as a former one. */
  #measure(
    faceId: FaceId,
    personId: PersonId | null,
    target: PhotoId,
    face: SeenPhoto['faces'][number]['face'],
  ): void {
    const formerId = faceIdSchema.parse(this.#scope.newId())
    this.#scope.touchFaces([faceId])
    this.#connection.run(insertFormer, formerId, this.#scope.ledgerId, faceId)
    this.#connection.run(updateBox, ...measuredValues(face), 0, faceId)
    this.#connection.run(moveToPhoto, target, faceId)
    const added = this.#embed(faceId, face)
    this.details.faces.push({ faceId, formerId, photoId: target, box: face.box, ...added })
    touchOwner(this.#connection, this.#scope, personId)
  }

  /** `from` becomes a former one of a face that is there, which takes over its embeddings of models that it has none of. */
  #join(
    from: FaceId,
    personId: PersonId | null,
    into: FaceId,
    face?: SeenPhoto['faces'][number]['face'],
  ): void {
    const modelsOf = (faceId: FaceId) =>
      this.#connection.rows(modelRow, selectModels, faceId).map(({ modelId }) => modelId)
    this.#scope.touchFaces([from, into])
    const has = new Set(modelsOf(into))
    // Those of an unknown face stay: they are of its group.
    const moved = personId === null ? [] : modelsOf(from).filter((modelId) => !has.has(modelId))
    for (const modelId of moved) this.#connection.run(moveEmbedding, into, from, modelId)
    this.#scope.reserve += moved.length
    const rejects = rejectsOfFaces(this.#connection, [from]).filter((one) => one.personId !== personId)
    const ruledOut = addRejects(
      this.#connection,
      rejects.map((one) => ({ faceId: into, personId: one.personId })),
      this.#scope.at,
    )
    this.#connection.run(becomeFormer, this.#scope.ledgerId, into, from)
    // After those of the source: where it has one of this model, that is kept.
    const added = face === undefined ? nothingAdded : this.#embed(into, face)
    const others = ruledOut.map((one) => one.personId)
    this.details.joined.push({ faceId: from, personId, intoId: into, moved, ruledOut: others, ...added })
    touchOwner(this.#connection, this.#scope, personId)
  }

  /** What the face got that it had not. */
  #embed(faceId: FaceId, face: SeenPhoto['faces'][number]['face']) {
    const hadCrop = this.#connection.row(anyRow, selectHasCrop, faceId) !== undefined
    const isNew = addEmbedding(this.#connection, this.#scope, faceId, this.#modelId, face)
    addCrop(this.#connection, faceId, face)
    return { embedded: isNew ? this.#modelId : null, cropped: !hadCrop && face.crop !== undefined }
  }
}
