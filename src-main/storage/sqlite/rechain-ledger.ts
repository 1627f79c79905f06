/**
 * Chains the ledger anew in the form of [Note: Ledger chain]: the step in code of migration 70. Store worker thread.
 *
 * Before it, the hash covered client, summary and reason as they are, and the details by a digest without salt; before
 * migration 20 there was no chain. What did not hold then must not seem to hold now: such an entry gets a digest that
 * fits nothing.
 */
import type BetterSqlite3 from 'better-sqlite3'
import { z } from 'zod'
import {
  beforeFirst,
  blankDetails,
  hashContent,
  hashEntry,
  hashText,
  newSalt,
} from '../sql/ledger/ledger-chain'
import { SqliteConnection } from './sqlite-connection'

/** The digest of an entry that was broken before. */
const brokenDigest = '0'.repeat(64)
const entriesAtOnce = 1000

const oldRow = z.object({
  sequence: z.number().int(),
  id: z.string(),
  clientId: z.string(),
  at: z.number().int(),
  actor: z.string(),
  action: z.string(),
  summary: z.string(),
  reason: z.string().nullable(),
  details: z.string(),
  detailsHash: z.string().nullable(),
  previousHash: z.string().nullable(),
  hash: z.string().nullable(),
})
type OldRow = z.infer<typeof oldRow>

/** Chains every entry. Nobody can be told of progress: the database is not open yet. */
export function rechainLedger(database: BetterSqlite3.Database): void {
  const connection = new SqliteConnection(database)
  let last = 0
  let oldPrevious = beforeFirst
  let previousHash = beforeFirst
  for (;;) {
    const some = connection.rows(
      oldRow,
      `SELECT sequence, id, client_id AS clientId, at, actor, action, summary, reason, details,
         details_hash AS detailsHash, previous_hash AS previousHash, hash
       FROM ledger WHERE sequence > ? ORDER BY sequence LIMIT ${entriesAtOnce}`,
      last,
    )
    for (const entry of some) {
      const salt = newSalt()
      const contentHash = heldBefore(entry, oldPrevious) ? hashContent(salt, entry) : brokenDigest
      const hash = hashEntry({ ...entry, contentHash, previousHash })
      connection.run(
        'UPDATE ledger SET salt = ?, content_hash = ?, previous_hash = ?, hash = ? WHERE sequence = ?',
        salt,
        contentHash,
        previousHash,
        hash,
        entry.sequence,
      )
      last = entry.sequence
      oldPrevious = entry.hash ?? ''
      previousHash = hash
    }
    if (some.length < entriesAtOnce) break
  }
  // Emptied entries were told by details that were blank.
  connection.run(
    `UPDATE ledger SET closed_by = emptying.id
     FROM ledger emptying CROSS JOIN json_each(emptying.details, '$.emptied') emptied
     WHERE emptying.action = 'empty-bin' AND ledger.id = emptied.value`,
  )
  connection.run('ALTER TABLE ledger DROP COLUMN details_hash')
}

/** Whether the entry was as it had been written; one from before there was a chain was. */
function heldBefore(entry: OldRow, oldPrevious: string): boolean {
  const {
    sequence,
    id,
    clientId,
    at,
    actor,
    action,
    summary,
    reason,
    details,
    detailsHash,
    previousHash,
    hash,
  } = entry
  if (hash === null) return true
  const covered = [sequence, id, clientId, at, actor, action, summary, reason, detailsHash, previousHash]
  return (
    previousHash === oldPrevious &&
    (details === blankDetails || hashText(details) === detailsHash) &&
    hash === hashText(JSON.stringify(covered))
  )
}
