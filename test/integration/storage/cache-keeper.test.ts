/** The keeper of a cache follows the server by itself, stops when it is told to, and says what it holds. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { CacheFolders } from '../../../src-main/storage/team/cache-folders'
import { CacheKeeper } from '../../../src-main/storage/team/cache-keeper'
import { searchSide } from '../../../src-main/storage/team/search-side'
import { openCache } from '../../../src-main/storage/threads/local-store'
import { openServerStore, type ServerStore } from '../../../src-main/storage/threads/server-store'
import { type BuiltStore, buildStore } from '../../contract/built-store'
import { client, context, model, otherClient, serbia, slovenia } from '../../contract/curated-store'
import { madeAssignment, randomNumbers, unitVector } from '../../contract/made-faces'
import { serverAt } from '../../postgres/databases'
import { type MigratedDatabase, migratedDatabase } from '../../postgres/migrated'

let built: BuiltStore
let database: MigratedDatabase
let here: ServerStore
let there: ServerStore
let root: string
let keeper: CacheKeeper
let errors: unknown[]
const random = randomNumbers(5)

beforeAll(async () => {
  built = await buildStore()
})
afterAll(() => built.remove())
beforeEach(async () => {
  database = await migratedDatabase()
  const open = () => openServerStore({ ...serverAt(database.url), builtFolder: built.folder, threads: 1 })
  ;[here, there] = await Promise.all([open(), open()])
  root = mkdtempSync(join(tmpdir(), 'visor-caches-'))
  const folder = new CacheFolders(root).folderOf(await here.feed.identity())
  errors = []
  keeper = await CacheKeeper.open(await openCache({ folder, builtFolder: built.folder, threads: 1 }), {
    onChange: () => undefined,
    onError: (error) => errors.push(error),
  })
})
afterEach(async () => {
  await keeper.close()
  await Promise.all([here.close(), there.close()])
  await database.drop()
  rmSync(root, { recursive: true })
})

async function until(condition: () => boolean | Promise<boolean>, withinMs = 15_000): Promise<number> {
  const startedAt = performance.now()
  while (!(await condition())) {
    if (performance.now() - startedAt > withinMs) throw new Error(`Not within ${withinMs} ms.`)
    await sleep(5)
  }
  return performance.now() - startedAt
}

const enrol = (name: string, domain = slovenia) =>
  there.gallery.assignFaces(client, domain, model, [madeAssignment(name, unitVector(random))], context)
const isCurrent = async () =>
  keeper.holds(client, [slovenia])?.revision === (await here.feed.revision(client))

test('it fills what is chosen, and follows what another console does', async () => {
  await enrol('Ana')
  keeper.follow(here)
  await until(() => here.feed.listening)
  await keeper.choose(client, slovenia, true)
  await until(isCurrent)
  expect(keeper.holds(client, [slovenia])).toMatchObject({ embeddings: 1 })

  await enrol('Borut')
  expect(await until(isCurrent)).toBeLessThan(1000)
  const persons = await keeper.store.gallery.personIds({
    clientId: client,
    domain: slovenia,
    text: '',
    sort: 'name',
    flags: [],
    tag: null,
  })
  expect(persons).toHaveLength(2)
  expect(await keeper.state()).toMatchObject({ following: true, work: null, edits: 0 })
  expect(errors).toEqual([])
})

test('it holds only what is whole and, of all domains, only all of them', async () => {
  await enrol('Ana')
  await enrol('Ceca', serbia)
  keeper.follow(here)
  await keeper.choose(client, slovenia, true)
  await until(isCurrent)
  expect(keeper.holds(client, [slovenia, serbia])).toBeUndefined()
  expect(keeper.holds(client, 'all')).toBeUndefined()
  expect(keeper.holds(otherClient, [slovenia])).toBeUndefined()
  await keeper.choose(client, serbia, true)
  await until(() => keeper.holds(client, 'all') !== undefined)
  expect(keeper.holds(client, 'all')).toMatchObject({ embeddings: 2 })
  await there.gallery.ensureDomain(client, 'croatia' as typeof serbia)
  await until(() => keeper.holds(client, 'all') === undefined)
  await keeper.choose(client, slovenia, false)
  expect(keeper.holds(client, [slovenia])).toBeUndefined()
})

test('stopped, it holds what it held, and nothing proves that the server still does', async () => {
  await enrol('Ana')
  keeper.follow(here)
  await keeper.choose(client, slovenia, true)
  await until(isCurrent)
  keeper.pause()
  await enrol('Borut')
  await expect(keeper.sync()).rejects.toMatchObject({ code: 'server-unreachable' })
  const held = keeper.holds(client, [slovenia])
  expect(held).toMatchObject({ embeddings: 1 })
  const now = await here.feed.revision(client)
  expect(searchSide('auto', held, now)).toEqual({ mode: 'server' })
  expect(searchSide('cache', held, now)).toEqual({ mode: 'cache', proven: false })

  keeper.follow(here)
  await until(isCurrent)
  expect(searchSide('auto', keeper.holds(client, [slovenia]), now)).toEqual({ mode: 'cache', proven: true })
  expect(await keeper.verify()).toMatchObject({ domains: 1, differences: [] })
})

test('whose cache it is, is known while the server does not answer', async () => {
  const folders = new CacheFolders(root)
  const id = await here.feed.identity()
  expect(folders.serverAt('db.example:5432/visor')).toBeUndefined()
  await folders.remember('db.example:5432/visor', id)
  expect(new CacheFolders(root).serverAt('db.example:5432/visor')).toBe(id)
  expect(() => folders.folderOf('../elsewhere')).toThrow()
})
