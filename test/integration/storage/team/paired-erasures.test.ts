/** On trial: what others erase on the server is erased here, all that this gallery says of them too; nothing else of the server comes here. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { PairedStore } from '../../../../src-main/storage/team/paired-store'
import type { LocalStore } from '../../../../src-main/storage/threads/local-store'
import type { ServerStore } from '../../../../src-main/storage/threads/server-store'
import type { ClientId, PersonId } from '../../../../src-shared/ids'
import { personNameSchema } from '../../../../src-shared/ids'
import { type BuiltStore, buildStore } from '../../../contract/built-store'
import { client, context, model, slovenia } from '../../../contract/curated-store'
import { madeFace, madePhoto } from '../../../contract/made-faces'
import { type MigratedDatabase, migratedDatabase } from '../../../postgres/migrated'
import { vectorOf } from './console'
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

const scope = { clientId: client, domain: slovenia, modelId: model }
const maria = { actor: 'Maria', summary: 'Hers' }
const erase = (...people: PersonId[]) =>
  server.erasure.erase(
    { target: { personIds: people }, possible: new Map() },
    { ...maria, reason: 'they asked' },
  )
/** Whether bytes of a text are anywhere in this console's database. */
const inFiles = (text: string) =>
  readdirSync(stores.folder)
    .filter((name) => name.startsWith('visor.sqlite'))
    .some((name) => readFileSync(join(stores.folder, name)).includes(text))
const names = async () => {
  const filter = { clientId: client, domain: slovenia, text: '', sort: 'name', flags: [], tag: null } as const
  const people = await local.gallery.personsById(await local.gallery.personIds(filter))
  return people.map(({ name }) => name).sort()
}

test('at the next contact, and as it happens; what else was changed there does not come', async () => {
  await here.gallery.updatePerson(
    person('Bojan'),
    { name: 'Bojan Krajnc' },
    { ...context, summary: 'Renamed to Bojan Krajnc' },
  )
  const review = {
    person: { name: personNameSchema.parse('Bojan Krajnc') },
    photo: madePhoto('Krajnc at the sea'),
    facesInPhoto: 1,
    choice: 'largest' as const,
    kinds: ['quality' as const],
    faces: [{ ...madeFace(vectorOf(200)), crop: Buffer.from('picture') }],
  }
  await here.reviews.add(scope, [review])
  await server.gallery.updatePerson(person('Ana'), { occupation: 'cook' }, maria)
  await server.gallery.deletePersons([person('Cene')], maria)
  await enrol(server, 'Dana', 60)
  await erase(person('Bojan'))
  expect(inFiles('Krajnc')).toBe(true)
  await here.close()
  here = await open(true)
  expect(await names()).toEqual(['Ana', 'Cene'])
  await expect(local.gallery.person(person('Bojan'))).rejects.toMatchObject({ code: 'not-found' })
  expect(await local.gallery.bin(client, 30)).toEqual([])
  expect(await local.gallery.person(person('Ana'))).not.toHaveProperty('occupation')
  expect(inFiles('Krajnc')).toBe(false)
  expect(changed).toEqual([client])
  expect(await local.gallery.verifyLedger()).not.toHaveProperty('brokenAt')
  expect(await here.outboxEntries()).toMatchObject([{ people: [], held: { code: 'not-found' } }])
  expect(await local.erasure.due()).toEqual([])

  await erase(person('Ana'))
  await expect.poll(names, { timeout: 10_000 }).toEqual(['Cene'])
})

test('a bin that is emptied is no erasure', async () => {
  await server.gallery.deletePersons([person('Cene')], maria)
  await server.gallery.emptyBin(client, Date.now() + 1000, maria)
  await erase(person('Bojan'))
  await here.close()
  here = await open(true)
  expect(await names()).toEqual(['Ana', 'Cene'])
})

test('whoever is in the bin here goes from it; faces of nobody that went there go here', async () => {
  await server.unknown.keep(scope, [{ photo: madePhoto('street'), faces: [madeFace(vectorOf(2))] }])
  await follow()
  await server.close()
  server = await openServer(built.folder, database.url)
  await here.gallery.deletePersons([person('Bojan')], context)
  expect(await local.unknown.ids(scope, 0)).toHaveLength(1)
  // The face of nobody is Bojan's, to within nothing.
  await server.erasure.erase(
    { target: { personIds: [person('Bojan')] }, possible: new Map([[model, 0.1]]) },
    { ...maria, reason: 'they asked' },
  )
  expect(await server.unknown.ids(scope, 0)).toEqual([])
  await here.close()
  here = await open(true)
  expect(await local.gallery.bin(client, 30)).toEqual([])
  expect(await local.unknown.ids(scope, 0)).toEqual([])
  expect((await here.outboxEntries())[0]).toMatchObject({ people: [] })
})

test('a month later too: what says whom an erasure took is not forgotten with the rest of the feed', async () => {
  await erase(person('Bojan'))
  await database.query("UPDATE changes SET at = now() - interval '40 days'")
  await database.query('UPDATE clients SET revision = 199')
  await database.query(
    "INSERT INTO changes (client_id, revision, kind, ids) VALUES ($1, 199, 'domain', '{}')",
    [client],
  )
  await enrol(server, 'Dana', 60)
  const [left] = await database.query(
    "SELECT count(*)::int AS count FROM changes WHERE at < now() - interval '30 days'",
  )
  expect(left!.count).toBeGreaterThan(0)
  await here.close()
  here = await open(true)
  expect(await names()).toEqual(['Ana', 'Cene'])
})

test('an erasure that was interrupted here is done again', async () => {
  await erase(person('Bojan'), person('Cene'))
  // Told, and not carried out.
  expect(await local.cache.followErasures(server.snapshots(), {})).toEqual({
    clientId: client,
    people: expect.arrayContaining([person('Bojan'), person('Cene')]),
  })
  await here.close()
  here = await open(true)
  expect(await names()).toEqual(['Ana'])
  expect(await local.cache.followErasures(server.snapshots(), {})).toBeUndefined()
})
