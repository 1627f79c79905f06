/** Faces, photos and vectors made from a seed. Tests. */
import { createHash } from 'node:crypto'
import type { FaceAssignment, PhotoRecord } from '../../src-main/storage/gallery-records'
import { type EmbeddedFace, embeddingLength, type UnitEmbedding } from '../../src-shared/face'
import type { Box } from '../../src-shared/geometry'
import { type Sha256, sha256Schema } from '../../src-shared/ids'
import { type PerceptualHash, perceptualHashSchema } from '../../src-shared/perceptual-hash'

/** Numbers in 0 … 1, the same for the same seed (mulberry32). */
export function randomNumbers(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** A unit vector in any direction, or near another one: `spread` is the length of what is added to it. */
export function unitVector(random: () => number, near?: Float32Array, spread = 0.5): UnitEmbedding {
  const vector = new Float32Array(embeddingLength)
  let squared = 0
  for (let i = 0; i < embeddingLength; i++) {
    // The sum of four uniform numbers is near enough to a normal one, of variance a third.
    const noise = (random() + random() + random() + random() - 2) * Math.sqrt(3 / embeddingLength)
    vector[i] = near === undefined ? noise : near[i]! + spread * noise
    squared += vector[i]! ** 2
  }
  const length = Math.sqrt(squared)
  for (let i = 0; i < embeddingLength; i++) vector[i] = vector[i]! / length
  return vector as UnitEmbedding
}

export function similarity(a: Float32Array, b: Float32Array): number {
  let sum = 0
  for (let i = 0; i < embeddingLength; i++) sum += a[i]! * b[i]!
  return sum
}

/** A hash for a made-up photo. */
export function madeSha256(name: string): Sha256 {
  return sha256Schema.parse(createHash('sha256').update(name).digest('hex'))
}

/** A made-up photo; its perceptual hash is as unlike any other's as chance has it. */
export function madePhoto(name: string): PhotoRecord & { perceptualHash: PerceptualHash } {
  const sha256 = madeSha256(name)
  const perceptualHash = perceptualHashSchema.parse(sha256.slice(0, 16))
  return { sha256, path: `/photos/${name}.jpg`, format: 'jpeg', width: 1200, height: 800, perceptualHash }
}

export const defaultBox: Box = { x: 100, y: 80, w: 120, h: 150 }

export function madeFace(embedding: UnitEmbedding, box = defaultBox, quality = 0.7): EmbeddedFace {
  const at = (x: number, y: number) => ({ x: box.x + x * box.w, y: box.y + y * box.h })
  return {
    box,
    landmarks: [at(0.3, 0.4), at(0.7, 0.4), at(0.5, 0.6), at(0.35, 0.8), at(0.65, 0.8)],
    score: 0.98,
    quality: {
      value: quality,
      size: 0.8,
      sharpness: 0.6,
      pose: 0.9,
      exposure: 0.7,
      sizePx: Math.min(box.w, box.h),
      yawDegrees: -3.5,
      rollDegrees: 1.25,
    },
    embedding,
    crop: new Uint8Array([0xff, 0xd8, Math.round(box.x) & 0xff, Math.round(quality * 255), 0xff, 0xd9]),
  }
}

/** A face of `name` in a photo of its own (unless one is named). */
export function madeAssignment(
  name: string,
  embedding: UnitEmbedding,
  photo = `${name} ${embedding[0]}`,
): FaceAssignment {
  return { person: { name }, photo: madePhoto(photo), face: madeFace(embedding), source: 'enrolled' }
}
