/**
 * Erasure of people and clients from a store: gallery, ledger, unknown faces in one transaction, and with them the Identify
 * queue where it lies in the same database; then the clearing of what such a transaction leaves behind in files. See
 * [Note: Erasure] in `src-shared/erasure.ts`.
 */
import type { ErasurePreview, ErasureReport, ErasureTarget, Removed } from '../../src-shared/erasure'
import type { UnitEmbedding } from '../../src-shared/face'
import type { ClientId, ItemId, LedgerId, ModelId, Sha256 } from '../../src-shared/ids'
import type { LedgerContext, WriteControl } from './written'

/** A photo of the Identify queue, as an erasure looks at it. */
export interface DeskItem {
  readonly itemId: ItemId
  readonly path: string
  /** Once it was analysed. */
  readonly sha256?: Sha256
  /** Its faces, once it was analysed. */
  readonly modelId?: ModelId
  readonly embeddings: readonly UnitEmbedding[]
  /** Thumbnail, crops, and the picture itself where it was pasted. */
  readonly pictures: number
}

export interface ErasureQuery {
  readonly target: ErasureTarget
  /**
   * Cosine distance, by model, within which a face is taken to be theirs, if nobody says otherwise. For a model that is not
   * named the widest of these.
   */
  readonly possible: ReadonlyMap<ModelId, number>
  /** The Identify queue of the console that erases, for a store that has none itself: looked through and counted, not changed. */
  readonly desk?: readonly DeskItem[]
}

/** Photos of the Identify queue: known to show somebody who goes, with a face that may be theirs, named like them. */
export interface DeskFindings {
  readonly known: readonly ItemId[]
  readonly alike: readonly ItemId[]
  readonly named: readonly ItemId[]
}

/** What an erasure did, once it is on disk. */
export interface Erased {
  readonly ledgerId: LedgerId
  readonly clientId: ClientId
  readonly people: number
  readonly removed: readonly Removed[]
  readonly queueItems: readonly ItemId[]
  /** Acts whose content went: nothing can undo them. */
  readonly entries: readonly LedgerId[]
}

/** An erasure whose people are gone, while files may still hold bytes of them. */
export interface DueErasure {
  readonly ledgerId: LedgerId
  /** The client that was erased whole; what lies beside the database goes by it. */
  readonly clientId?: ClientId
}

/** Who erases, what the entry says, and why: an erasure needs a reason. */
export type ErasureContext = LedgerContext & { readonly reason: string }

export interface ErasureStore {
  /** Refuses a reason that holds a name of those who would go (`invalid-argument`). Raises `not-found`. */
  checkReason(target: ErasureTarget, reason: string): Promise<void>
  /** The photos of the Identify queue that {@link erase} would take. Raises `not-found`. */
  inQueue(query: ErasureQuery): Promise<DeskFindings>
  /** What {@link erase} would do; changes nothing. Raises `not-found`. */
  preview(query: ErasureQuery): Promise<ErasurePreview>
  /**
   * Removes for good, in one transaction, and makes the erasure due. The reason must not hold a name that goes
   * (`invalid-argument`). Raises `not-found`.
   */
  erase(query: ErasureQuery, context: ErasureContext): Promise<Erased>
  /** Erasures that still have to be cleared, oldest first. */
  due(): Promise<readonly DueErasure[]>
  /** Adds to the report of a due erasure what was removed beside the database. Raises `not-found`. */
  addRemoved(ledgerId: LedgerId, removed: readonly Removed[]): Promise<void>
  /**
   * Rewrites the database file without what was removed, and empties its log. Takes a while (progress in bytes) and cannot
   * be cancelled; what only reads or searches is served meanwhile, what writes waits. Afterwards no erasure is due. Raises
   * `disk-full`, `store-unavailable`: they stay due.
   */
  scrub(control: Pick<WriteControl, 'onProgress'>): Promise<void>
  /** Reports that are to be written out, oldest first: of erasures that are cleared, or whose reason went since. */
  unreported(): Promise<readonly ErasureReport[]>
  /** The report was written out. */
  reported(ledgerId: LedgerId): Promise<void>
  /** All reports, newest first. */
  reports(): Promise<readonly ErasureReport[]>
}
