/** What a paired gallery still says of people whom the server erased: its history, its outbox, its comparisons. Store worker thread. */
import { z } from 'zod'
import type { ClientId } from '../../../src-shared/ids'
import { deleteLinksGone } from '../sql/erasure/carry-out'
import { closeErased } from '../sql/erasure/close-erased'
import { selectTouching } from '../sql/erasure/named-places'
import { deleteComparisonsOf } from '../sqlite/dual'
import { strikeActs } from '../sqlite/outbox'
import type { Syncing } from './syncing'

const onlyChain = ''
const sequenceRow = z.object({ sequence: z.number().int() })
const thereRow = z.tuple([z.string()])

const selectThere = 'SELECT id::text FROM persons WHERE client_id = $1 AND id IN (SELECT value FROM ids($2))'

/**
 * Takes the content of entries and waiting acts about those of `told` (people that changed on the server) whom it does not have in any
 * form; an entry of an erasure says which. Call within `copying`, where its feed has an erasure. Whoever only the server knew may be in
 * comparisons all the same.
 */
export async function forgetErased(
  { connection, server }: Syncing,
  clientId: ClientId,
  told: ReadonlySet<string>,
): Promise<void> {
  const there = await server.rows(thereRow, selectThere, clientId, JSON.stringify([...told]))
  const kept = new Set(there.map(([id]) => id))
  const gone = new Set([...told].filter((id) => !kept.has(id)))
  if (gone.size === 0) return
  const list = JSON.stringify([...gone])
  connection.run(deleteComparisonsOf, list)
  strikeActs(connection, gone)
  const touching = connection.rows(sequenceRow, selectTouching, list).map(({ sequence }) => sequence)
  closeErased(connection, clientId, onlyChain, touching)
  connection.run(deleteLinksGone, list)
}
