/** Requests about a domain's thresholds: measured on its gallery, chosen by an admin. The contract. */
import { z } from 'zod'
import { calibrationSchema, domainThresholdsSchema, thresholdLevelSchema } from '../calibration'
import { jobIdSchema } from '../ids'
import { distanceSchema, thresholdsInForceSchema } from '../recognition'
import { domainRef, request } from './request'

/** What is known of a domain's thresholds. */
const domainCalibrationSchema = z.object({
  /** Absent where the domain was never measured. */
  calibration: calibrationSchema.optional(),
  /** The gallery has changed since it was measured. */
  stale: z.boolean(),
  chosen: domainThresholdsSchema.pick({ match: true, possible: true }),
  /** What a search of the domain uses where it overrides nothing, and what the gallery's size alone would ask for. */
  inForce: thresholdsInForceSchema,
  bySize: thresholdsInForceSchema,
})
export type DomainCalibration = z.infer<typeof domainCalibrationSchema>

export const thresholdsRequests = {
  /** Measures the domain anew, as a job; what was measured is kept. */
  'thresholds.calibrate': request(domainRef, z.object({ jobId: jobIdSchema })),
  'thresholds.calibration': request(domainRef, domainCalibrationSchema),
  /** By distance, by wrong-name rate, or back to the gallery's size (`null`). */
  'thresholds.set': request(
    domainRef.extend({
      level: thresholdLevelSchema,
      to: z
        .union([z.object({ distance: distanceSchema }), z.object({ rate: z.number().positive().max(0.5) })])
        .nullable(),
    }),
    domainCalibrationSchema,
  ),
} as const
