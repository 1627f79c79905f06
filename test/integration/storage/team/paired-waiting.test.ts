/** What waits for a curator on the server comes to a gallery that follows it: unknown faces and reviews of enrolments. */
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { z } from 'zod'
import type { NewReview } from '../../../../src-main/storage/review-store'
import { PairedStore } from '../../../../src-main/storage/team/paired-store'
import type { LocalStore } from '../../../../src-main/storage/threads/local-store'
import type { ServerStore } from '../../../../src-main/storage/threads/server-store'
import { faceIdSchema, personNameSchema } from '../../../../src-shared/ids'
import { type BuiltStore, buildStore } from '../../../contract/built-store'
import { client, context, model, slovenia } from '../../../contract/curated-store'
import { madeFace, madePhoto } from '../../../contract/made-faces'
import { type MigratedDatabase, migratedDatabase } from '../../../postgres/migrated'
import { vectorOf } from './console'
import { type EqualStores, equalStores, openLocal, openServer, pairStores } from './paired-console'

const scope = { clientId: client, domain: slovenia, modelId: model }
const eva = { name: personNameSchema.parse('Eva') }
const franc = { name: personNameSchema.parse('Franc') }
let built: BuiltStore
let database: MigratedDatabase
let stores: EqualStores
let local: LocalStore
let server: ServerStore

beforeAll(async () => {
  built = await buildStore()
})
afterAll(() => built.remove())
beforeEach(async () => {
  database = await migratedDatabase()
  stores = await equalStores(built.folder, database.url, ['Ana', 'Bojan'])
  ;[local, server] = await Promise.all([
    openLocal(built.folder, stores.folder),
    openServer(built.folder, database.url),
  ])
  await pairStores(local, server)
})
afterEach(async () => {
  await local.close()
  await server.close()
  await database.drop()
  stores.remove()
})

type Store = Pick<ServerStore, 'unknown' | 'reviews'>

const follow = () => local.cache.sync(server.snapshots(), {})
const differences = async () => (await local.cache.compare(server.snapshots(), {})).differences
const keep = (store: Store, name: string, seed: number) =>
  store.unknown.keep(scope, [
    {
      photo: madePhoto(name),
      faces: [{ ...madeFace(vectorOf(seed)), crop: Buffer.from(`crop of ${name}`) }],
    },
  ])
const review = (name: string, photo: string): NewReview => ({
  person: { name: personNameSchema.parse(name) },
  photo: madePhoto(photo),
  facesInPhoto: 1,
  choice: 'largest',
  kinds: ['quality'],
  faces: [{ ...madeFace(vectorOf(200)), crop: Buffer.from(`review of ${photo}`) }],
})
const waiting = (store: Store) =>
  store.reviews.waiting({ clientId: client, domain: null, kind: null, offset: 0, limit: 100 })
const unknownRow = z.object({ face: faceIdSchema, ignored: z.coerce.number() })
const selectUnknown = `
  SELECT u.face_id AS face, u.ignored FROM unknown_faces u JOIN faces f ON f.id = u.face_id
  WHERE f.person_id IS NULL AND f.removed_by IS NULL ORDER BY face`
const unknownThere = async () => (await database.query(selectUnknown)).map((row) => unknownRow.parse(row))
function unknownHere() {
  const file = new Database(join(stores.folder, 'visor.sqlite'), { readonly: true })
  const rows = file.prepare(selectUnknown).all()
  file.close()
  return rows.map((row) => unknownRow.parse(row))
}

test('unknown faces that were kept on the server are unknown here, with what was said of them, and can be named', async () => {
  await keep(local, 'only here', 98)
  const own = unknownHere()
  for (const [index, name] of ['street', 'square', 'bridge'].entries()) await keep(server, name, 100 + index)
  const [first] = await server.unknown.ids(scope, 0)
  await server.unknown.setGroups([{ id: first!, group: first! }])
  await server.unknown.ignore(client, first!, true, context)
  await follow()
  const there = await unknownThere()
  expect(there.map(({ ignored }) => ignored).toSorted()).toEqual([0, 0, 1])
  expect(new Set(unknownHere())).toEqual(new Set([...there, ...own]))
  const links = { ...scope, ids: await local.unknown.ids(scope, 0), withinDistance: 2, nearest: 8 }
  expect(await local.unknown.link(links)).toHaveLength(4)

  const [named, forgotten] = there.filter(({ ignored }) => ignored === 0)
  await server.gallery.moveFaces([named!.face], slovenia, eva, context)
  await server.gallery.deleteFaces([forgotten!.face], context)
  await follow()
  const left = there.filter(({ ignored }) => ignored === 1)
  expect(new Set(unknownHere())).toEqual(new Set([...left, ...own]))
  expect((await differences()).filter(({ table }) => table === 'persons')).toEqual([])
  await local.gallery.moveFaces([left[0]!.face], slovenia, franc, context)
  expect(unknownHere()).toEqual(own)
  expect(await local.gallery.verifyLedger()).not.toHaveProperty('brokenAt')
})

