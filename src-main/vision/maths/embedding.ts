/** Unit vectors. Pure maths; vision process. */
import type { UnitEmbedding } from '../../../src-shared/face'

/**
 * `vector` at length 1, as a new array. Throws where its length is 0 or not finite: such an output of the network is no
 * embedding of anything.
 */
export function normalise(vector: Float32Array): UnitEmbedding {
  let squared = 0
  for (const value of vector) squared += value * value
  const length = Math.sqrt(squared)
  if (!(length > 0) || !Number.isFinite(length))
    throw new Error('The embedder gave a vector without a direction.')
  return vector.map((value) => value / length) as UnitEmbedding
}

/** The direction between two unit vectors: of a face and of its mirror image, say. */
export function average(a: UnitEmbedding, b: UnitEmbedding): UnitEmbedding {
  return normalise(a.map((value, index) => value + b[index]!))
}
