/**
 * The ledger as a chain of hashes, so that tampering shows. Store worker thread.
 *
 * [Note: Ledger chain] An entry's hash is the SHA-256 of a JSON array of its sequence, id, time, actor, action, the digest of
 * its content, and the hash of the entry before (64 zeros before the first). The content is what may have to go: client,
 * summary, reason and details. Its digest is the SHA-256 of a JSON array of a random salt and these. An erasure takes
 * content and salt: the chain still holds, and what stands in it says nothing, because a digest whose salt is gone cannot be
 * tried against names. Which entries an erasure took is in the erasure's own entry, so none goes blank unnoticed.
 * `undone_by` and `closed_by` are written later and are not in the hash; the undo, the emptied bin and the erasure are entries
 * themselves, and both must say the same. That the last entries were cut off is told by the sequence number that is kept
 * apart (`chains`); whoever rewrites that and the whole chain is not found out. SQLite has one chain; a server has one for each
 * client, whose writes are one after the other.
 */
import { createHash, randomBytes } from 'node:crypto'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { z } from 'zod'
import type { Connection } from '../connection'

/** What an entry says: all of it goes when it is erased. */
interface EntryContent {
  readonly clientId: string
  readonly summary: string
  readonly reason: string | null
  /** As JSON. */
  readonly details: string
}

