/** On trial: one decision about somebody whom others changed on the server as well settles it for that person, and is never taken silently. */
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { PairedStore } from '../../../../src-main/storage/team/paired-store'
import type { LocalStore } from '../../../../src-main/storage/threads/local-store'
import type { ServerStore } from '../../../../src-main/storage/threads/server-store'
import type { ClientId, PersonId } from '../../../../src-shared/ids'
import { type BuiltStore, buildStore } from '../../../contract/built-store'
import { client, context, slovenia } from '../../../contract/curated-store'
import { type MigratedDatabase, migratedDatabase } from '../../../postgres/migrated'
import { type EqualStores, enrol, equalStores, openLocal, openServer, pairStores } from './paired-console'

let built: BuiltStore
let database: MigratedDatabase
let stores: EqualStores
let local: LocalStore
let server: ServerStore
let here: PairedStore
const errors: unknown[] = []
const changed: ClientId[] = []

beforeAll(async () => {
  built = await buildStore()
})
afterAll(() => built.remove())
beforeEach(async () => {
  database = await migratedDatabase()
  stores = await equalStores(built.folder, database.url, ['Ana', 'Bojan', 'Cene'])
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
  changed.length = 0
  expect(errors.splice(0)).toEqual([])
})

async function open(dual: boolean): Promise<PairedStore> {
  const store = await PairedStore.open({
    local,
    ...(dual ? { openServer: () => openServer(built.folder, database.url) } : {}),
    onChanged: (clientId) => changed.push(clientId),
    onError: (error) => errors.push(error),
  })
  await store.tryNow()
  return store
}
const person = (name: string): PersonId => stores.people.get(name)!
const follow = () => local.cache.sync(server.snapshots(), {})
const differences = async () => (await local.cache.compare(server.snapshots(), {})).differences

const maria = { actor: 'Maria', summary: 'Hers' }
/** An edit of Ana here. */
const edit = (occupation: string) =>
  here.gallery.updatePerson(person('Ana'), { occupation }, { ...context, summary: occupation })
const there = () => server.gallery.person(person('Ana'))
const onThisSide = () => local.gallery.person(person('Ana'))
/** What waits once all is through that may go. */
async function waiting(): Promise<(readonly [string, string | undefined])[]> {
  await here.bringNow()
  return (await here.outboxEntries()).map(({ summary, held }) => [summary, held?.code] as const)
}
/** Maria renamed Ana on the server, and an edit here is held for it. */
async function heldEdit() {
  await edit('pilot')
  await server.gallery.updatePerson(person('Ana'), { name: 'Ana C' }, maria)
  await here.close()
  here = await open(true)
  expect(await waiting()).toEqual([['pilot', 'conflict']])
  const [held] = await here.outboxEntries()
  return held!.id
}

test('keep mine: what is edited of that person from then on goes through, until others change them again', async () => {
  const id = await heldEdit()
  await edit('singer')
  expect(await waiting()).toEqual([
    ['pilot', 'conflict'],
    ['singer', undefined],
  ])
  await here.retry(id, true)
  expect(await waiting()).toEqual([])
  expect(await there()).toMatchObject({ name: 'Ana C', occupation: 'singer' })
  await edit('dancer')
  expect(await waiting()).toEqual([])
  expect(await there()).toMatchObject({ occupation: 'dancer' })
  // Nothing of theirs came here: nobody decided for it.
  expect(await onThisSide()).toMatchObject({ name: 'Ana', occupation: 'dancer' })

  await server.gallery.updatePerson(person('Ana'), { name: 'Ana D' }, maria)
  await edit('smith')
  expect(await waiting()).toEqual([['smith', 'conflict']])
  expect((await here.outboxEntries())[0]!.held!.detail!.split('\n')).toHaveLength(1)
})

test('keep theirs: the person is brought to what the server has, and is edited from there', async () => {
  await server.gallery.updatePerson(person('Bojan'), { occupation: 'cook' }, maria)
  const id = await heldEdit()
  await edit('singer')
  await enrol(server, 'Ana C', 50)
  await here.drop(id)
  // It was made here before, and is looked at by itself.
  expect(await waiting()).toEqual([['singer', 'conflict']])
  expect(await onThisSide()).toMatchObject({ name: 'Ana C', faces: 2 })
  expect(await onThisSide()).not.toHaveProperty('occupation')
  expect(await local.gallery.wholePerson(person('Ana'))).toMatchObject({
    faces: (await server.gallery.wholePerson(person('Ana'))).faces.map(({ faceId }) => ({ faceId })),
  })
  expect(changed).toContain(client)
  // Of nobody else did anything come.
  expect(await local.gallery.person(person('Bojan'))).not.toHaveProperty('occupation')
  await edit('dancer')
  const [singer] = await here.outboxEntries()
  await here.drop(singer!.id)
  expect(await waiting()).toEqual([])
  expect(await there()).toMatchObject({ name: 'Ana C', occupation: 'dancer' })
  expect(await onThisSide()).toMatchObject({ name: 'Ana C', occupation: 'dancer' })
  await follow()
  expect(await differences()).toEqual([])
  expect(await local.gallery.verifyLedger()).not.toHaveProperty('brokenAt')
})

test('keep theirs of a merge: faces are whose they are there, also of somebody whom only the server knew', async () => {
  await edit('pilot')
  const dana = await server.gallery.addPerson(client, slovenia, 'Dana', { aliases: [] }, maria)
  await server.gallery.tellApart(dana.value, person('Cene'), true, maria)
  await server.gallery.mergePersons(dana.value, [person('Ana')], maria)
  await here.close()
  here = await open(true)
  const [held] = await here.outboxEntries()
  expect(held).toMatchObject({ held: { code: 'conflict' } })
  await here.drop(held!.id)
  expect(await waiting()).toEqual([])
  await expect(onThisSide()).rejects.toMatchObject({ code: 'not-found' })
  expect(await local.gallery.person(dana.value)).toMatchObject({ name: 'Dana', faces: 1 })
  await follow()
  expect(await differences()).toEqual([])
})

test('what was decided while the server was away is done when it is back', async () => {
  const id = await heldEdit()
  await here.close()
  here = await open(false)
  await here.drop(id)
  expect(await onThisSide()).toMatchObject({ name: 'Ana', occupation: 'pilot' })
  await here.close()
  here = await open(true)
  expect(await waiting()).toEqual([])
  expect(await onThisSide()).toMatchObject({ name: 'Ana C' })
  expect(await onThisSide()).not.toHaveProperty('occupation')
})

test('a decision is about what was seen: what others did after it holds up the next edit', async () => {
  const id = await heldEdit()
  await server.gallery.updatePerson(person('Ana'), { name: 'Ana D' }, maria)
  await here.retry(id, true)
  await edit('dancer')
  expect(await waiting()).toEqual([['dancer', 'conflict']])
})
