/**
 * What an exported folder says of itself. Main and the command line; `docs/exchange.md` describes it for others.
 *
 * [Note: Exchange folder] `visor-manifest.json` names the people and the folder of each; a person's folder has
 * `visor-person.json`, and photos and crops beside it. So a gallery of any size is written and read a person at a time.
 * Whatever is read from such a folder is taken for hostile: sizes are limited before anything is read, everything is
 * checked against these schemas, and a path has to stay inside (`confined-path.ts`).
 */
import { z } from 'zod'
import {
  embeddingLength,
  parseUnitEmbedding,
  qualitySchema,
  type UnitEmbedding,
} from '../../../src-shared/face'
import { tagSchema, wikidataIdSchema } from '../../../src-shared/gallery'
import { boxSchema, landmarksSchema } from '../../../src-shared/geometry'
import {
  clientIdSchema,
  domainSchema,
  modelIdSchema,
  personNameSchema,
  sha256Schema,
} from '../../../src-shared/ids'
import { perceptualHashSchema } from '../../../src-shared/perceptual-hash'

export const manifestName = 'visor-manifest.json'
export const personFileName = 'visor-person.json'

/** Largest files that are read, bytes: a person of 10,000 faces, and a million people, are well below. */
export const largestManifest = 256 * 1024 * 1024
export const largestPersonFile = 128 * 1024 * 1024
export const largestCrop = 4 * 1024 * 1024

/** A path inside the export, `/` between its parts. Whether it stays there is checked where it is used. */
const relativePathSchema = z.string().min(1).max(1000)

/** 512 little-endian float32 of length 1 in base64. Bit for bit: nothing is normalised again. */
const embeddingTextSchema = z
  .base64()
  .length(Math.ceil((embeddingLength * 4) / 3) * 4)
  .transform((text, context): UnitEmbedding => {
    const bytes = Buffer.from(text, 'base64')
    const vector = new Float32Array(embeddingLength)
    for (let index = 0; index < embeddingLength; index += 1) vector[index] = bytes.readFloatLE(index * 4)
    const embedding = parseUnitEmbedding(vector)
    if (embedding !== undefined) return embedding
    context.addIssue({ code: 'custom', message: 'An embedding is no unit vector.' })
    return z.NEVER
  })

/** The text of an embedding; see {@link embeddingTextSchema}. */
export function embeddingText(embedding: UnitEmbedding): string {
  const bytes = Buffer.allocUnsafe(embeddingLength * 4)
  for (const [index, value] of embedding.entries()) bytes.writeFloatLE(value, index * 4)
  return bytes.toString('base64')
}

const photoSchema = z.object({
  sha256: sha256Schema,
  /** What the file was called; where it lay is nobody's business. */
  name: z.string().min(1).max(1000),
  format: z.string().min(1).max(20),
  /** Pixels of the upright photo. */
  width: z.number().int().positive(),
  height: z.number().int().positive(),
  perceptualHash: perceptualHashSchema.optional(),
  /** A mirror or a collage, or what was found with a person in it twice: it may have them twice again. */
  repeatsPeople: z.boolean().optional(),
  /** Its bytes were never read: hash and size stand in for theirs. */
  seen: z.literal(false).optional(),
  /** Its copy; absent where photos were left out or the photo is missing. */
  file: relativePathSchema.optional(),
  /** Of the copy, where names were written into it; else it is the photo's own. */
  fileSha256: sha256Schema.optional(),
  /** Of the copy. */
  bytes: z.number().int().nonnegative().optional(),
  /** Why there is no copy, where there should be one. */
  missing: z.string().max(1000).optional(),
})
export type ManifestPhoto = z.output<typeof photoSchema>

const faceSchema = z.object({
  /** The photo's SHA-256. */
  photo: sha256Schema,
  box: boxSchema,
  landmarks: landmarksSchema,
  score: z.number().min(0).max(1),
  quality: qualitySchema,
  /** The box was drawn by hand. */
  manual: z.literal(true).optional(),
  /** Landmarks and quality were never measured. */
  measured: z.literal(false).optional(),
  source: z.enum(['enrolled', 'confirmed', 'manual', 'imported']),
  crop: relativePathSchema.optional(),
  /** By model. */
  embeddings: z
    .record(modelIdSchema, embeddingTextSchema)
    .transform((record) =>
      Object.entries(record).map(([model, embedding]) => ({
        modelId: modelIdSchema.parse(model),
        embedding,
      })),
    )
    .refine((embeddings) => embeddings.length > 0, 'A face has no embedding.'),
})
export type ManifestFace = z.output<typeof faceSchema>

/** `visor-person.json`. */
export const personFileSchema = z.object({
  format: z.literal('visor-person'),
  version: z.literal(1),
  name: personNameSchema,
  domain: domainSchema,
  aliases: z.array(personNameSchema).max(1000),
  tags: z.array(tagSchema).max(50),
  wikidataId: wikidataIdSchema.optional(),
  occupation: z.string().max(200).optional(),
  description: z.string().max(4000).optional(),
  /** The face somebody chose as the cover: its place in `faces`. */
  cover: z.number().int().nonnegative().optional(),
  photos: z.array(photoSchema),
  faces: z.array(faceSchema),
  /** Faces that are not this person: of somebody else or of nobody. */
  rejects: z.array(faceSchema),
})
export type PersonFile = z.output<typeof personFileSchema>
/** As it is written. */
export type PersonFileJson = z.input<typeof personFileSchema>

/** `visor-manifest.json`. */
export const manifestSchema = z.object({
  format: z.literal('visor-gallery'),
  version: z.literal(1),
  /** ISO 8601, UTC. */
  createdAt: z.iso.datetime(),
  client: clientIdSchema,
  persons: z.array(z.object({ name: personNameSchema, domain: domainSchema, folder: relativePathSchema })),
  /** People who are not the same person, whatever their faces say: the folders of two. */
  toldApart: z
    .array(z.tuple([relativePathSchema, relativePathSchema]))
    .max(1_000_000)
    .default([]),
  /** Photos that are not in the export, and why. */
  missing: z.array(z.object({ person: z.string(), photo: z.string(), reason: z.string() })),
})
export type Manifest = z.output<typeof manifestSchema>
