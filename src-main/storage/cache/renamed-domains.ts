/** A chosen domain that has another name on the server now has it in the cache as well. Store worker thread. */
import { z } from 'zod'
import { type ClientId, type Domain, domainSchema } from '../../../src-shared/ids'
import { inTurn } from './cached-rows'
import type { Syncing } from './syncing'

/** In the order in which they were carried out; an undo of one is one the other way round. */
export const selectRenames = `
  SELECT details ->> CASE WHEN undone THEN 'to' ELSE 'from' END, details ->> CASE WHEN undone THEN 'from' ELSE 'to' END
  FROM (
    SELECT e.sequence, e.action = 'undo' AS undone, coalesce(first.details, e.details)::json AS details
    FROM ledger e
    LEFT JOIN ledger first ON e.action = 'undo' AND first.client_id = e.client_id
      AND first.id = (e.details::json ->> 'undoes')::uuid
    WHERE e.client_id = $1 AND coalesce(first.action, e.action) = 'rename-domain' AND e.id IN (
      SELECT unnest(ids) FROM changes WHERE client_id = $1 AND revision > $2 AND kind = 'entry')
  ) renames ORDER BY sequence`

/** What waits for a decision here goes with its domain. */
const moveReviews = `
  UPDATE enrolment_reviews SET domain = ? WHERE client_id = ? AND domain = ?
    AND EXISTS (SELECT 1 FROM domains WHERE client_id = ? AND name = ?)`
const deleteBareDomain = `
  DELETE FROM domains AS d WHERE client_id = ? AND name = ?
    AND NOT EXISTS (SELECT 1 FROM cached_domains c WHERE (c.client_id, c.name) = (d.client_id, d.name))
    AND NOT EXISTS (SELECT 1 FROM persons t WHERE (t.client_id, t.domain) = (d.client_id, d.name))
    AND NOT EXISTS (SELECT 1 FROM photos t WHERE (t.client_id, t.domain) = (d.client_id, d.name))
    AND NOT EXISTS (SELECT 1 FROM faces t WHERE (t.client_id, t.domain) = (d.client_id, d.name))
    AND NOT EXISTS (SELECT 1 FROM enrolment_reviews t WHERE (t.client_id, t.domain) = (d.client_id, d.name))`

const renameRow = z.tuple([domainSchema, domainSchema])
const cursorRow = z.object({ revision: z.number().int() })

/**
 * Brings the names of a client's chosen domains to those on the server; gives the renames. Call within a snapshot, before the
 * client is followed in it: by that its rows are read anew, under the new name. After it, {@link forgetNames}.
 */
export async function followRenames(
  { connection, server }: Syncing,
  clientId: ClientId,
): Promise<readonly (readonly [from: Domain, to: Domain])[]> {
  const cursor = connection.row(
    cursorRow,
    'SELECT revision FROM cached_clients WHERE client_id = ?',
    clientId,
  )
  if (cursor === undefined) return []
  const renames = await server.rows(renameRow, selectRenames, clientId, cursor.revision)
  if (renames.length === 0) return []
  await inTurn(connection, () => {
    for (const [from, to] of renames) {
      // A domain of the new name that was chosen before would be another one, that is no more.
      connection.run(
        'UPDATE OR REPLACE cached_domains SET name = ? WHERE client_id = ? AND name = ?',
        to,
        clientId,
        from,
      )
    }
  })
  return renames
}

/** Takes the names away that no domain has any more. */
export async function forgetNames(
  { connection }: Syncing,
  clientId: ClientId,
  renames: Awaited<ReturnType<typeof followRenames>>,
): Promise<void> {
  if (renames.length === 0) return
  await inTurn(connection, () => {
    for (const [from, to] of renames) {
      connection.run(moveReviews, to, clientId, from, clientId, to)
      connection.run(deleteBareDomain, clientId, from)
    }
  })
}
