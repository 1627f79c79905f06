/** A run of an import: what it read, what came of each row, and what a comparison with the source found. Every process. */
import { z } from 'zod'
import { wireErrorSchema } from './errors'
import { clientIdSchema, domainSchema, faceIdSchema, importRunIdSchema, modelIdSchema } from './ids'
import {
  columnMappingSchema,
  importKindSchema,
  personRuleSchema,
  rejectReasonSchema,
  sourcePlaceSchema,
} from './import'

const count = z.number().int().nonnegative()

/** Of embeddings whose source does not say what made them, and nobody else did. */
export const unclaimedModel = modelIdSchema.parse('legacy/unknown')

/** What an admin chooses for a run. */
export const importOptionsSchema = z.object({
  personRule: personRuleSchema,
  mapping: columnMappingSchema.nullable(),
  /**
   * The one domain that is imported: rows that the source has in it, or in none. `null`: all rows, each into the domain of its
   * own; every row has to have one.
   */
  domain: domainSchema.nullable(),
  /**
   * Where the rows of each domain of the source go (`from`: `null` = rows that are of none); rows of a domain that is not named
   * are not imported. It takes the place of `domain`.
   */
  domains: z
    .array(z.object({ from: z.string().max(500).nullable(), to: domainSchema }))
    .min(1)
    .max(1000)
    .optional(),
  /** Only people whom the source has for this client of its own; `null`: all, and the source may then have one client only. */
  fromClient: z.string().min(1).max(200).nullable(),
  /** Several people of one name and domain: kept apart as `Name`, `Name (2)`, or made one. */
  namesakes: z.enum(['apart', 'one']),
  /** Which model the embeddings are of, where the admin knows better than the source. */
  modelId: modelIdSchema.nullable(),
  /** Why the embeddings are of `modelId` although fresh ones of their photos say otherwise. */
  modelReason: z.string().trim().min(1).max(500).optional(),
  /** Rows whose embedding cannot be used are embedded from their photos, under the model in use. */
  embedPhotos: z.boolean().optional(),
  /** Only the rows that this run rejected, after they were mended. */
  onlyRejectedOf: importRunIdSchema.nullable(),
})
export type ImportOptions = z.infer<typeof importOptionsSchema>

/**
 * `running` may also be a run that was interrupted: it is resumed like one that is paused. `validated`: done, and compared with its
 * source without a fault. `undone`: what it brought was taken back.
 */
export const importStateSchema = z.enum([
  'running',
  'paused',
  'cancelled',
  'failed',
  'done',
  'validated',
  'undone',
])
export type ImportState = z.infer<typeof importStateSchema>

/** A row of the source that was not imported. */
export const rejectedRowSchema = z.object({
  /** In the order of the source, from 0. */
  position: count,
  /** What it is called in the source. */
  key: z.string(),
  person: z.string().nullable(),
  photo: z.string().nullable(),
  reason: rejectReasonSchema,
  /** One sentence. */
  detail: z.string(),
})
export type RejectedRow = z.infer<typeof rejectedRowSchema>

/** Whether a source's embeddings are of the model in use, by faces that were embedded anew from their photos. */
export const modelCheckSchema = z.object({
  modelId: modelIdSchema,
  /** Faces that were compared. */
  compared: count,
  /** −1 … 1; `null` where no photo was at hand. */
  medianCosine: z.number().nullable(),
  verdict: z.enum(['same', 'another', 'unknown']),
})
export type ModelCheck = z.infer<typeof modelCheckSchema>

/** A face of an import whose photo was looked for, and not found, or not the face in it. */
export const unfoundFaceSchema = z.object({
  faceId: faceIdSchema,
  /** Empty where it is nobody's. */
  person: z.string(),
  /** Where the source has the photo. */
  photo: z.string(),
  reason: rejectReasonSchema,
  /** One sentence that names neither. */
  detail: z.string(),
})
export type UnfoundFace = z.infer<typeof unfoundFaceSchema>

/** What of the photos of a run's domains Visor has not seen, and which faces were looked for in vain. */
export const unseenOfRunSchema = z.object({
  /** Those that have any. */
  domains: z.array(domainSchema),
  photos: count,
  /** Live ones of these photos that are not measured. */
  faces: count,
  /** Where the source has one of the photos. */
  example: z.string().nullable(),
  /** Faces that a look of the run did not find, and that are still not measured. */
  unfound: count,
})
export type UnseenOfRun = z.infer<typeof unseenOfRunSchema>

/** Something that is not as the source has it. */
const differenceSchema = z.object({ key: z.string(), detail: z.string() })
export type Difference = z.infer<typeof differenceSchema>

/** What a comparison of source and gallery found; lists hold the first hundred. */
export const validationSchema = z.object({
  /** ISO 8601, UTC. */
  at: z.iso.datetime(),
  /** Nothing is missing, different, or found otherwise by a search. */
  passed: z.boolean(),
  rows: z.object({
    read: count,
    /** Bit for bit what the source has, at length 1. */
    equal: count,
    /** With an embedding that Visor made itself: they were there before, or the source has only the photo. */
    kept: count,
    rejected: count,
    missing: count,
    different: count,
  }),
  differences: z.array(differenceSchema),
  /** Faces by domain, as the source has them and as the gallery has them. */
  domains: z.array(
    z.object({ domain: domainSchema, persons: count, faces: count, foundPersons: count, foundFaces: count }),
  ),
  /** People whose faces are not all with them: moved, merged or deleted since. */
  persons: z.array(z.object({ domain: domainSchema, name: z.string(), faces: count, foundFaces: count })),
  searches: z.object({ asked: count, agreed: count, differences: z.array(differenceSchema) }),
})
export type Validation = z.infer<typeof validationSchema>

export const importRunSchema = z.object({
  runId: importRunIdSchema,
  clientId: clientIdSchema,
  kind: importKindSchema,
  /** `null` once it named somebody who was erased. */
  source: sourcePlaceSchema.nullable(),
  fingerprint: z.string(),
  options: importOptionsSchema,
  state: importStateSchema,
  /** Rows that the source was found to have; 0 where nobody knows before it was read. */
  total: count,
  /** Rows of the source that are behind it: it goes on here. */
  position: count,
  /** Rows that it took account of: `imported + alreadyThere + rejected`. */
  read: count,
  imported: count,
  alreadyThere: count,
  rejected: count,
  actor: z.string(),
  startedAt: z.iso.datetime(),
  changedAt: z.iso.datetime(),
  /** Why it failed. */
  error: wireErrorSchema.optional(),
  validation: validationSchema.optional(),
})
export type ImportRun = z.infer<typeof importRunSchema>
