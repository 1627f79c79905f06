/** From the distances that were measured to the rates at every distance. Pure maths, any process. */
import type { Calibration, CurvePoint, Histogram, Rate, Shortage } from '../../../src-shared/calibration'
import { type GroupedDistance, sharesWithin } from './proportion'
import { type Excess, Tail } from './tail'

/** One face that was searched for. Distances are cosine distances. */
export interface Probe {
  /** Whose it is: a number from 0. */
  readonly person: number
  /** To the nearest face of anybody else; `undefined` where there is nobody else. */
  readonly nearestOther: number | undefined
  /** The number of that somebody; `undefined` where they were not searched for themselves. */
  readonly nearestOtherPerson: number | undefined
}

/** One face of somebody with other photos, searched for as if this photo were not enrolled. */
export interface MatedProbe {
  readonly person: number
  /** To the nearest of the person's other photos. */
  readonly nearestOwn: number
  readonly nearestOther: number | undefined
}

/** Distances of one group: photos of one person, or people of one portion. */
export interface GroupDistances {
  readonly distances: readonly number[]
}

export interface Measured {
  /** People who were searched for, and the probes: a few a person. */
  readonly personsSearched: number
  readonly probes: readonly Probe[]
  readonly personsMissed: number
  readonly matedProbes: readonly MatedProbe[]
  /** Photos of one person with one another, a group a person. */
  readonly within: readonly GroupDistances[]
  /** People with one another, a group for those that were compared with each other and with nobody else. */
  readonly between: readonly GroupDistances[]
}

/**
 * [Note: Enough data] By the rule of three, n searches without one error say that the rate is at most 3/n, with 95 %
 * confidence (Jovanovic & Levy, *The American Statistician* 51, 1997, 137 – 139). With fewer than 30 people with two photos
 * not even "misses at most 1 in 10" could be said; with fewer than 100 people not even "at most 3 wrong names in 100
 * searches". 100 people are also the least that leaves the tail its 30 searches.
 */
const leastPersonsWithTwoPhotos = 30
const leastPersons = 100

/** How many more people the rules above ask for. */
export function shortageOf(persons: number, personsWithTwoPhotos: number): Shortage {
  return {
    persons: Math.max(0, leastPersons - persons),
    personsWithTwoPhotos: Math.max(0, leastPersonsWithTwoPhotos - personsWithTwoPhotos),
  }
}

/** Distances of the curve: 0 … 1.4 in steps of 0.005. Beyond 1.4 no two faces are. */
export const curveDistances: readonly number[] = Array.from({ length: 281 }, (_, step) => step / 200)
const binWidth = 0.02

/** The tail is at least this many people and, in larger samples, a tenth of them. */
const leastTail = 30
const tailShare = 0.1
/** Rates below 1 in this many times the people searched are not told: the data cannot know. */
const reach = 10

/** The lowest rate told after searching for `persons` ≥ 1. */
export function lowestRateOf(persons: number): number {
  return 1 / (reach * Math.max(1, persons))
}

/** Counts of cosine distances, 0 … 2. */
export function histogram(distances: Iterable<number>): Histogram {
  const counts = new Array<number>(Math.ceil(2 / binWidth)).fill(0)
  for (const distance of distances) {
    const bin = Math.min(counts.length - 1, Math.floor(distance / binWidth + 1e-9))
    counts[bin]!++
  }
  return { width: binWidth, counts }
}

/** The rates at {@link curveDistances}. `pause` is awaited between steps of a few milliseconds. */
export async function curveOf(measured: Measured, pause: () => Promise<void>): Promise<CurvePoint[]> {
  const falseMatch = sharesWithin(
    grouped(measured.between),
    measured.between.length,
    measured.personsSearched,
    curveDistances,
  )
  await pause()
  const match = sharesWithin(
    grouped(measured.within),
    measured.within.length,
    measured.within.length,
    curveDistances,
  )
  await pause()
  const found = sharesWithin(
    foundProbes(measured),
    measured.personsMissed,
    measured.personsMissed,
    curveDistances,
  )
  await pause()
  const wrongName = await wrongNameRates(measured, pause)
  return curveDistances.map((distance, step) => ({
    distance,
    falseMatch: falseMatch[step]!,
    falseNonMatch: complement(match[step]!),
    wrongName: wrongName[step]!,
    miss: complement(found[step]!),
  }))
}

/** What the window and the command line are told of what was measured. */
export function histogramsOf(measured: Measured): Pick<Calibration, 'within' | 'between' | 'nearestOther'> {
  const all = (groups: readonly GroupDistances[]) => groups.flatMap(({ distances }) => distances)
  return {
    within: histogram(all(measured.within)),
    between: histogram(all(measured.between)),
    nearestOther: histogram(measured.probes.flatMap(({ nearestOther }) => nearestOther ?? [])),
  }
}

function grouped(groups: readonly GroupDistances[]): GroupedDistance[] {
  return groups.flatMap(({ distances }, group) =>
    distances.map((distance) => ({ distance, group, weight: 1 })),
  )
}

