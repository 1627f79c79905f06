/** Pairs a client of the local gallery with the server that it was copied to; see [Note: Paired gallery]. Store worker thread. */
import { z } from 'zod'
import type { CacheDifference } from '../../../src-shared/cache'
import { VisorError } from '../../../src-shared/errors'
import {
  type ClientId,
  clientIdSchema,
  type Domain,
  domainSchema,
  ledgerIdSchema,
} from '../../../src-shared/ids'
import { copying, inTurn } from './cached-rows'
import { differencesOf } from './compare'
import { headOf } from './follow'
import { setCursor } from './renew'
import type { Syncing } from './syncing'

const pairingRow = z.object({ clientId: clientIdSchema, pairedAt: z.number().nullable() })
const domainRow = z.object({ name: domainSchema })
const nameRow = z.tuple([domainSchema])
const actRow = z.object({ id: ledgerIdSchema })
const editRow = z.object({ kind: z.enum(['person', 'photo', 'face']), id: z.string() })

const selectEdits = `SELECT act_id AS id FROM outbox WHERE client_id = ? AND method <> 'recordMove'`
/** The copy brought unknown faces that were kept while it ran. */
const deleteBroughtFaces = `
  DELETE FROM own_faces WHERE client_id = ? AND face_id NOT IN (SELECT value FROM json_each(?))
    AND face_id IN (SELECT id FROM faces WHERE removed_by IS NULL)`
const selectDomains = 'SELECT name FROM domains WHERE client_id = ? AND removed_by IS NULL ORDER BY name'
const selectServerDomains = `
  SELECT name FROM domains WHERE client_id = $1 AND removed_by IS NULL`

/** The body of `CacheStore.pair`. Call within a snapshot. */
export async function pairClient(syncing: Syncing, clientId: ClientId): Promise<readonly CacheDifference[]> {
  const { connection } = syncing
  const pairing = connection.row(
    pairingRow,
    'SELECT client_id AS clientId, paired_at AS pairedAt FROM pairings WHERE client_id = ?',
    clientId,
  )
  if (pairing === undefined) {
    throw new VisorError('conflict', `The edits of ${clientId} are not kept for a server.`, {
      consequence: 'Nothing was changed.',
      remedy: 'Copy the gallery to the server first.',
    })
  }
  const beganAt = Date.now()
  const kept = connection.rows(actRow, selectEdits, clientId)
  const domains = connection.rows(domainRow, selectDomains, clientId).map(({ name }) => name)
  const head = await headOf(syncing, clientId, domains)
  const found = await differencesOf(syncing, clientId, domains, domains)
  const isAllThere = pairing.pairedAt === null && found.differences.length === 0
  const notThere = JSON.stringify([...found.owners.face])
  const edited = connection.rows(editRow, 'SELECT kind, id FROM cache_edits WHERE client_id = ?', clientId)
  for (const { kind, id } of edited) found.owners[kind].delete(id)
  const { person, photo, face } = found.owners
  if (person.size + photo.size + face.size > 0) return found.differences
  await inTurn(connection, () => {
    connection.run('DELETE FROM cached_clients WHERE client_id = ?', clientId)
    connection.run(
      `INSERT INTO cached_clients (client_id, revision, stamp, as_of) VALUES (?, 0, '', 0)`,
      clientId,
    )
    setCursor(syncing, clientId, head, false)
    for (const domain of domains) keepDomain(syncing, clientId, domain, 'whole')
    connection.run('UPDATE pairings SET paired_at = ? WHERE client_id = ?', Date.now(), clientId)
    if (isAllThere) {
      // The copy brought what came of them; that they were done, the server never knew.
      const acts = JSON.stringify(kept.map(({ id }) => id))
      connection.run('DELETE FROM outbox WHERE act_id IN (SELECT value FROM json_each(?))', acts)
      connection.run('UPDATE pairings SET begun_at = ? WHERE client_id = ?', beganAt, clientId)
    }
    connection.run(deleteBroughtFaces, clientId, notThere)
    // They stand on what was found equal; that the copy came to the server is nobody's change.
    connection.run('UPDATE outbox SET base = ? WHERE client_id = ?', head.revision, clientId)
  })
  // What waited there before: its feed will not tell of it.
  await syncing.server.set({ client: clientId, domains: JSON.stringify(domains) })
  await copying(syncing, clientId, async (rows) =>
    syncing.kept.renewWaiting?.(syncing, rows, clientId, 'all'),
  )
  return []
}

/** A client that is paired is here as a whole: domains that were made on the server since are filled in. Call within a snapshot. */
export async function addDomains(syncing: Syncing, clientId: ClientId): Promise<void> {
  const { connection, server } = syncing
  const there = await server.rows(nameRow, selectServerDomains, clientId)
  await inTurn(connection, () => {
    for (const [domain] of there) keepDomain(syncing, clientId, domain, 'persons')
  })
}

function keepDomain(
  { connection }: Syncing,
  clientId: ClientId,
  domain: Domain,
  step: 'persons' | 'whole',
): void {
  connection.run(
    `INSERT INTO cached_domains (client_id, name, chosen, step, mark) VALUES (?, ?, 1, ?, '')
     ON CONFLICT (client_id, name) DO NOTHING`,
    clientId,
    domain,
    step,
  )
}

/** Why no domain of a paired gallery is left out. */
export function allIsKept(): VisorError {
  return new VisorError('conflict', 'This gallery is paired with the server: all of it is kept here.', {
    consequence: 'Nothing was changed.',
    remedy: 'End the pairing first.',
  })
}
