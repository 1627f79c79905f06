/** What a flat index is asked and what it answers. Store worker thread. */
import type { Domain, PersonId } from '../../../src-shared/ids'

export interface FlatQuery {
  readonly domains: readonly Domain[] | 'all'
  readonly probes: readonly Float32Array[]
  readonly topPersons: number
  readonly topFaces: number
  /** Cosine distance. */
  readonly withinDistance: number
  /** Cosine distance from which on nobody is of interest; absent = everybody is. The nearer, the less is compared. */
  readonly farthest?: number
}

interface FlatPersonHit {
  readonly personId: PersonId
  readonly nearestEmbedding: number
  readonly distance: number
  readonly occurrences: number
  readonly bestDistances: readonly number[]
}

interface FlatFaceHit {
  readonly personId: PersonId
  readonly embedding: number
  readonly distance: number
}

export interface FlatAnswer {
  readonly persons: readonly FlatPersonHit[]
  readonly faces: readonly FlatFaceHit[]
}

/** Who is near to any of several faces of one person. */
export interface FlatNearestQuery {
  /** At most `probesPerPass`. */
  readonly probes: readonly Float32Array[]
  /** Whose faces they are. */
  readonly except: PersonId
  /** By place of the probe: people who are ruled out for it. */
  readonly notPersons: ReadonlyMap<number, ReadonlySet<PersonId>>
  /** Faces that are compared with no probe. */
  readonly notEmbeddings: ReadonlySet<number>
  readonly limit: number
  /** Similarity that somebody must exceed to be of interest. */
  readonly floor: number
}

export interface FlatNearest {
  readonly personId: PersonId
  readonly embedding: number
  /** Place of the probe that it is nearest to. */
  readonly probe: number
  readonly similarity: number
}
