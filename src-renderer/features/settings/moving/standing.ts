/** In what state the move to a server is, and the one next step. Pure. Renderer. */
import type { DualState, GateVerdict } from '../../../../src-shared/dual'
import type { StoreStatus } from '../../../../src-shared/status'
import { asOf, counted } from '../../../wording'
import { shortfall } from './moving-words'

/** What is offered: each page has a button for each. */
export type NextStep =
  | 'name'
  | 'copy'
  | 'pair'
  | 'compare'
  | 'connect'
  | 'replay'
  | 'look'
  | 'validate'
  | 'cut-over'
  | 'roll-back'

export interface Standing {
  readonly tone: 'good' | 'wait' | 'bad'
  /** One sentence or two. */
  readonly sentence: string
  readonly next: NextStep | null
}

export type MoveNow = Pick<DualState, 'mode' | 'pairings'> & {
  readonly verdict: GateVerdict
  readonly server: StoreStatus['server']
  /** The settings name a server. */
  readonly named: boolean
}

/** What the page *Validation* says first. */
export function validationStanding(now: MoveNow): Standing {
  const early = beforeComparing(now)
  if (early !== undefined) return early
  const { mode, server, verdict } = now
  const place = placeIn(now)
  if (mode === 'server') {
    return {
      tone: 'good',
      sentence: `${place} answers since it was cut over to; nothing is compared.`,
      next: 'cut-over',
    }
  }
  if (mode === 'local') {
    return {
      tone: 'wait',
      sentence: `${place} has the same gallery; dual mode is off, so nothing is compared.`,
      next: 'compare',
    }
  }
  const probes = verdict.checks.find(({ criterion }) => criterion === 'probes')?.figure ?? 0
  const compared = probes === 0 ? 'Dual mode is on' : `${counted(probes, 'face')} compared`
  if (server !== null && server.state !== 'up' && server.state !== 'opening') {
    const since = server.since === null ? '' : ` since ${asOf(server.since)}`
    return {
      tone: 'bad',
      sentence: `${compared}, but ${place} has not answered${since}. Searches here go on as ever.`,
      next: 'connect',
    }
  }
  if (probes === 0) {
    return {
      tone: 'wait',
      sentence:
        'Dual mode is on, and nothing was searched for yet. Photos that were searched before do, too.',
      next: 'replay',
    }
  }
  if (verdict.passed) return { tone: 'good', sentence: `${compared}: the gate is passed.`, next: 'cut-over' }
  const open = verdict.checks.filter(({ passed }) => !passed)
  return {
    tone: 'wait',
    sentence: `${compared}. The gate is not passed, for ${reasons(open.length)}: ${open.map(shortfall).join('; ')}.`,
    next: open.every(({ criterion }) => criterion === 'probes') ? 'replay' : 'look',
  }
}

/** What the page *Cut-over* says first. */
export function cutOverStanding(now: MoveNow): Standing {
  const early = beforeComparing(now)
  if (early !== undefined) return early
  const { mode, server, verdict } = now
  const place = placeIn(now)
  if (mode === 'server') {
    if (server?.state === 'gone' || server?.state === 'failed') {
      const since = server.since === null ? '' : ` since ${asOf(server.since)}`
      return {
        tone: 'bad',
        sentence: `${place} has not answered${since}. This machine answers meanwhile, from its copy.`,
        next: 'roll-back',
      }
    }
    return {
      tone: 'good',
      sentence: `${place} answers. This machine follows it, and can take over at any time.`,
      next: 'roll-back',
    }
  }
  if (mode === 'local') {
    return {
      tone: 'wait',
      sentence: `This machine answers. ${place} has the same gallery, and is not compared with it.`,
      next: 'validate',
    }
  }
  if (verdict.passed) {
    return {
      tone: 'good',
      sentence: `This machine answers; ${place} is on trial beside it, and has passed the gate.`,
      next: 'cut-over',
    }
  }
  const open = verdict.checks.filter(({ passed }) => !passed).length
  return {
    tone: 'wait',
    sentence: `This machine answers; ${place} is on trial beside it, and has not passed the gate, for ${reasons(open)}.`,
    next: 'validate',
  }
}

function beforeComparing({ mode, pairings, server, named }: MoveNow): Standing | undefined {
  if (pairings.length === 0) {
    return mode === 'server'
      ? {
          tone: 'good',
          sentence: `The galleries are on ${server?.place ?? 'a server'} and did not move there from this machine: there is nothing to compare, and nothing to roll back to.`,
          next: null,
        }
      : {
          tone: 'wait',
          sentence: named
            ? 'The galleries are on this machine only. Copied to the server, they can be tried there.'
            : 'The galleries are on this machine only, and no server is named yet.',
          next: named ? 'copy' : 'name',
        }
  }
  const copying = pairings.filter(({ state }) => state === 'copying')
  if (copying.length === 0) return undefined
  const names = copying.map(({ clientId }) => clientId).join(', ')
  return {
    tone: 'wait',
    sentence: `${names} ${copying.length === 1 ? 'was' : 'were'} not found equal on ${placeIn({ pairings, server })} yet: both have to be compared, row by row.`,
    next: 'pair',
  }
}

/** Which server it is about. */
export const placeIn = ({ pairings, server }: Pick<MoveNow, 'pairings' | 'server'>): string =>
  pairings[0]?.place ?? server?.place ?? 'the server'

function reasons(amount: number): string {
  return ['no reason', 'one reason', 'two reasons', 'three reasons'][amount] ?? `${amount} reasons`
}
