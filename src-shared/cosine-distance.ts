/** The distance of two embeddings. Pure, every process. */

/** 1 − a·b of two unit vectors of one length, 0 … 2. */
export function cosineDistance(a: Float32Array, b: Float32Array): number {
  let product = 0
  for (let index = 0; index < a.length; index += 1) product += a[index]! * b[index]!
  return Math.min(2, Math.max(0, 1 - product))
}
