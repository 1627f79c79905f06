/** Requests about faces that wait in the enrolment review. The contract. */
import { z } from 'zod'
import { actSchema, joinedSchema } from '../act'
import { gateKindSchema, overrideSchema } from '../gate'
import { personIdSchema, personNameSchema, reviewIdSchema } from '../ids'
import { reviewDetailSchema, reviewsQuerySchema, waitingReviewsSchema } from '../review'
import { request } from './request'

export const reviewRequests = {
  'review.waiting': request(reviewsQuerySchema, waitingReviewsSchema),
  'review.detail': request(z.object({ reviewId: reviewIdSchema }), reviewDetailSchema),
  /** The face joins whom it is for, or `to`, somebody of the domain or somebody new; `why` overrides what was `seen`, and only that. */
  'review.accept': request(
    z.object({
      reviewId: reviewIdSchema,
      face: z.number().int().nonnegative(),
      to: z.union([z.object({ personId: personIdSchema }), z.object({ name: personNameSchema })]).optional(),
      why: overrideSchema.optional(),
      seen: z.array(gateKindSchema),
    }),
    joinedSchema,
  ),
  'review.reject': request(z.object({ reviewId: reviewIdSchema }), actSchema),
} as const
