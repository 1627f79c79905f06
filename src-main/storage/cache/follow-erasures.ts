/**
 * What others erased on a server that the gallery is paired with, while that is on trial: nothing else of the server comes here then.
 * Store worker thread.
 *
 * [Note: Erasures on trial] An erasure is one transaction of the server, so one revision of its change feed, and what the feed says
 * of that revision is never forgotten. Whom it names and the server has in no form is erased. Faces of nobody go here at once, as in
 * following; people are erased by the gallery's own erasure, which knows all that it says of them. Only when nobody of them is left does
 * the gallery count as having seen the erasure: whatever is interrupted is done again.
 */
import { z } from 'zod'
import { type ClientId, clientIdSchema, type PersonId } from '../../../src-shared/ids'
import { copying, inTurn } from './cached-rows'
import { headOf } from './follow'
import { noOwners, renewOwners } from './renew'
import type { Syncing } from './syncing'

const pairingRow = z.object({ clientId: clientIdSchema, seen: z.number().int() })
const goneRow = z.tuple([z.enum(['person', 'photo', 'face']), z.string()])

const selectPaired = `
  SELECT client_id AS clientId, erasures_seen AS seen FROM pairings WHERE paired_at IS NOT NULL`
const selectGone = `
  SELECT DISTINCT kind, gone.id::text
  FROM ledger e JOIN changes c ON c.client_id = e.client_id AND c.revision = e.revision AND c.kind IN ('person', 'photo', 'face')
  CROSS JOIN unnest(c.ids) AS gone (id)
  WHERE e.client_id = $1 AND e.action = 'erase' AND e.revision > $2
    AND NOT EXISTS (SELECT FROM persons WHERE id = gone.id AND client_id = $1)
    AND NOT EXISTS (SELECT FROM photos WHERE id = gone.id AND client_id = $1)
    AND NOT EXISTS (SELECT FROM faces WHERE id = gone.id AND client_id = $1)`
const selectPeopleHere = 'SELECT p.id FROM json_each(?) gone CROSS JOIN persons p ON p.id = gone.value'
const selectNobodys = `
  SELECT f.id FROM json_each(?) gone CROSS JOIN faces f ON f.id = gone.value WHERE f.person_id IS NULL`
const selectBarePhotos = `
  SELECT ph.id FROM json_each(?) gone CROSS JOIN photos ph ON ph.id = gone.value
  WHERE NOT EXISTS (SELECT 1 FROM faces f WHERE f.photo_id = ph.id AND f.person_id IS NOT NULL)`

/** People of one client who are still here, and are to be erased. */
export interface ErasedThere {
  readonly clientId: ClientId
  readonly people: readonly PersonId[]
}

/** Takes faces of nobody that erasures on the server took; gives the people whom they took, of one client, until there are none. */
export function followErasures(syncing: Syncing): Promise<ErasedThere | undefined> {
  return syncing.server.at(async () => {
    for (const { clientId, seen } of syncing.connection.rows(pairingRow, selectPaired)) {
      const people = await followClient(syncing, clientId, seen)
      if (people.length > 0) return { clientId, people }
    }
    return undefined
  })
}

async function followClient(syncing: Syncing, clientId: ClientId, seen: number): Promise<PersonId[]> {
  const { connection, server } = syncing
  const { revision } = await headOf(syncing, clientId, [])
  if (revision === seen) return []
  // A server that was restored may give the numbers again.
  const gone = await server.rows(goneRow, selectGone, clientId, revision < seen ? 0 : seen)
  const of = (wanted: string) => JSON.stringify(gone.flatMap(([kind, id]) => (kind === wanted ? [id] : [])))
  const owners = noOwners()
  for (const id of connection.ids<string>(selectNobodys, of('face'))) owners.face.add(id)
  for (const id of connection.ids<string>(selectBarePhotos, of('photo'))) owners.photo.add(id)
  if (owners.face.size + owners.photo.size > 0) {
    await server.set({ client: clientId, domains: '[]' })
    await copying(syncing, clientId, async (rows) => {
      await renewOwners(syncing, rows, owners, owners)
      connection.run('UPDATE cached_clients SET scrub_due = 1 WHERE client_id = ?', clientId)
    })
  }
  const people = connection.ids<PersonId>(selectPeopleHere, of('person'))
  if (people.length === 0) {
    await inTurn(connection, () =>
      connection.run('UPDATE pairings SET erasures_seen = ? WHERE client_id = ?', revision, clientId),
    )
  }
  return people
}
