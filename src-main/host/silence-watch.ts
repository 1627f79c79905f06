/** Pings a process and judges its silence. Main process and command line. */
import type { SupervisionLimits } from './supervision-limits'

type SilenceLimits = Pick<
  SupervisionLimits,
  'pingEveryMs' | 'idleSilenceMs' | 'workSilenceMs' | 'secondChanceMs'
>

interface SilenceWatchEvents {
  /** Time to ask whether it is there. */
  ping(sequence: number): void
  /** Whether it may be in a native call that blocks its thread. */
  atWork(): boolean
  /** It has been silent for too long, `silentMs`; it has a second chance now. */
  suspect(silentMs: number): void
  /** It did not take its second chance. */
  hung(silentMs: number): void
}

/**
 * [Note: Two-stage silence] Silence is first suspected, then asked about once more, and only what stays silent after that is
 * hung. One stage would kill a healthy process after the computer slept, or after main itself was held up: the clock has
 * moved on, and the answers are still waiting to be read. Any message ends a silence.
 */
export class SilenceWatch {
  readonly #limits: SilenceLimits
  readonly #events: SilenceWatchEvents
  readonly #timer: NodeJS.Timeout
  #sequence = 0
  #heardAtMs = performance.now()
  #suspectedAtMs: number | undefined

  constructor(limits: SilenceLimits, events: SilenceWatchEvents) {
    this.#limits = limits
    this.#events = events
    this.#timer = setInterval(() => this.#judge(), limits.pingEveryMs)
  }

  /** A message has come. */
  heard(): void {
    this.#heardAtMs = performance.now()
    this.#suspectedAtMs = undefined
  }

  stop(): void {
    clearInterval(this.#timer)
  }

  #judge(): void {
    const nowMs = performance.now()
    const silentMs = nowMs - this.#heardAtMs
    const toleratedMs = this.#events.atWork() ? this.#limits.workSilenceMs : this.#limits.idleSilenceMs
    if (this.#suspectedAtMs === undefined) {
      if (silentMs > toleratedMs) {
        this.#suspectedAtMs = nowMs
        this.#events.suspect(silentMs)
      }
    } else if (nowMs - this.#suspectedAtMs > this.#limits.secondChanceMs) {
      this.stop()
      this.#events.hung(silentMs)
      return
    }
    this.#sequence += 1
    this.#events.ping(this.#sequence)
  }
}
