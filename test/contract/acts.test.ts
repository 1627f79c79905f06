/** An act is the same act on both sides: same ids, carried out once, held where somebody else was there first. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { v7 as uuid } from 'uuid'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import {
  type Act,
  decodeArguments,
  encodeArguments,
  type QueuedAct,
  type ReplayedAct,
} from '../../src-main/storage/act'
import type { OpenStore } from '../../src-main/storage/open-store'
import { type LocalStore, openLocalStore } from '../../src-main/storage/threads/local-store'
import { openServerStore } from '../../src-main/storage/threads/server-store'
import { hasCode, toWireError, VisorError } from '../../src-shared/errors'
import {
  type ClientId,
  clientIdSchema,
  type LedgerId,
  ledgerIdSchema,
  type PersonId,
} from '../../src-shared/ids'
import { serverAt, type TestDatabase } from '../postgres/databases'
import { migratedDatabase } from '../postgres/migrated'
import { type BuiltStore, buildStore } from './built-store'
import { context, model, slovenia } from './curated-store'
import { madeAssignment, randomNumbers, unitVector } from './made-faces'

let built: BuiltStore
let database: TestDatabase
let folder: string
let server: OpenStore
let cache: LocalStore
let client: ClientId
beforeAll(async () => {
  built = await buildStore()
  database = await migratedDatabase()
  folder = mkdtempSync(join(tmpdir(), 'visor-acts-'))
  const options = { builtFolder: built.folder, threads: 1 }
  server = await openServerStore({ ...serverAt(database.url), ...options })
  cache = await openLocalStore({ folder, ...options })
})
afterAll(async () => {
  await cache.close()
  await server.close()
  await database.drop()
  rmSync(folder, { recursive: true, force: true })
  built.remove()
})
beforeEach(async ({ task }) => {
  client = clientIdSchema.parse(task.name)
  for (const { gallery } of [server, cache]) await gallery.ensureDomain(client, slovenia)
})
afterEach(async () => {
  for (const { id } of await cache.outbox.entries()) await cache.outbox.sent(id)
})
/** People and faces of the test's client. */
const counted = async ({ gallery }: OpenStore) =>
  (await gallery.clients()).find(({ clientId }) => clientId === client)!.domains[0]!

const newId = (): LedgerId => ledgerIdSchema.parse(uuid())
const sent = (id: LedgerId, replayed?: ReplayedAct): Act => ({
  kind: 'sent',
  id,
  console: 'this console',
  ...(replayed === undefined ? {} : { replayed }),
})
const queued = (id: LedgerId, method: string, args: readonly unknown[]): QueuedAct => ({
  kind: 'queued',
  id,
  call: { method, args: encodeArguments(args) },
  holds: new Map([[client, { revision: 7, domains: new Set([slovenia]) }]]),
})
const faces = [
  madeAssignment('Ana', unitVector(randomNumbers(1))),
  madeAssignment('Bojan', unitVector(randomNumbers(2))),
]
/** Enrols on the cache as while the server is gone. */
async function enrolOffline(id = newId()) {
  const args = [client, slovenia, model, faces] as const
  const act = queued(id, 'assignFaces', args)
  return { id, written: await cache.gallery.assignFaces(...args, { ...context, act }) }
}
/** Done by somebody else since. */
async function rename(personId: PersonId, name: string) {
  await server.gallery.updatePerson(personId, { name }, { actor: 'Maria', summary: `Renamed to ${name}` })
}
const replayOf = (
  people: readonly PersonId[],
  base: number | null,
  settled: ReplayedAct['settled'] = {},
): ReplayedAct => ({
  clientId: client,
  madeAt: Date.UTC(2026, 10, 20, 14, 32),
  people,
  base,
  settled,
  ruledOut: [],
})

test('the same act makes the same people, photos and faces on both sides', async () => {
  const { id, written } = await enrolOffline()
  const there = await server.gallery.assignFaces(client, slovenia, model, faces, {
    ...context,
    act: sent(id),
  })
  expect(there).toEqual(written)
  expect(there.ledgerId).toBe(id)
  for (const { personId } of there.value) {
    const [here, far] = await Promise.all([
      cache.gallery.wholePerson(personId),
      server.gallery.wholePerson(personId),
    ])
    expect(far.faces.map((face) => face.faceId)).toEqual(here.faces.map((face) => face.faceId))
    const photos = await Promise.all(
      [cache, server].map(({ gallery }) => gallery.knownFaces(client, [here.faces[0]!.photo.sha256])),
    )
    expect(photos[1]).toEqual(photos[0])
  }
})

test('the server carries an act out once, and answers again what it gave', async () => {
  const act = sent(newId())
  const once = () => server.gallery.addPerson(client, slovenia, 'Ana', { aliases: [] }, { ...context, act })
  const first = await once()
  await server.gallery.deletePersons([first.value], context)
  expect(await once()).toEqual(first)
  // Not made a second time.
  await expect(server.gallery.person(first.value)).rejects.toSatisfy((error) => hasCode(error, 'not-found'))
})

