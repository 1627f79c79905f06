/** What is asked of a search over a gallery's faces, and what it answers. Distances are cosine distances, 0 … 2. */
import type { UnitEmbedding } from '../../src-shared/face'
import type { ClientId, Domain, FaceId, ModelId, PersonId, Sha256 } from '../../src-shared/ids'
import type { PerceptualHash } from '../../src-shared/perceptual-hash'
import type { SearchMode } from '../../src-shared/recognition'

export interface SearchQuery {
  readonly clientId: ClientId
  /** Where to look; never empty. `all` = every domain of the client. */
  readonly domains: readonly Domain[] | 'all'
  readonly modelId: ModelId
  readonly probes: readonly UnitEmbedding[]
  /** People per probe, nearest first, ≥ 1. */
  readonly topPersons: number
  /** Raw nearest faces per probe, nearest first; 0 = none. */
  readonly topFaces: number
  /** Cosine distance within which an embedding counts as an occurrence of its person. */
  readonly withinDistance: number
  /** Of which photo and face each probe is, where somebody asks who that is; no store is told. */
  readonly origins?: readonly { readonly sha256: Sha256; readonly face: number }[]
  /** Compare with every embedding even where an index would answer sooner; in memory it is always so. */
  readonly exact?: boolean
}

/**
 * How a search was computed. In the console's memory: `float32`, every vector; `int8`, every code, then the vectors that can
 * be in the answer. On the server: `exact`, every vector; `hnsw`, those that pgvector's index finds, compared as float32. All
 * but `hnsw` give the exact answer.
 */
export type SearchMethod = 'float32' | 'int8' | 'exact' | 'hnsw'

export interface PersonHit {
  readonly personId: PersonId
  readonly name: string
  readonly domain: Domain
  /** Cosine distance of the person's nearest embedding, from float32 products. */
  readonly distance: number
  readonly nearestFaceId: FaceId
  readonly nearestPhotoSha256: Sha256
  readonly occurrences: number
  /** Distances of the person's nearest embeddings within `withinDistance`, ascending, at most three. */
  readonly bestDistances: readonly number[]
}

interface FaceHit {
  readonly faceId: FaceId
  readonly personId: PersonId
  readonly distance: number
}

/** Which database answered. */
export interface AnswerSide {
  readonly mode: SearchMode
  /**
   * Unix ms, where it is the cache and nothing proves that it is what the server has: it is what the server had then. Absent
   * otherwise.
   */
  readonly asOf?: number
}

export interface GallerySize {
  readonly persons: number
  readonly embeddings: number
  /** Absent where there is only one: `local`. */
  readonly side?: AnswerSide
}

export interface SearchAnswer {
  /** One a probe, in the order of the probes. */
  readonly probes: readonly { readonly persons: readonly PersonHit[]; readonly faces: readonly FaceHit[] }[]
  /** People with at least one embedding of this model in the domains searched. */
  readonly galleryPersons: number
  readonly galleryEmbeddings: number
  readonly method: SearchMethod
  readonly elapsedMs: number
  /** Absent where there is only one: `local`. */
  readonly side?: AnswerSide
}

/** Whom to measure a gallery's distances on. */
export interface PersonSampleQuery {
  readonly clientId: ClientId
  readonly domain: Domain
  readonly modelId: ModelId
  /** The same seed gives the same people while they are there. */
  readonly seed: number
  /** People at most, of all and of those with two faces or more; 0 = none, only the counts. */
  readonly limit: number
}

export interface PersonSample {
  readonly persons: number
  readonly embeddings: number
  readonly personsWithTwoFaces: number
  /** Of who has which face: another one when faces came, went or changed hands. */
  readonly fingerprint: string
  /** In random order. */
  readonly fromAll: readonly PersonId[]
  readonly fromThoseWithTwoFaces: readonly PersonId[]
}

export interface DistancesQuery extends Pick<SearchQuery, 'clientId' | 'modelId'> {
  readonly domain: Domain
  /** One portion of a {@link PersonSample}; people who are gone are left out. 1 … 64. */
  readonly personIds: readonly PersonId[]
  /** Faces of each that are searched for, chosen by the seed; ≥ 1. */
  readonly facesPerPerson: number
  readonly seed: number
}

/** Cosine distances measured on the people of one portion. No vector leaves the store. */
export interface PortionDistances {
  readonly probes: readonly {
    readonly personId: PersonId
    /** To the nearest face of the same person in another photo; absent where there is none. */
    readonly nearestOwn?: number
    /** To the nearest face of anybody else in the domain, and whose it is. */
    readonly nearestOther?: { readonly personId: PersonId; readonly distance: number }
  }[]
  /** The chosen faces of one person with one another, other photos only; people with two such faces or more. */
  readonly within: readonly (readonly number[])[]
  /** One face of each person of the portion with one of each other. */
  readonly between: readonly number[]
}

export interface OwnFacesQuery {
  readonly personId: PersonId
  readonly modelId: ModelId
  readonly probes: readonly UnitEmbedding[]
  /** Faces listed for each probe, ≥ 1. */
  readonly limit: number
}

/** A person's own faces as one probe sees them. */
export interface OwnFaces {
  /** Live faces of the person that have an embedding of the model. */
  readonly faces: number
  /** Nearest first. */
  readonly nearest: readonly {
    readonly faceId: FaceId
    readonly photoSha256: Sha256
    readonly perceptualHash?: PerceptualHash
    readonly distance: number
  }[]
  /** Median distance to all of them; absent where there is none. */
  readonly medianDistance?: number
}
