/** People, domains and clients as the window and the command line see them. */
import { z } from 'zod'
import {
  clientIdSchema,
  domainSchema,
  faceIdSchema,
  modelIdSchema,
  personIdSchema,
  photoIdSchema,
} from './ids'

export const domainSummarySchema = z.object({
  domain: domainSchema,
  persons: z.number().int().nonnegative(),
  photos: z.number().int().nonnegative(),
  faces: z.number().int().nonnegative(),
  embeddingsByModel: z.record(z.string(), z.number().int().nonnegative()),
  /** The sample gallery: labelled so, and removable in one click. */
  sample: z.boolean(),
})
export type DomainSummary = z.infer<typeof domainSummarySchema>

export const clientSummarySchema = z.object({
  clientId: clientIdSchema,
  domains: z.array(domainSummarySchema),
})
export type ClientSummary = z.infer<typeof clientSummarySchema>

export const personSummarySchema = z.object({
  personId: personIdSchema,
  domain: domainSchema,
  name: z.string(),
  photos: z.number().int().nonnegative(),
  faces: z.number().int().nonnegative(),
  /** The face shown as cover; absent for a person without faces. */
  coverFaceId: faceIdSchema.optional(),
  /** ISO 8601, UTC. */
  updatedAt: z.iso.datetime(),
})
export type PersonSummary = z.infer<typeof personSummarySchema>

export const personFaceSchema = z.object({
  faceId: faceIdSchema,
  photoId: photoIdSchema,
  photoPath: z.string(),
  quality: z.number().min(0).max(1),
  /** How the face came to be this person's. */
  source: z.enum(['enrolled', 'confirmed', 'manual', 'imported']),
  models: z.array(modelIdSchema),
  createdAt: z.iso.datetime(),
})
export type PersonFace = z.infer<typeof personFaceSchema>

export const personDetailSchema = personSummarySchema.extend({
  wikidataId: z.string().optional(),
  occupation: z.string().optional(),
  description: z.string().optional(),
  facesList: z.array(personFaceSchema),
})
export type PersonDetail = z.infer<typeof personDetailSchema>

export const skippedSchema = z.object({ path: z.string(), reason: z.string(), code: z.string() })

/** What enrolling a folder did. `photos` and `faces` count what is new; what was there before is in `alreadyThere`. */
export const enrolReportSchema = z.object({
  persons: z.number().int().nonnegative(),
  photos: z.number().int().nonnegative(),
  faces: z.number().int().nonnegative(),
  alreadyThere: z.number().int().nonnegative(),
  skipped: z.array(skippedSchema),
})
export type EnrolReport = z.infer<typeof enrolReportSchema>
