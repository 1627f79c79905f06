/** The test of a connection, step by step: what the *Test* button shows. Every process. */
import { z } from 'zod'
import { serverFailureSchema } from './server-failure'

/** In the order they are taken; after one that fails the rest is skipped, but for those about the database. */
export const serverTestSteps = [
  'settings',
  'address',
  'reach',
  'tls',
  'login',
  'database',
  'version',
  'writes',
  'extension',
  'schema',
  'rights',
] as const
export const serverTestStepIdSchema = z.enum(serverTestSteps)
export type ServerTestStepId = z.infer<typeof serverTestStepIdSchema>

export const serverTestStepSchema = z.object({
  id: serverTestStepIdSchema,
  state: z.enum(['pass', 'warn', 'fail', 'skipped']),
  /** What was found, one sentence. */
  sentence: z.string(),
  /** Milliseconds, a version, an address. */
  figure: z.string().nullable(),
  /** What to do about it. */
  next: z
    .object({
      text: z.string(),
      /** SQL, or a command for a terminal, to copy. */
      copy: z.string().nullable(),
    })
    .nullable(),
})
export type ServerTestStep = z.infer<typeof serverTestStepSchema>

export const serverTestReportSchema = z.object({
  steps: z.array(serverTestStepSchema),
  /** The worst of the steps. */
  state: z.enum(['pass', 'warn', 'fail']),
  /** Why there was no connection, where there was none. */
  failure: serverFailureSchema.nullable(),
  /** What the server said, to fold out and copy; never a password. */
  detail: z.string().nullable(),
})
export type ServerTestReport = z.infer<typeof serverTestReportSchema>
