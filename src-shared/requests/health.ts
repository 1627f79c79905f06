/** Requests about gallery health: what was found, what is said of it, what is done to all of a kind. The contract. */
import { z } from 'zod'
import { actSchema } from '../act'
import {
  findingCountSchema,
  findingIdSchema,
  findingKindSchema,
  findingSchema,
  healthStateSchema,
} from '../health'
import { clientIdSchema, domainSchema, jobIdSchema, personIdSchema } from '../ids'
import { nothing, page, request } from './request'

export const healthRequests = {
  'health.state': request(nothing, healthStateSchema),
  'health.counts': request(z.object({ clientId: clientIdSchema }), z.array(findingCountSchema)),
  /** Greatest harm first. */
  'health.findings': request(
    z.object({
      clientId: clientIdSchema,
      /** `null` = every domain of the client. */
      domain: domainSchema.nullable(),
      /** `null` = every kind. */
      kind: findingKindSchema.nullable(),
      /** Those that somebody said are fine instead. */
      dismissed: z.boolean(),
      ...page,
    }),
    z.object({ total: z.number().int().nonnegative(), findings: z.array(findingSchema) }),
  ),
  'health.dismiss': request(
    z.object({
      clientId: clientIdSchema,
      findingIds: z.array(findingIdSchema).min(1).max(10_000),
      dismissed: z.boolean(),
    }),
    actSchema,
  ),
  /** Takes out the worse of all copies that one person has of a photo; in one act. */
  'health.takeCopies': request(
    z.object({ clientId: clientIdSchema, domain: domainSchema.nullable() }),
    actSchema,
  ),
  /** Has the faces of an older model embedded again from their photos: of one person, or of all in the domain. */
  'health.embedAgain': request(
    z.object({
      clientId: clientIdSchema,
      domain: domainSchema.nullable(),
      personId: personIdSchema.optional(),
    }),
    z.object({ jobId: jobIdSchema }),
  ),
  'health.pause': request(z.object({ paused: z.boolean() }), nothing),
  /** Looks at everybody anew. */
  'health.lookAnew': request(nothing, nothing),
} as const
