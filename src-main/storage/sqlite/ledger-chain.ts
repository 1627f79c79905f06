/**
 * The ledger as a chain of hashes, so that tampering shows. Store worker thread.
 *
 * [Note: Ledger chain] An entry's hash is the SHA-256 of a JSON array of its sequence, id, client, time, actor, action,
 * summary, reason, the SHA-256 of its details, and the hash of the entry before (64 zeros before the first). The details
 * are in it by their own hash, so that they can be blanked (to `null`) and the chain still holds. `undone_by` is written
 * later and is not in it; the undo is an entry itself, and both must say the same. That the last entries were cut off is
 * told by the sequence number that SQLite keeps apart; whoever rewrites that and the whole chain is not found out.
 */
import { createHash } from 'node:crypto'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type BetterSqlite3 from 'better-sqlite3'
import { z } from 'zod'
import { Connection } from './connection'

/** What the hash of an entry covers. */
export interface ChainedEntry {
  readonly sequence: number
  readonly id: string
  readonly clientId: string
  /** Unix milliseconds. */
  readonly at: number
  readonly actor: string
  readonly action: string
  readonly summary: string
  readonly reason: string | null
  readonly detailsHash: string
  readonly previousHash: string
}

/** The details of an entry whose content went. */
export const blankDetails = 'null'

/** What stands for the entry before the first. */
export const beforeFirst = '0'.repeat(64)

/** Entries read in one turn of the worker; others are served in between. */
const entriesPerTurn = 1000

/** SHA-256 of a text in UTF-8, 64 hexadecimal digits. */
export function hashText(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

/** An entry's hash; see [Note: Ledger chain]. */
export function hashEntry(entry: ChainedEntry): string {
  const { sequence, id, clientId, at, actor, action, summary, reason, detailsHash, previousHash } = entry
  return hashText(
    JSON.stringify([sequence, id, clientId, at, actor, action, summary, reason, detailsHash, previousHash]),
  )
}

const headRow = z.object({ sequence: z.number().int(), hash: z.string() })
const entryRow = z.object({
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
const lastSequenceRow = z.object({ sequence: z.number().int() })

export const selectHead = 'SELECT sequence, hash FROM ledger ORDER BY sequence DESC LIMIT 1'
export const selectEntriesAfter = `
  SELECT sequence, id, client_id AS clientId, at, actor, action, summary, reason, details,
    details_hash AS detailsHash, previous_hash AS previousHash, hash
  FROM ledger WHERE sequence > ? ORDER BY sequence LIMIT ${entriesPerTurn}`
/** The first entry that is said to be undone by one that undoes something else, or undone without saying so. */
export const selectFalseUndo = `
  SELECT e.sequence FROM ledger e
  WHERE e.undone_by IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM ledger u WHERE u.id = e.undone_by AND u.action = 'undo' AND json_extract(u.details, '$.undoes') = e.id)
  UNION ALL
  SELECT e.sequence FROM ledger u CROSS JOIN ledger e ON e.id = json_extract(u.details, '$.undoes')
  WHERE u.action = 'undo' AND e.undone_by IS NOT u.id
  ORDER BY 1 LIMIT 1`
export const selectLastSequence = "SELECT seq AS sequence FROM sqlite_sequence WHERE name = 'ledger'"

/** Where the next entry goes: its sequence number and the hash before it. */
export function chainEnd(connection: Connection): { sequence: number; previousHash: string } {
  const head = connection.row(headRow, selectHead)
  return { sequence: (head?.sequence ?? 0) + 1, previousHash: head?.hash ?? beforeFirst }
}

/** The body of `GalleryStore.verifyLedger`. */
export async function verifyLedger(connection: Connection): Promise<{ entries: number; brokenAt?: number }> {
  let entries = 0
  let last = 0
  let previousHash = beforeFirst
  let broken: number | undefined
  for (;;) {
    const some = connection.rows(entryRow, selectEntriesAfter, last)
    for (const { details, detailsHash, hash, ...entry } of some) {
      entries++
      last = entry.sequence
      const holds =
        detailsHash !== null &&
        entry.previousHash === previousHash &&
        (details === blankDetails || hashText(details) === detailsHash) &&
        hash === hashEntry({ ...entry, detailsHash, previousHash })
      if (!holds) broken ??= entry.sequence
      previousHash = hash ?? ''
    }
    if (some.length < entriesPerTurn) break
    await nextTurn()
  }
  // Whether an undo and what it undid say the same can be told only where both are as they were written.
  broken ??= connection.row(lastSequenceRow, selectFalseUndo)?.sequence
  const written = connection.row(lastSequenceRow, selectLastSequence)?.sequence ?? 0
  if (written > last) broken ??= last + 1
  return broken === undefined ? { entries } : { entries, brokenAt: broken }
}

/** Chains the entries that were written before there was a chain: the step in code of migration 20. */
export function chainOldEntries(database: BetterSqlite3.Database): void {
  const connection = new Connection(database)
  let last = 0
  let previousHash = beforeFirst
  for (;;) {
    const some = connection.rows(entryRow, selectEntriesAfter, last)
    for (const { details, ...entry } of some) {
      const detailsHash = hashText(details)
      const hash = hashEntry({ ...entry, detailsHash, previousHash })
      connection.run(
        'UPDATE ledger SET details_hash = ?, previous_hash = ?, hash = ? WHERE sequence = ?',
        detailsHash,
        previousHash,
        hash,
        entry.sequence,
      )
      last = entry.sequence
      previousHash = hash
    }
    if (some.length < entriesPerTurn) break
  }
}
