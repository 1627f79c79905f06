/** Requests that export people and import them. The contract. */
import { z } from 'zod'
import { clientIdSchema, domainSchema } from '../ids'
import { domainRef, maybeJob, personIds, request } from './request'

export const exchangeRequests = {
  /** Asks where to, then writes these people, or everybody of the domain or client, to a new folder. */
  'gallery.exportPeople': request(
    z.object({
      clientId: clientIdSchema,
      /** `null` = every domain of the client. */
      domain: domainSchema.nullable(),
      personIds: personIds.optional(),
      photos: z.enum(['copy', 'none']),
      /** Into the copies, as face regions. */
      names: z.boolean(),
    }),
    maybeJob,
  ),
  /** Asks for a folder that was exported, or of photos that say who is in them, and imports it. */
  'gallery.importPeople': request(domainRef, maybeJob),
} as const
