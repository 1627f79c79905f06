/** Requests about what this console keeps of the server, and what waits to be brought there. The contract. */
import { z } from 'zod'
import { cacheCheckSchema, cacheStateSchema, syncReportSchema } from '../cache'
import { wireErrorSchema } from '../errors'
import { clientIdSchema, jobIdSchema, ledgerIdSchema, modelIdSchema } from '../ids'
import {
  indexBuildSchema,
  indexStateSchema,
  recallQuerySchema,
  recallSchema,
  searchWidthSchema,
} from '../search-index'
import { domainRef, nothing, request } from './request'

/** An edit that was made here while the server was away. */
const waitingEditSchema = z.object({
  id: ledgerIdSchema,
  clientId: clientIdSchema,
  actor: z.string(),
  summary: z.string(),
  madeAt: z.iso.datetime(),
  people: z.number().int().nonnegative(),
  /** Why the server did not take it, for a decision; `null` while it waits its turn. */
  held: wireErrorSchema.nullable(),
})
export type WaitingEdit = z.infer<typeof waitingEditSchema>

const edit = { id: ledgerIdSchema }

/** All raise `conflict` in local mode. */
export const serverSideRequests = {
  'index.state': request(nothing, indexStateSchema),
  /** Anew, beside the one in use. */
  'index.rebuild': request(indexBuildSchema, z.object({ jobId: jobIdSchema })),
  /** Has every console's searches by the index look at so many candidates. */
  'index.widen': request(z.object({ modelId: modelIdSchema, searchWidth: searchWidthSchema }), nothing),
  /** Searches by the index and without, compared. */
  'index.recall': request(recallQuerySchema, recallSchema),
  'cache.state': request(nothing, cacheStateSchema),
  'cache.choose': request(domainRef.extend({ chosen: z.boolean() }), nothing),
  /** Both are listed as work that runs where they take long, and can be cancelled there. */
  'cache.sync': request(nothing, syncReportSchema),
  'cache.verify': request(nothing, cacheCheckSchema),
  /** Oldest first. */
  'outbox.entries': request(nothing, z.array(waitingEditSchema)),
  /** Tries a held edit again; `anyway`: whoever changed the same people meanwhile. */
  'outbox.retry': request(z.object({ ...edit, anyway: z.boolean() }), nothing),
  /** Forgets a held edit: what the server has stays. */
  'outbox.drop': request(z.object(edit), nothing),
} as const
