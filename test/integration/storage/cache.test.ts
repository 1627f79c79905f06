/** A console's cache of a server: filled in, followed, checked, mended, and left. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import type { OpenStore } from '../../../src-main/storage/open-store'
import { type CacheOfServer, openCache } from '../../../src-main/storage/threads/local-store'
import { openServerStore, type ServerStore } from '../../../src-main/storage/threads/server-store'
import type { UnitEmbedding } from '../../../src-shared/face'
import { type Domain, domainSchema } from '../../../src-shared/ids'
import { type BuiltStore, buildStore } from '../../contract/built-store'
import { client, context, model, otherClient, serbia, slovenia } from '../../contract/curated-store'
import { madeAssignment, madeFace, randomNumbers, unitVector } from '../../contract/made-faces'
import { hasServer, serverAt } from '../../postgres/databases'
import { type Login, makeLogin } from '../../postgres/logins'
import { type MigratedDatabase, migratedDatabase } from '../../postgres/migrated'

let built: BuiltStore
let database: MigratedDatabase
let server: ServerStore
let folder: string
let cache: CacheOfServer
let random: () => number
/** Made by a test; they end after the database. */
const logins: Login[] = []

const open = () => openCache({ folder, builtFolder: built.folder, threads: 1 })

beforeAll(async () => {
  built = await buildStore()
})
afterAll(() => built.remove())
beforeEach(async () => {
  random = randomNumbers(11)
  database = await migratedDatabase()
  server = await openServerStore({ ...serverAt(database.url), builtFolder: built.folder, threads: 1 })
  folder = mkdtempSync(join(tmpdir(), 'visor-cache-'))
  cache = await open()
})
afterEach(async () => {
  await cache.close()
  await server.close()
  await database.drop()
  for (const login of logins.splice(0)) await login.drop()
  rmSync(folder, { recursive: true })
})

async function enrol(name: string, domain: Domain = slovenia, near?: UnitEmbedding, clientId = client) {
  const embedding = unitVector(random, near, 0.2)
  // Faces of one quality have no order.
  const face = madeFace(embedding, undefined, 0.5 + random() / 2)
  const assignments = [{ ...madeAssignment(name, embedding), face }]
  const { value } = await server.gallery.assignFaces(clientId, domain, model, assignments, context)
  return { ...value[0]!, embedding }
}

/** Of the client's domains. */
const names = async ({ gallery }: OpenStore) => {
  const own = (await gallery.clients()).find(({ clientId }) => clientId === client)
  return own?.domains.map(({ domain }) => domain)
}

const sync = () => cache.cache.sync(server.snapshots(), {})
const verify = () => cache.cache.verify(server.snapshots(), {})

const list = async (store: OpenStore, clientId = client) => {
  const { persons } = await store.gallery.persons({
    clientId,
    domain: null,
    text: '',
    sort: 'name',
    flags: [],
    tag: null,
    offset: 0,
    limit: 500,
  })
  return Promise.all(
    persons.map(async ({ personId }) => {
      const [detail, rejects] = await Promise.all([
        store.gallery.person(personId),
        store.gallery.rejectsOf(personId),
      ])
      return { detail, rejects }
    }),
  )
}

/** The probe's nearest people, as told by a store; each adds float32 products in an order of its own. */
const found = async (store: OpenStore, probe: UnitEmbedding, domains: readonly Domain[] = [slovenia]) => {
  const { probes } = await store.gallery.search({
    clientId: client,
    domains,
    modelId: model,
    probes: [probe],
    topPersons: 5,
    topFaces: 0,
    withinDistance: 0.6,
  })
  const rounded = (distance: number) => Number(distance.toFixed(6))
  return probes[0]!.persons.map((hit) => ({
    ...hit,
    distance: rounded(hit.distance),
    bestDistances: hit.bestDistances.map(rounded),
  }))
}

test('a chosen domain is filled in, with all that hangs on its people, and searched', async () => {
  const ana = await enrol('Ana')
  const borut = await enrol('Borut')
  await enrol('Čedomir', serbia)
  await enrol('Nobody of ours', slovenia, undefined, otherClient)
  await server.gallery.tagPersons([ana.personId], { add: ['VIP', 'šport'], remove: [] }, context)
  await server.gallery.tellApart(ana.personId, borut.personId, true, context)
  await server.gallery.rejectFaces([borut.faceId], ana.personId, context)
  const cyril = await enrol('Cyril', slovenia, ana.embedding)
  await server.gallery.mergePersons(ana.personId, [cyril.personId], context)
  await server.gallery.deletePersons([(await enrol('Deleted')).personId], context)

  await cache.cache.choose(client, slovenia, true)
  expect(await cache.cache.held()).toEqual([])
  const report = await sync()
  expect(report).toMatchObject({ renewed: 0, removed: 0, compared: [] })

  const onServer = (await list(server)).filter(({ detail }) => detail.domain === slovenia)
  expect(await list(cache)).toEqual(onServer)
  expect(await found(cache, ana.embedding)).toEqual(await found(server, ana.embedding))
  expect(await cache.gallery.crop(ana.faceId)).toEqual(await server.gallery.crop(ana.faceId))
  const { domains, edits } = await cache.cache.contents()
  expect(domains).toMatchObject([
    { domain: slovenia, state: 'whole', filled: 1, rows: { persons: 2, faces: 3 } },
  ])
  expect(edits).toBe(0)
  const [held] = await cache.cache.held()
  expect(held).toMatchObject({ clientId: client, revision: await server.feed.revision(client) })
  expect(held!.domains).toEqual(new Map([[slovenia, 3]]))
  expect(await verify()).toMatchObject({ domains: 1, differences: [] })
})

