/**
 * Brings what is whole in a cache to the server's revision. Store worker thread.
 *
 * [Note: Cache revisions] What is whole is exactly what the server had at one revision of the client: the rows that were touched
 * since then are read at a later moment and written in one transaction with that moment's revision. A domain that is being
 * filled in is followed as well: what was copied at any moment since is right unless it was touched since, and then it is
 * read again.
 */
import { z } from 'zod'
import type { ClientId, Domain } from '../../../src-shared/ids'
import { copying, inTurn } from './cached-rows'
import { compareClient } from './compare'
import { forgetEdits, type Head, noOwners, renewRows, setCursor } from './renew'
import type { Syncing } from './syncing'

const headRow = z.tuple([z.number().int(), z.string(), z.number().int()])
const stampRow = z.tuple([z.string()])
const touchedRow = z.tuple([z.enum(['person', 'photo', 'face', 'unknown', 'review']), z.string()])
const flagRow = z.tuple([z.boolean()])

/** A revision's stamp: when its transaction began, microseconds; empty where the feed does not have it. */
const stampOf = (client: string, revision: string) =>
  `coalesce((SELECT (extract(epoch FROM min(at)) * 1000000)::bigint::text FROM changes
     WHERE client_id = ${client} AND revision = ${revision}), '')`
const selectHead = `
  SELECT revision::float8, ${stampOf('clients.id', 'clients.revision')}, (
    SELECT count(*)::float8 FROM domains
    WHERE client_id = clients.id AND removed_by IS NULL AND name NOT IN (SELECT value FROM texts($2)))
  FROM clients WHERE id = $1`
const selectStamp = `SELECT ${stampOf('$1', '$2')}`
const selectTouched = `
  SELECT DISTINCT kind, touched.id::text FROM changes, unnest(ids) AS touched (id)
  WHERE client_id = $1 AND revision > $2 AND kind IN (SELECT value FROM texts($3))`
/** Kinds of rows that a cache has, and those that only a paired gallery has. */
const cachedKinds = ['person', 'photo', 'face']
const waitingKinds = ['unknown', 'review']
const selectErased = `
  SELECT EXISTS (
    SELECT 1 FROM ledger WHERE client_id = $1 AND action = 'erase' AND id IN (
      SELECT unnest(ids) FROM changes WHERE client_id = $1 AND revision > $2 AND kind = 'entry'))`
const selectDomains = `
  SELECT name, sample::int::float8, created_at::float8 FROM domains
  WHERE client_id = $1 AND removed_by IS NULL AND name IN (SELECT value FROM texts($2))`
const selectModels = 'SELECT id, created_at::float8 FROM models'

const domainRow = z.tuple([z.string(), z.number(), z.number()])
const modelRow = z.tuple([z.string(), z.number()])
const cursorRow = z.object({ revision: z.number().int(), stamp: z.string() })
const anyRow = z.object({ any: z.number() })

