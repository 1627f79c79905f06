/**
 * Keeps the groups of one scope's unknown faces up to date: what came and went is asked of the store, what that changes is
 * written back. Runs in main and on the command line.
 *
 * [Note: Grouping in the background] Main's event loop stays free: the store searches for neighbours in its own thread, in
 * portions between which it serves others; what main does between two turns is bounded by {@link portion} or by
 * {@link turnMs}.
 */
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { UnknownId, UnknownScope, UnknownStore } from '../../storage/unknown-store'
import { type ClusterParameters, FaceClusters } from './face-clusters'
import { nearestKept } from './parameters'

/** Faces linked, or taken out, in one turn: a few milliseconds. */
const portion = 128
/** Faces whose group is written in one call. */
const writtenAtOnce = 1000
/** Faces looked at in one turn. */
const lookedAtOnce = 8192
/** Milliseconds of settling after which others have their turn. */
const turnMs = 8

export interface GroupingProgress {
  readonly done: number
  readonly total: number
}

export class Grouping {
  readonly #store: UnknownStore
  readonly #scope: UnknownScope
  readonly #parameters: ClusterParameters
  readonly #clusters: FaceClusters
  /** What the store has, of faces that are in a group there. */
  readonly #stored = new Map<UnknownId, UnknownId>()
  #running: Promise<unknown> = Promise.resolve()

  constructor(store: UnknownStore, scope: UnknownScope, parameters: ClusterParameters) {
    this.#store = store
    this.#scope = scope
    this.#parameters = parameters
    this.#clusters = new FaceClusters(parameters)
  }

  /** Faces that were there at the last update. */
  get size(): number {
    return this.#clusters.size
  }

  /**
   * Brings the groups up to date; one update after the other. Raises what `signal` was aborted with: what is done by then
   * is kept, and the next update goes on from there.
   */
  update(signal: AbortSignal, onProgress: (progress: GroupingProgress) => void = () => {}): Promise<void> {
    const update = this.#running.then(() => this.#update(signal, onProgress))
    this.#running = update.catch(() => undefined)
    return update
  }

  async #update(signal: AbortSignal, onProgress: (progress: GroupingProgress) => void): Promise<void> {
    const there = await this.#ids()
    const gone = await those(this.#clusters.ids(), (id) => !there.has(id))
    for (let first = 0; first < gone.length; first += portion) {
      this.#clusters.remove(gone.slice(first, first + portion))
      await nextTurn()
    }
    for (const id of gone) this.#stored.delete(id)
    const fresh = await those(there, (id) => !this.#clusters.has(id))
    for (let first = 0; first < fresh.length; first += portion) {
      signal.throwIfAborted()
      onProgress({ done: first, total: fresh.length })
      const ids = fresh.slice(first, first + portion)
      const { maxDistance: withinDistance } = this.#parameters
      const linked = await this.#store.link({ ...this.#scope, ids, withinDistance, nearest: nearestKept })
      this.#clusters.add(linked)
      for (const { id, group } of linked) if (group !== undefined) this.#stored.set(id, group)
    }
    const constraints = await this.#store.constraints(this.#scope)
    this.#clusters.constrain(new Map(constraints.map((constraint) => [constraint.id, constraint])))
    await this.#settle()
    await this.#write(signal)
  }

  /** All there are, page by page. */
  async #ids(): Promise<Set<UnknownId>> {
    const ids = new Set<UnknownId>()
    for (let after = 0; ; ) {
      const page = await this.#store.ids(this.#scope, after)
      const last = page.at(-1)
      if (last === undefined) return ids
      for (const id of page) ids.add(id)
      after = last
    }
  }

  async #settle(): Promise<void> {
    const settling = this.#clusters.settle()
    for (let begun = performance.now(); !settling.next().done; ) {
      if (performance.now() - begun < turnMs) continue
      await nextTurn()
      begun = performance.now()
    }
  }

  /** Writes the groups that are not what the store has. */
  async #write(signal: AbortSignal): Promise<void> {
    const changed = await those(
      this.#clusters.ids(),
      (id) => this.#clusters.groupOf(id) !== this.#stored.get(id),
    )
    for (let first = 0; first < changed.length; first += writtenAtOnce) {
      signal.throwIfAborted()
      const ids = changed.slice(first, first + writtenAtOnce)
      await this.#store.setGroups(ids.map((id) => ({ id, group: this.#clusters.groupOf(id) ?? null })))
      for (const id of ids) {
        const group = this.#clusters.groupOf(id)
        if (group === undefined) this.#stored.delete(id)
        else this.#stored.set(id, group)
      }
    }
  }
}

/** The faces that `is` holds for, in their order. */
async function those(ids: Iterable<UnknownId>, is: (id: UnknownId) => boolean): Promise<UnknownId[]> {
  const found: UnknownId[] = []
  let looked = 0
  for (const id of ids) {
    if (is(id)) found.push(id)
    if (++looked % lookedAtOnce === 0) await nextTurn()
  }
  return found
}