test('faces that were told apart on the server are told apart here, until that is taken back; those of here stay', async () => {
  for (const [index, name] of ['street', 'square', 'bridge'].entries()) {
    await keep(server, name, 100 + index)
    await keep(local, `own ${name}`, 200 + index)
  }
  const apart = async (store: Store) => {
    const constraints = await store.unknown.constraints(scope)
    return constraints.flatMap(({ sides }) => sides).toSorted()
  }
  const takeOut = async (store: Store) => {
    const ids = await store.unknown.ids(scope, 0)
    await store.unknown.setGroups(ids.map((id) => ({ id, group: ids[0]! })))
    const { faces } = await store.unknown.faces(client, ids[0]!, 0, 10)
    return store.unknown.takeOut(client, ids[0]!, [faces[0]!.faceId], context)
  }
  await takeOut(local)
  const { ledgerId } = await takeOut(server)
  expect(await apart(server)).toEqual([-1, -1, 1])
  await follow()
  expect(await apart(local)).toEqual([-1, -1, -2, -2, 1, 2])
  await server.gallery.undo(ledgerId!, context)
  await follow()
  expect(await apart(local)).toEqual([-1, -1, 1])
  await takeOut(server)
  await database.query('DELETE FROM changes')
  await server.reviews.add(scope, [review('Hana', 'd')])
  await database.query('DELETE FROM changes')
  expect((await follow()).compared).toEqual([client])
  expect(await apart(local)).toEqual([-1, -1, -2, -2, 1, 2])
})

test('who was named on the server and is nobody again, is unknown here again', async () => {
  await keep(server, 'street', 100)
  const before = await unknownThere()
  const { ledgerId } = await server.gallery.moveFaces([before[0]!.face], slovenia, eva, context)
  await follow()
  expect(unknownHere()).toEqual([])
  await server.gallery.undo(ledgerId!, context)
  await follow()
  expect(unknownHere()).toEqual(before)
  expect(await differences()).toEqual([])
})

test('unknown faces that are forgotten on the server go from here', async () => {
  await keep(server, 'street', 100)
  await keep(server, 'square', 101)
  await follow()
  await server.unknown.forget(client, context)
  await follow()
  expect(unknownHere()).toEqual([])
  expect(await differences()).toEqual([])
})

test('reviews that wait on the server wait here, whole, until they are decided on either side', async () => {
  await local.reviews.add(scope, [review('Own', 'own')])
  await server.reviews.add(scope, [review('Eva', 'a'), review('Franc', 'b'), review('Greta', 'c')])
  await follow()
  const there = await waiting(server)
  const own = (await waiting(local)).reviews.filter(({ person }) => person.name === 'Own')
  expect((await waiting(local)).total).toBe(4)
  for (const { reviewId } of there.reviews) {
    expect(await local.reviews.review(reviewId)).toEqual(await server.reviews.review(reviewId))
    expect(await local.reviews.crop(reviewId, 0)).toEqual(await server.reviews.crop(reviewId, 0))
  }

  const [accepted, rejected, left] = there.reviews
  const { ledgerId } = await server.reviews.accept(accepted!.reviewId, 0, eva, context)
  await local.reviews.reject(rejected!.reviewId, context)
  await follow()
  expect((await waiting(local)).reviews).toEqual([...own, left!])
  expect(await differences()).toEqual([])
  await server.gallery.undo(ledgerId!, context)
  await follow()
  expect((await waiting(local)).reviews.map(({ person }) => person.name).toSorted()).toEqual([
    'Eva',
    'Greta',
    'Own',
  ])
})

test('a review of whom the server erases goes from here; where nobody is told what changed, those made here stay', async () => {
  await local.reviews.add(scope, [review('Own', 'own')])
  const ana = { personId: stores.people.get('Ana')!, name: 'Ana' }
  await server.reviews.add(scope, [{ ...review('Ana', 'a'), person: ana }, review('Franc', 'b')])
  await follow()
  expect((await waiting(local)).total).toBe(3)
  await server.erasure.erase(
    { target: { personIds: [ana.personId] }, possible: new Map() },
    { ...context, reason: 'they asked' },
  )
  await follow()
  const names = async () => (await waiting(local)).reviews.map(({ person }) => person.name)
  expect(await names()).toEqual(['Own', 'Franc'])
  await database.query(`UPDATE enrolment_reviews SET created_at = created_at + 1`)
  await database.query('DELETE FROM changes')
  await server.reviews.add(scope, [review('Hana', 'd')])
  await database.query('DELETE FROM changes')
  expect((await follow()).compared).toEqual([client])
  expect(await names()).toEqual(['Own', 'Franc', 'Hana'])
})

test('a review that came from the server and is decided here is decided there, also where nobody is ruled out, and waits on both when that is undone', async () => {
  const ana = { personId: stores.people.get('Ana')!, name: 'Ana' }
  await server.reviews.add(scope, [
    review('Eva', 'a'),
    { ...review('Ana', 'b'), person: ana },
    review('Franc', 'c'),
  ])
  await local.reviews.add(scope, [review('Own', 'own')])
  await follow()
  const errors: unknown[] = []
  const here = await PairedStore.open({
    local,
    openServer: () => openServer(built.folder, database.url),
    onError: (error) => errors.push(error),
  })
  const names = async (store: Store) =>
    (await waiting(store)).reviews.map(({ person }) => person.name).toSorted()
  const reviewOf = async (name: string) =>
    (await waiting(local)).reviews.find(({ person }) => person.name === name)!.reviewId
  await here.reviews.accept(await reviewOf('Eva'), 0, eva, context)
  await here.reviews.reject(await reviewOf('Ana'), context)
  const { ledgerId } = await here.reviews.reject(await reviewOf('Franc'), context)
  await here.reviews.reject(await reviewOf('Own'), context)
  await here.tryNow()
  await expect.poll(() => here.outboxEntries(), { timeout: 10_000 }).toEqual([])
  expect(await names(server)).toEqual([])
  expect((await server.gallery.wholePerson(ana.personId)).rejects).toHaveLength(1)
  await here.gallery.undo(ledgerId!, context)
  await expect.poll(() => here.outboxEntries(), { timeout: 10_000 }).toEqual([])
  expect([await names(server), await names(local)]).toEqual([['Franc'], ['Franc']])
  await here.close()
  await follow()
  expect([await names(server), await names(local)]).toEqual([['Franc'], ['Franc']])
  expect(await differences()).toEqual([])
  expect(errors).toEqual([])
})
