/** A gallery that is worked on while it is copied to a server: both are paired, and nothing that was edited meanwhile is lost. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { ImportDesk } from '../../../src-main/services/import/import-desk'
import { Jobs } from '../../../src-main/services/jobs'
import type { ServerStore } from '../../../src-main/storage/threads/server-store'
import { type BuiltStore, buildStore } from '../../contract/built-store'
import { client, context, slovenia } from '../../contract/curated-store'
import { noPhotos } from '../../fixtures/made-source'
import { type MigratedDatabase, migratedDatabase } from '../../postgres/migrated'
import { enrol, openServer } from '../storage/team/paired-console'
import { type MovingConsole, openConsole } from './moving-console'

let built: BuiltStore
let database: MigratedDatabase
let folder: string
let server: ServerStore
let here: MovingConsole

beforeAll(async () => {
  built = await buildStore()
})
afterAll(() => built.remove())
beforeEach(async () => {
  database = await migratedDatabase()
  folder = mkdtempSync(join(tmpdir(), 'visor-copied-'))
  server = await openServer(built.folder, database.url)
  here = await openConsole(built.folder, folder, database.url)
  await here.store.gallery.ensureDomain(client, slovenia)
  for (const [index, name] of ['Ana', 'Bojan', 'Cene'].entries()) await enrol(here.store, name, index + 1)
})
afterEach(async () => {
  await here.close()
  await server.close()
  await database.drop()
  rmSync(folder, { recursive: true, force: true })
})

/** Copies; `during` is called once the first page was read. Gives what the job says in the end. */
async function copied(during: () => Promise<unknown> = async () => undefined): Promise<string | undefined> {
  const jobs = new Jobs()
  let edited: Promise<unknown> | undefined
  const desk = new ImportDesk({
    target: here.store,
    ...here.galleries,
    openServer: () => openServer(built.folder, database.url),
    openGallery: async (...asked) => {
      const source = await here.galleries.openGallery(...asked)
      const { imports } = source
      const copyPage: typeof imports.copyPage = async (...args) => {
        const page = await imports.copyPage(...args)
        edited ??= during()
        await edited
        return page
      }
      return { ...source, imports: { copySize: (...args) => imports.copySize(...args), copyPage } }
    },
    pairing: () => here.pairings,
    openSource: () => Promise.reject(new Error('There is none.')),
    openLooker: noPhotos,
    jobs,
    actor: 'ana',
    galleriesChanged: () => undefined,
  })
  const { jobId } = desk.copyToServer(client)
  const ended = () => jobs.list().find((job) => job.jobId === jobId && job.state !== 'running')
  await expect.poll(ended, { timeout: 20_000 }).toBeDefined()
  expect(ended()).toMatchObject({ state: 'done' })
  return ended()!.outcome ?? undefined
}
const persons = async (store: Pick<ServerStore, 'gallery'>) =>
  (
    await store.gallery.persons({
      ...{ clientId: client, domain: null, text: '', sort: 'name', flags: [], tag: null },
      ...{ offset: 0, limit: 100 },
    })
  ).persons.map(({ name, faces }) => ({ name, faces }))

test('a gallery that nobody edits is copied and paired at once', async () => {
  expect(await copied()).toContain('Both are the same. They are paired.')
  expect(await here.moves.state()).toMatchObject({ pairings: [{ state: 'paired' }], waiting: 0 })
  await enrol(here.store, 'Dana', 4)
  expect(await here.moves.state()).toMatchObject({ waiting: 1 })
})

test('what is edited while it is copied reaches the server, in what order the copy came to it', async () => {
  const [ana] = await here.store.gallery.personIds({
    ...{ clientId: client, domain: null, text: 'Ana', sort: 'name', flags: [], tag: null },
  })
  const outcome = await copied(async () => {
    await here.store.gallery.updatePerson(ana!, { occupation: 'pilot' }, context)
    await enrol(here.store, 'Eva', 50)
  })
  expect(outcome).toContain('They are paired.')
  await here.moves.go('dual')
  await expect.poll(async () => (await here.moves.state()).waiting, { timeout: 20_000 }).toBe(0)
  expect((await here.moves.state()).conflicts).toBe(0)
  expect(await persons(server)).toEqual(await persons(here.store))
  expect(await server.gallery.person(ana!)).toMatchObject({ occupation: 'pilot' })
  expect(await persons(server)).toContainEqual({ name: 'Eva', faces: 1 })
  expect(here.errors).toEqual([])
})

test('what the copy brought itself is not brought once more', async () => {
  await here.pairings.beginPairing(client)
  await enrol(here.store, 'Eva', 50)
  await here.store.gallery.addPerson(client, slovenia, 'Franc', { aliases: [] }, context)
  expect(await here.moves.state()).toMatchObject({ pairings: [{ state: 'copying' }], waiting: 2 })
  expect(await copied()).toContain('They are paired.')
  await here.moves.go('dual')
  await expect.poll(async () => (await here.moves.state()).waiting, { timeout: 20_000 }).toBe(0)
  expect((await here.moves.state()).conflicts).toBe(0)
  expect(await persons(server)).toEqual(await persons(here.store))
})
