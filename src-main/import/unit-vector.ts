/** Vectors of a source as a gallery keeps them. Pure; import worker thread. */
import { hash } from 'node:crypto'

/** The sum of the squares of a vector's numbers, in their order, in float64: not finite where one of them is not. */
export function squaredLength(vector: Float32Array): number {
  let squared = 0
  for (let index = 0; index < vector.length; index++) squared += vector[index]! * vector[index]!
  return squared
}

/** Writes a vector at length 1, as every embedding is normalised: each quotient is rounded to float32 once. `squared`: its {@link squaredLength}, finite and not 0. */
export function writeUnit(vector: Float32Array, squared: number, into: Float32Array): void {
  const length = Math.sqrt(squared)
  for (let index = 0; index < vector.length; index++) into[index] = vector[index]! / length
}

/** What stands for a vector's bits: their SHA-256, base64. */
export function vectorDigest({ buffer, byteOffset, byteLength }: Float32Array): string {
  return hash('sha256', new Uint8Array(buffer, byteOffset, byteLength), 'base64')
}