/** Brings all that is here of a client to now. Call within a snapshot; gives where the client is then. */
export async function followClient(
  syncing: Syncing,
  clientId: ClientId,
  domains: readonly Domain[],
): Promise<Head> {
  const { server, connection } = syncing
  const head = await headOf(syncing, clientId, domains)
  await server.set({ client: clientId, domains: JSON.stringify(domains) })
  await keepFrame(syncing, clientId, domains)
  const cursor = connection.row(
    cursorRow,
    'SELECT revision, stamp FROM cached_clients WHERE client_id = ?',
    clientId,
  )
  if (cursor === undefined) {
    await inTurn(connection, () => {
      connection.run(
        `INSERT INTO cached_clients (client_id, revision, stamp, as_of) VALUES (?, 0, '', 0)`,
        clientId,
      )
      setCursor(syncing, clientId, head, false)
    })
    return head
  }
  if (!(await goesBack(syncing, clientId, cursor, head))) {
    await compareClient(syncing, clientId, domains, head)
    syncing.report.compared.push(clientId)
    return head
  }
  const owners = noOwners()
  const waiting = { unknown: new Set<string>(), review: new Set<string>() }
  const { forgetErased, renewWaiting } = syncing.kept
  let erased = false
  if (cursor.revision !== head.revision) {
    const kinds = JSON.stringify(renewWaiting === undefined ? cachedKinds : [...cachedKinds, ...waitingKinds])
    for (const [kind, id] of await server.rows(touchedRow, selectTouched, clientId, cursor.revision, kinds)) {
      if (kind === 'unknown' || kind === 'review') waiting[kind].add(id)
      else owners[kind].add(id)
    }
    const [isErased] = (await server.rows(flagRow, selectErased, clientId, cursor.revision))[0]!
    erased = isErased
  }
  const sets = [...Object.values(owners), ...Object.values(waiting)]
  if (sets.every(({ size }) => size === 0) && !hasEdits(syncing, clientId)) {
    await inTurn(connection, () => {
      setCursor(syncing, clientId, head, erased)
      syncing.kept.forgetEntries?.(connection, clientId)
    })
    return head
  }
  await copying(syncing, clientId, async (rows) => {
    // Of these, not of what was changed here.
    const told = new Set(owners.person)
    await renewRows(syncing, rows, clientId, owners, 'told by the feed')
    await renewWaiting?.(syncing, rows, clientId, waiting)
    if (erased) await forgetErased?.(syncing, clientId, told)
    setCursor(syncing, clientId, head, erased)
    forgetEdits(syncing, clientId)
    syncing.kept.forgetEntries?.(connection, clientId)
  })
  return head
}

function hasEdits({ connection }: Syncing, clientId: ClientId): boolean {
  const found = connection.row(
    anyRow,
    'SELECT EXISTS (SELECT 1 FROM cache_edits WHERE client_id = ?) AS "any"',
    clientId,
  )
  return found?.any === 1
}

/** Where a client is on the server now. Call within a snapshot. */
export async function headOf(
  { server }: Syncing,
  clientId: ClientId,
  domains: readonly Domain[],
): Promise<Head> {
  const at = Date.now()
  const heads = await server.rows(headRow, selectHead, clientId, JSON.stringify(domains))
  const [revision, stamp, otherDomains] = heads[0] ?? [0, '', 0]
  return { revision, stamp, otherDomains, at }
}

/** Whether the feed has all that came after where the cache is. */
async function goesBack(
  { server }: Syncing,
  clientId: ClientId,
  cursor: z.infer<typeof cursorRow>,
  head: Head,
): Promise<boolean> {
  if (cursor.revision > head.revision) return false
  if (cursor.revision === head.revision) return cursor.stamp === head.stamp
  if (cursor.revision === 0) return true
  const [stamp] = (await server.rows(stampRow, selectStamp, clientId, cursor.revision))[0]!
  return stamp !== '' && stamp === cursor.stamp
}

/** Puts there what rows of a client stand on: the client, its domains, the models. */
export async function keepFrame(
  { connection, server }: Syncing,
  clientId: ClientId,
  domains: readonly Domain[],
): Promise<void> {
  const there = await server.rows(domainRow, selectDomains, clientId, JSON.stringify(domains))
  const models = await server.rows(modelRow, selectModels)
  await inTurn(connection, () => {
    const now = Date.now()
    connection.run('INSERT OR IGNORE INTO clients (id, created_at) VALUES (?, ?)', clientId, now)
    for (const [id, createdAt] of models) {
      connection.run('INSERT OR IGNORE INTO models (id, created_at) VALUES (?, ?)', id, createdAt)
    }
    for (const [name, sample, createdAt] of there) {
      connection.run(
        `INSERT INTO domains (client_id, name, sample, created_at) VALUES (?, ?, ?, ?)
         ON CONFLICT (client_id, name) DO UPDATE SET sample = excluded.sample, removed_by = NULL`,
        clientId,
        name,
        sample,
        createdAt,
      )
    }
  })
}