test('what changes on the server is followed: made, changed, moved, removed, brought back', async () => {
  const ana = await enrol('Ana')
  await cache.cache.choose(client, slovenia, true)
  await sync()
  await found(cache, ana.embedding)

  const borut = await enrol('Borut', slovenia, ana.embedding)
  expect(await sync()).toMatchObject({ filled: 0 })
  expect(await found(cache, ana.embedding)).toEqual(await found(server, ana.embedding))

  await server.gallery.updatePerson(ana.personId, { name: 'Ana Novak', occupation: 'judge' }, context)
  const { ledgerId } = await server.gallery.deletePersons([borut.personId], context)
  await sync()
  expect(await list(cache)).toEqual(await list(server))
  expect(await found(cache, ana.embedding)).toHaveLength(1)

  await server.gallery.undo(ledgerId!, context)
  await server.gallery.ensureDomain(client, serbia)
  await server.gallery.movePersons([ana.personId], serbia, 'refuse', context)
  await sync()
  expect((await list(cache)).map(({ detail }) => detail.name)).toEqual(['Borut'])
  expect((await found(cache, ana.embedding)).map(({ name }) => name)).toEqual(['Borut'])

  await server.gallery.changeBox(
    borut.faceId,
    model,
    madeFace(borut.embedding, { x: 1, y: 2, w: 90, h: 90 }),
    context,
  )
  await sync()
  expect(await list(cache)).toEqual((await list(server)).filter(({ detail }) => detail.domain === slovenia))
  expect(await verify()).toMatchObject({ differences: [] })
})

test('a domain that was renamed on the server, and back, is so here', async () => {
  const ana = await enrol('Ana')
  await cache.cache.choose(client, slovenia, true)
  await sync()
  const italy = domainSchema.parse('Italy')
  const { ledgerId } = await server.gallery.renameDomain(client, slovenia, italy, context)
  await sync()
  expect(await list(cache)).toEqual(await list(server))
  expect((await cache.cache.contents()).domains).toMatchObject([
    { domain: italy, state: 'whole', rows: { persons: 1, faces: 1 } },
  ])
  expect(await found(cache, ana.embedding, [italy])).toEqual(await found(server, ana.embedding, [italy]))
  expect(await names(cache)).toEqual([italy])

  await server.gallery.undo(ledgerId!, context)
  await sync()
  expect(await list(cache)).toEqual(await list(server))
  expect(await names(cache)).toEqual([slovenia])
  expect(await verify()).toMatchObject({ domains: 1, differences: [] })
})

test('two people who exchange their names', async () => {
  const [ana, eva] = [await enrol('Ana'), await enrol('Eva')]
  await cache.cache.choose(client, slovenia, true)
  await sync()
  await server.gallery.updatePerson(ana.personId, { name: 'X' }, context)
  await server.gallery.updatePerson(eva.personId, { name: 'Ana' }, context)
  await server.gallery.updatePerson(ana.personId, { name: 'Eva' }, context)
  await sync()
  expect(await list(cache)).toEqual(await list(server))
})

test('stopped in the middle and begun anew, it goes on where it was', async () => {
  for (let index = 0; index < 30; index++) await enrol(`Person ${index}`)
  await cache.cache.choose(client, slovenia, true)
  const stop = new AbortController()
  const reason = new Error('enough')
  // After the first portion: people and photos are there, faces are not.
  let portions = 0
  const stopped = cache.cache.sync(server.snapshots(), {
    signal: stop.signal,
    onProgress: () => {
      portions++
      if (portions === 3) stop.abort(reason)
    },
  })
  await expect(stopped).rejects.toThrow('enough')
  await server.gallery.deletePersons([(await enrol('Ana')).personId], context)
  await cache.close()
  cache = await open()
  await sync()
  expect(await list(cache)).toEqual(await list(server))
  expect(await verify()).toMatchObject({ differences: [] })
})

test('a domain that is chosen later, and one that is not chosen any more', async () => {
  const ana = await enrol('Ana')
  const ceca = await enrol('Ceca', serbia)
  await server.gallery.tellApart(ana.personId, ceca.personId, true, context)
  await cache.cache.choose(client, slovenia, true)
  await sync()
  await cache.cache.choose(client, serbia, true)
  await sync()
  expect(await list(cache)).toEqual(await list(server))
  expect(await verify()).toMatchObject({ domains: 2, differences: [] })

  await found(cache, ana.embedding)
  await cache.cache.choose(client, slovenia, false)
  expect((await cache.cache.held())[0]!.domains).toEqual(new Map([[serbia, 1]]))
  expect(await sync()).toMatchObject({ removed: 3 })
  expect((await list(cache)).map(({ detail }) => detail.name)).toEqual(['Ceca'])
  expect(await found(cache, ana.embedding)).toEqual([])
  expect(await verify()).toMatchObject({ domains: 1, differences: [] })
  await cache.cache.choose(client, serbia, false)
  await sync()
  expect((await cache.cache.contents()).domains).toEqual([])
})