/** What the hash of an entry covers. */
interface ChainedEntry {
  readonly sequence: number
  readonly id: string
  /** Unix milliseconds. */
  readonly at: number
  readonly actor: string
  readonly action: string
  readonly contentHash: string
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

/** A new salt: 128 random bits, 32 hexadecimal digits. */
export function newSalt(): string {
  return randomBytes(16).toString('hex')
}

/** The digest of an entry's content; see [Note: Ledger chain]. */
export function hashContent(salt: string, { clientId, summary, reason, details }: EntryContent): string {
  return hashText(JSON.stringify([salt, clientId, summary, reason, details]))
}

/** An entry's hash; see [Note: Ledger chain]. */
export function hashEntry(entry: ChainedEntry): string {
  const { sequence, id, at, actor, action, contentHash, previousHash } = entry
  return hashText(JSON.stringify([sequence, id, at, actor, action, contentHash, previousHash]))
}

const endRow = z.object({ sequence: z.number().int(), hash: z.string().nullable() })
const entryRow = z.object({
  chain: z.string(),
  sequence: z.number().int(),
  id: z.string(),
  clientId: z.string(),
  at: z.number().int(),
  actor: z.string(),
  action: z.string(),
  summary: z.string(),
  reason: z.string().nullable(),
  details: z.string(),
  salt: z.string().nullable(),
  contentHash: z.string(),
  previousHash: z.string(),
  hash: z.string(),
  closedBy: z.string().nullable(),
})
type EntryRow = z.infer<typeof entryRow>
const sequenceRow = z.object({ sequence: z.number().int() })
const chainRow = z.object({ chain: z.string(), last: z.number().int() })

/** The number of the next entry, and the hash of the chain's last. */
export const selectEnd = `
  SELECT next_sequence() AS sequence,
    (SELECT hash FROM ledger WHERE chain = ? ORDER BY sequence DESC LIMIT 1) AS hash`
export const selectEntriesAfter = `
  SELECT chain, sequence, id, client_id AS clientId, at, actor, action, summary, reason, details, salt,
    content_hash AS contentHash, previous_hash AS previousHash, hash, closed_by AS closedBy
  FROM ledger WHERE (chain, sequence) > (?, ?) ORDER BY chain, sequence LIMIT ${entriesPerTurn}`
/**
 * The first entry that is said to be undone by one that undoes something else, or undone without saying so. What an undo
 * whose content went had undone is not known any more.
 */
export const selectFalseUndo = `
  SELECT e.sequence FROM ledger e
  WHERE e.undone_by IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM ledger u WHERE u.id = e.undone_by AND u.action = 'undo'
      AND (u.salt IS NULL OR json_extract(u.details, '$.undoes') = text_of(e.id)))
  UNION ALL
  SELECT e.sequence FROM ledger u
  CROSS JOIN ledger e ON same_client(e, u) AND e.id = id_of(json_extract(u.details, '$.undoes'))
  WHERE u.action = 'undo' AND e.undone_by IS DISTINCT FROM u.id
  ORDER BY 1 LIMIT 1`
export const selectChains = 'SELECT id AS chain, last_sequence AS last FROM chains ORDER BY id'

/** Where the next entry of a chain goes: its sequence number and the hash before it. */
export function chainEnd(connection: Connection, chain: string): { sequence: number; previousHash: string } {
  const { sequence, hash } = connection.row(endRow, selectEnd, chain)!
  return { sequence, previousHash: hash ?? beforeFirst }
}

/** The body of `GalleryStore.verifyLedger`. */
export async function verifyLedger(connection: Connection): Promise<{ entries: number; brokenAt?: number }> {
  const closures = new Closures()
  const lastOf = new Map(connection.rows(chainRow, selectChains).map(({ chain, last }) => [chain, last]))
  const broken: number[] = []
  const missing: number[] = []
  let entries = 0
  let chain = ''
  let last = 0
  let previousHash = beforeFirst
  /** What is missing at the end of the chain that was read. */
  const end = () => {
    if ((lastOf.get(chain) ?? 0) > last) missing.push(last + 1)
    lastOf.delete(chain)
  }
  for (;;) {
    const some = connection.rows(entryRow, selectEntriesAfter, chain, last)
    for (const entry of some) {
      if (entry.chain !== chain) {
        end()
        chain = entry.chain
        previousHash = beforeFirst
      }
      entries++
      last = entry.sequence
      const holds =
        entry.previousHash === previousHash && contentHolds(entry) && entry.hash === hashEntry(entry)
      if (!holds || !closures.holds(entry)) broken.push(entry.sequence)
      previousHash = entry.hash
    }
    if (some.length < entriesPerTurn) break
    await nextTurn()
  }
  end()
  // Chains of which nothing is left.
  for (const gone of lastOf.values()) if (gone > 0) missing.push(1)
  // What entries say of each other only counts where each of them holds.
  if (broken.length === 0) {
    const inconsistent = [connection.row(sequenceRow, selectFalseUndo)?.sequence, closures.firstUnfounded()]
    broken.push(...inconsistent.filter((sequence) => sequence !== undefined))
  }
  broken.push(...missing)
  return broken.length === 0 ? { entries } : { entries, brokenAt: Math.min(...broken) }
}

/** Whether the content is that of the digest, or is gone whole. */
function contentHolds({ salt, contentHash, closedBy, ...content }: EntryRow): boolean {
  if (salt !== null) return hashContent(salt, content) === contentHash
  return (
    closedBy !== null && content.summary === '' && content.reason === null && content.details === blankDetails
  )
}

const closingSchema = z.object({
  erased: z.array(z.number().int()).default([]),
  emptied: z.array(z.string()).default([]),
})

/** Which entries are closed, and what those that closed them say of it: they come later in the chain. */
class Closures {
  readonly #closedIds = new Set<string>()
  /** By the closing entry's id: what says that it was closed by it. */
  readonly #claims = new Map<string, { sequence: number; id: string; erased: boolean }[]>()

  /** Takes the next entry; whether those that it closed are the ones that say so. */
  holds({ sequence, id, action, salt, details, closedBy }: EntryRow): boolean {
    if (closedBy !== null) {
      this.#closedIds.add(id)
      const claims = this.#claims.get(closedBy) ?? []
      claims.push({ sequence, id, erased: salt === null })
      this.#claims.set(closedBy, claims)
    }
    if (action !== 'erase' && action !== 'empty-bin') return true
    const claims = this.#claims.get(id) ?? []
    this.#claims.delete(id)
    // What an entry without content closed is not known any more.
    if (salt === null) return true
    const { erased, emptied } = closingSchema.parse(JSON.parse(details))
    if (action === 'empty-bin') {
      return (
        claims.every((claim) => emptied.includes(claim.id)) &&
        emptied.every((one) => this.#closedIds.has(one))
      )
    }
    const listed = new Set(erased)
    return (
      claims.length === listed.size && claims.every((claim) => claim.erased && listed.has(claim.sequence))
    )
  }

  /** The first entry that is closed by none of the ledger. */
  firstUnfounded(): number | undefined {
    const sequences = [...this.#claims.values()].flat().map(({ sequence }) => sequence)
    return sequences.length === 0 ? undefined : Math.min(...sequences)
  }
}
