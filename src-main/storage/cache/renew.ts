/** Reads rows of a cache anew from the server, and says as of when they are. Store worker thread. */
import { z } from 'zod'
import type { ClientId } from '../../../src-shared/ids'
import type { Owners, ServerRows, Syncing } from './syncing'
import { copyStatement } from './tables'

/** Owners asked for in one statement. */
const ownersAtOnce = 4096

const editRow = z.object({ kind: z.enum(['person', 'photo', 'face']), id: z.string() })

/** Where a client is on the server. */
export interface Head {
  readonly revision: number
  readonly stamp: string
  /** Its live domains that are not here. */
  readonly otherDomains: number
  /** When that was so: Unix milliseconds of this console. */
  readonly at: number
}

/** Owners that are still being gathered. */
export type GatheredOwners = { readonly [kind in keyof Owners]: Set<string> }

const copyOf = ({ person, photo, face }: GatheredOwners): GatheredOwners => ({
  person: new Set(person),
  photo: new Set(photo),
  face: new Set(face),
})
export const noOwners = (): GatheredOwners => ({ person: new Set(), photo: new Set(), face: new Set() })

/**
 * Takes the rows of these owners away, and of those that were changed here, and puts those there that the server has now. Call
 * within {@link copying}, and {@link setCursor} after it.
 */
export async function renewRows(
  syncing: Syncing,
  rows: ServerRows,
  clientId: ClientId,
  owners: GatheredOwners,
  why: 'told by the feed' | 'nobody was told',
): Promise<void> {
  const told = why === 'told by the feed' ? copyOf(owners) : noOwners()
  for (const { kind, id } of syncing.connection.rows(
    editRow,
    'SELECT kind, id FROM cache_edits WHERE client_id = ?',
    clientId,
  )) {
    owners[kind].add(id)
  }
  await renewOwners(syncing, rows, owners, told)
}

/** The same for these owners alone. `told`: those of whom the server's feed said that they were changed. */
export async function renewOwners(
  { server, report, control, kept }: Syncing,
  rows: ServerRows,
  owners: Owners,
  told: Owners,
): Promise<void> {
  rows.remove(owners)
  const total = owners.person.size + owners.photo.size + owners.face.size
  let done = 0
  for (const kind of ['person', 'photo', 'face'] as const) {
    const ids = [...owners[kind]]
    for (let first = 0; first < ids.length; first += ownersAtOnce) {
      const some = ids.slice(first, first + ownersAtOnce)
      await server.set({ ids: JSON.stringify(some) })
      for (const table of kept.tables) {
        control.onProgress?.({ done, total })
        if (table.owner === kind) await rows.take(table, server.copy(copyStatement(table, 'owners')))
        if (kind === 'person' && table.otherPersonColumn !== undefined) {
          await rows.take(table, server.copy(copyStatement(table, 'others')))
        }
      }
      done += some.length
    }
  }
  report.removed += await rows.settle(owners, told)
  report.renewed += rows.owners
}

/** Says where the cache is now, which settles what was decided about until then. Call in the transaction that brought it there. `scrub`: bytes of what went may still be in the file. */
export function setCursor({ connection }: Syncing, clientId: ClientId, head: Head, scrub: boolean): void {
  connection.run(
    `UPDATE cached_clients SET revision = ?, stamp = ?, as_of = ?, other_domains = ?, scrub_due = max(scrub_due, ?)
     WHERE client_id = ?`,
    head.revision,
    head.stamp,
    head.at,
    head.otherDomains,
    scrub ? 1 : 0,
    clientId,
  )
  connection.run('DELETE FROM settled_people WHERE client_id = ? AND revision <= ?', clientId, head.revision)
}

/** Forgets what was changed here: it was read anew, in this transaction. */
export function forgetEdits({ connection }: Syncing, clientId: ClientId): void {
  connection.run('DELETE FROM cache_edits WHERE client_id = ?', clientId)
}
