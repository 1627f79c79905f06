/** Tells the window what changed in the Identify queue, gathered. Runs in main. */
import type { ItemId } from '../../src-shared/ids'
import type { QueueChange, QueueItem, QueueProgress } from '../../src-shared/queue'
import { Listeners } from '../host/listeners'

/** Changes are told at most this often. */
const tellIntervalMs = 100
/** Photos over which the speed is taken. */
const speedWindow = 100

export class QueueFeed {
  readonly changed = new Listeners<QueueChange>()
  readonly #items: () => Iterable<QueueItem>
  readonly #itemOf: (itemId: ItemId) => QueueItem | undefined
  readonly #isPaused: () => boolean
  readonly #dirty = new Set<ItemId>()
  readonly #removed = new Set<ItemId>()
  /** When the latest photos of this stretch of work were done, ms. */
  readonly #doneAtMs: number[] = []
  #timer: NodeJS.Timeout | undefined

  constructor(queue: {
    readonly items: () => Iterable<QueueItem>
    readonly itemOf: (itemId: ItemId) => QueueItem | undefined
    readonly isPaused: () => boolean
  }) {
    this.#items = queue.items
    this.#itemOf = queue.itemOf
    this.#isPaused = queue.isPaused
  }

  touch(itemId: ItemId): void {
    this.#dirty.add(itemId)
    this.#removed.delete(itemId)
    this.tellSoon()
  }

  remove(itemId: ItemId): void {
    this.#dirty.delete(itemId)
    this.#removed.add(itemId)
    this.tellSoon()
  }

  /** A stretch of work begins: its speed is its own. */
  begin(): void {
    this.#doneAtMs.splice(0)
  }

  /** A photo was answered. */
  done(): void {
    this.#doneAtMs.push(performance.now())
    if (this.#doneAtMs.length > speedWindow) this.#doneAtMs.shift()
  }

  /** Tells the progress, and what changed, a moment later. */
  tellSoon(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined
      const upserts = [...this.#dirty].map(this.#itemOf).filter((item) => item !== undefined)
      const removed = [...this.#removed]
      this.#dirty.clear()
      this.#removed.clear()
      this.changed.emit({ upserts, removed, progress: this.progress() })
    }, tellIntervalMs)
  }

  progress(): QueueProgress {
    const counts = { waiting: 0, working: 0, done: 0, failed: 0, 'set-aside': 0, cancelled: 0 }
    let total = 0
    for (const { state } of this.#items()) {
      counts[state] += 1
      total += 1
    }
    const msPerPhoto = meanInterval(this.#doneAtMs)
    return {
      total,
      waiting: counts.waiting,
      working: counts.working,
      done: counts.done,
      failed: counts.failed + counts['set-aside'],
      cancelled: counts.cancelled,
      paused: this.#isPaused(),
      ...(msPerPhoto === undefined
        ? {}
        : { msPerPhoto, remainingMs: msPerPhoto * (counts.waiting + counts.working) }),
    }
  }

  stop(): void {
    clearTimeout(this.#timer)
  }
}

/** Mean time between points in time; `undefined` for fewer than two. */
function meanInterval(times: readonly number[]): number | undefined {
  return times.length < 2 ? undefined : (times.at(-1)! - times[0]!) / (times.length - 1)
}
