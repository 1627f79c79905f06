/** After an erasure no row of any table of a server names whom it took, or their client, or holds their faces. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import type { OpenStore } from '../../src-main/storage/open-store'
import { TeamErasure } from '../../src-main/storage/team/team-erasure'
import { type LocalStore, openLocalStore } from '../../src-main/storage/threads/local-store'
import { openServerStore } from '../../src-main/storage/threads/server-store'
import { serverAt } from '../postgres/databases'
import { type MigratedDatabase, migratedDatabase } from '../postgres/migrated'
import { type BuiltStore, buildStore } from './built-store'
import { client, context, model, otherClient, slovenia } from './curated-store'
import { madeAssignment, madeFace, madePhoto, randomNumbers, unitVector } from './made-faces'

const possible = new Map([[model, 0.4]])
const why = { actor: 'tester', summary: 'Erased somebody', reason: 'request 17' }

let built: BuiltStore
let folder: string
let database: MigratedDatabase
let server: OpenStore
let local: LocalStore
let erasure: TeamErasure
let random: () => number

beforeAll(async () => {
  built = await buildStore()
})
afterAll(() => built.remove())
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'visor-desk-'))
  random = randomNumbers(17)
  database = await migratedDatabase()
  server = await openServerStore({ ...serverAt(database.url), builtFolder: built.folder, threads: 1 })
  local = await openLocalStore({ folder, builtFolder: built.folder, threads: 1 })
  erasure = new TeamErasure(server.erasure, local.queue, [local.erasure])
})
afterEach(async () => {
  await local.close()
  await server.close()
  await database.drop()
  rmSync(folder, { recursive: true })
})

/** Tables of the schema with a row in which a text stands. */
async function tablesWith(text: string): Promise<string[]> {
  const tables = await database.query(
    "SELECT table_name FROM information_schema.tables WHERE table_schema = 'visor' AND table_type = 'BASE TABLE'",
  )
  expect(tables.length).toBeGreaterThan(20)
  const found: string[] = []
  for (const { table_name: table } of tables) {
    const [row] = await database.query(
      `SELECT count(*)::integer AS count FROM ${String(table)} whole WHERE strpos(whole::text, $1) > 0`,
      [text],
    )
    if (row!.count !== 0) found.push(String(table))
  }
  return found
}

/** Enrols, renames, tags, merges, deletes, rules out: a history that names somebody in many places. */
async function live(name: string, clientId = client) {
  const assignments = Array.from({ length: 3 }, () => madeAssignment(name, unitVector(random)))
  const written = await server.gallery.assignFaces(clientId, slovenia, model, assignments, {
    ...context,
    summary: `Enrolled ${name}`,
  })
  const { personId, faceId } = written.value[0]!
  await server.gallery.updatePerson(personId, { occupation: 'judge', tags: ['chess'] }, context)
  const other = madeAssignment('Somebody', unitVector(random))
  const { value } = await server.gallery.assignFaces(clientId, slovenia, model, [other], context)
  await server.gallery.mergePersons(personId, [value[0]!.personId], context)
  await server.gallery.setCover(personId, faceId, context)
  const street = { photo: madePhoto(`${name} street`), face: madeFace(unitVector(random)), personId }
  await server.gallery.rejectFace(clientId, model, street, context)
  const { sha256 } = assignments[0]!.photo
  return { personId, sha256 }
}

async function finish() {
  await erasure.scrub({})
  for (const report of await erasure.unreported()) await erasure.reported(report.ledger.entry)
}

test('a person', async () => {
  const boris = await live('Boris Berg')
  const ana = await live('Ana Novak')
  expect((await tablesWith('Ana Novak')).sort()).toEqual(['ledger', 'persons', 'photos'])
  expect(await tablesWith(ana.sha256)).toEqual(['photos'])
  await erasure.erase({ target: { personIds: [ana.personId] }, possible }, why)
  await finish()
  for (const trace of ['Ana Novak', 'ana novak', ana.sha256]) expect(await tablesWith(trace)).toEqual([])
  // Whom changes and entries were about may be told by their ids, which say nothing once there is nobody behind them.
  expect((await tablesWith(ana.personId)).filter((table) => table !== 'changes')).toEqual([])
  expect(await server.gallery.person(boris.personId)).toMatchObject({ name: 'Boris Berg' })
  expect(await server.gallery.verifyLedger()).not.toHaveProperty('brokenAt')
})

test('a client', async () => {
  await live('Boris Berg')
  await live('Ana Novak', otherClient)
  expect(await tablesWith(otherClient)).toContain('chains')
  await erasure.erase({ target: { clientId: otherClient }, possible }, why)
  await finish()
  for (const trace of [otherClient, 'Ana Novak']) expect(await tablesWith(trace)).toEqual([])
  expect((await server.gallery.clients()).map(({ clientId }) => clientId)).toEqual([client])
  expect(await server.gallery.verifyLedger()).not.toHaveProperty('brokenAt')
})
