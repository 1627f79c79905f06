/** A detected face, its quality and its embedding, as the vision process gives them. Every process. */
import { z } from 'zod'
import { boxSchema, landmarksSchema } from './geometry'
import { faceIdSchema, photoIdSchema, sha256Schema } from './ids'

/** Numbers in an embedding, for every pack that Visor supports. */
export const embeddingLength = 512

/**
 * A unit vector: 512 float32, Euclidean length 1 ± 1e-5. Made only by the vision process's `normalise` and by
 * {@link parseUnitEmbedding}.
 */
export type UnitEmbedding = Float32Array & { readonly __brand: 'UnitEmbedding' }

/** Checks length, finiteness and norm (1 ± 1e-3); `undefined` where `vector` is not a unit embedding. */
export function parseUnitEmbedding(vector: Float32Array): UnitEmbedding | undefined {
  if (vector.length !== embeddingLength) return undefined
  let squared = 0
  for (const value of vector) squared += value * value
  return Math.abs(Math.sqrt(squared) - 1) <= 1e-3 ? (vector as UnitEmbedding) : undefined
}

export const unitEmbeddingSchema = z.custom<UnitEmbedding>(
  (value) => value instanceof Float32Array && parseUnitEmbedding(value) !== undefined,
  'not a unit embedding of 512 numbers',
)

/** How good a face is for recognition. Each part 0 … 1; formulas and sources in `src-main/vision/maths/quality.ts`. */
export const qualitySchema = z.object({
  /** The whole: geometric mean of the parts, 0 … 1. */
  value: z.number().min(0).max(1),
  size: z.number().min(0).max(1),
  sharpness: z.number().min(0).max(1),
  pose: z.number().min(0).max(1),
  exposure: z.number().min(0).max(1),
  /** Shorter side of the face's box in pixels of the upright photo. */
  sizePx: z.number().nonnegative(),
  /** Estimated from the landmarks, degrees; positive = turned to the viewer's right. */
  yawDegrees: z.number(),
  rollDegrees: z.number(),
})
export type Quality = z.infer<typeof qualitySchema>

/** One face in one photo, without what it was recognised as. */
export const detectedFaceSchema = z.object({
  box: boxSchema,
  landmarks: landmarksSchema,
  /** The detector's score, 0 … 1; 0 for a box drawn by hand in which it saw no face: that is aligned by the box. */
  score: z.number().min(0).max(1),
  quality: qualitySchema,
  /** The box was drawn by hand, not found by the detector. */
  manual: z.literal(true).optional(),
  /** Landmarks and quality are 0 and say nothing: it came from another system, and Visor has not seen its photo. */
  measured: z.literal(false).optional(),
  /** Likelihood that it is a real face and not a print or a screen, 0 … 1; absent where no model tells. */
  real: z.number().min(0).max(1).optional(),
})
export type DetectedFace = z.infer<typeof detectedFaceSchema>

/** Bytes of an encoded picture (JPEG). */
export const bytesSchema = z.custom<Uint8Array>((value) => value instanceof Uint8Array, 'not bytes')

/** A face with its embedding and its crop: 192 × 192 JPEG, rolled upright, the box scaled by 1.5 about its centre. */
export const embeddedFaceSchema = detectedFaceSchema.extend({
  embedding: unitEmbeddingSchema,
  crop: bytesSchema.optional(),
})
export type EmbeddedFace = z.infer<typeof embeddedFaceSchema>

/** A face that is kept, and the photo that it is in. */
export const keptFaceSchema = z.object({
  faceId: faceIdSchema,
  photoId: photoIdSchema,
  photoPath: z.string(),
  photoSha256: sha256Schema,
  /** In pixels of the upright photo, whose size is `photoWidth` × `photoHeight`. */
  box: boxSchema,
  photoWidth: z.number().int().positive(),
  photoHeight: z.number().int().positive(),
  quality: z.number().min(0).max(1),
})