test('an edit of the cache is in its outbox, with its pictures and vectors, or in neither', async () => {
  const { id, written } = await enrolOffline()
  const [ready] = await cache.outbox.ready()
  const next = await cache.outbox.act(ready!)
  expect(next).toMatchObject({ id, clientId: client, base: 7, ...{ actor: 'tester', summary: 'a test' } })
  expect(new Set(next!.people)).toEqual(new Set(written.value.map(({ personId }) => personId)))
  expect(decodeArguments(next!.call.args)).toEqual([client, slovenia, model, faces])
  await cache.outbox.sent(id)
  expect(await cache.outbox.entries()).toEqual([])

  const elsewhere: Act = { ...queued(newId(), 'addPerson', []), holds: new Map() }
  await expect(
    cache.gallery.addPerson(client, slovenia, 'Cene', { aliases: [] }, { ...context, act: elsewhere }),
  ).rejects.toSatisfy((error) => hasCode(error, 'server-unreachable'))
  expect(await cache.outbox.entries()).toEqual([])
  expect((await counted(cache)).persons).toBe(2)
})

test('what somebody else changed since is not overwritten, until somebody decides', async () => {
  const { value: personId } = await server.gallery.addPerson(
    client,
    slovenia,
    'Ana',
    { aliases: [] },
    context,
  )
  const replayed = (base: number | null) =>
    server.gallery.updatePerson(
      personId,
      { occupation: 'singer' },
      {
        actor: 'tester',
        summary: 'Wrote down that she sings',
        act: sent(newId(), replayOf([personId], base)),
      },
    )
  await rename(personId, 'Anna')
  const refusal = await replayed(0).catch((error: unknown) => error)
  expect(refusal).toBeInstanceOf(VisorError)
  expect(refusal).toMatchObject({
    code: 'conflict',
    detail: expect.stringContaining('Maria · Renamed to Anna'),
  })
  await replayed(null)
  expect(await server.gallery.person(personId)).toMatchObject({ name: 'Anna', occupation: 'singer' })
  const [entry] = await server.gallery.ledger({ clientId: client, limit: 1 })
  expect(entry!.summary).toBe(
    'Wrote down that she sings (done 2026-11-20 14:32 UTC, while the server was gone)',
  )
})

test('a console does not stand in its own way', async () => {
  const { value: personId } = await server.gallery.addPerson(
    ...([client, slovenia, 'Ana', { aliases: [] }, { ...context, act: sent(newId()) }] as const),
  )
  const act = sent(newId(), replayOf([personId], 0))
  await server.gallery.updatePerson(personId, { occupation: 'singer' }, { ...context, act })
  expect(await server.gallery.person(personId)).toMatchObject({ occupation: 'singer' })
})

test('somebody of the same name who was made meanwhile is somebody else', async () => {
  const { id, written } = await enrolOffline()
  await server.gallery.addPerson(client, slovenia, 'Ana', { aliases: [] }, context)
  const people = written.value.map((face) => face.personId)
  const replay = (base: number | null) =>
    server.gallery.assignFaces(...([client, slovenia, model, faces] as const), {
      ...context,
      act: sent(id, replayOf(people, base)),
    })
  await expect(replay(7)).rejects.toSatisfy((error) => hasCode(error, 'conflict'))
  await expect(replay(null)).rejects.toSatisfy((error) => hasCode(error, 'conflict'))
  expect((await counted(server)).faces).toBe(0)
})

test('what is held holds up what stands on it; other acts go on', async () => {
  const first = await enrolOffline()
  const [ana, bojan] = first.written.value.map((face) => face.personId) as [PersonId, PersonId]
  const change = async (personId: PersonId, occupation: string) => {
    const id = newId()
    const args = [personId, { occupation }] as const
    await cache.gallery.updatePerson(...args, { ...context, act: queued(id, 'updatePerson', args) })
    return id
  }
  await cache.outbox.sent(first.id)
  const held = await change(ana, 'singer')
  const dependent = await change(ana, 'dancer')
  const other = await change(bojan, 'pilot')
  const why = toWireError(new VisorError('conflict', 'Changed.', { detail: 'by Maria' }))
  await cache.outbox.hold(held, why, 9)
  expect((await cache.outbox.entries()).map((entry) => [entry.id, entry.held?.detail])).toEqual([
    [held, 'by Maria'],
    [dependent, undefined],
    [other, undefined],
  ])
  expect(await cache.outbox.ready()).toEqual([other])
  await cache.outbox.sent(other)
  expect(await cache.outbox.ready()).toEqual([])

  await expect(cache.outbox.drop(dependent)).rejects.toSatisfy((error) => hasCode(error, 'conflict'))
  await cache.outbox.retry(held, true)
  expect(await cache.outbox.ready()).toEqual([held, dependent])
  expect(await cache.outbox.act(held)).toMatchObject({ id: held, base: null })
  // It was decided about the person: as far as others' changes were seen, they hold up nothing more.
  expect(await cache.outbox.act(dependent)).toMatchObject({ base: 7, settled: { [ana]: 9 } })
  expect(await cache.outbox.act(dependent)).not.toHaveProperty(['settled', bojan])
  await cache.outbox.hold(held, why, undefined)
  await cache.outbox.drop(held)
  expect(await cache.outbox.ready()).toEqual([dependent])
  // What was made before somebody kept theirs is looked at again; what is made after it is not.
  expect(await cache.outbox.act(dependent)).toMatchObject({ id: dependent, base: 7, settled: {} })
  const later = await change(ana, 'singer again')
  expect(await cache.outbox.act(later)).toMatchObject({ base: 7, settled: { [ana]: 9 } })
})
