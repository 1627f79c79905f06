/** A local gallery that is paired with a server: its edits are kept and brought there once, and it follows without losing anything. */
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { PairedStore } from '../../../../src-main/storage/team/paired-store'
import type { LocalStore } from '../../../../src-main/storage/threads/local-store'
import type { ServerStore } from '../../../../src-main/storage/threads/server-store'
import type { PersonId } from '../../../../src-shared/ids'
import { type BuiltStore, buildStore } from '../../../contract/built-store'
import { client, context, model, slovenia } from '../../../contract/curated-store'
import { type MigratedDatabase, migratedDatabase } from '../../../postgres/migrated'
import { vectorOf } from './console'
import { type EqualStores, enrol, equalStores, openLocal, openServer, pairStores } from './paired-console'

const names = ['Ana', 'Bojan', 'Cene', 'Dana']
let built: BuiltStore
let database: MigratedDatabase
let stores: EqualStores
let local: LocalStore
let server: ServerStore
let here: PairedStore
const errors: unknown[] = []

beforeAll(async () => {
  built = await buildStore()
})
afterAll(() => built.remove())
beforeEach(async () => {
  database = await migratedDatabase()
  stores = await equalStores(built.folder, database.url, names)
  ;[local, server] = await Promise.all([
    openLocal(built.folder, stores.folder),
    openServer(built.folder, database.url),
  ])
  await pairStores(local, server)
  here = await open(false)
})
afterEach(async () => {
  await here.close()
  await local.close()
  await server.close()
  await database.drop()
  stores.remove()
  expect(errors.splice(0)).toEqual([])
})

async function open(dual: boolean): Promise<PairedStore> {
  const store = await PairedStore.open({
    local,
    ...(dual ? { openServer: () => openServer(built.folder, database.url) } : {}),
    onError: (error) => errors.push(error),
  })
  await store.tryNow()
  return store
}
const person = (name: string): PersonId => stores.people.get(name)!
/** Until nothing waits. */
async function brought(dual: PairedStore): Promise<void> {
  await dual.bringNow()
  await expect.poll(() => dual.outboxEntries(), { timeout: 10_000 }).toEqual([])
}
const differences = async () => (await local.cache.compare(server.snapshots(), {})).differences
const follow = () => local.cache.sync(server.snapshots(), {})
const found = async (store: { gallery: PairedStore['gallery'] }, seed: number) => {
  const { probes } = await store.gallery.search({
    clientId: client,
    domains: [slovenia],
    modelId: model,
    probes: [vectorOf(seed)],
    topPersons: 1,
    topFaces: 0,
    withinDistance: 0.5,
  })
  const [hit] = probes[0]!.persons
  return hit !== undefined && hit.distance < 0.1 ? hit.name : undefined
}

test('what is edited here waits, is brought there once in mode dual, and both are equal when it was followed', async () => {
  await here.gallery.updatePerson(person('Ana'), { occupation: 'pilot' }, context)
  const { value } = await enrol(here, 'Eva', 50)
  await here.gallery.deletePersons([person('Bojan')], context)
  expect(await here.outboxEntries()).toHaveLength(3)
  expect(await found(server, 50)).toBeUndefined()
  await here.close()

  here = await open(true)
  await brought(here)
  expect(await server.gallery.person(person('Ana'))).toMatchObject({ occupation: 'pilot' })
  expect(await server.gallery.person(value[0]!.personId)).toMatchObject({ name: 'Eva', faces: 1 })
  await expect(server.gallery.person(person('Bojan'))).rejects.toMatchObject({ code: 'not-found' })
  const entries = await database.query('SELECT count(*)::int AS entries FROM ledger')
  await here.bringNow()
  expect(await database.query('SELECT count(*)::int AS entries FROM ledger')).toEqual(entries)
  await follow()
  expect(await differences()).toEqual([])
  expect((await local.gallery.bin(client, 30)).map((entry) => entry.names)).toEqual([['Bojan']])
})

