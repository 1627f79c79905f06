/** Thresholds: the quantile against tabled values, the rates against their definition, the rules of precedence. */
import { describe, expect, it } from 'vitest'
import {
  falseMatchRateFor,
  identifyDistance,
  normalQuantile,
  thresholdsInForce,
} from '../../../src-main/services/thresholds'
import type { PackThresholds } from '../../../src-shared/model-pack'

const pack: PackThresholds = {
  verify: 0.6,
  impostor: { meanSimilarity: 0.05, standardDeviation: 0.1, comparisons: 1000, source: 'test' },
  identify: { matchFpir: 0.001, possibleFpir: 0.05 },
}

describe('normalQuantile', () => {
  // R 4.3, qnorm(p), 16 digits; one value in each of the algorithm's three regions and their mirror images.
  it.each([
    [0.5, 0],
    [0.975, 1.959963984540054],
    [0.001, -3.090232306167813],
    [1e-10, -6.361340902404056],
    [1e-20, -9.26234008979841],
    [0.9999, 3.71901648545568],
  ])('of %d is %d', (p, quantile) => {
    expect(normalQuantile(p)).toBeCloseTo(quantile, 10)
  })

  it.each([0, 1, -1, Number.NaN])('refuses %d', (p) => {
    expect(() => normalQuantile(p)).toThrow(RangeError)
  })
})

describe('falseMatchRateFor', () => {
  it.each([1, 12, 23_640, 1_000_000])('gives back the rate of a search of %d faces', (comparisons) => {
    const fmr = falseMatchRateFor(0.01, comparisons)
    expect(-Math.expm1(comparisons * Math.log1p(-fmr))).toBeCloseTo(0.01, 12)
  })

  it('counts an empty gallery as one comparison', () => {
    expect(falseMatchRateFor(0.01, 0)).toBeCloseTo(0.01, 12)
  })
})

describe('identifyDistance', () => {
  it('has the rate it was made for, by simulation', () => {
    // 200,000 searches of 20 strangers each, similarities drawn from the pack's own distribution: the share of searches
    // that name somebody is the wanted rate, within four standard errors.
    const loose = { ...pack, verify: 2 }
    const limit = 1 - identifyDistance(loose, 0.05, 20)
    const random = mulberry32(7)
    const searches = 200_000
    let wrong = 0
    for (let search = 0; search < searches; search += 1) {
      let best = -1
      for (let face = 0; face < 20; face += 1) best = Math.max(best, 0.05 + 0.1 * normalQuantile(random()))
      if (best >= limit) wrong += 1
    }
    expect(Math.abs(wrong / searches - 0.05)).toBeLessThan(4 * Math.sqrt((0.05 * 0.95) / searches))
  })

  it('grows stricter with the gallery and is never looser than one comparison', () => {
    const distances = [1, 10, 1_000, 23_640, 1_000_000].map((size) => identifyDistance(pack, 0.001, size))
    expect(distances).toEqual([...distances].sort((a, b) => b - a))
    expect(distances[0]).toBeLessThanOrEqual(pack.verify)
    expect(distances[4]).toBeLessThan(distances[0]!)
  })
})

describe('thresholdsInForce', () => {
  it('follows the size of the gallery, and says so', () => {
    const { match, possible, matchSource } = thresholdsInForce(pack, 23_640)
    expect(match).toBeLessThan(possible)
    expect(possible).toBeLessThanOrEqual(pack.verify)
    expect(matchSource).toBe('gallery-size')
  })

  it('lets an override win, and keeps possible at least as wide as match', () => {
    const { match, possible, matchSource } = thresholdsInForce(pack, 23_640, {
      matchDistance: 0.7,
      possibleDistance: null,
    })
    expect([match, possible, matchSource]).toEqual([0.7, 0.7, 'override'])
  })

  it('takes what was chosen for the domain, unless the search overrides it', () => {
    const chosen = { match: { distance: 0.31, rate: 0.001 }, possible: null }
    const own = thresholdsInForce(pack, 23_640, undefined, chosen)
    expect([own.match, own.matchSource, own.possibleSource]).toEqual([0.31, 'domain', 'gallery-size'])
    const overridden = thresholdsInForce(pack, 23_640, { matchDistance: 0.2, possibleDistance: null }, chosen)
    expect([overridden.match, overridden.matchSource]).toEqual([0.2, 'override'])
    const narrowed = thresholdsInForce(pack, 23_640, { matchDistance: null, possibleDistance: 0.25 }, chosen)
    expect([narrowed.match, narrowed.possible]).toEqual([0.25, 0.25])
  })

  it('narrows match where only possible is overridden below it', () => {
    const { match, possible } = thresholdsInForce(pack, 10, { matchDistance: null, possibleDistance: 0.2 })
    expect([match, possible]).toEqual([0.2, 0.2])
  })
})

/** A small seeded generator of numbers in 0 … 1, both excluded. */
function mulberry32(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return (((mixed ^ (mixed >>> 14)) >>> 0) + 0.5) / 4294967296
  }
}
