/** The move to a server in words: criteria, causes, steps. Pure. Renderer. */
import type {
  Disagreement,
  DisagreementCause,
  DualHit,
  GateCheck,
  Move,
  ProbeOrigin,
} from '../../../../src-shared/dual'
import { comparedPersons, floatTolerance } from '../../../../src-shared/dual'
import { count, counted, distanceText, durationText, milliseconds, percent } from '../../../wording'

type Criterion = GateCheck['criterion']

/** What a criterion asks. */
export const criterionTitle: Readonly<Record<Criterion, string>> = {
  sameFirst: 'Same first person',
  overlap: 'Same people among the first five',
  errors: 'Searches without an answer of the server',
  serverP95Ms: 'Server’s time for 95 of 100 searches',
  probes: 'Faces compared',
  validated: 'Copied, and found equal',
}

/** A measured share, 0 … 1; `–` where nothing was measured. */
export function partText(part: number | null): string {
  return part === null ? '–' : percent(part)
}

/** What was found of a criterion; `–` where nothing was. */
export function figureText({ criterion, figure }: GateCheck): string {
  if (figure === null) return criterion === 'validated' ? 'nothing is copied' : '–'
  switch (criterion) {
    case 'sameFirst':
    case 'overlap':
      return partText(figure)
    case 'serverP95Ms':
      return durationText(figure)
    case 'validated':
      return figure === 0 ? 'all' : `${counted(figure, 'client')} not`
    default:
      return count(figure)
  }
}

/** What is asked of a criterion. */
export function goalText({ criterion, wanted }: Pick<GateCheck, 'criterion' | 'wanted'>): string {
  switch (criterion) {
    case 'sameFirst':
    case 'overlap':
      return `at least ${partText(wanted)}`
    case 'errors':
      return wanted === 0 ? 'none' : `at most ${count(wanted)}`
    case 'serverP95Ms':
      return `under ${milliseconds(wanted)}`
    case 'probes':
      return `at least ${count(wanted)}`
    case 'validated':
      return 'all clients'
  }
}

/** Why a criterion is not passed, as a sentence goes on; of those that are not. */
export function shortfall(check: GateCheck): string {
  const { criterion, figure } = check
  switch (criterion) {
    case 'probes':
      return `${counted(check.wanted - (figure ?? 0), 'face')} more ${check.wanted - (figure ?? 0) === 1 ? 'is' : 'are'} to be compared`
    case 'sameFirst':
      return `the first person is the same in ${partText(figure)} only`
    case 'overlap':
      return `the first five agree to ${partText(figure)} only`
    case 'errors':
      return `the server left ${counted(figure ?? 0, 'search', 'searches')} without an answer`
    case 'serverP95Ms':
      return figure === null
        ? 'the server has answered nothing'
        : `the server took ${durationText(figure)} for 95 of 100`
    case 'validated':
      return figure === null ? 'nothing is copied' : `${counted(figure, 'client')} not found equal`
  }
}

/** What a cause is called in a list. */
export const causeTitle: Readonly<Record<DisagreementCause, string>> = {
  'missing-rows': 'Something is missing',
  'index-recall': 'Passed over by the index',
  tie: 'Equally near',
  'float-precision': 'Rounding',
  'edits-in-flight': 'An edit was on its way',
  unexplained: 'Not explained',
}

const causeSentence: Readonly<Record<DisagreementCause, string>> = {
  'missing-rows': 'One side lacks a person, or a photo of a person.',
  'index-recall':
    'The server’s index passed somebody over: compared face by face, it agrees. More candidates for a search (Index) find them.',
  tie: 'These people are equally near; either order is right.',
  'float-precision': 'The same people in the same order; the distances are rounded otherwise.',
  'edits-in-flight': 'An edit had not reached the server yet. Compared again, both should agree.',
  unexplained: 'Nothing that Visor can look at explains it.',
}

