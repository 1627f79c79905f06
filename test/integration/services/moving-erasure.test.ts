/** A console that works on this machine alone, and whose gallery is on a server as well, learns of erasures there when it starts. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ServerStore } from '../../../src-main/storage/threads/server-store'
import { type BuiltStore, buildStore } from '../../contract/built-store'
import { type MigratedDatabase, migratedDatabase } from '../../postgres/migrated'
import {
  type EqualStores,
  equalStores,
  openLocal,
  openServer,
  pairStores,
} from '../storage/team/paired-console'
import { openConsole } from './moving-console'

let built: BuiltStore
let database: MigratedDatabase
let stores: EqualStores
let server: ServerStore
beforeAll(async () => {
  built = await buildStore()
  database = await migratedDatabase()
  stores = await equalStores(built.folder, database.url, ['Ana', 'Bojan'])
  server = await openServer(built.folder, database.url)
})
afterAll(async () => {
  await server.close()
  await database.drop()
  stores.remove()
  built.remove()
})

test('in mode local, whom others erased on the server is erased here', async () => {
  const local = await openLocal(built.folder, stores.folder)
  await pairStores(local, server)
  await local.close()
  await server.erasure.erase(
    { target: { personIds: [stores.people.get('Bojan')!] }, possible: new Map() },
    { actor: 'Maria', summary: 'Erased a person', reason: 'they asked' },
  )
  const here = await openConsole(built.folder, stores.folder, database.url)
  expect(here.modes.current.mode).toBe('local')
  expect((await here.search(2)).hit).toMatchObject({ name: 'Bojan' })
  here.erasures.start()
  await expect.poll(async () => (await here.search(2)).hit?.name, { timeout: 20_000 }).toBe('Ana')
  expect(here.errors).toEqual([])
  await here.close()
})