function complement({ estimate, low, high }: Rate): Rate {
  return { estimate: 1 - estimate, low: 1 - high, high: 1 - low }
}

/** At which distance each probe is found; never (beyond every distance) where somebody else is nearer. */
function foundProbes({ matedProbes }: Measured): GroupedDistance[] {
  const weights = sharesOfPerson(matedProbes)
  return matedProbes.map(({ person, nearestOwn, nearestOther = Infinity }) => ({
    distance: nearestOther < nearestOwn ? Infinity : nearestOwn,
    group: person,
    weight: weights.get(person)!,
  }))
}

/** A person's probes together weigh 1. */
function sharesOfPerson(probes: readonly { readonly person: number }[]): Map<number, number> {
  const counts = new Map<number, number>()
  for (const { person } of probes) counts.set(person, (counts.get(person) ?? 0) + 1)
  return new Map([...counts].map(([person, count]) => [person, 1 / count]))
}

/**
 * [Note: Wrong-name rate] Each sampled person is searched for in the gallery without them: what is found is a wrong name.
 * So the rate is measured at the gallery's own size N, with its own twins, and no independence of N comparisons has to be
 * assumed (the direct method of Grother, Ngan & Hanaoka, NISTIR 8271, 2019). Where at least 30 people and a tenth of them
 * are within the distance, the rate is their share; below, it is that of the fitted tail ([Note: Tail]). Two people who
 * are each other's nearest are one observation, not two, and are counted as one group.
 */
async function wrongNameRates(
  { probes, personsSearched }: Measured,
  pause: () => Promise<void>,
): Promise<Rate[]> {
  const weights = sharesOfPerson(probes)
  const group = pairedGroups(probes, personsSearched)
  const comparisons = probes
    .map(({ person, nearestOther = Infinity }) => ({
      distance: nearestOther,
      group: group[person]!,
      weight: weights.get(person)!,
    }))
    .toSorted((a, b) => a.distance - b.distance)
  const direct = sharesWithin(comparisons, personsSearched, personsSearched, curveDistances)

  const total = comparisons.reduce((sum, { weight }) => sum + weight, 0)
  const wanted = Math.max(leastTail, total * tailShare)
  const level = distanceReaching(comparisons, wanted)
  if (level === undefined) return direct
  const inTail = comparisons.filter(({ distance }) => distance < level)
  const reached = inTail.reduce((sum, { weight }) => sum + weight, 0)
  if (inTail.length === 0) return direct
  const excesses = inTail.map(({ distance, weight }): Excess => ({ by: level - distance, weight }))
  const tail = new Tail(excesses, reached / total, worthOf(inTail))
  const rates: Rate[] = []
  for (const [step, distance] of curveDistances.entries()) {
    if (distance >= level) {
      rates.push(direct[step]!)
    } else {
      rates.push(tail.rateAbove(level - distance))
      if (step % 8 === 0) await pause()
    }
  }
  // A mean over tails and a share that was counted meet at the level within noise; a rate never falls with the distance.
  for (let step = rates.length - 2; step >= 0; step--) {
    const { estimate, low, high } = rates[step]!
    const above = rates[step + 1]!
    rates[step] = {
      estimate: Math.min(estimate, above.estimate),
      low: Math.min(low, above.low),
      high: Math.min(high, above.high),
    }
  }
  return rates
}

/** The distance in the middle between the last that belongs to the `wanted` weight of nearest and the next. */
function distanceReaching(sorted: readonly GroupedDistance[], wanted: number): number | undefined {
  let sum = 0
  for (const [index, { distance, weight }] of sorted.entries()) {
    sum += weight
    const next = sorted[index + 1]?.distance
    if (sum >= wanted - 1e-9 && next !== undefined && next > distance) {
      return Number.isFinite(next) ? (distance + next) / 2 : undefined
    }
  }
  return undefined
}

/** What grouped searches are worth: the square of their weight over the squares of the groups' (Kish's effective number). */
function worthOf(comparisons: readonly GroupedDistance[]): number {
  const totals = new Map<number, number>()
  for (const { group, weight } of comparisons) totals.set(group, (totals.get(group) ?? 0) + weight)
  let sum = 0
  let squares = 0
  for (const total of totals.values()) {
    sum += total
    squares += total ** 2
  }
  return sum ** 2 / squares
}

/** The group of each person: that of whom they share being each other's nearest with, else their own. */
function pairedGroups(probes: readonly Probe[], persons: number): number[] {
  const nearest = Array.from({ length: persons }, () => new Set<number>())
  for (const { person, nearestOtherPerson } of probes) {
    if (nearestOtherPerson !== undefined) nearest[person]?.add(nearestOtherPerson)
  }
  const group = Array.from({ length: persons }, (_, person) => person)
  const root = (person: number): number => (group[person] === person ? person : root(group[person]!))
  for (const [person, others] of nearest.entries()) {
    for (const other of others) {
      if (nearest[other]?.has(person))
        group[Math.max(root(person), root(other))] = Math.min(root(person), root(other))
    }
  }
  return group.map((_, person) => root(person))
}
