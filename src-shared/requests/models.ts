/** Requests about model packs and the process that runs them. The contract. */
import { z } from 'zod'
import { jobIdSchema } from '../ids'
import { packStatusSchema } from '../status'
import { nothing, request } from './request'

export const modelsRequests = {
  'models.list': request(nothing, z.array(packStatusSchema)),
  /** `consent` must be true for a pack whose terms ask for it. `optional`: the files that it works without, instead. */
  'models.fetch': request(
    z.object({ packId: z.string(), consent: z.boolean(), optional: z.boolean().optional() }),
    z.object({ jobId: jobIdSchema }),
  ),
  'models.use': request(z.object({ packId: z.string() }), nothing),
  /** Leaves the `failed` state: restarts are counted anew. */
  'vision.tryAgain': request(nothing, nothing),
} as const
