/** The history of a cache: what was edited while its server was away, for as long as it waits to be brought there. Store worker thread. */
import { z } from 'zod'
import type { ClientId } from '../../../src-shared/ids'
import { closeErased } from '../sql/erasure/close-erased'
import type { SqliteConnection } from '../sqlite/sqlite-connection'

const onlyChain = ''
const sequenceRow = z.object({ sequence: z.number().int() })

/** Entries that nothing can be undone by any more: the server's history has what they said. */
const selectUnneeded = `
  SELECT sequence FROM ledger e
  WHERE client_id = ? AND salt IS NOT NULL AND action <> 'erase' AND NOT EXISTS (SELECT 1 FROM outbox WHERE act_id = e.id)`
const deleteLinks = 'DELETE FROM ledger_persons WHERE sequence IN (SELECT value FROM json_each(?))'

/** Takes their content: whom an erasure takes is then named in none. Call within a transaction. */
export function forgetEntries(connection: SqliteConnection, clientId: ClientId): void {
  const sequences = connection.rows(sequenceRow, selectUnneeded, clientId).map(({ sequence }) => sequence)
  closeErased(connection, clientId, onlyChain, sequences)
  connection.run(deleteLinks, JSON.stringify(sequences))
}