/** Why two answers differ, in a plain sentence or two. */
export function causeText({
  cause,
  local,
  server,
}: Pick<Disagreement, 'cause' | 'local' | 'server'>): string {
  if (cause !== 'missing-rows') return causeSentence[cause]
  const lacking = [
    { names: namesOf(missingIn(server, local)), side: 'this machine' },
    { names: namesOf(missingIn(local, server)), side: 'the server' },
  ].filter(({ names }) => names !== '')
  if (lacking.length === 0)
    return `${causeSentence[cause]} Both know these people; one has a nearer photo of somebody.`
  return lacking
    .map(({ names, side }) => `${names}: only ${side} has them, or the photo that is so near.`)
    .join(' ')
}

/** Near enough for the other answer, and not in it; whoever is farther than its last may only have been pushed out. */
function isMissingIn(hit: DualHit, others: readonly DualHit[]): boolean {
  if (others.some(({ personId }) => personId === hit.personId)) return false
  const last = others.at(-1)
  return (
    others.length < comparedPersons || last === undefined || hit.distance < last.distance - floatTolerance
  )
}

const missingIn = (others: readonly DualHit[], some: readonly DualHit[]) =>
  some.filter((hit) => isMissingIn(hit, others))
const namesOf = (hits: readonly DualHit[]) => hits.map(({ name }) => name).join(', ')

/** How a person of one answer stands to the other answer; `null`: the same. */
export function hitNote(hit: DualHit, others: readonly DualHit[], otherSide: string): string | null {
  const other = others.find(({ personId }) => personId === hit.personId)
  if (other === undefined) {
    return isMissingIn(hit, others) ? `not found ${otherSide}` : `not among the first five ${otherSide}`
  }
  const farther = hit.distance - other.distance
  if (Math.abs(farther) <= floatTolerance) return null
  const by = distanceText(Math.abs(farther))
  if (by === '0.00') return `${farther > 0 ? 'farther' : 'nearer'} by a hair`
  return `${farther > 0 ? 'farther' : 'nearer'} by ${by}`
}

/** Where a probe came from. */
export const originText: Readonly<Record<ProbeOrigin, string>> = {
  live: 'From a search',
  folder: 'From a photo that was compared on purpose',
  past: 'From a photo of the queue, compared again',
}

/** Why there is no picture of a probe any more: of a comparison only the photo's hash is kept. */
export const goneText: Readonly<Record<ProbeOrigin, string>> = {
  live: 'No picture: its photo has left the queue.',
  folder: 'No picture: photos that are only compared are not kept.',
  past: 'No picture: its photo has left the queue.',
}

/** A step of the move, as the ledger tells it. */
export function stepText({ step, gate, figures }: Move): string {
  switch (step) {
    case 'pair':
      return 'Found equal on both sides, and paired'
    case 'unpair':
      return 'The pairing was ended'
    case 'dual':
      return 'Comparing was begun'
    case 'local':
      return 'Comparing was ended'
    case 'cut-over':
      return gate?.passed === false ? 'Cut over, though the gate was not passed' : 'Cut over to the server'
    case 'roll-back':
      return 'Rolled back to this machine'
    case 'criteria':
      return `The gate asks for: ${Object.entries(figures).map(criterionChange).join(', ')}`
  }
}

/** What was left on the server by a roll-back. */
export function leftBehind({ figures }: Move): string[] {
  return Object.entries(figures)
    .filter(([name]) => name.startsWith('notHere'))
    .map(([, what]) => String(what))
}

function criterionChange([name, value]: [string, number | string]): string {
  const amount = Number(value)
  switch (name) {
    case 'days':
      return `the last ${counted(amount, 'day')}`
    case 'countFrom':
      return amount === 0 ? 'nothing left out' : 'only what came after this'
    case 'validated':
      return amount === 0 ? 'no comparison of the copy' : 'a comparison of the copy'
    case 'sameFirst':
    case 'overlap':
    case 'errors':
    case 'serverP95Ms':
    case 'probes': {
      const title = criterionTitle[name]
      return `${title.charAt(0).toLowerCase()}${title.slice(1)} ${goalText({ criterion: name, wanted: amount })}`
    }
    default:
      return `${name} ${value}`
  }
}
