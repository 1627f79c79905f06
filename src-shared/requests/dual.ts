/** Requests about the move to a server: what was compared, the gate, cut-over and roll-back. The contract. */
import { z } from 'zod'
import {
  comparedPersons,
  disagreementCauseSchema,
  disagreementSchema,
  domainFiguresSchema,
  dualBucketSchema,
  dualFiguresSchema,
  dualStateSchema,
  gateCriteriaSchema,
  gateVerdictSchema,
  movedSchema,
  moveReportSchema,
  probePictureSchema,
} from '../dual'
import { clientIdSchema, domainSchema, faceIdSchema, jobIdSchema, sha256Schema } from '../ids'
import { storeModeSchema } from '../store-mode'
import { nothing, request } from './request'

/** Which comparisons are meant. */
const compared = {
  since: z.iso.datetime(),
  clientId: clientIdSchema.optional(),
  domain: domainSchema.optional(),
}

export const dualRequests = {
  'dual.state': request(nothing, dualStateSchema),
  'dual.figures': request(z.object(compared), dualFiguresSchema),
  'dual.byDomain': request(z.object(compared), z.array(domainFiguresSchema)),
  /** Stretches of time, oldest first; those without a probe are left out. At most 2,000. */
  'dual.series': request(
    z.object({ ...compared, bucketMinutes: z.number().int().min(1).max(10_080) }),
    z.array(dualBucketSchema),
  ),
  /** Newest first. */
  'dual.disagreements': request(
    z.object({
      ...compared,
      cause: disagreementCauseSchema.optional(),
      offset: z.number().int().nonnegative(),
      limit: z.number().int().min(1).max(200),
    }),
    z.object({ total: z.number().int().nonnegative(), some: z.array(disagreementSchema) }),
  ),
  /** Where the face that was searched for can still be seen; `same`: enrolled faces that an answer has at no distance from it. */
  'dual.probe': request(
    z.object({
      clientId: clientIdSchema,
      sha256: sha256Schema,
      same: z.array(faceIdSchema).max(2 * comparedPersons),
    }),
    probePictureSchema.nullable(),
  ),
  'dual.gate': request(nothing, z.object({ verdict: gateVerdictSchema, criteria: gateCriteriaSchema })),
  'dual.setCriteria': request(gateCriteriaSchema, gateVerdictSchema),
  /** Photos of a folder that is asked for, or those that were put into the queue in the last days; `null` where the dialog was closed. */
  'dual.replay': request(
    z.discriminatedUnion('what', [
      z.object({ what: z.literal('folder') }),
      z.object({ what: z.literal('queue'), days: z.number().int().min(1).max(365) }),
    ]),
    z.object({ jobId: jobIdSchema }).nullable(),
  ),
  /** The same for what the user dropped: photos, folders. */
  'dual.replayPaths': request(
    z.object({ paths: z.array(z.string().min(1)).min(1).max(100_000) }),
    z.object({ jobId: jobIdSchema }),
  ),
  /** The steps of the move, newest first, as the ledger of this machine has them; at most 200. */
  'dual.moves': request(z.object({ clientId: clientIdSchema }), z.array(movedSchema)),
  /** Compares a client that was copied to the server with what is there, row by row, and pairs it. */
  'dual.pair': request(z.object({ clientId: clientIdSchema }), z.object({ jobId: jobIdSchema })),
  'dual.unpair': request(z.object({ clientId: clientIdSchema }), nothing),
  /** To the server: by the gate, or with a reason. Raises why not; then everything is as before. */
  'dual.go': request(
    z.object({ mode: storeModeSchema, why: z.string().trim().min(1).max(500).optional() }),
    moveReportSchema,
  ),
  /** Cut-over and roll-back, without effect. */
  'dual.rehearse': request(nothing, z.array(moveReportSchema)),
} as const
