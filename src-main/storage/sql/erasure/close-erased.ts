/** Entries of a console's own history about people whom a server erased: they stay, their content goes. Store's writing thread. */
import { z } from 'zod'
import type { ClientId, PersonId } from '../../../../src-shared/ids'
import type { Connection } from '../connection'
import { appendEntry, newLedgerId } from '../ledger/ledger'
import { blankEntries } from './carry-out'

const sequenceRow = z.object({ sequence: z.number().int() })

export const selectUnclosed = `
  SELECT e.sequence FROM numbers(?) asked CROSS JOIN ledger e ON e.sequence = asked.value WHERE e.salt IS NOT NULL`

/** Takes the content of these entries of a client, under an entry of an erasure that names them. Call within a transaction. */
export function closeErased(
  connection: Connection,
  clientId: ClientId,
  chain: string,
  sequences: readonly number[],
): void {
  const erased = connection
    .rows(sequenceRow, selectUnclosed, JSON.stringify(sequences))
    .map(({ sequence }) => sequence)
  if (erased.length === 0) return
  const ledgerId = newLedgerId()
  const entry = { clientId, chain, ledgerId, at: Date.now(), people: new Set<PersonId>() }
  const context = { actor: 'Server', summary: 'Followed an erasure on the server' }
  appendEntry(connection, entry, context, { action: 'erase', erased })
  connection.rows(sequenceRow, blankEntries, ledgerId, JSON.stringify(erased))
}
