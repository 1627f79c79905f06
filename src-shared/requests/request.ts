/** One request, and the parts that requests of several areas are made of. The contract. */
import { z } from 'zod'
import {
  clientIdSchema,
  domainSchema,
  faceIdSchema,
  jobIdSchema,
  personIdSchema,
  personNameSchema,
} from '../ids'

/** What goes in, which main checks, and what comes out, which types what main's handler gives. */
export function request<I extends z.ZodType, O extends z.ZodType>(input: I, output: O) {
  return { input, output } as const
}

/** No input, or no answer. */
export const nothing = z.void()
/** One domain of one client. */
export const domainRef = z.object({ clientId: clientIdSchema, domain: domainSchema })
/** Part of a list: what comes before it, and how much of it. */
export const page = { offset: z.number().int().nonnegative(), limit: z.number().int().min(1).max(500) }
/** People who are dealt with in one act. */
export const personIds = z.array(personIdSchema).min(1).max(100_000)
/** Faces that are dealt with in one act. */
export const faceIds = z.array(faceIdSchema).min(1).max(100_000)
/** Somebody who is there, or the name of somebody who may be new. */
export const personRef = z.union([
  z.object({ personId: personIdSchema }),
  z.object({ name: personNameSchema }),
])
/** The job that was begun; `null` where the user closed the dialog, or there was nothing to do. */
export const maybeJob = z.object({ jobId: jobIdSchema }).nullable()
