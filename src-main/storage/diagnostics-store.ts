/** What a diagnosis asks of a database itself, past the store that may not even open. The interface that services see. Main, command line. */
import type { CheckFinding, StoreCheckId } from '../../src-shared/diagnosis'
import type { UnitEmbedding } from '../../src-shared/face'
import type { ClientId, Domain, FaceId, ModelId, PersonId } from '../../src-shared/ids'

/** The checks that the database answers; the others go through the store, as its users do. */
export type DatabaseCheckId = Exclude<StoreCheckId, 'self' | 'latency' | 'ledger'>

/** A stored embedding of somebody's face, to search with. */
export interface StoredFace {
  readonly clientId: ClientId
  readonly domain: Domain
  readonly modelId: ModelId
  readonly personId: PersonId
  readonly faceId: FaceId
  readonly embedding: UnitEmbedding
}

export interface DiagnosticsStore {
  /** Changes nothing that stays. What the database can be to blame for is a finding. Raises the reason of `signal` where it is aborted. */
  check(id: DatabaseCheckId, signal: AbortSignal): Promise<CheckFinding>
  /** Faces spread over all that the login may see, `limit` at most. Raises what asking the database raises. */
  storedFaces(limit: number, signal: AbortSignal): Promise<readonly StoredFace[]>
  close(): Promise<void>
}
