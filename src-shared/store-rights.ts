/** What whoever works at this console may do with the galleries, so that only that is offered. Every process. */
import { z } from 'zod'
import { clientIdSchema } from './ids'

export const storeRightsSchema = z.object({
  /** Also lists, people, photos, the history; and leaving unknown faces. */
  search: z.boolean(),
  /** People, faces, decisions, reviews, findings, undo, the bin. */
  curate: z.boolean(),
  erase: z.boolean(),
  /** Migrations, indexes, and who works for which clients. */
  administer: z.boolean(),
  /** `all`, or the clients whose rows are seen. */
  clients: z.union([z.literal('all'), z.array(clientIdSchema)]),
})
export type StoreRights = z.infer<typeof storeRightsSchema>

/** On this machine, where the file is its owner's. */
export const allRights: StoreRights = {
  search: true,
  curate: true,
  erase: true,
  administer: true,
  clients: 'all',
}
