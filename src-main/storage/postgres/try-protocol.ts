/** What the thread that tries a connection says. Both sides. */
import { z } from 'zod'
import { wireErrorSchema } from '../../../src-shared/errors'
import { serverTestReportSchema, serverTestStepSchema } from '../../../src-shared/server-test'

/** Steps as they are through, then the report or a mistake of ours. */
export const fromTryWorkerSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('step'), step: serverTestStepSchema }),
  z.object({ type: z.literal('report'), report: serverTestReportSchema }),
  z.object({ type: z.literal('error'), error: wireErrorSchema }),
])
export type FromTryWorker = z.infer<typeof fromTryWorkerSchema>
