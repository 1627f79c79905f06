/** What another console changes on the server is told to this one's window, and is in its cache. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openLocalStore } from '../../../src-main/storage/threads/local-store'
import { openServerStore } from '../../../src-main/storage/threads/server-store'
import { openTeam, type TeamOptions } from '../../../src-main/team'
import type { ClientId } from '../../../src-shared/ids'
import { type BuiltStore, buildStore } from '../../contract/built-store'
import { client, context, model, slovenia } from '../../contract/curated-store'
import { madeAssignment, randomNumbers, unitVector } from '../../contract/made-faces'
import { serverAt } from '../../postgres/databases'
import { type MigratedDatabase, migratedDatabase } from '../../postgres/migrated'

let built: BuiltStore
let database: MigratedDatabase
beforeAll(async () => {
  built = await buildStore()
  database = await migratedDatabase()
})
afterAll(async () => {
  await database.drop()
  built.remove()
})

test('within a second', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'visor-windows-'))
  const options = { ...serverAt(database.url), builtFolder: built.folder, threads: 1 }
  const local = await openLocalStore({ folder, builtFolder: built.folder, threads: 1 })
  const heard: { readonly clientId: ClientId; readonly at: number }[] = []
  const errors: unknown[] = []
  const team = {
    ...options,
    local,
    cachesFolder: join(folder, 'cache'),
    follow: true,
    searchSide: () => 'auto' as const,
    onLink: () => undefined,
    onCache: () => undefined,
    onChanged: (clientId: ClientId) => heard.push({ clientId, at: performance.now() }),
    onError: (error: unknown) => errors.push(error),
  } satisfies TeamOptions & { readonly searchSide: unknown }
  const [here, there] = [await openTeam(team), await openServerStore(options)]
  try {
    await here.side.cache.choose(client, slovenia, true)
    await here.side.cache.sync({})
    const random = randomNumbers(9)
    while (!(await here.side.cache.state()).following) await sleep(20)
    for (const name of ['Ana', 'Borut']) {
      const before = heard.length
      const assignments = [madeAssignment(name, unitVector(random))]
      await there.gallery.assignFaces(client, slovenia, model, assignments, context)
      const committedAt = performance.now()
      while (heard.length === before && performance.now() < committedAt + 10_000) await sleep(5)
      expect(heard.at(-1)).toMatchObject({ clientId: client })
      expect(heard.at(-1)!.at - committedAt).toBeLessThan(1000)
    }
    await here.side.cache.sync({})
    const { domains } = await here.side.cache.state()
    expect(domains).toMatchObject([{ domain: slovenia, state: 'whole', rows: { persons: 2 } }])
    expect(errors).toEqual([])
  } finally {
    await here.store.close()
    await there.close()
    await local.close()
    rmSync(folder, { recursive: true })
  }
})
