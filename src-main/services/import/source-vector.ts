/** The vector of a source's row as a gallery keeps it. Pure; main, command line. */
import { embeddingLength, type UnitEmbedding } from '../../../src-shared/face'
import { type RejectReason, unusableEmbedding } from '../../../src-shared/import'
import type { SourceRow } from '../../import/source'

/**
 * At length 1, as every embedding is normalised: the sum of squares in float64, each quotient rounded to float32 once. `into`: 512
 * numbers to write it in.
 */
export function unitOf(
  vector: Float32Array,
  into: Float32Array = new Float32Array(embeddingLength),
): { readonly embedding: UnitEmbedding } | { readonly reason: RejectReason; readonly detail: string } {
  if (vector.length !== embeddingLength) {
    const detail = `It has ${vector.length} numbers; a gallery keeps embeddings of ${embeddingLength}.`
    return { reason: 'wrong-dimension', detail }
  }
  let squared = 0
  for (let index = 0; index < embeddingLength; index++) squared += vector[index]! * vector[index]!
  if (!Number.isFinite(squared)) {
    return { reason: 'not-finite', detail: 'One of its numbers is not finite.' }
  }
  const length = Math.sqrt(squared)
  if (length === 0) return { reason: 'zero-length', detail: 'All of its numbers are 0.' }
  for (let index = 0; index < embeddingLength; index++) into[index] = vector[index]! / length
  return { embedding: into as UnitEmbedding }
}

/** Whether nothing is wrong with the row but its embedding. */
export function isUnusable({ embedding, problem }: SourceRow): boolean {
  if (problem !== null) return unusableEmbedding.has(problem.reason)
  return embedding !== null && 'reason' in unitOf(embedding)
}
