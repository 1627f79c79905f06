/** What main and a diagnostics worker thread say to each other. Both sides. */
import { z } from 'zod'
import { type CheckFinding, checkIdSchema, checksOf } from '../../../src-shared/diagnosis'
import { type WireError, wireErrorSchema } from '../../../src-shared/errors'
import { serverConnectionSchema } from '../../../src-shared/server'
import type { StoredFace } from '../diagnostics-store'

/** What the thread is started with. */
export const diagnosticsDataSchema = z.object({
  place: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('sqlite'), folder: z.string() }),
    z.object({
      kind: z.literal('postgres'),
      connection: serverConnectionSchema,
      password: z.string().optional(),
    }),
  ]),
  /** The server ends a statement that takes longer. */
  statementTimeoutMs: z.number().int().positive(),
})
export type DiagnosticsData = z.infer<typeof diagnosticsDataSchema>

const databaseCheckSchema = checkIdSchema.exclude(['self', 'latency', 'ledger', ...checksOf('isolation')])

/** One after the other; `close`: the connection is given back, and the thread ends. */
export const toDiagnosticsSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('check'), id: databaseCheckSchema }),
  z.object({ type: z.literal('stored-faces'), limit: z.number().int().positive() }),
  z.object({ type: z.literal('close') }),
])
export type ToDiagnostics = z.infer<typeof toDiagnosticsSchema>

/** One to a question. */
export type FromDiagnostics =
  | { readonly type: 'finding'; readonly finding: CheckFinding }
  | { readonly type: 'faces'; readonly faces: readonly StoredFace[] }
  | { readonly type: 'error'; readonly error: WireError }

export const errorReplySchema = z.object({ type: z.literal('error'), error: wireErrorSchema })
