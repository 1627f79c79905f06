/** Asks the gallery what speaks against faces joining a person, and the domain's policy what to do about it. Main, command line. */
import { cosineDistance } from '../../../src-shared/cosine-distance'
import type { EmbeddedFace } from '../../../src-shared/face'
import type { FaceChoice, GateFinding, GateReason } from '../../../src-shared/gate'
import type { ClientId, Domain, ModelId, PersonId } from '../../../src-shared/ids'
import { modelIdSchema } from '../../../src-shared/ids'
import { type ModelPack, modelIdOf } from '../../../src-shared/model-pack'
import type { ThresholdsInForce } from '../../../src-shared/recognition'
import type { Settings } from '../../../src-shared/settings'
import type { PhotoRecord } from '../../storage/gallery-records'
import type { GalleryStore } from '../../storage/gallery-store'
import type { OwnFaces } from '../../storage/search-records'
import { chosenFor } from '../domain-thresholds'
import { thresholdsInForce } from '../thresholds'
import { judge, type OwnFaceSeen } from './judge'
import { policyOf, reasonsUnder } from './policy'

/** Own faces looked at for each face: those of its own photo are among them, and are left out. */
const ownFacesSeen = 8
/** People looked at for each face: the person themselves and whoever has the face now are among them. */
const peopleSeen = 4

/** Where faces are to join. */
interface GateScope {
  readonly clientId: ClientId
  readonly domain: Domain
}

/** Whom faces are to join; without an id somebody new. */
export interface GatePerson {
  readonly personId?: PersonId | undefined
  readonly name: string
}

/** A face that is to join a person. */
interface Joining {
  readonly photo: Pick<PhotoRecord, 'sha256' | 'perceptualHash'>
  readonly face: Omit<EmbeddedFace, 'crop'>
  readonly facesInPhoto: number
  readonly choice: FaceChoice
}

export class EnrolmentGate {
  readonly #gallery: Pick<GalleryStore, 'gallerySize' | 'knownFaces' | 'search' | 'ownFaces'>
  readonly #pack: () => ModelPack
  readonly #settings: () => Pick<Settings, 'thresholds' | 'gatePolicies'>

  constructor(
    gallery: Pick<GalleryStore, 'gallerySize' | 'knownFaces' | 'search' | 'ownFaces'>,
    pack: () => ModelPack,
    settings: () => Pick<Settings, 'thresholds' | 'gatePolicies'>,
  ) {
    this.#gallery = gallery
    this.#pack = pack
    this.#settings = settings
  }

  /** The embedder whose embeddings the gate compares. */
  get modelId(): ModelId {
    return modelIdSchema.parse(modelIdOf(this.#pack()))
  }

  /**
   * What speaks against each of these faces joining one person, as the domain's policy has it. Faces of one call know
   * of each other: the later of two copies is the copy, and one that looks like none of the others is told.
   *
   * @param mayMove whether a face that is somebody else's may be taken from them
   */
  async reasons(
    scope: GateScope,
    person: GatePerson,
    joining: readonly Joining[],
    mayMove: boolean,
  ): Promise<GateReason[][]> {
    const findings = await this.#findings(scope, person, joining, mayMove)
    return findings.map((found) => this.underPolicy(scope, found))
  }

  /** The findings that the domain's policy does not ignore. */
  underPolicy({ clientId, domain }: GateScope, findings: readonly GateFinding[]): GateReason[] {
    return reasonsUnder(policyOf(this.#settings().gatePolicies, clientId, domain), findings)
  }

  async #findings(
    { clientId, domain }: GateScope,
    person: GatePerson,
    joining: readonly Joining[],
    mayMove: boolean,
  ): Promise<GateFinding[][]> {
    if (joining.length === 0) return []
    const pack = this.#pack()
    const { modelId } = this
    const probes = joining.map(({ face }) => face.embedding)
    const [thresholds, known, found, own] = await Promise.all([
      this.#thresholds(clientId, domain, pack, modelId),
      this.#gallery.knownFaces(
        clientId,
        joining.map(({ photo }) => photo.sha256),
      ),
      this.#gallery.search({
        clientId,
        domains: [domain],
        modelId,
        probes,
        topPersons: peopleSeen,
        topFaces: 0,
        withinDistance: 0,
      }),
      person.personId === undefined
        ? []
        : this.#gallery.ownFaces({ personId: person.personId, modelId, probes, limit: ownFacesSeen }),
    ])
    return joining.map((one, index) => {
      const { photo, face, facesInPhoto, choice } = one
      return judge({
        person,
        domain,
        box: face.box,
        quality: face.quality,
        real: face.real,
        perceptualHash: photo.perceptualHash,
        facesInPhoto,
        choice,
        known: known.get(photo.sha256) ?? [],
        mayMove,
        ...ownSeen(one, own[index], joining, index),
        nearest: found.probes[index]!.persons,
        thresholds,
        verifyDistance: pack.thresholds.verify,
        limits: pack.enrolment,
      })
    })
  }

  async #thresholds(
    clientId: ClientId,
    domain: Domain,
    pack: ModelPack,
    modelId: ModelId,
  ): Promise<ThresholdsInForce> {
    const { embeddings } = await this.#gallery.gallerySize(clientId, [domain], modelId)
    const chosen = chosenFor(this.#settings().thresholds, clientId, [domain], modelId)
    return thresholdsInForce(pack.thresholds, embeddings, undefined, chosen)
  }
}

/** The person's own faces as one face sees them: those stored, and the others of the same call; none of its own photo. */
function ownSeen(
  { photo, face }: Joining,
  stored: OwnFaces | undefined,
  joining: readonly Joining[],
  index: number,
) {
  const others = (stored?.nearest ?? []).filter(({ photoSha256 }) => photoSha256 !== photo.sha256)
  const siblings = joining.flatMap((other, place): OwnFaceSeen[] =>
    other.photo.sha256 === photo.sha256
      ? []
      : [
          {
            perceptualHash: other.photo.perceptualHash,
            distance: cosineDistance(face.embedding, other.face.embedding),
            isLater: place > index,
          },
        ],
  )
  const own = [...others, ...siblings].sort((a, b) => a.distance - b.distance)
  const ofOwnPhoto = (stored?.nearest.length ?? 0) - others.length
  return {
    own,
    ownFaces: (stored?.faces ?? 0) - ofOwnPhoto + siblings.length,
    ownMedian: stored?.medianDistance ?? own[Math.floor(own.length / 2)]?.distance,
  }
}
