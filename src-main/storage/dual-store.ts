/**
 * What a local gallery keeps of its move to a server. Main, store's threads.
 *
 * [Note: Paired gallery] A client of the local gallery is *paired* once its gallery was copied to a server and found equal there, row by row.
 * From then on the gallery is this console's copy of it, whatever the mode, and the mode says only who answers. In modes `local` and
 * `dual` the local gallery answers; every edit is an act that is kept in the outbox in the same transaction ([Note: Acts]), and
 * in `dual` brought to the server. In `server` mode the local gallery is the cache, which follows the server's change feed
 * ([Note: Following of a paired gallery]). So a roll-back has nothing to copy.
 */
import type {
  Disagreement,
  DisagreementCause,
  DomainFigures,
  DualBucket,
  DualFigures,
  DualHit,
  Move,
  Moved,
  Pairing,
  ProbeOrigin,
} from '../../src-shared/dual'
import type { WireError } from '../../src-shared/errors'
import type { ClientId, Domain, LedgerId, ModelId, PersonId, Sha256 } from '../../src-shared/ids'
import type { StoreMode } from '../../src-shared/store-mode'
import type { Claim } from './claim'
import type { LedgerContext } from './written'

/** One probe, searched on both sides. Durations in milliseconds. */
export interface DualRecord {
  /** Unix milliseconds. */
  readonly at: number
  readonly clientId: ClientId
  /** `null` for all of them, or several. */
  readonly domain: Domain | null
  readonly modelId: ModelId
  readonly origin: ProbeOrigin
  readonly localMs: number
  readonly outcome:
    | { readonly error: WireError }
    | {
        readonly serverMs: number
        readonly sameFirst: boolean
        readonly overlap: number
        readonly largestDifference: number
        /** Where they disagree. */
        readonly disagreement?: {
          readonly sha256?: Sha256
          readonly face?: number
          readonly cause: DisagreementCause
          readonly local: readonly DualHit[]
          readonly server: readonly DualHit[]
        }
      }
}

/** Which comparisons are meant. Times in Unix milliseconds. */
export interface DualQuery {
  /** From this time on. */
  readonly since: number
  readonly clientId?: ClientId | undefined
  readonly domain?: Domain | undefined
}

export interface DisagreementsQuery extends DualQuery {
  readonly cause?: DisagreementCause | undefined
  readonly offset: number
  /** 1 … 200. */
  readonly limit: number
}

/** What was last decided of who answers, and what is paired. */
export interface Standing {
  /** `null` where nothing is paired, and nothing was decided. */
  readonly decided: StoreMode | null
  readonly pairings: readonly Pairing[]
  /** Rows of paired clients were changed here, and were not read anew from the server since. */
  readonly edited: boolean
}

/** What stands once it was decided who answers. */
export interface Decided {
  /** In the ledgers of the paired clients. */
  readonly entries: readonly LedgerId[]
  /** Edits that wait for the server, and those that wait for a decision. */
  readonly waiting: number
  readonly conflicts: number
}

export interface DualStore {
  standing(): Promise<Standing>
  /**
   * From here on, edits of the client are kept for the server; its gallery may be copied there. Raises `conflict` where another
   * server has it or another client; `not-found`.
   */
  beginPairing(clientId: ClientId, serverId: string, place: string): Promise<void>
  /** Edits are not kept any more, and those that waited go; the gallery stays as it is. */
  endPairing(clientId: ClientId): Promise<void>
  /**
   * Decides who answers from now on, in one transaction with an entry in the ledger of each paired client, which goes to the server's
   * as well. Raises `cancelled` where whoever asked gave the `claim` up: then nothing was decided.
   */
  decide(
    mode: StoreMode,
    place: string | null,
    move: Move,
    context: LedgerContext,
    claim?: Claim,
  ): Promise<Decided>
  /** The latest steps of the move, newest first, as the client's ledger has them. */
  moves(clientId: ClientId): Promise<readonly Moved[]>
  record(runs: readonly DualRecord[]): Promise<void>
  figures(query: DualQuery): Promise<DualFigures>
  /** The same by domain, most searched first. */
  byDomain(query: DualQuery): Promise<readonly DomainFigures[]>
  /** The same in stretches of time, oldest first; those without a probe are left out. */
  series(query: DualQuery & { readonly bucketMs: number }): Promise<readonly DualBucket[]>
  /** Newest first. */
  disagreements(
    query: DisagreementsQuery,
  ): Promise<{ readonly total: number; readonly some: readonly Disagreement[] }>
  /** People in kept disagreements whom this gallery does not have: some of them, where they are many. */
  strangers(): Promise<readonly PersonId[]>
  /** Removes the comparisons that name these people. */
  forgetPeople(personIds: readonly PersonId[]): Promise<void>
  /** Removes what was compared before this (Unix ms). */
  forget(before: number): Promise<number>
}
