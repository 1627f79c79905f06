/** Requests about the server: where it is, how to log in, whether it is worked on, its schema. The contract. */
import { z } from 'zod'
import { jobIdSchema } from '../ids'
import { schemaCheckSchema, schemaLogEntrySchema, schemaPlanSchema, schemaStatusSchema } from '../schema'
import { serverConnectionInputSchema } from '../server'
import { serverTestReportSchema } from '../server-test'
import { storeModeSchema } from '../store-mode'
import { nothing, request } from './request'

/** A password on its way to main; it never comes back. */
const passwordSchema = z.string().min(1).max(1024)

/** The connection as it is kept, and what is known of its password. */
const serverSetupSchema = z.object({
  connection: serverConnectionInputSchema,
  /** Where a password for it is; `null`: Visor has none, and looks where psql does. */
  password: z.enum(['system-store', 'memory']).nullable(),
  /** Whether this system has a key store that protects anything. */
  canKeep: z.boolean(),
})
export type ServerSetup = z.infer<typeof serverSetupSchema>

const form = {
  connection: serverConnectionInputSchema,
  /** Typed anew; `null`: the one that Visor has, or that psql would find. */
  password: passwordSchema.nullable(),
}

export const serverRequests = {
  'server.setup': request(nothing, serverSetupSchema),
  /** Remembers the connection, and its password as it asks for it. In server mode Visor connects anew. */
  'server.save': request(z.object(form), serverSetupSchema),
  'server.forgetPassword': request(nothing, serverSetupSchema),
  /** Tries a connection that need not be saved. Each step is told by the event `serverTest` when it is through. */
  'server.test': request(z.object({ testId: z.uuid(), ...form }), serverTestReportSchema),
  /** Ends a test that takes too long; nothing where it is over. */
  'server.cancelTest': request(z.object({ testId: z.uuid() }), nothing),
  /** Asks for a certificate or key file; `null` where the dialog was closed. */
  'server.chooseFile': request(
    z.object({ what: z.enum(['certificate', 'key', 'password']) }),
    z.string().nullable(),
  ),
  /** Raises why the server cannot be used; then everything is as before. */
  'mode.use': request(z.object({ mode: storeModeSchema }), nothing),
  /** In server mode, after a failure. */
  'mode.connect': request(nothing, nothing),
  /** Of the server that is saved, also in local mode. */
  'schema.status': request(nothing, schemaStatusSchema),
  'schema.plan': request(nothing, schemaPlanSchema),
  'schema.up': request(nothing, z.object({ jobId: jobIdSchema })),
  'schema.verify': request(nothing, schemaCheckSchema),
  /** What was done since Visor was started. */
  'schema.log': request(nothing, z.array(schemaLogEntrySchema)),
} as const
