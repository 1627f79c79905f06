/** Requests about diagnoses. The contract. */
import { z } from 'zod'
import { diagnosisStateSchema, diagnosisWishSchema } from '../diagnosis'
import { jobIdSchema } from '../ids'
import { nothing, request } from './request'

export const diagnosisRequests = {
  /** What can be diagnosed, and the diagnosis that runs or was made last. */
  'diagnosis.state': request(nothing, diagnosisStateSchema),
  /** Begins one, as a job; one at a time. */
  'diagnosis.start': request(diagnosisWishSchema, z.object({ jobId: jobIdSchema })),
  /** Asks where to; `saved` is false where the dialog was closed. */
  'diagnosis.save': request(z.object({ format: z.enum(['md', 'json']) }), z.object({ saved: z.boolean() })),
} as const