test('a gallery that lacks a row is not paired', async () => {
  await local.dual.endPairing(client)
  await server.gallery.updatePerson(person('Ana'), { occupation: 'pilot' }, context)
  await local.dual.beginPairing(client, await server.feed.identity(), 'elsewhere')
  const differing = await local.cache.pair(client, server.snapshots(), {})
  expect(differing).toMatchObject([{ table: 'persons', differing: 1 }])
  expect((await local.dual.standing()).pairings).toMatchObject([{ state: 'copying' }])
})

test('what others do on the server comes here, and what they remove goes to the bin', async () => {
  await enrol(server, 'Franc', 60)
  await enrol(server, 'Ana', 61)
  await server.gallery.deletePersons([person('Cene')], context)
  // Names go round.
  await server.gallery.updatePerson(person('Ana'), { name: 'Bojan 2' }, context)
  await server.gallery.updatePerson(person('Bojan'), { name: 'Ana' }, context)
  await server.gallery.updatePerson(person('Ana'), { name: 'Bojan' }, context)
  await follow()
  expect(await differences()).toEqual([])
  expect(await found(local, 60)).toBe('Franc')
  expect(await found(local, 61)).toBe('Bojan')
  expect(await found(local, 3)).toBeUndefined()
  const [binned] = await local.gallery.bin(client, 30)
  expect(binned).toMatchObject({ names: ['Cene'], faces: 1 })
  await local.gallery.undo(binned!.ledgerId, context)
  expect(await found(local, 3)).toBe('Cene')
  expect(await local.gallery.verifyLedger()).not.toHaveProperty('brokenAt')
})

test('whom an erasure on the server takes goes for good', async () => {
  await server.erasure.erase(
    { target: { personIds: [person('Dana')] }, possible: new Map() },
    { ...context, reason: 'they asked' },
  )
  await follow()
  expect(await differences()).toEqual([])
  expect(await local.gallery.bin(client, 30)).toEqual([])
  await expect(local.gallery.person(person('Dana'))).rejects.toMatchObject({ code: 'not-found' })
})

test('what this gallery itself says of whom another console erased goes with them, and its history holds', async () => {
  const dana = person('Dana')
  await here.gallery.updatePerson(dana, { occupation: 'spy' }, { ...context, summary: 'Dana is a spy' })
  const { value } = await enrol(server, 'Only there', 80)
  const onlyThere = value[0]!.personId
  const hit = { personId: onlyThere, name: 'Only there', faceId: value[0]!.faceId, distance: 0.1 }
  await local.dual.record([
    {
      ...{ at: Date.now(), clientId: client, domain: slovenia, modelId: model, origin: 'live', localMs: 1 },
      outcome: {
        ...{ serverMs: 1, sameFirst: false, overlap: 0, largestDifference: 0 },
        disagreement: { cause: 'missing-rows', local: [], server: [hit] },
      },
    },
  ])
  const kept = async () => (await local.dual.disagreements({ since: 0, offset: 0, limit: 10 })).total
  expect(await kept()).toBe(1)
  await server.erasure.erase(
    { target: { personIds: [dana, onlyThere] }, possible: new Map() },
    { ...context, reason: 'they asked' },
  )
  await follow()
  expect(await kept()).toBe(0)
  expect(JSON.stringify(await local.gallery.ledger({ clientId: client, limit: 100 }))).not.toContain('Dana')
  const [struck] = await here.outboxEntries()
  expect(struck).toMatchObject({ held: { code: 'not-found' }, people: [] })
  expect(struck!.summary).not.toContain('Dana')
  expect((await local.outbox.act(struck!.id)).call.args).toHaveLength(0)
  expect(await local.gallery.verifyLedger()).not.toHaveProperty('brokenAt')
})

