/** What Ctrl+Z takes back: the acts of this window, since it was opened, in one client. Runs in main. */
import type { ClientId, LedgerId } from '../../src-shared/ids'

/** How far back Ctrl+Z reaches. Older acts are undone in the history, where it is seen what they were. */
const reachMs = 60 * 60 * 1000

interface RecentAct {
  readonly clientId: ClientId
  readonly ledgerId: LedgerId
  readonly atMs: number
}

export class RecentActs {
  #acts: RecentAct[] = []
  readonly #now: () => number

  /** `now`: Unix milliseconds. */
  constructor(now: () => number = Date.now) {
    this.#now = now
  }

  add(clientId: ClientId, ledgerId: LedgerId): void {
    this.#acts.push({ clientId, ledgerId, atMs: this.#now() })
  }

  /** The client's newest act within reach; it is not offered again. */
  take(clientId: ClientId): LedgerId | undefined {
    this.#acts = this.#acts.filter(({ atMs }) => this.#now() - atMs <= reachMs)
    const newest = this.#acts.findLast((act) => act.clientId === clientId)
    if (newest !== undefined) this.forget(newest.ledgerId)
    return newest?.ledgerId
  }

  /** An act that was taken back another way, by its message or in the history. */
  forget(ledgerId: LedgerId): void {
    this.#acts = this.#acts.filter((act) => act.ledgerId !== ledgerId)
  }
}
