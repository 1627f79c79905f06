/** Unknown faces that were kept while a server was on trial: whatever edit names one brings it there, once; see [Note: Own faces]. */
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect, test } from 'vitest'
import type { ServerStore } from '../../../../src-main/storage/threads/server-store'
import { type FaceId, faceIdSchema, personNameSchema } from '../../../../src-shared/ids'
import { client, context, model, slovenia } from '../../../contract/curated-store'
import { madeAssignment, madeFace, madePhoto } from '../../../contract/made-faces'
import { vectorOf } from './console'
import { onTrial } from './trial'

const trial = onTrial(['Ana', 'Bojan'])

const scope = { clientId: client, domain: slovenia, modelId: model }
const eva = { name: personNameSchema.parse('Eva') }
const crop = (name: string) => Buffer.from(`crop of ${name}`)
const keep = (store: Pick<ServerStore, 'unknown'>, name: string, seed: number) =>
  store.unknown.keep(scope, [
    { photo: madePhoto(name), faces: [{ ...madeFace(vectorOf(seed)), crop: crop(name) }] },
  ])
/** Rows of this console's own database. */
function rows<T>(sql: string): T[] {
  const file = new Database(join(trial.stores.folder, 'visor.sqlite'), { readonly: true })
  const found = file.prepare(sql).pluck().all() as T[]
  file.close()
  return found
}
const unknownHere = (): FaceId[] =>
  rows<string>('SELECT face_id FROM unknown_faces ORDER BY embedding_id').map((id) => faceIdSchema.parse(id))
const own = () => rows<string>('SELECT face_id FROM own_faces')
async function brought(): Promise<void> {
  await trial.restart('dual')
  expect(await trial.here.outboxEntries()).toEqual([])
}

test('one that is named is named there, with its photo and its picture, and once', async () => {
  await keep(trial.here, 'street', 100)
  await keep(trial.here, 'square', 101)
  const [street, square] = unknownHere() as [FaceId, FaceId]
  const { value: evaId } = await trial.here.gallery.moveFaces([street], slovenia, eva, context)
  await trial.here.gallery.rejectFaces([square], trial.person('Ana'), context)
  await trial.here.gallery.updatePerson(evaId, { occupation: 'pilot' }, context)
  await brought()
  const whole = await trial.server.gallery.wholePerson(evaId)
  expect(whole.detail).toMatchObject({ name: 'Eva', occupation: 'pilot' })
  expect(whole.faces).toEqual((await trial.local.gallery.wholePerson(evaId)).faces)
  expect(Buffer.from(await trial.server.gallery.crop(street))).toEqual(crop('street'))
  expect(
    (await trial.server.gallery.wholePerson(trial.person('Ana'))).rejects.map(({ faceId }) => faceId),
  ).toEqual([square])
  expect(await trial.server.unknown.ids(scope, 0)).toHaveLength(1)
  expect(own()).toEqual([])
  await trial.follow()
  expect(await trial.differences()).toEqual([])
})

test('those that nobody names stay here alone', async () => {
  await keep(trial.here, 'street', 100)
  await trial.here.gallery.updatePerson(trial.person('Ana'), { occupation: 'pilot' }, context)
  await brought()
  expect(await trial.server.unknown.ids(scope, 0)).toEqual([])
  expect(own()).toEqual(unknownHere())
})

test('one that the server has by another id is that one, in later edits too', async () => {
  await keep(trial.server, 'street', 100)
  await keep(trial.here, 'street', 100)
  const [street] = unknownHere() as [FaceId]
  const { value: evaId } = await trial.here.gallery.moveFaces([street], slovenia, eva, context)
  await brought()
  const [there] = (await trial.server.gallery.wholePerson(evaId)).faces
  expect(there!.faceId).not.toBe(street)
  await trial.here.gallery.moveFaces([street], slovenia, { personId: trial.person('Ana') }, context)
  await expect.poll(() => trial.here.outboxEntries(), { timeout: 10_000 }).toEqual([])
  expect(
    (await trial.server.gallery.wholePerson(trial.person('Ana'))).faces.map(({ faceId }) => faceId),
  ).toContain(there!.faceId)
  expect(await trial.server.gallery.person(evaId)).toMatchObject({ faces: 0 })
  await trial.follow()
  expect(await trial.differences()).toEqual([])
})

