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
import type { ChosenDistance, DomainThresholds } from '../../src-shared/calibration'
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

/** Overrides of one search: a cosine distance each, `null` = none. */
export interface ThresholdOverrides {
  readonly matchDistance: number | null
  readonly possibleDistance: number | null
}

/** A level's distance and how much it weighs against the other's where they contradict. */
interface Level {
  readonly distance: number
  readonly source: ThresholdsInForce['matchSource']
  readonly say: 0 | 1 | 2
}

/**
 * The two distances of a search: what the search itself overrides, else what was chosen for its domain, else what the
 * gallery's size asks for. `possible` is never stricter than `match`; where they contradict, the one with more to say moves
 * the other.
 */
export function thresholdsInForce(
  pack: PackThresholds,
  comparisons: number,
  overrides: ThresholdOverrides = { matchDistance: null, possibleDistance: null },
  chosen: Pick<DomainThresholds, 'match' | 'possible'> = { match: null, possible: null },
): ThresholdsInForce {
  const level = (override: number | null, choice: ChosenDistance | null, fpir: number): Level => {
    if (override !== null) return { distance: override, source: 'override', say: 2 }
    if (choice !== null) return { distance: choice.distance, source: 'domain', say: 1 }
    const distance = identifyDistance(pack, fpir, comparisons)
    return { distance, source: distance < pack.verify ? 'gallery-size' : 'verify', say: 0 }
  }
  const match = level(overrides.matchDistance, chosen.match, pack.identify.matchFpir)
  const possible = level(overrides.possibleDistance, chosen.possible, pack.identify.possibleFpir)
  const matchDistance =
    possible.say > match.say ? Math.min(match.distance, possible.distance) : match.distance
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
  3.3871328727963665, 133.14166789178438, 1971.5909503065513, 13731.69376550946, 45921.95393154987,
  67265.7709270087, 33430.57558358813, 2509.0809287301227,
]
const centralDenominator = [
  1, 42.31333070160091, 687.1870074920579, 5394.196021424751, 21213.794301586597, 39307.89580009271,
  28729.085735721943, 5226.495278852854,
]
const middleNumerator = [
  1.4234371107496835, 4.630337846156546, 5.769497221460691, 3.6478483247632045, 1.2704582524523684,
  0.2417807251774506, 0.022723844989269184, 0.0007745450142783414,
]
const middleDenominator = [
  1, 2.053191626637759, 1.6763848301838038, 0.6897673349851, 0.14810397642748008, 0.015198666563616457,
  0.0005475938084995345, 1.0507500716444169e-9,
]
const tailNumerator = [
  6.657904643501103, 5.463784911164114, 1.7848265399172913, 0.29656057182850487, 0.026532189526576124,
  0.0012426609473880784, 2.7115555687434876e-5, 2.0103343992922881e-7,
]
const tailDenominator = [
  1, 0.599832206555888, 0.1369298809227358, 0.014875361290850615, 0.0007868691311456133,
  1.8463183175100548e-5, 1.421511758316446e-7, 2.0442631033899397e-15,
]
