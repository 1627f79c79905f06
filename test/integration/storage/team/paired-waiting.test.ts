/** What waits for a curator on the server comes to a gallery that follows it: unknown faces and reviews of enrolments. */
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect, test } from 'vitest'
import { z } from 'zod'
import type { NewReview } from '../../../../src-main/storage/review-store'
import type { ServerStore } from '../../../../src-main/storage/threads/server-store'
import { faceIdSchema, personNameSchema } from '../../../../src-shared/ids'
import { client, context, model, slovenia } from '../../../contract/curated-store'
import { madeFace, madePhoto } from '../../../contract/made-faces'
import { vectorOf } from './console'
import { onTrial } from './trial'

const scope = { clientId: client, domain: slovenia, modelId: model }
const eva = { name: personNameSchema.parse('Eva') }
const franc = { name: personNameSchema.parse('Franc') }

const trial = onTrial(['Ana', 'Bojan'])

type Store = Pick<ServerStore, 'unknown' | 'reviews'>

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
const unknownThere = async () =>
  (await trial.database.query(selectUnknown)).map((row) => unknownRow.parse(row))
function unknownHere() {
  const file = new Database(join(trial.stores.folder, 'visor.sqlite'), { readonly: true })
  const rows = file.prepare(selectUnknown).all()
  file.close()
  return rows.map((row) => unknownRow.parse(row))
}

test('unknown faces that were kept on the server are unknown here, with what was said of them, and can be named', async () => {
  await keep(trial.local, 'only here', 98)
  const own = unknownHere()
  for (const [index, name] of ['street', 'square', 'bridge'].entries())
    await keep(trial.server, name, 100 + index)
  const [first] = await trial.server.unknown.ids(scope, 0)
  await trial.server.unknown.setGroups([{ id: first!, group: first! }])
  await trial.server.unknown.ignore(client, first!, true, context)
  await trial.follow()
  const there = await unknownThere()
  expect(there.map(({ ignored }) => ignored).toSorted()).toEqual([0, 0, 1])
  expect(new Set(unknownHere())).toEqual(new Set([...there, ...own]))
  const links = { ...scope, ids: await trial.local.unknown.ids(scope, 0), withinDistance: 2, nearest: 8 }
  expect(await trial.local.unknown.link(links)).toHaveLength(4)

  const [named, forgotten] = there.filter(({ ignored }) => ignored === 0)
  await trial.server.gallery.moveFaces([named!.face], slovenia, eva, context)
  await trial.server.gallery.deleteFaces([forgotten!.face], context)
  await trial.follow()
  const left = there.filter(({ ignored }) => ignored === 1)
  expect(new Set(unknownHere())).toEqual(new Set([...left, ...own]))
  expect((await trial.differences()).filter(({ table }) => table === 'persons')).toEqual([])
  await trial.local.gallery.moveFaces([left[0]!.face], slovenia, franc, context)
  expect(unknownHere()).toEqual(own)
  expect(await trial.local.gallery.verifyLedger()).not.toHaveProperty('brokenAt')
})