test('a cache that is further behind than the feed goes back compares, and reads only what differs', async () => {
  const people = []
  for (let index = 0; index < 5; index++) people.push(await enrol(`Person ${index}`))
  await cache.cache.choose(client, slovenia, true)
  await sync()
  await server.gallery.updatePerson(people[0]!.personId, { name: 'Changed' }, context)
  await server.gallery.deletePersons([people[1]!.personId], context)
  await enrol('New')
  await database.query('DELETE FROM changes WHERE revision < (SELECT max(revision) FROM changes)')
  expect(await sync()).toMatchObject({ compared: [client], renewed: 4, removed: 2 })
  expect(await list(cache)).toEqual(await list(server))
})

test('a check finds what is not as on the server, on either side, and mends it', async () => {
  const ana = await enrol('Ana')
  await enrol('Borut')
  await cache.cache.choose(client, slovenia, true)
  await sync()
  await cache.close()
  const file = new Database(join(folder, 'visor.sqlite'))
  file.pragma('foreign_keys = OFF')
  file.prepare('UPDATE persons SET occupation = ? WHERE id = ?').run('forged', ana.personId)
  file.prepare('UPDATE embeddings SET vector = zeroblob(2048) WHERE face_id = ?').run(ana.faceId)
  file.prepare('DELETE FROM crops WHERE face_id <> ?').run(ana.faceId)
  file.close()
  cache = await open()

  const { differences } = await verify()
  expect(
    differences.map(({ table, onServer, inCache, differing }) => ({ table, onServer, inCache, differing })),
  ).toEqual([
    { table: 'persons', onServer: 2, inCache: 2, differing: 1 },
    { table: 'embeddings', onServer: 2, inCache: 2, differing: 1 },
    { table: 'crops', onServer: 2, inCache: 1, differing: 1 },
  ])
  expect(await verify()).toMatchObject({ differences: [] })
  expect(await list(cache)).toEqual(await list(server))
  expect(await found(cache, ana.embedding)).toEqual(await found(server, ana.embedding))
})

test('what was changed here alone is taken back to what the server has', async () => {
  const ana = await enrol('Ana')
  await cache.cache.choose(client, slovenia, true)
  await sync()
  const own = await cache.gallery.assignFaces(
    client,
    slovenia,
    model,
    [madeAssignment('Only here', unitVector(random))],
    context,
  )
  await cache.gallery.deletePersons([ana.personId], context)
  expect((await cache.cache.contents()).edits).toBeGreaterThan(0)
  // The server gives the number of the embedding that was made here to another.
  const borut = await enrol('Borut')
  await sync()
  expect((await cache.cache.contents()).edits).toBe(0)
  expect(await list(cache)).toEqual(await list(server))
  expect(await found(cache, borut.embedding)).toEqual(await found(server, borut.embedding))
  expect(own.value).toHaveLength(1)
  expect(await verify()).toMatchObject({ differences: [] })
})

test('whom an erasure on the server takes is gone from the file, too', async () => {
  const ana = await enrol('Anastazija Neponovljiva')
  await enrol('Borut')
  await cache.cache.choose(client, slovenia, true)
  await sync()
  await server.erasure.erase(
    { target: { personIds: [ana.personId] }, possible: new Map() },
    { ...context, reason: 'Asked to be.' },
  )
  const bytes = () => readFileSync(join(folder, 'visor.sqlite'))
  await sync()
  expect((await list(cache)).map(({ detail }) => detail.name)).toEqual(['Borut'])
  expect(bytes().includes('Neponovljiva')).toBe(false)
  expect(bytes().includes(Buffer.from(ana.embedding.buffer))).toBe(false)
})

test.skipIf(!hasServer())('an analyst keeps what they may see, and nothing of another client', async () => {
  await enrol('Ana')
  await enrol('Nobody of theirs', slovenia, undefined, otherClient)
  const login = await makeLogin(database, ['visor_analyst'], [client])
  logins.push(login)
  const analyst = await openServerStore({ ...serverAt(login.url), builtFolder: built.folder, threads: 1 })
  try {
    await cache.cache.choose(client, slovenia, true)
    await cache.cache.choose(otherClient, slovenia, true)
    await cache.cache.sync(analyst.snapshots(), {})
    expect((await list(cache)).map(({ detail }) => detail.name)).toEqual(['Ana'])
    expect(await list(cache, otherClient)).toEqual([])
    await enrol('Borut')
    await cache.cache.sync(analyst.snapshots(), {})
    expect(await list(cache)).toEqual(await list(server))
    expect(await cache.cache.verify(analyst.snapshots(), {})).toMatchObject({ differences: [] })
  } finally {
    await analyst.close()
  }
})
