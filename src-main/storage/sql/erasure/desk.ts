/**
 * The Identify queue as an erasure looks through it: in the same database, or as the console gave it. Store worker thread; called
 * within a write.
 */
import type { ItemId, ModelId, Sha256 } from '../../../../src-shared/ids'
import type { DeskItem } from '../../erasure-store'

/** Photos whose faces are looked at in one turn of the worker; others are served in between. */
const photosPerTurn = 64

export interface Desk {
  places(): readonly { readonly itemId: ItemId; readonly path: string; readonly sha256: Sha256 | null }[]
  /** Photos with their faces, in portions. */
  faces(): Iterable<
    readonly {
      readonly itemId: ItemId
      readonly modelId: ModelId
      readonly embeddings: readonly Float32Array[]
    }[]
  >
  /** Thumbnails, crops and pasted pictures of these. */
  countPictures(itemIds: readonly ItemId[]): number
  /** Takes them, where it is the database's own. */
  remove(itemIds: readonly ItemId[]): void
}

/** A queue that lies elsewhere: whoever gave it removes what was found. */
export class GivenDesk implements Desk {
  readonly #items: readonly DeskItem[]

  constructor(items: readonly DeskItem[]) {
    this.#items = items
  }

  places() {
    return this.#items.map(({ itemId, path, sha256 = null }) => ({ itemId, path, sha256 }))
  }

  *faces() {
    for (let first = 0; first < this.#items.length; first += photosPerTurn) {
      yield this.#items
        .slice(first, first + photosPerTurn)
        .flatMap(({ itemId, modelId, embeddings }) =>
          modelId === undefined ? [] : [{ itemId, modelId, embeddings }],
        )
    }
  }

  countPictures(itemIds: readonly ItemId[]): number {
    const wanted = new Set(itemIds)
    return this.#items.reduce((sum, { itemId, pictures }) => sum + (wanted.has(itemId) ? pictures : 0), 0)
  }

  remove(): void {
    // Theirs to remove.
  }
}
