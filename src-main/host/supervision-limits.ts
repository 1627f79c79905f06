/** How long the vision process may take, be silent and be restarted. Main process and command line. */
import type { VisionMethod } from '../../src-shared/vision-protocol'

/** Milliseconds unless the name says otherwise. The reasons for the defaults are in docs/supervision.md. */
export interface SupervisionLimits {
  /** From launch to the process's `ready`. */
  readonly startMs: number
  /** The deadline of a request that names none, waiting in the process's own queue included. */
  readonly requestMs: Readonly<Record<VisionMethod, number>>
  /** Time between two pings; silence is judged as often. */
  readonly pingEveryMs: number
  /** Silence that is suspicious while nothing is in work. */
  readonly idleSilenceMs: number
  /** Silence that is suspicious while a request is in work or the process has said `busy`. */
  readonly workSilenceMs: number
  /** Further silence, after it has become suspicious, for which the process is killed as hung. */
  readonly secondChanceMs: number
  /** The first restart waits this long, each further one twice as long as the one before … */
  readonly firstRestartMs: number
  /** … up to this. */
  readonly longestRestartMs: number
  /** So many restarts within {@link restartWindowMs}; the next death is `failed`. */
  readonly restartsAllowed: number
  readonly restartWindowMs: number
  /** From `drain` to the process's exit, before it is killed. */
  readonly drainMs: number
}

export const defaultLimits: SupervisionLimits = {
  startMs: 30_000,
  requestMs: {
    configure: 60_000,
    analyse: 240_000,
    embedBoxes: 240_000,
    render: 60_000,
    annotate: 60_000,
    memory: 10_000,
  },
  pingEveryMs: 5_000,
  idleSilenceMs: 15_000,
  workSilenceMs: 120_000,
  secondChanceMs: 15_000,
  firstRestartMs: 250,
  longestRestartMs: 10_000,
  restartsAllowed: 5,
  restartWindowMs: 600_000,
  drainMs: 10_000,
}
