/** Compares a cache with the server, by counts and hashes, and reads anew what differs. Store worker thread. */
import { setImmediate as nextTurn } from 'node:timers/promises'
import { z } from 'zod'
import type { CacheDifference } from '../../../src-shared/cache'
import type { ClientId, Domain } from '../../../src-shared/ids'
import { copying } from './cached-rows'
import { type CachedValue, rowHash } from './copied-rows'
import { forgetEdits, type GatheredOwners, type Head, noOwners, renewRows, setCursor } from './renew'
import type { Syncing } from './syncing'
import { type CachedTable, ownerPrintsStatement, printStatement } from './tables'

/** Owners whose rows are hashed in one turn of the thread. */
const ownersPerTurn = 512

const printRow = z.tuple([z.number().int(), z.string()])
const ownerPrintRow = z.tuple([z.string(), z.string()])
const nameRow = z.object({ name: z.string() })

/** How many rows a table has in a domain, all their hashes combined, and those of each owner. */
interface Prints {
  readonly rows: number
  readonly hash: bigint
  readonly byOwner: ReadonlyMap<string, bigint>
}

/** What was compared. */
export interface Comparison {
  readonly domains: number
  readonly rows: number
  readonly differences: readonly CacheDifference[]
}

/** What differs, and whose rows. */
interface Found extends Comparison {
  readonly owners: GatheredOwners
}

/**
 * Compares the whole domains of a client with what the server has (in this snapshot), reads anew what differs, and sets the
 * cache's revision. Domains that are being filled in begin anew.
 */
export async function compareClient(
  syncing: Syncing,
  clientId: ClientId,
  domains: readonly Domain[],
  head: Head,
): Promise<Comparison> {
  const { connection } = syncing
  const whole = new Set(
    connection
      .rows(nameRow, `SELECT name FROM cached_domains WHERE client_id = ? AND step = 'whole'`, clientId)
      .map(({ name }) => name),
  )
  const compared = domains.filter((domain) => whole.has(domain))
  const begun = domains.filter((domain) => !whole.has(domain))
  const found = await differencesOf(syncing, clientId, compared, domains)
  const { owners } = found
  for (const kind of ['person', 'photo', 'face'] as const) {
    for (const domain of begun) {
      for (const id of connection.ids<string>(syncing.kept.localOwners(kind), clientId, domain))
        owners[kind].add(id)
    }
  }
  await copying(syncing, clientId, async (copied) => {
    await renewRows(syncing, copied, clientId, owners, 'nobody was told')
    await syncing.kept.renewWaiting?.(syncing, copied, clientId, 'all')
    forgetEdits(syncing, clientId)
    connection.run(
      `UPDATE cached_domains SET step = 'persons', mark = '', filled = 0 WHERE client_id = ? AND step <> 'whole'`,
      clientId,
    )
    // Nobody knows why what went is gone.
    setCursor(syncing, clientId, head, syncing.report.removed > 0)
  })
  return found
}

/** Compares domains with what the server has of them (in this snapshot), and changes nothing. `held`: all that are kept here. */
export async function differencesOf(
  syncing: Syncing,
  clientId: ClientId,
  compared: readonly Domain[],
  held: readonly Domain[],
): Promise<Found> {
  const { server, control, kept } = syncing
  const owners = noOwners()
  const differences: CacheDifference[] = []
  let rows = 0
  const tables = kept.tables.filter(({ notCompared }) => notCompared !== true)
  for (const [position, domain] of compared.entries()) {
    await server.set({ client: clientId, domain, domains: JSON.stringify(held) })
    for (const [index, table] of tables.entries()) {
      const total = compared.length * tables.length
      control.onProgress?.({ done: position * tables.length + index, total })
      control.signal?.throwIfAborted()
      const [onServer, hash] = (await server.rows(printRow, printStatement(table)))[0]!
      const local = await localPrints(syncing, table, clientId, domain)
      rows += onServer
      if (local.rows === onServer && local.hash === BigInt(hash)) continue
      const differing = differingOwners(
        new Map(
          (await server.rows(ownerPrintRow, ownerPrintsStatement(table))).map(([id, print]) => [
            id,
            BigInt(print),
          ]),
        ),
        local.byOwner,
      )
      for (const id of differing) owners[table.owner].add(id)
      differences.push({
        clientId,
        domain,
        table: table.name,
        onServer,
        inCache: local.rows,
        differing: differing.length,
      })
    }
  }
  return { domains: compared.length, rows, differences, owners }
}

function differingOwners(server: ReadonlyMap<string, bigint>, local: ReadonlyMap<string, bigint>): string[] {
  const ids = new Set([...server.keys(), ...local.keys()])
  return [...ids].filter((id) => server.get(id) !== local.get(id))
}

async function localPrints(
  { connection, kept }: Syncing,
  table: CachedTable,
  clientId: ClientId,
  domain: Domain,
): Promise<Prints> {
  const ids = connection.ids<string>(kept.localOwners(table.owner), clientId, domain)
  const statement = kept.localRows(table)
  const byOwner = new Map<string, bigint>()
  let rows = 0
  let all = 0n
  for (let first = 0; first < ids.length; first += ownersPerTurn) {
    const list = JSON.stringify(ids.slice(first, first + ownersPerTurn))
    for (const row of connection.columns(statement, list)) {
      const [owner, ...values] = row as [string, ...CachedValue[]]
      const print = rowHash(table.columns, values)
      byOwner.set(owner, (byOwner.get(owner) ?? 0n) ^ print)
      all ^= print
      rows++
    }
    await nextTurn()
  }
  return { rows, hash: all, byOwner }
}
