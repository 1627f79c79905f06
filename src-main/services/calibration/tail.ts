/**
 * How rare is a likeness greater than any that was seen? The tail of the nearest wrong distances. Pure maths, any process.
 *
 * [Note: Tail] Of each search the nearest wrong person is the greatest of many similarities. Above a high level u, the
 * excesses of such values follow a generalised Pareto distribution, P(X − u > y) = (1 + ξ·y/σ)^(−1/ξ), whatever the
 * distribution they come from (peaks over threshold: Coles, *An Introduction to Statistical Modeling of Extreme Values*,
 * 2001, ch. 4). ξ and σ are not estimated as one best pair but weighed, each by its likelihood and a prior (ibid. § 9.1):
 * the rate told is the mean over all of them, the probability that the *next* search errs, and the interval their
 * 2.5 % and 97.5 % points. Resampling the people instead covers the truth in only 80 – 90 % of galleries of 200 people;
 * this does in 93 – 98 % (`test/unit/services/calibration`), and is the same at every run without a seed.
 *
 * Prior: σ on a log scale even, ξ normal around −0.1 with deviation 0.15. Cosine similarities end at 1, so ξ cannot be much
 * above 0. Where those of two people are normal, the shape near the z-th deviation is z·(1 − Φ(z))/φ(z) − 1 (the derivative
 * of the reciprocal hazard): −0.10 at z = 2.9, the highest of 500 similarities, and −0.04 at z = 4.9, that of two million.
 */
import type { Rate } from '../../../src-shared/calibration'

const shapePrior = { mean: -0.1, deviation: 0.15 } as const
const shapes = Array.from({ length: 31 }, (_, step) => -0.6 + 0.03 * step)
/** ln σ around the moment estimate, in steps of 0.06. */
const scaleSteps = Array.from({ length: 41 }, (_, step) => (step - 20) * 0.06)
/** Points of a standard normal, for the share of searches that reach the tail at all. */
const sharePoints = Array.from({ length: 9 }, (_, step) => (step - 4) * 0.6)
/** Pairs of less weight than this share of the heaviest are left out. */
const negligible = 1e-5

/** One search in the tail. */
export interface Excess {
  /** Similarity above the level, ≥ 0. */
  readonly by: number
  readonly weight: number
}

interface Weighed {
  readonly shape: number
  readonly scale: number
  readonly weight: number
}

export class Tail {
  readonly #pairs: readonly Weighed[]
  readonly #shares: readonly { readonly share: number; readonly weight: number }[]

  /**
   * @param excesses at least one above 0
   * @param share of the searches that reach the level, 0 … 1
   * @param worth how many independent searches the excesses are worth, ≤ their number
   */
  constructor(excesses: readonly Excess[], share: number, worth: number) {
    const total = excesses.reduce((sum, { weight }) => sum + weight, 0)
    // Ties at the level: without any spread there is no scale to weigh.
    const mean = Math.max(1e-6, excesses.reduce((sum, { by, weight }) => sum + by * weight, 0) / total)
    const greatest = excesses.reduce((most, { by }) => Math.max(most, by), 0)
    const candidates = shapes.flatMap((shape) =>
      scaleSteps.map((step) => ({ shape, scale: mean * (1 - shape) * Math.exp(step) })),
    )
    const scored = candidates
      .filter(({ shape, scale }) => 1 + (shape * greatest) / scale > 1e-9)
      .map((pair) => {
        const prior = -0.5 * ((pair.shape - shapePrior.mean) / shapePrior.deviation) ** 2
        return { ...pair, logWeight: prior + (worth / total) * logLikelihood(excesses, pair) }
      })
    const best = scored.reduce((most, { logWeight }) => Math.max(most, logWeight), -Infinity)
    this.#pairs = normalised(
      scored.map(({ shape, scale, logWeight }) => ({ shape, scale, weight: Math.exp(logWeight - best) })),
    )
    const deviation = Math.sqrt((1 - share) / worth)
    this.#shares = normalised(
      sharePoints.map((point) => ({
        // Log-normal of mean `share`.
        share: Math.min(1, share * Math.exp(point * deviation - deviation ** 2 / 2)),
        weight: Math.exp((-point * point) / 2),
      })),
    )
  }

  /** The share of searches whose nearest wrong person is more than `by` ≥ 0 above the level. */
  rateAbove(by: number): Rate {
    const rates = this.#pairs.flatMap((pair) => {
      const beyond = survival(pair, by)
      return this.#shares.map(({ share, weight }) => ({ rate: share * beyond, weight: weight * pair.weight }))
    })
    rates.sort((a, b) => a.rate - b.rate)
    let passed = 0
    let mean = 0
    let low: number | undefined
    let high: number | undefined
    for (const { rate, weight } of rates) {
      passed += weight
      mean += rate * weight
      if (low === undefined && passed >= 0.025) low = rate
      if (high === undefined && passed >= 0.975) high = rate
    }
    return { estimate: mean, low: Math.min(low ?? 0, mean), high: Math.max(high ?? 1, mean) }
  }
}

function survival({ shape, scale }: Omit<Weighed, 'weight'>, by: number): number {
  if (Math.abs(shape) < 1e-6) return Math.exp(-by / scale)
  const base = 1 + (shape * by) / scale
  return base <= 0 ? 0 : base ** (-1 / shape)
}

function logLikelihood(excesses: readonly Excess[], { shape, scale }: Omit<Weighed, 'weight'>): number {
  let sum = 0
  for (const { by, weight } of excesses) {
    const exponent = Math.abs(shape) < 1e-6 ? by / scale : (1 + 1 / shape) * Math.log1p((shape * by) / scale)
    sum -= weight * (Math.log(scale) + exponent)
  }
  return sum
}

function normalised<T extends { readonly weight: number }>(list: readonly T[]): T[] {
  const heaviest = list.reduce((most, { weight }) => Math.max(most, weight), 0)
  const kept = list.filter(({ weight }) => weight >= heaviest * negligible)
  const total = kept.reduce((sum, { weight }) => sum + weight, 0)
  return kept.map((one) => ({ ...one, weight: one.weight / total }))
}