test('one that is somebody’s there by now waits for a decision', async () => {
  await keep(trial.here, 'street', 100)
  const [street] = unknownHere() as [FaceId]
  const { value: evaId } = await trial.here.gallery.moveFaces([street], slovenia, eva, context)
  const assignment = { ...madeAssignment('Franc', vectorOf(100)), photo: madePhoto('street') }
  const franc = await trial.server.gallery.assignFaces(client, slovenia, model, [assignment], context)
  await trial.restart('dual')
  const [held] = await trial.here.outboxEntries()
  expect(held).toMatchObject({ held: { code: 'conflict', message: expect.stringContaining('somebody’s') } })
  await trial.here.retry(held!.id, false)
  expect(await trial.here.outboxEntries()).toMatchObject([{ held: { code: 'conflict' } }])
  await trial.here.retry(held!.id, true)
  expect(await trial.here.outboxEntries()).toEqual([])
  expect(await trial.server.gallery.person(evaId)).toMatchObject({ faces: 1 })
  expect(await trial.server.gallery.person(franc.value[0]!.personId)).toMatchObject({ faces: 0 })
})

test('one that the server had and has no longer is not brought again', async () => {
  await keep(trial.here, 'street', 100)
  const [street] = unknownHere() as [FaceId]
  const { value: evaId } = await trial.here.gallery.moveFaces([street], slovenia, eva, context)
  await brought()
  await trial.restart('local')
  await trial.server.gallery.takeFaces([street], { reject: false }, context)
  await trial.server.unknown.forget(client, context)
  await trial.here.gallery.moveFaces([street], slovenia, { personId: trial.person('Ana') }, context)
  await trial.restart('dual')
  expect(await trial.here.outboxEntries()).toMatchObject([{ held: { code: expect.any(String) } }])
  const [held] = await trial.here.outboxEntries()
  await trial.here.retry(held!.id, true)
  expect(await trial.here.outboxEntries()).toMatchObject([{ held: { code: 'not-found' } }])
  expect(await trial.server.gallery.person(evaId)).toMatchObject({ faces: 0 })
})

test('those that were told apart from one that is named are ruled out there as well, until that is undone', async () => {
  await keep(trial.server, 'known there', 102)
  await trial.follow()
  for (const [index, name] of ['street', 'square', 'bridge'].entries())
    await keep(trial.here, name, 103 + index)
  const faces = unknownHere()
  const ids = await trial.local.unknown.ids(scope, 0)
  await trial.local.unknown.setGroups(ids.map((id) => ({ id, group: ids[0]! })))
  const [knownThere, street, square, bridge] = faces as [FaceId, FaceId, FaceId, FaceId]
  await trial.local.unknown.takeOut(client, ids[0]!, [street], context)
  const { value: evaId, ledgerId } = await trial.here.gallery.moveFaces([street], slovenia, eva, context)
  const ruledOut = async (store: Pick<ServerStore, 'gallery'>) =>
    (await store.gallery.wholePerson(evaId)).rejects.map(({ faceId }) => faceId).sort()
  expect(await ruledOut(trial.local)).toEqual([knownThere, square, bridge].sort())
  await brought()
  expect(await ruledOut(trial.server)).toEqual([knownThere, square, bridge].sort())
  expect(await trial.server.unknown.ids(scope, 0)).toHaveLength(3)
  expect(own()).toEqual([])
  await trial.follow()
  expect(await trial.differences()).toEqual([])
  await trial.here.gallery.undo(ledgerId!, context)
  await trial.brought()
  expect(await trial.server.unknown.ids(scope, 0)).toHaveLength(4)
  await trial.follow()
  expect(await trial.differences()).toEqual([])
})
