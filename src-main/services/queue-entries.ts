/** The items of the Identify queue as they are held: what is shown of each, and which are copies of which. Runs in main. */
import { basename } from 'node:path'
import { VisorError } from '../../src-shared/errors'
import type { ItemId, Sha256 } from '../../src-shared/ids'
import type { QueueItem } from '../../src-shared/queue'
import { type CopyChanges, PhotoCopies } from './photo-copies'
import { QueueFeed } from './queue-feed'
import { noAnswer } from './queue-summary'

/** An item with what the list does not show. */
export interface QueueEntry {
  readonly itemId: ItemId
  item: QueueItem
  /** Deaths of the vision process at this photo. */
  crashes: number
  readonly pasted: boolean
  /** While it is in work. */
  cancel?: AbortController
}

/** What an item begins with; an empty `path` is a pasted picture's. */
type NewItem = Pick<QueueItem, 'itemId' | 'position' | 'path' | 'state'> & Partial<QueueItem>

export class QueueEntries {
  /** Told of every change. */
  readonly feed: QueueFeed
  readonly #entries = new Map<ItemId, QueueEntry>()
  readonly #copies = new PhotoCopies()

  constructor(isPaused: () => boolean) {
    this.feed = new QueueFeed({
      items: () => this.items(),
      itemOf: (itemId) => this.#entries.get(itemId)?.item,
      isPaused,
    })
  }

  get(itemId: ItemId): QueueEntry | undefined {
    return this.#entries.get(itemId)
  }

  /** Raises `not-found`. */
  entry(itemId: ItemId): QueueEntry {
    const entry = this.#entries.get(itemId)
    if (entry === undefined) throw new VisorError('not-found', 'This photo is not in the queue any more.')
    return entry
  }

  all(): QueueEntry[] {
    return [...this.#entries.values()]
  }

  ids(): ItemId[] {
    return [...this.#entries.keys()]
  }

  *items(): Generator<QueueItem> {
    for (const { item } of this.#entries.values()) yield item
  }

  put(item: NewItem, crashes = 0): void {
    const { itemId, path } = item
    const name = path === '' ? 'Pasted picture' : basename(path)
    this.#entries.set(itemId, {
      itemId,
      item: { name, ...noAnswer, revision: 0, ...item },
      crashes,
      pasted: path === '',
    })
    this.feed.touch(itemId)
  }

  update(entry: QueueEntry, change: { [K in keyof QueueItem]?: QueueItem[K] | undefined }): void {
    const next = Object.fromEntries(
      Object.entries({ ...entry.item, ...change }).filter(([, v]) => v !== undefined),
    )
    entry.item = next as QueueItem
    this.feed.touch(entry.itemId)
  }

  /** The photo that an item turned out to be. */
  identify(itemId: ItemId, photo: Sha256): void {
    this.#markCopies(this.#copies.put(itemId, photo, this.entry(itemId).item.position))
  }

  /** The first item that is this photo. */
  itemOf(photo: Sha256): ItemId | undefined {
    return this.#copies.first(photo)
  }

  /** Takes items out; their work is cancelled. */
  drop(itemIds: readonly ItemId[]): void {
    for (const itemId of itemIds) {
      const entry = this.#entries.get(itemId)
      if (entry === undefined) continue
      entry.cancel?.abort(new VisorError('cancelled', 'Taken out of the queue.'))
      this.#entries.delete(itemId)
      this.feed.remove(itemId)
      this.#markCopies(this.#copies.remove(itemId))
    }
  }

  #markCopies(changes: CopyChanges): void {
    for (const [itemId, duplicateOf] of changes) {
      const entry = this.#entries.get(itemId)
      if (entry !== undefined && entry.item.duplicateOf !== duplicateOf) this.update(entry, { duplicateOf })
    }
  }
}
