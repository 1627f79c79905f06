/** What a flat index is asked and what it answers. Store worker thread. */
import type { Domain, PersonId } from '../../../src-shared/ids'

export interface FlatQuery {
  readonly domains: readonly Domain[] | 'all'
  readonly probes: readonly Float32Array[]
  readonly topPersons: number
  readonly topFaces: number
  /** Cosine distance. */
  readonly withinDistance: number
}

export interface FlatPersonHit {
  readonly personId: PersonId
  readonly nearestEmbedding: number
  readonly distance: number
  readonly occurrences: number
  readonly bestDistances: readonly number[]
}

export interface FlatFaceHit {
  readonly personId: PersonId
  readonly embedding: number
  readonly distance: number
}

export interface FlatAnswer {
  readonly persons: readonly FlatPersonHit[]
  readonly faces: readonly FlatFaceHit[]
}
