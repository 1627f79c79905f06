/** What the login may do, as the server tells it. Store's threads. */
import { z } from 'zod'
import { clientIdSchema } from '../../../src-shared/ids'
import type { StoreRights } from '../../../src-shared/store-rights'
import type { Connection } from '../sql/connection'
import { jsonList } from '../sql/rows'

const flag = z.number().transform((value) => value === 1)
const rightsRow = z.object({
  search: flag,
  curate: flag,
  erase: flag,
  administer: flag,
  everyClient: flag,
  clients: jsonList(clientIdSchema),
})

const selectRights = `
  SELECT search, curate, erase, administer, every_client AS everyClient, array_to_json(clients)::text AS clients
  FROM visor.my_rights()`

/** Raises `rights-missing` where the login has no role of Visor, and what the server raises. */
export function rightsOf(connection: Pick<Connection, 'row'>): StoreRights {
  const { everyClient, clients, ...rights } = connection.row(rightsRow, selectRights)!
  return { ...rights, clients: everyClient ? 'all' : clients }
}
