/** What one console writes to a server is in the memory of another before it is next used. */
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import type { OpenStore } from '../../../src-main/storage/open-store'
import { openServerStore } from '../../../src-main/storage/threads/server-store'
import type { UnitEmbedding } from '../../../src-shared/face'
import type { PersonId } from '../../../src-shared/ids'
import { type BuiltStore, buildStore } from '../../contract/built-store'
import { client, context, model, serbia, slovenia } from '../../contract/curated-store'
import { madeAssignment, randomNumbers, unitVector } from '../../contract/made-faces'
import { serverAt } from '../../postgres/databases'
import { type MigratedDatabase, migratedDatabase } from '../../postgres/migrated'

let built: BuiltStore
let database: MigratedDatabase
let here: OpenStore
let there: OpenStore
let random: () => number

beforeAll(async () => {
  built = await buildStore()
})
afterAll(() => built.remove())
beforeEach(async () => {
  random = randomNumbers(7)
  database = await migratedDatabase()
  const open = () => openServerStore({ ...serverAt(database.url), builtFolder: built.folder, threads: 1 })
  ;[here, there] = await Promise.all([open(), open()])
})
afterEach(async () => {
  await Promise.all([here.close(), there.close()])
  await database.drop()
})

async function enrol(store: OpenStore, name: string, near?: UnitEmbedding) {
  const embedding = unitVector(random, near, 0.2)
  const assignments = [madeAssignment(name, embedding)]
  const { value } = await store.gallery.assignFaces(client, slovenia, model, assignments, context)
  return { ...value[0]!, embedding }
}

const lookalikes = async (store: OpenStore, personId: PersonId) =>
  (await store.gallery.lookalikes(personId, model, 5)).map(({ name }) => name)

const size = (store: OpenStore, domain = slovenia) => store.gallery.gallerySize(client, [domain], model)

test('faces that another console adds, gives away, removes and brings back', async () => {
  const ana = await enrol(here, 'Ana')
  // Both have their index in memory from here on.
  expect(await lookalikes(here, ana.personId)).toEqual([])
  expect(await lookalikes(there, ana.personId)).toEqual([])

  const anja = await enrol(there, 'Anja', ana.embedding)
  expect(await lookalikes(here, ana.personId)).toEqual(['Anja'])
  expect(await size(here)).toEqual({ persons: 2, embeddings: 2 })

  const { ledgerId } = await there.gallery.deletePersons([anja.personId], context)
  expect(await lookalikes(here, ana.personId)).toEqual([])
  await here.gallery.undo(ledgerId!, context)
  expect(await lookalikes(there, ana.personId)).toEqual(['Anja'])

  await there.gallery.mergePersons(ana.personId, [anja.personId], context)
  expect(await size(here)).toEqual({ persons: 1, embeddings: 2 })
})

test('a domain that another console renames', async () => {
  await enrol(here, 'Ana')
  expect(await size(there)).toEqual({ persons: 1, embeddings: 1 })
  await here.gallery.renameDomain(client, slovenia, serbia, context)
  expect(await size(there, serbia)).toEqual({ persons: 1, embeddings: 1 })
  expect(await size(there)).toEqual({ persons: 0, embeddings: 0 })
})

test('people that another console removes for good, before they were ever seen to go', async () => {
  const ana = await enrol(here, 'Ana')
  expect(await size(there)).toEqual({ persons: 1, embeddings: 1 })
  await here.gallery.deletePersons([ana.personId], context)
  await here.gallery.emptyBin(client, Date.now() + 1000, context)
  expect(await size(there)).toEqual({ persons: 0, embeddings: 0 })
})

test('what the feed no longer goes back to is read anew', async () => {
  const ana = await enrol(here, 'Ana')
  expect(await size(there)).toEqual({ persons: 1, embeddings: 1 })
  await enrol(here, 'Borut')
  await database.query(`UPDATE changes SET at = at - interval '31 days'`)
  await database.query('UPDATE clients SET revision = 99')
  // The hundredth.
  await enrol(here, 'Cene')
  expect(await database.query('SELECT DISTINCT revision FROM changes')).toEqual([{ revision: '100' }])
  await here.gallery.deletePersons([ana.personId], context)
  expect(await size(there)).toEqual({ persons: 2, embeddings: 2 })
})

test('many writes of two consoles at once: both count all of them', async () => {
  await Promise.all([size(here), size(there)])
  const names = Array.from({ length: 12 }, (_, index) => `Person ${index}`)
  await Promise.all(
    names.map(async (name, index) => {
      await enrol(index % 2 === 0 ? here : there, name)
      await size(index % 3 === 0 ? here : there)
    }),
  )
  expect(await size(here)).toEqual({ persons: 12, embeddings: 12 })
  expect(await size(there)).toEqual({ persons: 12, embeddings: 12 })
})
