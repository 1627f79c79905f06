/** What an analyst does with a face of the queue: confirm, rule out, enrol as somebody new. Runs in main. */
import { VisorError } from '../../src-shared/errors'
import type { EmbeddedFace } from '../../src-shared/face'
import type { ClientId, Domain, ItemId, PersonId } from '../../src-shared/ids'
import type { Act } from '../../src-shared/ipc'
import type { GalleryStore, PersonRef, PhotoRecord, Written } from '../storage/gallery-store'
import type { QueueStore, StoredAnalysis } from '../storage/queue-store'
import type { IdentifyQueue } from './identify-queue'

export interface FaceRef {
  readonly itemId: ItemId
  readonly faceIndex: number
}

export class FaceActs {
  readonly #gallery: GalleryStore
  readonly #queue: IdentifyQueue
  readonly #crops: Pick<QueueStore, 'faceCrop'>
  readonly #actor: string

  constructor(
    gallery: GalleryStore,
    queue: IdentifyQueue,
    /** Where the faces' crops are: they become reference pictures. */
    crops: Pick<QueueStore, 'faceCrop'>,
    actor: string,
  ) {
    this.#gallery = gallery
    this.#queue = queue
    this.#crops = crops
    this.#actor = actor
  }

  /** The face is this person's: it joins their faces. Raises `not-found`; `conflict` where another face of the photo is. */
  async confirm(clientId: ClientId, ref: FaceRef, personId: PersonId): Promise<Act> {
    const person = await this.#gallery.person(personId)
    return this.#assign(clientId, person.domain, ref, { personId }, `Confirmed ${person.name}`)
  }

  /** The face is somebody new. Raises `conflict` where the domain has a person of that name. */
  async enrolNew(clientId: ClientId, ref: FaceRef, domain: Domain, name: string): Promise<Act> {
    if (await this.#isTaken(clientId, domain, name)) {
      throw new VisorError('conflict', `${domain} has a person called ${name} already.`, {
        consequence: 'Nobody was enrolled.',
        remedy: 'Add the face to that person, or give another name.',
      })
    }
    return this.#assign(clientId, domain, ref, { name }, `Enrolled ${name}`)
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

  /** Whether the domain has somebody of just this name; the search finds longer names with it, too. */
  async #isTaken(clientId: ClientId, domain: Domain, name: string): Promise<boolean> {
    const limit = 500
    for (let offset = 0; ; offset += limit) {
      const page = { sort: 'name', flags: [], tag: null, offset, limit } as const
      const { total, persons } = await this.#gallery.persons({ clientId, domain, text: name, ...page })
      if (persons.some((person) => person.name === name)) return true
      if (offset + limit >= total) return false
    }
  }

  async #assign(
    clientId: ClientId,
    domain: Domain,
    ref: FaceRef,
    person: PersonRef,
    summary: string,
  ): Promise<Act> {
    const { analysis, photo, face } = await this.#face(ref)
    if ('personId' in person) await this.#refuseSecondFace(ref, person.personId)
    const written = await this.#gallery.assignFaces(
      clientId,
      domain,
      analysis.modelId,
      [{ person, photo, face, source: 'confirmed' }],
      { actor: this.#actor, summary },
    )
    this.#queue.refresh(ref.itemId)
    return actOf(written, summary)
  }

  /** [Note: One person per photo] in `decide.ts`. */
  async #refuseSecondFace(ref: FaceRef, personId: PersonId): Promise<void> {
    const { recognition } = await this.#queue.detail(ref.itemId)
    const other = recognition?.faces.find(
      (face) => face.confirmed && face.person?.personId === personId && face.index !== ref.faceIndex,
    )
    if (other?.person === undefined) return
    throw new VisorError('conflict', `Another face of this photo was confirmed as ${other.person.name}.`, {
      consequence: 'A person is in a photo once, so this face was left as it is.',
      remedy: `Say that face ${other.index + 1} is not ${other.person.name}, then confirm this one.`,
    })
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
