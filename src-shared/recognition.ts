/** Who is in a photo, how sure that is and why: candidates, decisions and the JSON that consumers read. */
import { z } from 'zod'
import { detectedFaceSchema } from './face'
import { boxSchema } from './geometry'
import { domainSchema, faceIdSchema, modelIdSchema, personIdSchema, sha256Schema } from './ids'
import { timingsSchema } from './vision-protocol'

/** What Visor says of a face: a *match* names a person, a *possible* asks, an *unknown* names nobody. */
export const decisionSchema = z.enum(['match', 'possible', 'unknown'])
export type Decision = z.infer<typeof decisionSchema>

/** Cosine distance, 1 − a·b, 0 … 2, smaller is more alike. */
export const distanceSchema = z.number().min(0).max(2)

/** Where a distance comes from: the gallery's size, one comparison, a choice for the domain, an override of the search. */
const thresholdSourceSchema = z.enum(['gallery-size', 'verify', 'domain', 'override'])

/** The distances in force for one search, and where they come from. [Note: Thresholds] in `model-pack.ts`. */
export const thresholdsInForceSchema = z.object({
  match: distanceSchema,
  possible: distanceSchema,
  matchSource: thresholdSourceSchema,
  possibleSource: thresholdSourceSchema,
  /** Enrolled faces that a probe is compared with: N of the formula. */
  comparisons: z.number().int().nonnegative(),
})
export type ThresholdsInForce = z.infer<typeof thresholdsInForceSchema>

/** A person offered for a probe, with the evidence. */
export const candidateSchema = z.object({
  personId: personIdSchema,
  name: z.string(),
  domain: domainSchema,
  /** Distance of the person's nearest embedding. */
  distance: distanceSchema,
  /** 100 · (1 − distance), never below 0. */
  confidence: z.number().min(0).max(100),
  /** The person's embeddings within the *possible* distance. */
  occurrences: z.number().int().nonnegative(),
  /** Mean confidence of the person's three best embeddings within the *possible* distance; 0 where there is none. */
  weightedScore: z.number().min(0).max(100),
  decision: decisionSchema,
  /** The enrolled face that was nearest: its crop is the reference photo. */
  referenceFaceId: faceIdSchema,
  /** The reference is a face of this very photo. */
  samePhoto: z.boolean(),
  /** Somebody said that this face is not this person; such a candidate is never an answer. */
  rejected: z.boolean(),
})
export type Candidate = z.infer<typeof candidateSchema>

/** Why a face that is near enough to a person is not called that person. */
const conflictSchema = z.object({
  personId: personIdSchema,
  name: z.string(),
  /** The face of the same photo that is nearer to this person, or was confirmed as it. */
  takenByFace: z.number().int().nonnegative(),
})

export const recognisedFaceSchema = detectedFaceSchema.extend({
  /** Place in the photo's list of faces, from 0. */
  index: z.number().int().nonnegative(),
  decision: decisionSchema,
  /** Whom the decision names; absent for *unknown*. */
  person: z.object({ personId: personIdSchema, name: z.string(), domain: domainSchema }).optional(),
  /** Whether a person said so (*confirm*, *enrol*), not the search. */
  confirmed: z.boolean(),
  /** The enrolled face this one became when it was confirmed or enrolled. */
  faceId: faceIdSchema.optional(),
  /** Nearest first, at most top-k; those beyond *possible* are there to be shown as the nearest, never as answers. */
  candidates: z.array(candidateSchema),
  /** Further people within *possible*, past top-k: listed in the JSON, not on screen. */
  furtherCandidates: z.array(candidateSchema),
  conflict: conflictSchema.optional(),
})
export type RecognisedFace = z.infer<typeof recognisedFaceSchema>

/** Which database answered: this machine's, the server, or what this machine keeps of the server. */
export const searchModeSchema = z.enum(['local', 'dual', 'server', 'cache'])
export type SearchMode = z.infer<typeof searchModeSchema>

/** A recognised photo, as the window shows it. */
export const recognitionSchema = z.object({
  sha256: sha256Schema,
  format: z.string(),
  width: z.number().int().positive(),
  height: z.number().int().positive(),
  faces: z.array(recognisedFaceSchema),
  /** A mirror or a collage: the same person may be in it more than once. */
  repeatsPeople: z.boolean(),
  model: modelIdSchema,
  domains: z.array(domainSchema),
  thresholds: thresholdsInForceSchema,
  topK: z.number().int().positive(),
  mode: searchModeSchema,
  /** The answer is what the server had then (ISO 8601, UTC) and may be behind it: the server did not answer, the cache did. */
  asOf: z.iso.datetime().optional(),
  timings: timingsSchema.extend({ search: z.number().nonnegative() }),
})
export type Recognition = z.infer<typeof recognitionSchema>

const faceCoordinatesSchema = z.object({ x: z.number(), y: z.number(), w: z.number(), h: z.number() })

/** The JSON that existing consumers read. Visor adds fields and never renames these. */
export const recognitionJsonSchema = z.object({
  status: z.literal('success'),
  path: z.string().optional(),
  recognized_persons: z.array(z.object({ name: z.string(), face_coordinates: faceCoordinatesSchema })),
  all_detected_matches: z.array(
    z.object({
      person_name: z.string(),
      metrics: z.object({
        confidence_percentage: z.number(),
        occurrences: z.number().int(),
        min_distance: z.number(),
        weighted_score: z.number(),
      }),
    }),
  ),
  best_match: z.object({ person_name: z.string(), distance: z.number(), confidence: z.number() }).nullable(),
  mode: searchModeSchema,
  /** The server did not answer, and this is from the cache, as of then (ISO 8601, UTC). */
  as_of: z.iso.datetime().optional(),
  /** Seconds. */
  elapsed_time: z.number().nonnegative(),
  faces: z.array(
    z.object({
      box: boxSchema,
      landmarks: z.array(z.object({ x: z.number(), y: z.number() })),
      score: z.number(),
      quality: z.number(),
      decision: decisionSchema,
      person: z.string().nullable(),
      confirmed: z.boolean(),
      /** The box was drawn by hand. */
      manual: z.boolean(),
      candidates: z.array(
        z.object({
          person_id: z.string(),
          name: z.string(),
          domain: z.string(),
          distance: z.number(),
          confidence: z.number(),
          occurrences: z.number().int(),
          weighted_score: z.number(),
          decision: decisionSchema,
        }),
      ),
    }),
  ),
  model: z.string(),
  threshold: z.object({ match: z.number(), possible: z.number() }),
  domain: z.union([z.string(), z.array(z.string())]),
  probe_sha256: z.string(),
  width: z.number().int(),
  height: z.number().int(),
  timings_ms: z.record(z.string(), z.number()),
})
export type RecognitionJson = z.infer<typeof recognitionJsonSchema>
