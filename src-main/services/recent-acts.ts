/** What Ctrl+Z takes back: the acts of this window, since it was opened, in one client. Runs in main. */
import { hasCode } from '../../src-shared/errors'
import type { ClientId } from '../../src-shared/ids'

/** How far back Ctrl+Z reaches. Older acts are undone in the history, where it is seen what they were. */
const reachMs = 60 * 60 * 1000

interface RecentAct {
  readonly clientId: ClientId
  /** The ledger's id of the act, or one made for an act that is in no ledger. */
  readonly id: string
  readonly undo: () => Promise<{ readonly summary: string }>
}

export class RecentActs {
  #acts: (RecentAct & { readonly atMs: number })[] = []
  readonly #now: () => number

  /** `now`: Unix milliseconds. */
  constructor(now: () => number = Date.now) {
    this.#now = now
  }

  add(act: RecentAct): void {
    this.#acts.push({ ...act, atMs: this.#now() })
  }

  /**
   * Takes back the client's newest act within reach; `null` where there is none. Each once. What could not be taken back is
   * the newest still, so that asking again never takes back what was done before it unseen; only what is no longer there goes.
   */
  async undoNewest(clientId: ClientId): Promise<{ readonly summary: string } | null> {
    this.#acts = this.#acts.filter(({ atMs }) => this.#now() - atMs <= reachMs)
    const newest = this.#acts.findLast((act) => act.clientId === clientId)
    if (newest === undefined) return null
    this.forget(newest.id)
    try {
      return await newest.undo()
    } catch (error) {
      if (!hasCode(error, 'not-found')) this.#acts = [...this.#acts, newest].sort((a, b) => a.atMs - b.atMs)
      throw error
    }
  }

  /** Forgets all: what was done before an erasure is taken back in the history, where it is seen what it was. */
  clear(): void {
    this.#acts = []
  }

  /** An act that was taken back another way, by its message or in the history. */
  forget(id: string): void {
    this.#acts = this.#acts.filter((act) => act.id !== id)
  }
}
