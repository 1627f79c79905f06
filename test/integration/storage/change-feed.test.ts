/** Consoles hear of each other's edits, also after the connection that they listen on was lost. */
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import type { FeedNews } from '../../../src-main/storage/postgres/feed-protocol'
import { openServerStore, type ServerStore } from '../../../src-main/storage/threads/server-store'
import { type BuiltStore, buildStore } from '../../contract/built-store'
import { client, context, model, otherClient, slovenia } from '../../contract/curated-store'
import { madeAssignment, randomNumbers, unitVector } from '../../contract/made-faces'
import { serverAt } from '../../postgres/databases'
import { type MigratedDatabase, migratedDatabase } from '../../postgres/migrated'

let built: BuiltStore
let database: MigratedDatabase
let here: ServerStore
let there: ServerStore
let news: FeedNews[]
const random = randomNumbers(3)

beforeAll(async () => {
  built = await buildStore()
})
afterAll(() => built.remove())
beforeEach(async () => {
  database = await migratedDatabase()
  const open = () => openServerStore({ ...serverAt(database.url), builtFolder: built.folder, threads: 1 })
  ;[here, there] = await Promise.all([open(), open()])
  news = []
  here.feed.news.add((one) => news.push(one))
  await until(() => here.feed.listening)
})
afterEach(async () => {
  await Promise.all([here.close(), there.close()])
  await database.drop()
})

async function until(condition: () => boolean, withinMs = 10_000): Promise<number> {
  const startedAt = performance.now()
  while (!condition()) {
    if (performance.now() - startedAt > withinMs) throw new Error(`Not within ${withinMs} ms.`)
    await sleep(5)
  }
  return performance.now() - startedAt
}

const enrol = (name: string, clientId = client) =>
  there.gallery.assignFaces(clientId, slovenia, model, [madeAssignment(name, unitVector(random))], context)
const heard = (clientId = client) =>
  news.flatMap((one) => (one.type === 'changed' && one.clientId === clientId ? [one.revision] : []))

test('an edit of another console is heard of within a second, and of its client alone', async () => {
  await enrol('Ana')
  const revision = await here.feed.revision(client)
  expect(await until(() => heard().includes(revision))).toBeLessThan(1000)
  expect(heard(otherClient)).toEqual([])
  await enrol('Borut', otherClient)
  await until(() => heard(otherClient).length > 0)
  expect(heard().filter((one) => one > revision)).toEqual([])
})

test('what was changed while nobody listened is told when it is listened again', async () => {
  await enrol('Ana')
  const revision = await here.feed.revision(client)
  await until(() => heard().includes(revision))
  // Every connection of both consoles.
  await database.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
     WHERE datname = current_database() AND pid <> pg_backend_pid() AND query NOT LIKE '%pg_stat_activity%'`,
  )
  await enrol('Borut')
  await until(() => heard().includes(revision + 1))
  expect(news).toContainEqual(expect.objectContaining({ type: 'listening', listening: false }))
  await until(() => here.feed.listening)
})

test('every console knows which gallery it is', async () => {
  expect(await here.feed.identity()).toMatch(/^[0-9a-f-]{36}$/)
  expect(await here.feed.identity()).toBe(await there.feed.identity())
  expect(await here.feed.revision(otherClient)).toBe(0)
})
