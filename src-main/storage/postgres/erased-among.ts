/** Which acts of a console's outbox are about somebody who was erased on the server meanwhile. Server thread. */
import { z } from 'zod'
import { type LedgerId, ledgerIdSchema } from '../../../src-shared/ids'
import type { SoughtAct } from '../act'
import type { ServerPool } from './connect'
import { pooledQuery } from './pooled-query'

/**
 * The client is gone, or somebody was erased since and one of these people is not there any more. Of a client that the login does not
 * work for nobody can tell: the server refuses the act by itself.
 */
const selectErased = `
  SELECT act.id::text AS id
  FROM json_to_recordset($1::json) AS act (id uuid, client text, base bigint, people json)
  WHERE (act.client = ANY (my_clients()) OR has_every_client()) AND (
    act.base > 0 AND NOT EXISTS (SELECT FROM clients WHERE clients.id = act.client)
    OR EXISTS (
      SELECT FROM json_array_elements_text(act.people) AS person (id)
      WHERE NOT EXISTS (SELECT FROM persons WHERE persons.id = person.id::uuid AND persons.client_id = act.client)
    ) AND EXISTS (
      SELECT FROM ledger WHERE ledger.client_id = act.client AND ledger.action = 'erase' AND ledger.revision > act.base
    )
  )`
const idsSchema = z.array(z.object({ id: ledgerIdSchema }).transform(({ id }) => id))

/** Raises {@link ServerError}. */
export async function erasedAmong(
  pool: () => Promise<ServerPool>,
  acts: readonly SoughtAct[],
): Promise<readonly LedgerId[]> {
  const asked = acts.map(({ id, clientId, base, people }) => ({ id, client: clientId, base, people }))
  return idsSchema.parse(await pooledQuery(pool, { text: selectErased, values: [JSON.stringify(asked)] }))
}
