/** What others erased on the server goes from a local gallery that is paired with it as well. Main, command line. */
import { hasCode } from '../../../src-shared/errors'
import type { ClientId } from '../../../src-shared/ids'
import type { LocalStore } from '../threads/local-store'
import type { ServerStore } from '../threads/server-store'
import { forgetStrangers, strikeErased } from './strike-erased'

const context = {
  actor: 'Server',
  summary: 'Followed an erasure on the server',
  reason: 'Erased on the server',
}

/**
 * Whether edits that wait were struck, and whose gallery has less: bytes of whom are in the file until it is cleared. Raises what the
 * server raises; the rest is done at the next contact then.
 */
export async function carryOutErasures(
  { outbox, dual, cache, erasure }: Pick<LocalStore, 'outbox' | 'dual' | 'cache' | 'erasure'>,
  server: ServerStore,
): Promise<{ readonly struck: boolean; readonly clients: ReadonlySet<ClientId> }> {
  const struck = await strikeErased(outbox, server)
  await forgetStrangers(dual, server.gallery)
  const clients = new Set<ClientId>()
  for (;;) {
    const erased = await cache.followErasures(server.snapshots(), {})
    if (erased === undefined) break
    try {
      await erasure.erase({ target: { personIds: [...erased.people] }, possible: new Map() }, context)
    } catch (error) {
      // Whoever else follows the same erasure was first: looked at again.
      if (!hasCode(error, 'not-found')) throw error
    }
    clients.add(erased.clientId)
  }
  return { struck, clients }
}
