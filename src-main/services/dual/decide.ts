/** Writes down what somebody decided of the move to a server. Runs in main and on the command line. */
import type { Move, MoveStep } from '../../../src-shared/dual'
import type { StoreMode } from '../../../src-shared/store-mode'
import type { Claim } from '../../storage/claim'
import type { Decided, DualStore } from '../../storage/dual-store'
import type { LedgerContext } from '../../storage/written'

/** What is not said of it is not known. */
export type Decision = Partial<Move> & { readonly step: MoveStep }

/** `mode`: who answers from now on; `why`: as somebody gave it. Raises what `DualStore.decide` raises. */
export type Decide = (
  mode: StoreMode,
  decision: Decision,
  summary: string,
  why?: string,
  claim?: Claim,
) => Promise<Decided>

/** `actor`: for the ledger; `place`: of the server that the settings name. */
export function deciding(dual: Pick<DualStore, 'decide'>, actor: string, place: () => string): Decide {
  return (mode, decision, summary, why, claim) => {
    const context: LedgerContext = { actor, summary, ...(why === undefined ? {} : { reason: why }) }
    const move: Move = { gate: null, figures: {}, ...decision }
    return dual.decide(mode, mode === 'local' ? null : place(), move, context, claim)
  }
}
