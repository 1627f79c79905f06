/**
 * What a curator should look at in the galleries: found in the background, a portion at a time, and kept. Implemented by the
 * same SQLite worker as the local gallery.
 *
 * [Note: Health looks] A first pass looks at everybody once, in the order of their ids. After it (and before the rest of it)
 * comes whoever was touched since: every write of the gallery names in the ledger whom it touched, so that the ledger's
 * sequence is the mark up to which changes were followed. Both marks are kept with the findings, in one transaction, so that a
 * look goes on where it was after any end. With another model, or other rules, everything is looked at anew.
 */
import type { Finding, FindingCount, FindingId, FindingKind } from '../../src-shared/health'
import type { ClientId, Domain, ModelId } from '../../src-shared/ids'
import type { LedgerContext, Written } from './written'

export interface HealthLook {
  /** The model in use. */
  readonly modelId: ModelId
  /** Cosine distance within which one comparison calls two faces the same person. */
  readonly verifyDistance: number
  /** The distance of a match in each domain. A domain that is not named takes the least of them. */
  readonly matchDistances: readonly {
    readonly clientId: ClientId
    readonly domain: Domain
    readonly distance: number
  }[]
  /** People of this portion, 1 … 64; who is affected by a change of theirs comes on top. */
  readonly persons: number
}

export interface LookedPortion {
  /** People looked at by this call. */
  readonly looked: number
  /** People that the first pass has seen. */
  readonly passed: number
  /** Whether nothing is left to be looked at. */
  readonly finished: boolean
  /** Clients whose findings changed. */
  readonly changed: readonly ClientId[]
}

export interface FindingsQuery {
  readonly clientId: ClientId
  /** `null` = every domain of the client. */
  readonly domain: Domain | null
  /** `null` = every kind. */
  readonly kind: FindingKind | null
  /** Those that somebody said are fine instead. */
  readonly dismissed: boolean
  readonly offset: number
  /** 1 … 500. */
  readonly limit: number
}

export interface HealthStore {
  /** Looks at the next portion and keeps what it finds. Others are served in between; one look at a time. */
  look(query: HealthLook): Promise<LookedPortion>
  /** Lets the next look begin from the start. What was dismissed stays so. */
  lookAnew(): Promise<void>
  /** Open and dismissed findings by domain and kind. */
  counts(clientId: ClientId): Promise<readonly FindingCount[]>
  /** Greatest harm first. */
  findings(query: FindingsQuery): Promise<{ readonly total: number; readonly findings: readonly Finding[] }>
  /**
   * Says that findings are fine, or takes that back. They stay dismissed until what they rest on is another matter. In the
   * ledger. Raises `not-found` where one is not the client's (and changes none).
   */
  dismiss(
    clientId: ClientId,
    findingIds: readonly FindingId[],
    dismissed: boolean,
    context: LedgerContext,
  ): Promise<Written<void>>
}
