/** What an act of the window comes to. */
import { z } from 'zod'
import { gateReasonSchema } from './gate'
import { ledgerIdSchema } from './ids'

/** An act that can be undone: its entry in the ledger, and what it did, one sentence. */
export const actSchema = z.object({ ledgerId: ledgerIdSchema, summary: z.string() })
export type Act = z.infer<typeof actSchema>

/** What came of a face that was to join a person: it did, or what speaks against it. */
export const joinedSchema = z.discriminatedUnion('done', [
  z.object({ done: z.literal(true), act: actSchema }),
  /** Nothing was changed. Ask again with a word of why; a reason that blocks stays. */
  z.object({ done: z.literal(false), reasons: z.array(gateReasonSchema) }),
])
export type Joined = z.infer<typeof joinedSchema>
