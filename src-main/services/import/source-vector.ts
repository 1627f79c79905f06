/** Whether the vector of a source's row is one that a gallery keeps. Pure; main, command line. */
import { embeddingLength } from '../../../src-shared/face'
import { unusableEmbedding } from '../../../src-shared/import'
import type { GivenRow } from '../../import/source'

/** Why a vector that nothing else is wrong with is none for a gallery. */
export function wrongDimension({ length }: Float32Array) {
  if (length === embeddingLength) return undefined
  const detail = `It has ${length} numbers; a gallery keeps embeddings of ${embeddingLength}.`
  return { reason: 'wrong-dimension', detail } as const
}

/** Whether nothing is wrong with the row but its embedding. */
export function isUnusable({ embedding, problem }: GivenRow): boolean {
  if (problem !== null) return unusableEmbedding.has(problem.reason)
  return embedding !== null && wrongDimension(embedding) !== undefined
}
