/**
 * int8 codes of vectors and the bound on what they lose. Store worker thread.
 *
 * [Note: Code bounds] A row x becomes codes c (−127 … 127) and a scale, x̂ = scale · c; the length of what is lost, ‖x − x̂‖,
 * is kept. A probe q becomes integers Q of 7 or of 14 bits, moved to where they are not negative and, if 14, split into
 * two planes of 7 bits: the relaxed dot product of WebAssembly takes 7 bits without saturation on every processor. All
 * sums are exact in 32 bits. As q·x − q̂·x̂ = q·(x − x̂) + (q − q̂)·x̂, the true similarity lies within
 * ‖q‖·‖x − x̂‖ + ‖q − q̂‖·‖x̂‖ of the scanned one (Cauchy–Schwarz). So the rows that may belong to an answer are known
 * with certainty; those are ranked by their float32 vectors, and nothing is missed.
 */
import { embeddingLength } from '../../../src-shared/face'

/** Unit vectors are of length 1 ± 1e-3 (`parseUnitEmbedding`); lengths that go into a bound are raised by as much. */
const longest = 1.001
/** What float32 arithmetic adds: roundings of numbers below 2, in the scan and in the products that decide. */
const rounding = 4e-6

const codeLimit = 127

/** One plane is quicker to scan; two lose so little of the probe that a third of the rows is left to decide. */
export type Planes = 1 | 2

interface RowCodes {
  readonly scale: number
  /** Of the codes: with it the kernel takes off what moving the probe added. */
  readonly sum: number
  /** The true similarity differs from the scanned one by at most this (and the probe's slack). */
  readonly error: number
}

/** Writes the 512 codes of `vector`, a unit vector. */
export function quantiseRow(vector: Float32Array, codes: Int8Array): RowCodes {
  // As the kernel will read it: float32.
  const scale = Math.fround(greatestMagnitude(vector) / codeLimit)
  const perUnit = 1 / scale
  let sum = 0
  let squaredError = 0
  for (let i = 0; i < embeddingLength; i++) {
    const value = vector[i]!
    // At most 127: the scale is the greatest magnitude's, but for a float32 rounding.
    const code = Math.round(value * perUnit)
    codes[i] = code
    sum += code
    const lost = value - scale * code
    squaredError += lost * lost
  }
  return { scale, sum, error: Math.sqrt(squaredError) * longest + rounding }
}

/** Writes the planes of `probe`, a unit vector: 512 bytes each, the upper first. */
export function quantiseProbe(
  probe: Float32Array,
  planes: Planes,
  columns: Uint8Array,
): { readonly scale: number; readonly slack: number } {
  const middle = planes === 2 ? 8192 : 64
  const limit = middle - 1
  const scale = Math.fround(greatestMagnitude(probe) / limit)
  let squaredError = 0
  for (let i = 0; i < embeddingLength; i++) {
    const value = probe[i]!
    const whole = Math.round(value / scale)
    const lost = value - scale * whole
    squaredError += lost * lost
    const moved = whole + middle
    columns[i] = planes === 2 ? moved >> 7 : moved
    if (planes === 2) columns[embeddingLength + i] = moved & 127
  }
  // ‖x̂‖ is at most the row's length and what was lost of it, which is below a tenth.
  return { scale, slack: Math.sqrt(squaredError) * longest * 1.1 }
}

function greatestMagnitude(vector: Float32Array): number {
  let greatest = 0
  for (let i = 0; i < embeddingLength; i++) {
    const magnitude = Math.abs(vector[i]!)
    if (magnitude > greatest) greatest = magnitude
  }
  return greatest
}
