/** What a step of the move to a server took. Pure but for the clock. */
import type { MoveReport } from '../../../src-shared/dual'
import type { Stopwatch } from './stopwatch'

/** What a step took until it was decided, to a tenth of a millisecond: the ledger is written before the switch. */
export const decidedAfter = ({ elapsedMs }: Stopwatch) => ({
  decidedAfterMs: Math.round(elapsedMs * 10) / 10,
})

/** `waits`: edits that wait for the server, and for a decision. */
export function reportOf(
  to: MoveReport['to'],
  { elapsedMs, parts }: Stopwatch,
  { waiting, conflicts }: Pick<MoveReport, 'waiting' | 'conflicts'>,
  { gate, notHere }: Pick<MoveReport, 'gate' | 'notHere'>,
  rehearsed = false,
): MoveReport {
  return { to, rehearsed, elapsedMs, parts: [...parts], gate, waiting, conflicts, notHere }
}
