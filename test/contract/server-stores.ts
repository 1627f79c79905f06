/** Opens empty server stores for the contract's suites, each on a database of its own. Tests. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { SearchBounds } from '../../src-main/storage/postgres/search-shape'
import { TeamErasure } from '../../src-main/storage/team/team-erasure'
import { openLocalStore } from '../../src-main/storage/threads/local-store'
import { openServerStore } from '../../src-main/storage/threads/server-store'
import { hasServer, serverAt } from '../postgres/databases'
import { type GroupRole, makeLogin } from '../postgres/logins'
import { migratedDatabase } from '../postgres/migrated'
import { client, otherClient } from './curated-store'
import { warmThreads } from './warm-threads'

/** The clients of the suites. */
const clients = [client, otherClient, 'one-by-one', 'at-once']

interface Opening {
  readonly sliceMs?: number
  readonly searchBounds?: SearchBounds
  /** As whom; unless given as a curator, who may do all but erase. */
  readonly role?: GroupRole
}

/** Builds the store's threads before a file's tests; gives what opens a store. */
export function serverStores() {
  const threads = warmThreads()

  async function openEmpty({ role = 'visor_curator', ...more }: Opening = {}) {
    const database = await migratedDatabase()
    // The stand-in has no logins.
    const login = hasServer() ? await makeLogin(database, [role], clients) : undefined
    const store = await openServerStore({
      ...serverAt(login?.url ?? database.url),
      ...threads(),
      threads: 2,
      int8FromRows: Number.MAX_SAFE_INTEGER,
      ...more,
    })
    const close = async () => {
      await store.close()
      await database.drop()
      await login?.drop()
    }
    return { ...store, close }
  }

  /** With the Identify queue of a console. */
  async function openWithDesk() {
    const server = await openEmpty({ role: 'visor_admin' })
    const folder = mkdtempSync(join(tmpdir(), 'visor-desk-'))
    const local = await openLocalStore({ folder, ...threads(), threads: 1 })
    const erasure = new TeamErasure(server.erasure, local.queue, [local.erasure])
    const close = async () => {
      await local.close()
      await server.close()
      rmSync(folder, { recursive: true })
    }
    return { ...server, erasure, queue: local.queue, close }
  }

  return { openEmpty, openWithDesk }
}
