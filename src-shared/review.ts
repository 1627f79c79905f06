/** Enrolments that wait for somebody to look at them, as the window and the command line see them. Every process. */
import { z } from 'zod'
import { gateKindSchema, gateReasonSchema } from './gate'
import { boxSchema } from './geometry'
import { clientIdSchema, domainSchema, faceIdSchema, personIdSchema, reviewIdSchema } from './ids'

/** Whom it is for; without an id somebody new. */
const personSchema = z.object({ personId: personIdSchema.optional(), name: z.string() })

const waitingReviewSchema = z.object({
  reviewId: reviewIdSchema,
  domain: domainSchema,
  person: personSchema,
  path: z.string(),
  /** What spoke against it when it was put in. */
  kinds: z.array(gateKindSchema),
  /** Faces to choose from. */
  faces: z.number().int().positive(),
  createdAt: z.iso.datetime(),
})
export type WaitingReview = z.infer<typeof waitingReviewSchema>

export const reviewsQuerySchema = z.object({
  clientId: clientIdSchema,
  /** `null` = every domain. */
  domain: domainSchema.nullable(),
  /** `null` = whatever spoke against it. */
  kind: gateKindSchema.nullable(),
  offset: z.number().int().nonnegative(),
  limit: z.number().int().min(1).max(500),
})

export const waitingReviewsSchema = z.object({
  /** Of those that the query asks for. */
  total: z.number().int().nonnegative(),
  /** Oldest first. */
  reviews: z.array(waitingReviewSchema),
  /** Of all that wait in the client. */
  byDomain: z.array(z.object({ domain: domainSchema, count: z.number().int().positive() })),
  byKind: z.array(z.object({ kind: gateKindSchema, count: z.number().int().positive() })),
})
export type WaitingReviews = z.infer<typeof waitingReviewsSchema>

/** What a decision needs: found anew, so that it is as the gallery is now. */
export const reviewDetailSchema = waitingReviewSchema.omit({ faces: true, kinds: true }).extend({
  facesInPhoto: z.number().int().positive(),
  /** It cannot be told which of the faces is meant: somebody has to choose. */
  unclear: z.boolean(),
  faces: z
    .array(
      z.object({
        box: boxSchema,
        quality: z.number().min(0).max(1),
        reasons: z.array(gateReasonSchema),
        /** The nearest of the person's own, cosine distance. */
        own: z.object({ faceId: faceIdSchema, distance: z.number().min(0).max(2) }).optional(),
      }),
    )
    .min(1),
})
export type ReviewDetail = z.infer<typeof reviewDetailSchema>
