/**
 * Which distance is near enough, for one comparison and for one of N. Pure maths, any process.
 *
 * [Note: Identification threshold] A search compares a probe with N enrolled faces. If a comparison of two different
 * people passes with probability FMR, and comparisons are independent, a search of somebody who is not enrolled names a
 * wrong person with probability FPIR = 1 − (1 − FMR)^N (Daugman, *Biometric decision landscapes*, 2000, §6;
 * ISO/IEC 19795-1:2021 defines the two rates). So, for a bearable FPIR, FMR = 1 − (1 − FPIR)^(1/N). The similarity of
 * different people is taken to be normally distributed (mean and standard deviation measured, kept with the pack), which
 * gives the similarity that only a share FMR of such comparisons reaches: mean + deviation · Φ⁻¹(1 − FMR).
 *
 * What this assumes: independence (faces of one person are alike, so N counts too many comparisons and the threshold
 * is on the strict side); a normal tail (real tails are a little heavier: relatives and twins are in them). It is a
 * default to start from: an override, or a threshold measured on the gallery itself, replaces it.
 */
import type { PackThresholds } from '../../src-shared/model-pack'
import type { ThresholdsInForce } from '../../src-shared/recognition'

/** False match rate of one comparison at which a search of `comparisons` ≥ 1 faces has the rate `fpir`, both 0 … 1. */
export function falseMatchRateFor(fpir: number, comparisons: number): number {
  return -Math.expm1(Math.log1p(-fpir) / Math.max(1, comparisons))
}

/**
 * Cosine distance at which a search of `comparisons` enrolled faces names a wrong person at the rate `fpir`
 * (0 < fpir < 1). Never looser than `verify`: what one comparison would refuse, no search may offer.
 */
export function identifyDistance(pack: PackThresholds, fpir: number, comparisons: number): number {
  const { meanSimilarity, standardDeviation } = pack.impostor
  const similarity = meanSimilarity - standardDeviation * normalQuantile(falseMatchRateFor(fpir, comparisons))
  return Math.max(0, Math.min(pack.verify, 1 - similarity))
}

/** Overrides: a cosine distance each, `null` = follow the gallery's size. */
export interface ThresholdOverrides {
  readonly matchDistance: number | null
  readonly possibleDistance: number | null
}

/** The two distances of a search. `possible` is never stricter than `match`, whichever of them was overridden. */
export function thresholdsInForce(
  pack: PackThresholds,
  comparisons: number,
  overrides: ThresholdOverrides = { matchDistance: null, possibleDistance: null },
): ThresholdsInForce {
  const level = (override: number | null, fpir: number) => {
    if (override !== null) return { distance: override, source: 'override' as const }
    const distance = identifyDistance(pack, fpir, comparisons)
    return { distance, source: distance < pack.verify ? ('gallery-size' as const) : ('verify' as const) }
  }
  const match = level(overrides.matchDistance, pack.identify.matchFpir)
  const possible = level(overrides.possibleDistance, pack.identify.possibleFpir)
  const matchDistance =
    overrides.possibleDistance !== null && overrides.matchDistance === null
      ? Math.min(match.distance, possible.distance)
      : match.distance
  return {
    match: matchDistance,
    possible: Math.max(matchDistance, possible.distance),
    matchSource: match.source,
    possibleSource: possible.source,
    comparisons,
  }
}

/**
 * Φ⁻¹(p), the standard normal quantile, 0 < p < 1; relative error about 1e-16.
 * Algorithm AS 241 (PPND16), M. J. Wichura, Applied Statistics 37 (1988), 477 – 484.
 */
export function normalQuantile(p: number): number {
  if (!(p > 0 && p < 1)) throw new RangeError('normalQuantile: p must be between 0 and 1')
  const q = p - 0.5
  if (Math.abs(q) <= 0.425) {
    const r = 0.180625 - q * q
    return (q * polynomial(centralNumerator, r)) / polynomial(centralDenominator, r)
  }
  const r = Math.sqrt(-Math.log(q < 0 ? p : 1 - p))
  const magnitude =
    r <= 5
      ? polynomial(middleNumerator, r - 1.6) / polynomial(middleDenominator, r - 1.6)
      : polynomial(tailNumerator, r - 5) / polynomial(tailDenominator, r - 5)
  return q < 0 ? -magnitude : magnitude
}

/** Coefficients from the constant term upwards, by Horner's rule. */
function polynomial(coefficients: readonly number[], x: number): number {
  return coefficients.reduceRight((sum, coefficient) => sum * x + coefficient, 0)
}

const centralNumerator = [
  3.387132872796366608, 133.14166789178437745, 1971.5909503065514427, 13731.693765509461125, 45921.953931549871457,
  67265.770927008700853, 33430.575583588128105, 2509.0809287301226727,
]
const centralDenominator = [
  1, 42.313330701600911252, 687.1870074920579083, 5394.1960214247511077, 21213.794301586595867, 39307.89580009271061,
  28729.085735721942674, 5226.495278852854561,
]
const middleNumerator = [
  1.42343711074968357734, 4.6303378461565452959, 5.7694972214606914055, 3.64784832476320460504, 1.27045825245236838258,
  0.24178072517745061177, 0.0227238449892691845833, 7.7454501427834140764e-4,
]
const middleDenominator = [
  1, 2.05319162663775882187, 1.6763848301838038494, 0.68976733498510000455, 0.14810397642748007459,
  0.0151986665636164571966, 5.475938084995344946e-4, 1.05075007164441684324e-9,
]
const tailNumerator = [
  6.6579046435011037772, 5.4637849111641143699, 1.7848265399172913358, 0.29656057182850489123, 0.026532189526576123093,
  0.0012426609473880784386, 2.71155556874348757815e-5, 2.01033439929228813265e-7,
]
const tailDenominator = [
  1, 0.59983220655588793769, 0.13692988092273580531, 0.0148753612908506148525, 7.868691311456132591e-4,
  1.8463183175100546818e-5, 1.4215117583164458887e-7, 2.04426310338993978564e-15,
]
