/** Two answers to one probe, compared. Pure. */
import {
  comparedPersons,
  type DisagreementCause,
  type DualHit,
  floatTolerance,
} from '../../../src-shared/dual'
import type { PersonHit } from '../../storage/search-records'

/** Distances of the same people that differ by no more are the same arithmetic, done otherwise. */
const arithmeticDifference = 1e-3

export interface ComparedAnswers {
  /** The nearest person is the same, or there is nobody on both sides. */
  readonly sameFirst: boolean
  /** Of the nearest people, the part that both have: 0 … 1. */
  readonly overlap: number
  /** Of a person whom both have among them, cosine distance. */
  readonly largestDifference: number
  readonly agree: boolean
}

/** The nearest people of an answer, as they are compared and kept. */
export function nearestOf(persons: readonly PersonHit[]): DualHit[] {
  return persons.slice(0, comparedPersons).map(({ personId, name, nearestFaceId, distance }) => ({
    personId,
    name,
    faceId: nearestFaceId,
    distance,
  }))
}

export function compareAnswers(local: readonly DualHit[], server: readonly DualHit[]): ComparedAnswers {
  const distances = new Map(server.map(({ personId, distance }) => [personId, distance]))
  const both = local.filter(({ personId }) => distances.has(personId))
  const most = Math.max(local.length, server.length)
  const sameFirst = local[0]?.personId === server[0]?.personId
  const overlap = most === 0 ? 1 : both.length / most
  const largestDifference = both.reduce(
    (largest, { personId, distance }) => Math.max(largest, Math.abs(distance - distances.get(personId)!)),
    0,
  )
  const agree = sameFirst && overlap === 1 && largestDifference <= floatTolerance
  return { sameFirst, overlap, largestDifference, agree }
}

/**
 * Why two answers that disagree do, as far as they themselves say it: `tie` where both are as near, place by place; `float-precision` where
 * they name the same people in the same order.
 */
export function causeInAnswers(
  local: readonly DualHit[],
  server: readonly DualHit[],
): Extract<DisagreementCause, 'tie' | 'float-precision'> | undefined {
  if (local.length !== server.length) return undefined
  const differences = local.map(({ distance }, place) => Math.abs(distance - server[place]!.distance))
  const samePlaces = local.every(({ personId }, place) => personId === server[place]!.personId)
  if (samePlaces)
    return differences.every((one) => one <= arithmeticDifference) ? 'float-precision' : undefined
  return differences.every((one) => one <= floatTolerance) ? 'tie' : undefined
}
