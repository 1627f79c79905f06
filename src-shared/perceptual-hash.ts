/** A short description of a whole photo, alike for copies of it that were scaled or saved anew. Every process. */
import { z } from 'zod'

/** 64 bits as 16 lower-case hexadecimal digits; how it is made: `src-main/vision/maths/perceptual-hash.ts`. */
export const perceptualHashSchema = z
  .string()
  .regex(/^[0-9a-f]{16}$/)
  .brand<'PerceptualHash'>()
export type PerceptualHash = z.infer<typeof perceptualHashSchema>

/** Bits in which two hashes differ, 0 … 64; the fewer, the more alike the photos. */
export function hammingDistance(a: PerceptualHash, b: PerceptualHash): number {
  let differing = BigInt(`0x${a}`) ^ BigInt(`0x${b}`)
  let bits = 0
  for (; differing !== 0n; differing &= differing - 1n) bits += 1
  return bits
}