test('on trial, an edit of whom another console erased is struck, and whom only the server knew is in no comparison', async () => {
  const { value } = await enrol(server, 'Only there', 80)
  const { personId, faceId } = value[0]!
  const hit = { personId, name: 'Only there', faceId, distance: 0.1 }
  await local.dual.record([
    {
      ...{ at: Date.now(), clientId: client, domain: slovenia, modelId: model, origin: 'live', localMs: 1 },
      outcome: {
        ...{ serverMs: 1, sameFirst: false, overlap: 0, largestDifference: 0 },
        disagreement: { cause: 'missing-rows', local: [], server: [hit] },
      },
    },
  ])
  await here.gallery.updatePerson(person('Dana'), { occupation: 'spy' }, context)
  await here.close()
  await server.erasure.erase(
    { target: { personIds: [person('Dana')] }, possible: new Map() },
    { ...context, reason: 'they asked' },
  )
  here = await open(true)
  const [struck] = await here.outboxEntries()
  expect(struck).toMatchObject({ held: { code: 'not-found' }, people: [] })
  expect(await local.gallery.verifyLedger()).not.toHaveProperty('brokenAt')
  const kept = async () => (await local.dual.disagreements({ since: 0, offset: 0, limit: 10 })).total
  expect(await kept()).toBe(1)
  await server.erasure.erase(
    { target: { personIds: [personId] }, possible: new Map() },
    { ...context, reason: 'they asked' },
  )
  await expect.poll(kept, { timeout: 10_000 }).toBe(0)
})

test('where both changed somebody, mine waits for a decision, the rest goes on, and nothing is lost', async () => {
  const mine = await enrol(here, 'Greta', 70)
  await here.gallery.updatePerson(person('Ana'), { name: 'Ana B' }, { ...context, summary: 'Renamed Ana' })
  await server.gallery.updatePerson(person('Ana'), { name: 'Ana C' }, { actor: 'Maria', summary: 'Hers' })
  const theirs = await enrol(server, 'Greta', 71)
  await here.close()
  here = await open(true)
  const entries = await here.outboxEntries()
  expect(entries.map(({ held }) => held?.code)).toEqual(['conflict', 'conflict'])
  // In mode dual the local gallery is as it was edited.
  expect(await local.gallery.person(person('Ana'))).toMatchObject({ name: 'Ana B' })

  // Once it follows, it has what the server has; what waits is still there, and whom only this console knows is in the bin.
  await follow()
  expect(await differences()).toEqual([])
  expect(await local.gallery.person(person('Ana'))).toMatchObject({ name: 'Ana C' })
  expect(await local.gallery.person(theirs.value[0]!.personId)).toMatchObject({ name: 'Greta' })
  expect(await local.gallery.bin(client, 30)).toMatchObject([{ names: ['Greta'], faces: 1 }])
  await expect(local.gallery.person(mine.value[0]!.personId)).rejects.toMatchObject({ code: 'not-found' })
  const renamed = entries.find(({ summary }) => summary === 'Renamed Ana')!
  await here.retry(renamed.id, true)
  await follow()
  expect(await local.gallery.person(person('Ana'))).toMatchObject({ name: 'Ana B' })
  expect(await differences()).toEqual([])
})

test('what was done before the copy is not undone on one side alone', async () => {
  await local.dual.endPairing(client)
  const { ledgerId } = await local.gallery.updatePerson(person('Ana'), { occupation: 'cook' }, context)
  await local.gallery.updatePerson(person('Ana'), { occupation: null }, context)
  await local.dual.beginPairing(client, await server.feed.identity(), 'again')
  await here.pairingsChanged()
  await expect(here.gallery.undo(ledgerId!, context)).rejects.toMatchObject({ code: 'conflict' })
  await expect(here.gallery.renameDomain(client, slovenia, 'x' as never, context)).rejects.toMatchObject({
    code: 'conflict',
  })
})

test('a server that was given to another store is looked for anew', async () => {
  await here.close()
  here = await open(true)
  const lent = here.lend()
  expect(here.server).toBeUndefined()
  await here.gallery.updatePerson(person('Ana'), { occupation: 'pilot' }, context)
  await expect.poll(() => here.link?.state, { timeout: 10_000 }).toBe('up')
  await brought(here)
  expect(await lent!.gallery.person(person('Ana'))).toMatchObject({ occupation: 'pilot' })
  await lent!.close()
})
