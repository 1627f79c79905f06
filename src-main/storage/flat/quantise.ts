/**
 * int8 codes of vectors and the bound on what they lose. Store worker thread.
 *
 * [Note: int8 bounds] A row x becomes codes c (−127 … 127) and a scale, x̂ = scale · c; the length of what is lost,
 * ‖x − x̂‖, is kept. A probe q becomes 14-bit integers Q, moved to 1 … 16,383 and split into two planes of 7 bits, which
 * is what the relaxed dot product of WebAssembly takes without saturation on every processor:
 * Σ c·Q = 128·Σ c·upper + Σ c·lower − 8,192·Σ c, exact in 32 bits. As q·x − q̂·x̂ = q·(x − x̂) + (q − q̂)·x̂,
 * the true similarity lies within ‖q‖·‖x − x̂‖ + ‖q − q̂‖·‖x̂‖ of the scanned one (Cauchy–Schwarz). So the rows that
 * may belong to the answer are known with certainty; they are ranked by their float32 vectors, and nothing is missed.
 */
import { embeddingLength } from '../../../src-shared/face'

/** Unit vectors are of length 1 ± 1e-3 (`parseUnitEmbedding`); lengths that go into a bound are raised by as much. */
const longest = 1.001
/** What float32 arithmetic adds: three roundings of a number below 1, and the kernel's own sum. */
const rounding = 2e-6

const codeLimit = 127
const probeLimit = 8191
const probeShift = 8192

export interface RowCodes {
  readonly scale: number
  /** 8,192 · Σ codes: what the kernel takes off. */
  readonly offset: number
  /** The true similarity is below the scanned one plus this (plus the probe's slack). */
  readonly error: number
}

/** Writes the 512 codes of `vector`, a unit vector. */
export function quantiseRow(vector: Float32Array, codes: Int8Array): RowCodes {
  let greatest = 0
  for (let i = 0; i < embeddingLength; i++) {
    const magnitude = Math.abs(vector[i]!)
    if (magnitude > greatest) greatest = magnitude
  }
  // As the kernel will read it: float32.
  const scale = Math.fround(greatest / codeLimit)
  const perUnit = 1 / scale
  let sum = 0
  let squaredError = 0
  for (let i = 0; i < embeddingLength; i++) {
    const value = vector[i]!
    const code = Math.max(-codeLimit, Math.min(codeLimit, Math.round(value * perUnit)))
    codes[i] = code
    sum += code
    const lost = value - scale * code
    squaredError += lost * lost
  }
  return { scale, offset: probeShift * sum, error: Math.sqrt(squaredError) * longest + rounding }
}

/** Writes the two planes of `probe`, 512 bytes each. */
export function quantiseProbe(
  probe: Float32Array,
  planes: Uint8Array,
): { readonly scale: number; readonly slack: number } {
  let greatest = 0
  for (const value of probe) greatest = Math.max(greatest, Math.abs(value))
  const scale = Math.fround(greatest / probeLimit)
  let squaredError = 0
  for (let i = 0; i < embeddingLength; i++) {
    const value = probe[i]!
    const whole = Math.max(-probeLimit, Math.min(probeLimit, Math.round(value / scale)))
    const lost = value - scale * whole
    squaredError += lost * lost
    planes[i] = (whole + probeShift) >> 7
    planes[embeddingLength + i] = (whole + probeShift) & 127
  }
  // ‖x̂‖ is at most the row's length and what was lost of it, which is well below a tenth.
  return { scale, slack: Math.sqrt(squaredError) * longest * 1.1 }
}
