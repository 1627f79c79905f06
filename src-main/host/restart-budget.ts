/** Whether and when a process that died may be started again. Pure. */
import type { SupervisionLimits } from './supervision-limits'

type RestartLimits = Pick<
  SupervisionLimits,
  'firstRestartMs' | 'longestRestartMs' | 'restartsAllowed' | 'restartWindowMs'
>

/**
 * Counts restarts in a sliding window: each further one within it waits twice as long, and after `restartsAllowed` there
 * are none. A restart is forgotten once it is older than the window, so a clean period wipes the slate.
 */
export class RestartBudget {
  readonly #limits: RestartLimits
  #restartsAtMs: number[] = []

  constructor(limits: RestartLimits) {
    this.#limits = limits
  }

  /** Takes one restart at `nowMs` (any monotonic clock): how long it has to wait, ms; `undefined` where none is left. */
  take(nowMs: number): number | undefined {
    const { firstRestartMs, longestRestartMs, restartsAllowed, restartWindowMs } = this.#limits
    this.#restartsAtMs = this.#restartsAtMs.filter((atMs) => nowMs - atMs < restartWindowMs)
    const spent = this.#restartsAtMs.length
    if (spent >= restartsAllowed) return undefined
    this.#restartsAtMs.push(nowMs)
    return Math.min(firstRestartMs * 2 ** spent, longestRestartMs)
  }

  /** Forgets all of them: a person has decided to try again. */
  clear(): void {
    this.#restartsAtMs = []
  }
}
