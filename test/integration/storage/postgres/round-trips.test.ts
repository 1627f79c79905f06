/** Acts over many faces go to the server and back as often as acts over a few. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { OpenStore } from '../../../../src-main/storage/open-store'
import { openServerStore } from '../../../../src-main/storage/threads/server-store'
import type { LedgerId } from '../../../../src-shared/ids'
import { type BuiltStore, buildStore } from '../../../contract/built-store'
import { client, context, model, slovenia } from '../../../contract/curated-store'
import { madeFace, madePhoto, randomNumbers, unitVector } from '../../../contract/made-faces'
import { hasServer, serverAt } from '../../../postgres/databases'
import { type MigratedDatabase, migratedDatabase } from '../../../postgres/migrated'
import { startCounter } from './wire'

describe.skipIf(!hasServer())('round trips', () => {
  let built: BuiltStore
  let database: MigratedDatabase
  let counter: Awaited<ReturnType<typeof startCounter>>
  let store: OpenStore
  const random = randomNumbers(3)

  beforeAll(async () => {
    built = await buildStore()
    database = await migratedDatabase()
    counter = await startCounter(database.host, database.port)
    const { user, password, database: name } = database
    const { connection } = serverAt(`postgresql://${user}@127.0.0.1:${counter.port}/${name}?sslmode=disable`)
    store = await openServerStore({
      connection,
      password,
      builtFolder: built.folder,
      threads: 1,
      sliceMs: 60_000,
    })
  })
  afterAll(async () => {
    await store.close()
    await counter.close()
    await database.drop()
    built.remove()
  })

  async function enrol(name: string, faces: number) {
    const assignments = Array.from({ length: faces }, (_, index) => ({
      person: { name },
      photo: madePhoto(`${name} ${index}`),
      face: madeFace(unitVector(random)),
      source: 'enrolled' as const,
    }))
    const { value } = await store.gallery.assignFaces(client, slovenia, model, assignments, context)
    return { personId: value[0]!.personId, faceIds: value.map(({ faceId }) => faceId) }
  }

  /** Of each act, with so many faces. */
  async function trips(faces: number): Promise<Record<string, number>> {
    const counted: Record<string, number> = {}
    const count = async <T>(act: string, work: () => Promise<T>): Promise<T> => {
      const before = counter.trips()
      const value = await work()
      counted[act] = counter.trips() - before
      return value
    }
    const undone = async (act: string, work: () => Promise<{ ledgerId?: LedgerId }>) => {
      const { ledgerId } = await count(act, work)
      await count(`undo of ${act}`, () => store.gallery.undo(ledgerId!, context))
    }
    const one = await count('assignFaces', () => enrol(`One ${faces}`, faces))
    const other = await enrol(`Other ${faces}`, 1)
    const { gallery } = store
    await undone('mergePersons', () => gallery.mergePersons(other.personId, [one.personId], context))
    await undone('moveFaces', () =>
      gallery.moveFaces(one.faceIds, slovenia, { personId: other.personId }, context),
    )
    await undone('takeFaces', () => gallery.takeFaces(one.faceIds, { reject: true }, context))
    await undone('rejectFaces', () => gallery.rejectFaces(one.faceIds, other.personId, context))
    await undone('deletePersons', () => gallery.deletePersons([one.personId], context))
    return counted
  }

  test('do not grow with the faces', async () => {
    // The first acts log in.
    await trips(2)
    expect(await trips(200)).toEqual(await trips(20))
  })
})