test('faces that were told apart on the server are told apart here, until that is taken back; those of here stay', async () => {
  for (const [index, name] of ['street', 'square', 'bridge'].entries()) {
    await keep(trial.server, name, 100 + index)
    await keep(trial.local, `own ${name}`, 200 + index)
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
  await takeOut(trial.local)
  const { ledgerId } = await takeOut(trial.server)
  expect(await apart(trial.server)).toEqual([-1, -1, 1])
  await trial.follow()
  expect(await apart(trial.local)).toEqual([-1, -1, -2, -2, 1, 2])
  await trial.server.gallery.undo(ledgerId!, context)
  await trial.follow()
  expect(await apart(trial.local)).toEqual([-1, -1, 1])
  await takeOut(trial.server)
  await trial.database.query('DELETE FROM changes')
  await trial.server.reviews.add(scope, [review('Hana', 'd')])
  await trial.database.query('DELETE FROM changes')
  expect((await trial.follow()).compared).toEqual([client])
  expect(await apart(trial.local)).toEqual([-1, -1, -2, -2, 1, 2])
})

test('who was named on the server and is nobody again, is unknown here again', async () => {
  await keep(trial.server, 'street', 100)
  const before = await unknownThere()
  const { ledgerId } = await trial.server.gallery.moveFaces([before[0]!.face], slovenia, eva, context)
  await trial.follow()
  expect(unknownHere()).toEqual([])
  await trial.server.gallery.undo(ledgerId!, context)
  await trial.follow()
  expect(unknownHere()).toEqual(before)
  expect(await trial.differences()).toEqual([])
})

test('unknown faces that are forgotten on the server go from here', async () => {
  await keep(trial.server, 'street', 100)
  await keep(trial.server, 'square', 101)
  await trial.follow()
  await trial.server.unknown.forget(client, context)
  await trial.follow()
  expect(unknownHere()).toEqual([])
  expect(await trial.differences()).toEqual([])
})

test('reviews that wait on the server wait here, whole, until they are decided on either side', async () => {
  await trial.local.reviews.add(scope, [review('Own', 'own')])
  await trial.server.reviews.add(scope, [review('Eva', 'a'), review('Franc', 'b'), review('Greta', 'c')])
  await trial.follow()
  const there = await waiting(trial.server)
  const own = (await waiting(trial.local)).reviews.filter(({ person }) => person.name === 'Own')
  expect((await waiting(trial.local)).total).toBe(4)
  for (const { reviewId } of there.reviews) {
    expect(await trial.local.reviews.review(reviewId)).toEqual(await trial.server.reviews.review(reviewId))
    expect(await trial.local.reviews.crop(reviewId, 0)).toEqual(await trial.server.reviews.crop(reviewId, 0))
  }

  const [accepted, rejected, left] = there.reviews
  const { ledgerId } = await trial.server.reviews.accept(accepted!.reviewId, 0, eva, context)
  await trial.local.reviews.reject(rejected!.reviewId, context)
  await trial.follow()
  expect((await waiting(trial.local)).reviews).toEqual([...own, left!])
  expect(await trial.differences()).toEqual([])
  await trial.server.gallery.undo(ledgerId!, context)
  await trial.follow()
  expect((await waiting(trial.local)).reviews.map(({ person }) => person.name).toSorted()).toEqual([
    'Eva',
    'Greta',
    'Own',
  ])
})

test('a review of whom the server erases goes from here; where nobody is told what changed, those made here stay', async () => {
  await trial.local.reviews.add(scope, [review('Own', 'own')])
  const ana = { personId: trial.stores.people.get('Ana')!, name: 'Ana' }
  await trial.server.reviews.add(scope, [{ ...review('Ana', 'a'), person: ana }, review('Franc', 'b')])
  await trial.follow()
  expect((await waiting(trial.local)).total).toBe(3)
  await trial.server.erasure.erase(
    { target: { personIds: [ana.personId] }, possible: new Map() },
    { ...context, reason: 'they asked' },
  )
  await trial.follow()
  const names = async () => (await waiting(trial.local)).reviews.map(({ person }) => person.name)
  expect(await names()).toEqual(['Own', 'Franc'])
  await trial.database.query(`UPDATE enrolment_reviews SET created_at = created_at + 1`)
  await trial.database.query('DELETE FROM changes')
  await trial.server.reviews.add(scope, [review('Hana', 'd')])
  await trial.database.query('DELETE FROM changes')
  expect((await trial.follow()).compared).toEqual([client])
  expect(await names()).toEqual(['Own', 'Franc', 'Hana'])
})

test('a review that came from the server and is decided here is decided there, also where nobody is ruled out, and waits on both when that is undone', async () => {
  const ana = { personId: trial.stores.people.get('Ana')!, name: 'Ana' }
  await trial.server.reviews.add(scope, [
    review('Eva', 'a'),
    { ...review('Ana', 'b'), person: ana },
    review('Franc', 'c'),
  ])
  await trial.local.reviews.add(scope, [review('Own', 'own')])
  await trial.follow()
  const names = async (store: Store) =>
    (await waiting(store)).reviews.map(({ person }) => person.name).toSorted()
  const reviewOf = async (name: string) =>
    (await waiting(trial.local)).reviews.find(({ person }) => person.name === name)!.reviewId
  await trial.here.reviews.accept(await reviewOf('Eva'), 0, eva, context)
  await trial.here.reviews.reject(await reviewOf('Ana'), context)
  const { ledgerId } = await trial.here.reviews.reject(await reviewOf('Franc'), context)
  await trial.here.reviews.reject(await reviewOf('Own'), context)
  await trial.restart('dual')
  await trial.brought()
  expect(await names(trial.server)).toEqual([])
  expect((await trial.server.gallery.wholePerson(ana.personId)).rejects).toHaveLength(1)
  await trial.here.gallery.undo(ledgerId!, context)
  await trial.brought()
  expect([await names(trial.server), await names(trial.local)]).toEqual([['Franc'], ['Franc']])
  await trial.restart('local')
  await trial.follow()
  expect([await names(trial.server), await names(trial.local)]).toEqual([['Franc'], ['Franc']])
  expect(await trial.differences()).toEqual([])
})
