/** What main and a schema worker thread say to each other. Both sides. */
import { z } from 'zod'
import { wireErrorSchema } from '../../../src-shared/errors'
import { schemaProgressSchema } from '../../../src-shared/schema'
import { serverConnectionSchema } from '../../../src-shared/server'
import { serverFailureSchema } from '../../../src-shared/server-failure'

/** A thread does one work and ends. */
export const schemaWorkSchema = z.object({
  place: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('sqlite'), folder: z.string() }),
    z.object({
      kind: z.literal('postgres'),
      connection: serverConnectionSchema,
      password: z.string().optional(),
    }),
  ]),
  work: z.enum(['status', 'plan', 'up', 'verify']),
})
export type SchemaWork = z.infer<typeof schemaWorkSchema>

/** Sent to the thread: the work is no longer wanted. */
export const cancelWork = 'cancel'

/** Any number of `progress`, then one of the others. */
export const fromSchemaWorkSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('progress'), progress: schemaProgressSchema }),
  z.object({ type: z.literal('value'), value: z.unknown() }),
  /** `failure`: where it was the server's. */
  z.object({ type: z.literal('error'), error: wireErrorSchema, failure: serverFailureSchema.optional() }),
])
export type FromSchemaWork = z.infer<typeof fromSchemaWorkSchema>
