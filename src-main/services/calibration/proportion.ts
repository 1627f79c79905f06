/**
 * Shares of comparisons, and how sure they are, where comparisons come in groups that resemble each other. Pure maths, any
 * process.
 *
 * [Note: Grouped proportions] Comparisons of one person are alike, so a thousand of them are worth less than a thousand.
 * What they are worth, the effective number, is p(1 − p) over the variance of the share between the groups (Korn &
 * Graubard, *Survey Methodology* 24, 1998, 193 – 201). With it goes the interval of Wilson (*Journal of the American
 * Statistical Association* 22, 1927, 209 – 212), whose coverage is near 95 % for small shares, too (Brown, Cai & DasGupta,
 * *Statistical Science* 16, 2001, 101 – 133). Where a share is so near 0 or 1 that its variance says nothing, the worth
 * found at the nearest distance where it does is used, but never more than one comparison a person: without one miss among
 * 400 people, three photos each, nothing better than 3.8 in 400 can be promised.
 */
import type { Rate } from '../../../src-shared/calibration'

/** Φ⁻¹(0.975). */
const z95 = 1.959963984540054
/** Fewer hits (or non-hits) than this say nothing about the variance. */
const tellingHits = 8

/** Wilson's interval of 95 % for a share seen in `size` > 0 independent trials. */
export function wilson(share: number, size: number): Rate {
  const z2 = z95 * z95
  const middle = (share + z2 / (2 * size)) / (1 + z2 / size)
  const half = (z95 / (1 + z2 / size)) * Math.sqrt((share * (1 - share)) / size + z2 / (4 * size * size))
  return {
    estimate: share,
    low: share === 0 ? 0 : Math.max(0, middle - half),
    high: share === 1 ? 1 : Math.min(1, middle + half),
  }
}

/** One comparison: its distance, the group it belongs to (from 0), its weight. */
export interface GroupedDistance {
  readonly distance: number
  readonly group: number
  readonly weight: number
}

interface Share {
  readonly share: number
  readonly hits: number
  readonly misses: number
  /** `undefined` where the share says nothing about its variance. */
  readonly worth: number | undefined
}

/**
 * The share of weight at each of `distances` (ascending) that lies within the distance, with its interval.
 *
 * @param groups how many groups there are, those without a comparison included; ≥ 1
 * @param persons how many people were compared
 */
export function sharesWithin(
  comparisons: readonly GroupedDistance[],
  groups: number,
  persons: number,
  distances: readonly number[],
): Rate[] {
  const sorted = comparisons.toSorted((a, b) => a.distance - b.distance)
  const totals = new Float64Array(groups)
  for (const { group, weight } of sorted) totals[group]! += weight
  const total = totals.reduce((sum, weight) => sum + weight, 0)
  const filled = totals.reduce((sum, weight) => sum + (weight > 0 ? 1 : 0), 0)
  if (total === 0) return distances.map(() => ({ estimate: 0, low: 0, high: 1 }))

  const hits = new Float64Array(groups)
  let next = 0
  const shares = distances.map((distance): Share => {
    while (next < sorted.length && sorted[next]!.distance <= distance) {
      hits[sorted[next]!.group]! += sorted[next]!.weight
      next++
    }
    const share = Math.min(1, hits.reduce((sum, weight) => sum + weight, 0) / total)
    const counts = { share, hits: next, misses: sorted.length - next }
    if (Math.min(counts.hits, counts.misses) < tellingHits || filled < 2)
      return { ...counts, worth: undefined }
    let squares = 0
    for (let group = 0; group < groups; group++) squares += (hits[group]! - share * totals[group]!) ** 2
    const variance = ((filled / (filled - 1)) * squares) / total ** 2
    const worth = Math.min(sorted.length, (share * (1 - share)) / variance)
    return { ...counts, worth }
  })
  const intervals = shares.map(({ share, worth }) =>
    worth === undefined ? undefined : wilson(share, Math.max(1, worth)),
  )
  const first = shares.findIndex(({ worth }) => worth !== undefined)
  const last = shares.findLastIndex(({ worth }) => worth !== undefined)
  return shares.map(({ share, hits: within, misses }, step) => {
    const own = intervals[step]
    if (own !== undefined) return own
    const rare = within <= misses
    const nearest = rare ? first : last
    const worth = Math.max(1, Math.min(persons, shares[nearest]?.worth ?? filled))
    const interval = wilson(share, worth)
    const telling = intervals[nearest]
    if (telling === undefined) return interval
    // The true share never falls with the distance, so what holds for the nearest telling one holds here.
    return rare
      ? { ...interval, high: Math.min(interval.high, telling.high) }
      : { ...interval, low: Math.max(interval.low, telling.low) }
  })
}
