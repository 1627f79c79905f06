/** kill -9 while a cache is filled in: what it holds then is called whole only when it is, and the next synchronisation goes on. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openCache } from '../../../src-main/storage/threads/local-store'
import { openServerStore } from '../../../src-main/storage/threads/server-store'
import { type BuiltStore, buildStore } from '../../contract/built-store'
import { client, context, model, slovenia } from '../../contract/curated-store'
import { madeAssignment, randomNumbers, unitVector } from '../../contract/made-faces'
import { serverAt } from '../../postgres/databases'
import { type MigratedDatabase, migratedDatabase } from '../../postgres/migrated'
import { StoreChild } from './child-process'

const rounds = 3
const longestRoundMs = 150
const people = 150
const facesEach = 4

let built: BuiltStore
let database: MigratedDatabase
let folder: string
beforeAll(async () => {
  built = await buildStore({ child: 'test/integration/storage/cache-child.ts' })
  database = await migratedDatabase()
  folder = mkdtempSync(join(tmpdir(), 'visor-crash-cache-'))
})
afterAll(async () => {
  built.remove()
  await database.drop()
  rmSync(folder, { recursive: true, force: true })
})

test(`${rounds} kills at random moments`, { timeout: 180_000 }, async () => {
  const seed = Date.now() >>> 0
  console.info(`crash test: seed ${seed}`)
  const random = randomNumbers(seed)
  const builtFolder = built.folder
  const server = await openServerStore({ ...serverAt(database.url), builtFolder, threads: 1 })
  const assignments = Array.from({ length: people * facesEach }, (_, index) =>
    madeAssignment(`Person ${Math.floor(index / facesEach)}`, unitVector(random), `photo ${index}`),
  )
  await server.gallery.assignFaces(client, slovenia, model, assignments, context)

  for (let round = 0; round < rounds; round++) {
    const before = await openCache({ folder, builtFolder, threads: 1 })
    await before.cache.choose(client, slovenia, true)
    await before.close()

    const child = new StoreChild(built.folder, database.url, folder)
    // The moments are random from the first portion on: a busy machine may take a while to get there.
    await child.line('filled ')
    await sleep(random() * longestRoundMs)
    await child.kill()

    const after = await openCache({ folder, builtFolder, threads: 1 })
    const [domain] = (await after.cache.contents()).domains
    const all = { persons: people, photos: assignments.length, faces: assignments.length }
    if (domain!.state === 'whole') expect(domain!.rows).toMatchObject(all)
    else expect(await after.cache.held()).toEqual([])
    if (child.lines.includes('over')) expect(domain!.state).toBe('whole')
    await after.cache.sync(server.snapshots(), {})
    expect((await after.cache.contents()).domains).toMatchObject([{ state: 'whole', rows: all }])
    expect(await after.cache.verify(server.snapshots(), {})).toMatchObject({ differences: [] })
    // The next round begins with nothing.
    await after.cache.choose(client, slovenia, false)
    await after.cache.sync(server.snapshots(), {})
    await after.close()
  }
  await server.close()
})
