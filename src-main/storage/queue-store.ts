/**
 * Where the Identify queue is kept, so that neither a crash nor kill -9 loses a photo or an answer. Local only: it is
 * this console's desk, not the gallery's. Implemented by the same SQLite worker as the local gallery.
 */
import type { WireError } from '../../src-shared/errors'
import type { EmbeddedFace } from '../../src-shared/face'
import type { ItemId, Sha256 } from '../../src-shared/ids'
import type { PerceptualHash } from '../../src-shared/perceptual-hash'
import type { ItemState } from '../../src-shared/queue'
import type { AnalyseResult } from '../../src-shared/vision-protocol'
import type { DeskItem } from './erasure-store'

/** What the vision process said of a photo, as it is kept; thumbnail and crops are asked for one by one. */
export type StoredAnalysis = Omit<AnalyseResult, 'thumbnail' | 'faces' | 'perceptualHash'> & {
  /** Absent from analyses that were kept before there was one. */
  readonly perceptualHash?: PerceptualHash | undefined
  readonly faces: readonly Omit<EmbeddedFace, 'crop'>[]
}

export interface StoredItem {
  readonly itemId: ItemId
  readonly position: number
  readonly path: string
  /** `working` is stored as `waiting`: what was in work when Visor died waits again. */
  readonly state: Exclude<ItemState, 'working'>
  /** Times the vision process died with this photo in work. */
  readonly crashes: number
  readonly elapsedMs?: number
  readonly error?: WireError
  /** Of a photo that was analysed: its bytes, and how many faces it has. */
  readonly sha256?: Sha256
  readonly faces?: number
}

export interface QueueStore {
  /**
   * All items by position, without their analyses: ten thousand load in a moment. What was removed in an earlier run is
   * deleted for good.
   */
  load(): Promise<readonly StoredItem[]>
  /** The analyses of these items; items that have none are left out. */
  analyses(itemIds: readonly ItemId[]): Promise<ReadonlyMap<ItemId, StoredAnalysis>>
  /** Appends photos, all or none; `pasted` holds the bytes of a picture that has no file. */
  append(
    items: readonly { itemId: ItemId; position: number; path: string; pasted?: Uint8Array }[],
  ): Promise<void>
  setState(
    itemIds: readonly ItemId[],
    state: StoredItem['state'],
    details?: { readonly error?: WireError; readonly crashes?: number },
  ): Promise<void>
  /** Keeps an answer and marks the item `done`, in one transaction. */
  complete(itemId: ItemId, analysis: AnalyseResult, elapsedMs: number): Promise<void>
  /** Replaces the faces of an analysis, with their crops. Raises `not-found`. */
  setFaces(itemId: ItemId, faces: readonly EmbeddedFace[]): Promise<void>
  /** Takes items out; {@link restore} puts them back as they were, until the next {@link load}. */
  remove(itemIds: readonly ItemId[]): Promise<void>
  /** The items that were put back. */
  restore(itemIds: readonly ItemId[]): Promise<readonly StoredItem[]>
  /** All of it, also what was taken out, for an erasure in another database to look through. */
  desk(): Promise<readonly DeskItem[]>
  /** Removes items for good. */
  forget(itemIds: readonly ItemId[]): Promise<void>
  /** Each `undefined` where there is none. */
  thumbnail(itemId: ItemId): Promise<Uint8Array | undefined>
  faceCrop(itemId: ItemId, faceIndex: number): Promise<Uint8Array | undefined>
  pasted(itemId: ItemId): Promise<Uint8Array | undefined>
}
