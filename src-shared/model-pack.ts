/** `models/manifest.json`: model packs as data. Every process. */
import { z } from 'zod'

/** Where inference runs. `auto` is a wish, never what is in use. */
export const providerSchema = z.enum(['auto', 'cpu', 'cuda', 'dml', 'coreml'])
export type Provider = z.infer<typeof providerSchema>

const sha256 = z.string().regex(/^[0-9a-f]{64}$/)

/** Where a file comes from. Neither names a host: `npm` is whatever registry npm is set to use. */
const sourceSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('npm'),
    package: z.string(),
    version: z.string(),
    /** Subresource integrity of the tarball, `sha512-…`. */
    integrity: z.string().startsWith('sha512-'),
    /** Path inside the tarball, with its leading `package/`. */
    path: z.string(),
  }),
  z.object({
    kind: z.literal('zip'),
    url: z.url(),
    /** Path inside the archive. */
    path: z.string(),
  }),
])
export type Source = z.infer<typeof sourceSchema>

/** One file to fetch: its name in the pack's folder, what its bytes must hash to, and where to get it. */
const artefactSchema = z.object({
  name: z.string().regex(/^[\w.-]+$/),
  sha256,
  bytes: z.number().int().positive(),
  source: sourceSchema,
})
export type Artefact = z.infer<typeof artefactSchema>

/** How pixels become a tensor: `(value − mean) / scale`, NCHW. */
const inputSchema = z.object({
  tensor: z.string(),
  width: z.number().int().positive(),
  height: z.number().int().positive(),
  layout: z.literal('nchw'),
  colour: z.enum(['rgb', 'bgr']),
  mean: z.number(),
  scale: z.number().positive(),
})

const retinafaceDecoderSchema = z.object({
  kind: z.literal('retinaface'),
  /** Per stride: anchor scales (× 16 px) and the names of its three output tensors. */
  levels: z.array(
    z.object({
      stride: z.number().int().positive(),
      scales: z.array(z.number().positive()),
      score: z.string(),
      box: z.string(),
      landmark: z.string(),
    }),
  ),
  /** A landmark's offset in units of the anchor's width. */
  landmarkScale: z.number().positive(),
})

const scrfdDecoderSchema = z.object({
  kind: z.literal('scrfd'),
  anchorsPerCell: z.number().int().positive(),
  levels: z.array(
    z.object({
      stride: z.number().int().positive(),
      score: z.string(),
      box: z.string(),
      landmark: z.string(),
    }),
  ),
})

const detectorSchema = z.object({
  name: z.string(),
  file: artefactSchema,
  input: inputSchema,
  decoder: z.discriminatedUnion('kind', [retinafaceDecoderSchema, scrfdDecoderSchema]),
  /** Detections below are dropped, 0 … 1. */
  minScore: z.number().min(0).max(1),
  /** Non-maximum suppression above this intersection over union. */
  nmsIou: z.number().min(0).max(1),
})

const embedderSchema = z.object({
  name: z.string(),
  file: artefactSchema,
  input: inputSchema,
  output: z.string(),
  length: z.literal(512),
  /** Where the five landmarks go in the input, pixels. */
  template: z.array(z.tuple([z.number(), z.number()])).length(5),
})

/**
 * [Note: Thresholds] `verify` is a cosine distance for one comparison. For one-of-N, the distance follows from how
 * similar *different* people look to this embedder (a normal distribution of cosine similarity, measured) and from the
 * rate of wrong names that is bearable: see `src-main/services/thresholds.ts`.
 */
const thresholdsSchema = z.object({
  /** Two faces at most this far apart are taken for the same person, cosine distance. */
  verify: z.number().min(0).max(2),
  impostor: z.object({
    meanSimilarity: z.number().min(-1).max(1),
    standardDeviation: z.number().positive(),
    /** How many comparisons of different people the two figures were measured on; 0 = taken from a publication. */
    comparisons: z.number().int().nonnegative(),
    source: z.string(),
  }),
  /** Wrong names per search that a *match* and a *possible* may cost: false positive identification rates. */
  identify: z.object({
    matchFpir: z.number().positive().max(0.5),
    possibleFpir: z.number().positive().max(0.5),
  }),
})
export type PackThresholds = z.infer<typeof thresholdsSchema>

/**
 * An optional network that tells real faces from prints and screens. It sees the face's box enlarged about its centre and pushed
 * into the photo, sampled without smoothing: docs/enrolment-gate.md.
 */
const livenessSchema = z.object({
  name: z.string(),
  file: artefactSchema,
  input: inputSchema,
  /** One number a class. */
  output: z.string(),
  /** Sides of what it sees, in sides of the box; less where the photo ends before. */
  surroundings: z.number().min(1),
  /** The class of real faces, from 0. */
  realClass: z.number().int().nonnegative(),
  /** What about it has not been seen to work. */
  unproven: z.string(),
})

/** From when on a face is too poor, or too like one that is there, to join a person. See docs/enrolment-gate.md. */
const enrolmentLimitsSchema = z.object({
  /** The least of each part of a face's quality, 0 … 1. */
  quality: z.object({
    size: z.number().min(0).max(1),
    sharpness: z.number().min(0).max(1),
    pose: z.number().min(0).max(1),
    exposure: z.number().min(0).max(1),
    source: z.string(),
  }),
  duplicate: z.object({
    /** Two faces this near, cosine distance, are of copies of one photo. */
    faceDistance: z.number().min(0).max(2),
    /** Two faces this near are where their photos' perceptual hashes differ in at most `hashBits` bits of 64. */
    alikeDistance: z.number().min(0).max(2),
    hashBits: z.number().int().min(0).max(64),
    source: z.string(),
  }),
  /** The least likelihood of being a real face, where a model tells. */
  real: z.object({ minimum: z.number().min(0).max(1), source: z.string() }).optional(),
})
export type EnrolmentLimits = z.infer<typeof enrolmentLimitsSchema>

export const modelPackSchema = z.object({
  id: z.string().regex(/^[a-z0-9_-]+$/),
  title: z.string(),
  licence: z.object({
    name: z.string(),
    summary: z.string(),
    /** Must the user agree to the terms before anything is fetched? */
    consentRequired: z.boolean(),
  }),
  /** What about this pack has not been seen to work, if anything. */
  unproven: z.string().optional(),
  detector: detectorSchema,
  embedder: embedderSchema,
  thresholds: thresholdsSchema,
  enrolment: enrolmentLimitsSchema,
  liveness: livenessSchema.optional(),
})
export type ModelPack = z.infer<typeof modelPackSchema>

export const manifestSchema = z.object({
  format: z.literal(1),
  defaultPack: z.string(),
  packs: z.array(modelPackSchema).min(1),
  /** The sample photos of the first-run screen: same rules as a model file. */
  samples: z.array(artefactSchema.extend({ faces: z.number().int().nonnegative() })),
})
export type Manifest = z.infer<typeof manifestSchema>

/** The model id that this pack's embeddings carry: pack id and the first 12 digits of the embedder's hash. */
export function modelIdOf(pack: ModelPack): string {
  return `${pack.id}/${pack.embedder.name}@${pack.embedder.file.sha256.slice(0, 12)}`
}
