/** The server store keeps the promises of a `GalleryStore` on a real PostgreSQL with pgvector. */

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll } from 'vitest'
import { TeamErasure } from '../../src-main/storage/team/team-erasure'
import { openLocalStore } from '../../src-main/storage/threads/local-store'
import { openServerStore } from '../../src-main/storage/threads/server-store'
import { defaultIndexParameters } from '../../src-shared/search-index'
import { hasServer, serverAt } from '../postgres/databases'
import { type GroupRole, makeLogin } from '../postgres/logins'
import { migratedDatabase } from '../postgres/migrated'
import { type BuiltStore, buildStore } from './built-store'
import { describeBulk } from './bulk-suite'
import { client, model, otherClient } from './curated-store'
import { describeCuration } from './curation-suite'
import { describeDecisions } from './decisions-suite'
import { describeDistances } from './distances-suite'
import { describeEnrolment } from './enrolment-suite'
import { describeErasure } from './erasure-suite'
import { describeGalleryStore } from './gallery-store-suite'
import { describeHealth } from './health-suite'
import { describeHistory } from './history-suite'
import { describeLongWrites } from './long-writes-suite'
import { describePhotos } from './photo-suite'
import { describeTransfer } from './transfer-suite'
import { describeUnknown } from './unknown-suite'

let built: BuiltStore
beforeAll(async () => {
  built = await buildStore()
})
afterAll(() => built.remove())

/** The clients of the suites. */
const clients = [client, otherClient, 'one-by-one', 'at-once']

interface Opening {
  readonly sliceMs?: number
  readonly indexFromRows?: number
  /** As whom; unless given as a curator, who may do all but erase. */
  readonly role?: GroupRole
}

async function openEmpty({ role = 'visor_curator', ...more }: Opening = {}) {
  const database = await migratedDatabase()
  // The stand-in has no logins.
  const login = hasServer() ? await makeLogin(database, [role], clients) : undefined
  const store = await openServerStore({
    ...serverAt(login?.url ?? database.url),
    builtFolder: built.folder,
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
  const local = await openLocalStore({ folder, builtFolder: built.folder, threads: 1 })
  const erasure = new TeamErasure(server.erasure, local.queue, [local.erasure])
  const close = async () => {
    await local.close()
    await server.close()
    rmSync(folder, { recursive: true })
  }
  return { ...server, erasure, queue: local.queue, close }
}

const open = () => openEmpty()
describeGalleryStore('PostgreSQL', open)
describeGalleryStore('PostgreSQL, by its index', async () => {
  const store = await openEmpty({ indexFromRows: 1, role: 'visor_admin' })
  await store.index.rebuild({ ...defaultIndexParameters, modelId: model })
  return store
})
describeDistances('PostgreSQL', open)
describeCuration('PostgreSQL', open)
describeDecisions('PostgreSQL', open)
describeHistory('PostgreSQL', open)
describePhotos('PostgreSQL', open)
// No write is short enough to be done in one turn.
const pausing = () => openEmpty({ sliceMs: 0 })
describeLongWrites('PostgreSQL', pausing)
describeBulk('PostgreSQL', pausing)
describeTransfer('PostgreSQL', open)
describeUnknown('PostgreSQL', open)
describeEnrolment('PostgreSQL', open)
describeHealth('PostgreSQL', open)
describeErasure('PostgreSQL', openWithDesk, { rewrites: false })
