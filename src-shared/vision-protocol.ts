/**
 * What main and the vision process say to each other. One message is one object; the transport is an Electron
 * `parentPort` or, on the command line, a Node child's channel with `advanced` serialization. Checked on both sides.
 *
 * [Note: Vision protocol] Every request has an id and gets exactly one `response`, also when it is cancelled. The host
 * owns deadlines: the process does not know them. Before it enters a native call that blocks its thread, the process
 * says `busy`, so that silence meanwhile is not taken for a hang; it says nothing afterwards, the next message ends it.
 */
import { z } from 'zod'
import { wireErrorSchema } from './errors'
import { bytesSchema, embeddedFaceSchema } from './face'
import { boxSchema } from './geometry'
import { modelIdSchema, sha256Schema } from './ids'
import { modelPackSchema, providerSchema } from './model-pack'
import { perceptualHashSchema } from './perceptual-hash'

/** A photo to decode: a file, or bytes (a picture pasted from the clipboard). */
const photoSourceSchema = z.union([z.object({ path: z.string().min(1) }), z.object({ bytes: bytesSchema })])
export type PhotoSource = z.infer<typeof photoSourceSchema>

export const timingsSchema = z.object({
  read: z.number().nonnegative(),
  decode: z.number().nonnegative(),
  detect: z.number().nonnegative(),
  align: z.number().nonnegative(),
  embed: z.number().nonnegative(),
  total: z.number().nonnegative(),
})
/** Milliseconds spent in each stage of one photo; `total` is from request to response, waiting included. */
export type Timings = z.infer<typeof timingsSchema>

const configureParamsSchema = z.object({
  pack: modelPackSchema,
  /** The folder that holds the pack's files. */
  packFolder: z.string().min(1),
  /** `auto` takes the platform's GPU provider where it loads, else the CPU. */
  provider: providerSchema,
  /** Threads inside one inference; 0 = one for each physical core. */
  threads: z.number().int().min(0).max(64),
})

const configureResultSchema = z.object({
  modelId: modelIdSchema,
  provider: providerSchema.exclude(['auto']),
  /** Why a wanted GPU provider is not in use. */
  providerNote: z.string().optional(),
  threads: z.number().int().positive(),
  /** The pack's optional model is here: analysed faces that get a crop say how likely they are real. */
  tellsReal: z.boolean().default(false),
})

const analyseParamsSchema = z.object({
  source: photoSourceSchema,
  /** Tile large photos so that faces down to 24 px in a 12-megapixel photo are found. */
  thorough: z.boolean(),
  /** Average the embeddings of the face and of its mirror image. */
  flip: z.boolean(),
  /** Detections below are dropped, 0 … 1; the pack's own threshold where absent. */
  minScore: z.number().min(0).max(1).optional(),
  /** Longer edge of the thumbnail in pixels; 0 = none. */
  thumbnailPx: z.number().int().min(0).max(1024),
  /** Whether to cut a 192 × 192 crop of each face. */
  crops: z.boolean(),
})
export type AnalyseParams = z.infer<typeof analyseParamsSchema>

const photoInfoSchema = z.object({
  sha256: sha256Schema,
  bytes: z.number().int().positive(),
  /** `jpeg`, `png`, `webp`, `avif`, `tiff`, `gif`, `heic`. */
  format: z.string(),
  /** Pixels of the upright photo. */
  width: z.number().int().positive(),
  height: z.number().int().positive(),
})
export type PhotoInfo = z.infer<typeof photoInfoSchema>

export const analyseResultSchema = photoInfoSchema.extend({
  modelId: modelIdSchema,
  perceptualHash: perceptualHashSchema,
  /** By descending area of the box. */
  faces: z.array(embeddedFaceSchema),
  thumbnail: bytesSchema.optional(),
  timings: timingsSchema,
})
export type AnalyseResult = z.infer<typeof analyseResultSchema>

/** How a face was aligned: by the landmarks that the detector saw, or by its box alone. */
export const alignedBySchema = z.enum(['landmarks', 'box'])

/** Boxes that somebody drew or that a file names, to be embedded as faces whatever the detector says. */
const embedBoxesParamsSchema = analyseParamsSchema.pick({ source: true, flip: true }).extend({
  boxes: z.array(boxSchema).min(1).max(256),
})
export type EmbedBoxesParams = z.infer<typeof embedBoxesParamsSchema>

const embedBoxesResultSchema = photoInfoSchema.extend({
  modelId: modelIdSchema,
  /** One a box, in their order, with the box as it was given, marked as drawn by hand, with a crop. */
  faces: z.array(embeddedFaceSchema.extend({ alignedBy: alignedBySchema })),
  timings: timingsSchema,
})
export type EmbedBoxesResult = z.infer<typeof embedBoxesResultSchema>

/** A JPEG of the upright photo that the window can show, whatever the photo's own format. */
const renderParamsSchema = z.object({
  source: photoSourceSchema,
  /** Longer edge in pixels; a smaller photo is not enlarged. 0 = full size. */
  maxEdgePx: z.number().int().min(0).max(16_384),
})

const annotateParamsSchema = z.object({
  source: photoSourceSchema,
  marks: z.array(
    z.object({ box: boxSchema, label: z.string(), decision: z.enum(['match', 'possible', 'unknown']) }),
  ),
})

const pictureResultSchema = z.object({
  /** Of the photo that was read: whether it still is the one that was meant. */
  sha256: sha256Schema,
  jpeg: bytesSchema,
  width: z.number().int().positive(),
  height: z.number().int().positive(),
})
export type Picture = z.infer<typeof pictureResultSchema>

/** Method → parameters and result. */
export const visionMethods = {
  configure: { params: configureParamsSchema, result: configureResultSchema },
  analyse: { params: analyseParamsSchema, result: analyseResultSchema },
  embedBoxes: { params: embedBoxesParamsSchema, result: embedBoxesResultSchema },
  render: { params: renderParamsSchema, result: pictureResultSchema },
  annotate: { params: annotateParamsSchema, result: pictureResultSchema },
  memory: { params: z.object({}), result: z.object({ residentBytes: z.number().int().positive() }) },
} as const

export type VisionMethod = keyof typeof visionMethods
export type VisionParams<M extends VisionMethod> = z.infer<(typeof visionMethods)[M]['params']>
export type VisionResult<M extends VisionMethod> = z.infer<(typeof visionMethods)[M]['result']>

const requestId = z.number().int().nonnegative()

export const toVisionSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('request'),
    id: requestId,
    method: z.enum(Object.keys(visionMethods) as [VisionMethod, ...VisionMethod[]]),
    params: z.unknown(),
  }),
  z.object({ type: z.literal('cancel'), id: requestId }),
  z.object({ type: z.literal('ping'), sequence: z.number().int().nonnegative() }),
  /** Finish what is in work, answer it, then exit with code 0. */
  z.object({ type: z.literal('drain') }),
])
export type ToVision = z.infer<typeof toVisionSchema>

export const fromVisionSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ready'), pid: z.number().int().positive() }),
  z.discriminatedUnion('ok', [
    z.object({ type: z.literal('response'), id: requestId, ok: z.literal(true), value: z.unknown() }),
    z.object({ type: z.literal('response'), id: requestId, ok: z.literal(false), error: wireErrorSchema }),
  ]),
  z.object({ type: z.literal('pong'), sequence: z.number().int().nonnegative() }),
  z.object({ type: z.literal('busy'), id: requestId }),
])
export type FromVision = z.infer<typeof fromVisionSchema>
