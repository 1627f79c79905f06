/** A console is killed while it goes from mode to mode, and its server is lost on the way: it knows where it was, nothing is lost, both end equal. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ServerStore } from '../../../src-main/storage/threads/server-store'
import { FaultyLine } from '../../chaos/faulty-line'
import { type BuiltStore, buildStore } from '../../contract/built-store'
import { client, slovenia } from '../../contract/curated-store'
import { randomNumbers } from '../../contract/made-faces'
import { type MigratedDatabase, migratedDatabase } from '../../postgres/migrated'
import { StoreChild } from '../storage/child-process'
import {
  type EqualStores,
  equalStores,
  openLocal,
  openServer,
  pairStores,
} from '../storage/team/paired-console'
import { openConsole } from './moving-console'

const rounds = Number(process.env.VISOR_CRASH_ROUNDS ?? 8)
const seed = Number(process.env.VISOR_CRASH_SEED ?? Date.now() % 1_000_000)

let built: BuiltStore
let database: MigratedDatabase
let stores: EqualStores
let server: ServerStore
let line: FaultyLine
beforeAll(async () => {
  built = await buildStore({ child: 'test/integration/services/moving-child.ts' })
  database = await migratedDatabase()
  stores = await equalStores(built.folder, database.url, ['Ana', 'Bojan'])
  server = await openServer(built.folder, database.url)
  line = await FaultyLine.to(database)
})
afterAll(async () => {
  await line.close()
  await server.close()
  await database.drop()
  stores.remove()
  built.remove()
})

/** How often each name is there. */
async function names(store: Pick<ServerStore, 'gallery'>): Promise<Map<string, number>> {
  const filter = { clientId: client, domain: slovenia, text: '', sort: 'name', flags: [], tag: null } as const
  const ids = await store.gallery.personIds(filter)
  const found = new Map<string, number>()
  for (let first = 0; first < ids.length; first += 500) {
    for (const { name } of await store.gallery.personsById(ids.slice(first, first + 500))) {
      found.set(name, (found.get(name) ?? 0) + 1)
    }
  }
  return found
}

test(`${rounds} kills between modes (VISOR_CRASH_SEED=${seed})`, {
  timeout: 60_000 + rounds * 30_000,
}, async () => {
  const random = randomNumbers(seed)
  const local = await openLocal(built.folder, stores.folder)
  await pairStores(local, server)
  await local.close()
  const acknowledged: string[] = []
  let went = 0
  for (let round = 0; round < rounds; round++) {
    const child = new StoreChild(
      built.folder,
      stores.folder,
      line.through(database.url),
      String(100 + ((seed + round) % 900)),
    )
    const opened = await child.line('opened')
    expect(opened).toBeDefined()
    await new Promise((resolve) => setTimeout(resolve, 500 + 1500 * random()))
    if (random() < 0.5) line.cut()
    await new Promise((resolve) => setTimeout(resolve, 1000 * random()))
    line.heal()
    await new Promise((resolve) => setTimeout(resolve, 500 * random()))
    await child.kill()
    const told = (start: string) =>
      child.lines.filter((said) => said.startsWith(start)).map((said) => said.slice(start.length))
    acknowledged.push(...told('acknowledged '))
    went += told('went ').length
  }
  expect(acknowledged.length).toBeGreaterThan(0)
  expect(went).toBeGreaterThan(0)

  const here = await openConsole(built.folder, stores.folder, line.through(database.url))
  // The database and the settings say the same, whichever it was.
  const { decided } = await here.comparisons.standing()
  expect(here.modes.current.mode).toBe(decided ?? 'local')
  if (here.modes.current.mode !== 'dual') await here.moves.go('dual')
  await expect.poll(() => here.modes.current.server?.state, { timeout: 30_000 }).toBe('up')
  await expect.poll(async () => (await here.moves.state()).waiting, { timeout: 30_000 }).toBe(0)
  expect((await here.moves.state()).conflicts).toBe(0)
  await here.go('server', 'the end')
  await expect.poll(() => here.modes.current.server?.state, { timeout: 30_000 }).toBe('up')
  // A roll-back at once may leave something behind on a busy machine, and says so.
  const early = await here.go('dual', 'the end')
  await here.close()
  const between = await openLocal(built.folder, stores.folder)
  const behind = await between.cache.compare(server.snapshots(), {})
  await between.close()
  if (early.notHere.length === 0) expect(behind.differences).toEqual([])

  const again = await openConsole(built.folder, stores.folder, line.through(database.url))
  await again.go('server', 'the end')
  await expect.poll(() => again.modes.current.server?.state, { timeout: 30_000 }).toBe('up')
  await again.modes.side.cache.sync({})
  const back = await again.go('local', 'the end')
  expect(back.notHere).toEqual([])
  await again.close()

  const after = await openLocal(built.folder, stores.folder)
  await after.cache.sync(server.snapshots(), {})
  const [mine, theirs] = [await names(after), await names(server)]
  expect(acknowledged.filter((name) => mine.get(name) !== 1 || theirs.get(name) !== 1)).toEqual([])
  expect((await after.cache.compare(server.snapshots(), {})).differences).toEqual([])
  expect(await after.gallery.verifyLedger()).not.toHaveProperty('brokenAt')
  expect(await server.gallery.verifyLedger()).not.toHaveProperty('brokenAt')
  await after.close()
})
