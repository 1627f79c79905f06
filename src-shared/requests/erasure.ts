/** Requests about erasing people and clients for good. The contract. */
import { z } from 'zod'
import {
  erasurePreviewSchema,
  erasureReasonSchema,
  erasureReportSchema,
  erasureTargetSchema,
} from '../erasure'
import { clientIdSchema, jobIdSchema, ledgerIdSchema } from '../ids'
import { maybeJob, nothing, request } from './request'

const erasureRequest = z.object({ clientId: clientIdSchema, target: erasureTargetSchema })

export const erasureRequests = {
  /** What an erasure would take; the client's distances say which faces may be theirs. */
  'erasure.preview': request(erasureRequest, erasurePreviewSchema),
  /** Erases for good, as a job; with its report it ends. */
  'erasure.erase': request(
    erasureRequest.extend({ why: erasureReasonSchema }),
    z.object({ jobId: jobIdSchema }),
  ),
  /** Ends, as a job, what an erasure left undone: the disk was full, say. `null` where nothing was. */
  'erasure.finish': request(nothing, maybeJob),
  /** Newest first. */
  'erasure.reports': request(nothing, z.array(erasureReportSchema)),
  /** Asks where to; `saved` is false where the dialog was closed. */
  'erasure.saveReport': request(z.object({ entry: ledgerIdSchema }), z.object({ saved: z.boolean() })),
} as const
