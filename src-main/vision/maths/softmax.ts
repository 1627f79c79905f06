/** From a network's scores to likelihoods. Pure maths; vision process. */

/** Likelihoods of the classes, each 0 … 1, 1 in all. */
export function softmax(scores: Float32Array): Float64Array {
  const largest = scores.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY)
  // Less the largest score: none overflows.
  const powers = Float64Array.from(scores, (score) => Math.exp(score - largest))
  const sum = powers.reduce((a, b) => a + b, 0)
  return powers.map((power) => power / sum)
}
