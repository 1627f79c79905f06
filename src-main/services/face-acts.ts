/** What an analyst does with a face of the queue: confirm, rule out, enrol as somebody new. Runs in main. */
import type { Act, Joined } from '../../src-shared/act'
import { VisorError } from '../../src-shared/errors'
import type { EmbeddedFace } from '../../src-shared/face'
import { intersectionOverUnion, sameFaceIou } from '../../src-shared/geometry'
import type { ClientId, Domain, ItemId, PersonId } from '../../src-shared/ids'
import type { PhotoRecord } from '../storage/gallery-records'
import type { GalleryStore } from '../storage/gallery-store'
import type { QueueStore, StoredAnalysis } from '../storage/queue-store'
import type { Written } from '../storage/written'
import type { EnrolmentGate, GatePerson } from './gate/enrolment-gate'
import { overriding } from './gate/overriding'
import type { IdentifyQueue } from './identify-queue'
import { personByName } from './person-by-name'

interface FaceRef {
  readonly itemId: ItemId
  readonly faceIndex: number
}

export class FaceActs {
  readonly #gallery: GalleryStore
  readonly #queue: IdentifyQueue
  readonly #crops: Pick<QueueStore, 'faceCrop'>
  readonly #gate: EnrolmentGate
  readonly #actor: string

  constructor(
    gallery: GalleryStore,
    queue: IdentifyQueue,
    /** Where the faces' crops are: they become reference pictures. */
    crops: Pick<QueueStore, 'faceCrop'>,
    gate: EnrolmentGate,
    actor: string,
  ) {
    this.#gallery = gallery
    this.#queue = queue
    this.#crops = crops
    this.#gate = gate
    this.#actor = actor
  }

  /** The face is this person's: it joins their faces, or the gate has reasons why not. Raises `not-found`, `conflict`. */
  async confirm(clientId: ClientId, ref: FaceRef, personId: PersonId, why?: string): Promise<Joined> {
    const { domain, name } = await this.#gallery.person(personId)
    return this.#join(clientId, domain, ref, { personId, name }, `Confirmed ${name}`, why)
  }

  /**
   * The face is somebody new, or the gate has reasons why not. Raises `not-found`; `conflict` where the domain has a person
   * of that name.
   */
  async enrolNew(
    clientId: ClientId,
    ref: FaceRef,
    domain: Domain,
    name: string,
    why?: string,
  ): Promise<Joined> {
    if ((await personByName(this.#gallery, clientId, domain, name)) !== undefined) {
      throw new VisorError('conflict', `${domain} has a person called ${name} already.`, {
        consequence: 'Nobody was enrolled.',
        remedy: 'Add the face to that person, or give another name.',
      })
    }
    return this.#join(clientId, domain, ref, { name }, `Enrolled ${name}`, why)
  }

  /** The face is not this person: they are not offered for it again. */
  async reject(clientId: ClientId, ref: FaceRef, personId: PersonId): Promise<Act> {
    const [{ analysis, photo, face }, person] = await Promise.all([
      this.#face(ref),
      this.#gallery.person(personId),
    ])
    const written = await this.#gallery.rejectFace(
      clientId,
      analysis.modelId,
      { photo, face, personId },
      { actor: this.#actor, summary: `Ruled out ${person.name}` },
    )
    this.#queue.refresh(ref.itemId)
    return actOf(written, `Ruled out ${person.name}`)
  }

  /** The face may be this person after all. Raises `not-found`. */
  async withdrawReject(clientId: ClientId, ref: FaceRef, personId: PersonId): Promise<Act> {
    const [{ photo, face }, person] = await Promise.all([this.#face(ref), this.#gallery.person(personId)])
    const known = (await this.#gallery.knownFaces(clientId, [photo.sha256])).get(photo.sha256) ?? []
    // Each domain keeps a record of its own: the reject may be in any of them.
    const rejected = known.find(
      ({ box, rejected }) =>
        intersectionOverUnion(box, face.box) >= sameFaceIou && rejected.includes(personId),
    )
    if (rejected === undefined) {
      throw new VisorError('not-found', `${person.name} is not ruled out for this face.`)
    }
    const summary = `No longer rules out ${person.name} for a face`
    const context = { actor: this.#actor, summary }
    const written = await this.#gallery.withdrawReject(rejected.faceId, personId, context)
    this.#queue.refresh(ref.itemId)
    return actOf(written, summary)
  }

  async #join(
    clientId: ClientId,
    domain: Domain,
    ref: FaceRef,
    person: GatePerson,
    summary: string,
    why: string | undefined,
  ): Promise<Joined> {
    const { analysis, photo, face } = await this.#face(ref)
    if (analysis.modelId !== this.#gate.modelId) throw otherModel()
    const joining = { photo, face, facesInPhoto: analysis.faces.length, choice: 'pointed' } as const
    // Whoever points at a face that is somebody else's corrects what was said of it.
    const [reasons = []] = await this.#gate.reasons({ clientId, domain }, person, [joining], true)
    const override = overriding(reasons, why)
    if (override === undefined) return { done: false, reasons }
    const { personId, name } = person
    const written = await this.#gallery.assignFaces(
      clientId,
      domain,
      analysis.modelId,
      [{ person: personId === undefined ? { name } : { personId }, photo, face, source: 'confirmed' }],
      { actor: this.#actor, summary, ...override },
    )
    this.#queue.refresh(ref.itemId)
    return { done: true, act: actOf(written, summary) }
  }

  async #face(ref: FaceRef): Promise<{ analysis: StoredAnalysis; photo: PhotoRecord; face: EmbeddedFace }> {
    const [analysis, source, crop] = await Promise.all([
      this.#queue.analysis(ref.itemId),
      this.#queue.source(ref.itemId),
      this.#crops.faceCrop(ref.itemId, ref.faceIndex),
    ])
    const face = analysis.faces[ref.faceIndex]
    if (face === undefined) throw new VisorError('not-found', 'This photo has no such face.')
    const { sha256, format, width, height, perceptualHash } = analysis
    const path = 'path' in source ? source.path : ''
    return {
      analysis,
      photo: { sha256, path, format, width, height, perceptualHash },
      face: crop === undefined ? face : { ...face, crop },
    }
  }
}

function actOf(written: Written<unknown>, summary: string): Act {
  if (written.ledgerId === undefined) {
    throw new VisorError('conflict', 'That was said already; nothing was changed.')
  }
  return { ledgerId: written.ledgerId, summary }
}

/** A search of today's gallery would never find it, and the gate could not compare it. */
function otherModel(): VisorError {
  return new VisorError('conflict', 'This photo was analysed with another model pack.', {
    consequence: 'The face was left as it is.',
    remedy: 'Try the photo again (R), then say who it is.',
  })
}
