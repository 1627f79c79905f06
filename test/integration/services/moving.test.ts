/** The whole move: paired, on trial, cut over, the server lost and back, rolled back; nothing is lost, and both end equal. */
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import type { ServerStore } from '../../../src-main/storage/threads/server-store'
import { FaultyLine } from '../../chaos/faulty-line'
import { type BuiltStore, buildStore } from '../../contract/built-store'
import { client, context, model, slovenia } from '../../contract/curated-store'
import { madeAssignment, madeFace, madePhoto } from '../../contract/made-faces'
import { type MigratedDatabase, migratedDatabase } from '../../postgres/migrated'
import { vectorOf } from '../storage/team/console'
import { type EqualStores, enrol, equalStores, openServer } from '../storage/team/paired-console'
import { type MovingConsole, openConsole } from './moving-console'

const names = ['Ana', 'Bojan', 'Cene', 'Dana']
/** What is promised is a second, on a machine that is not as busy as one that runs tests. */
const soonMs = 3000

let built: BuiltStore
let database: MigratedDatabase
let stores: EqualStores
let server: ServerStore
let line: FaultyLine
let here: MovingConsole

beforeAll(async () => {
  built = await buildStore()
})
afterAll(() => built.remove())
beforeEach(async () => {
  database = await migratedDatabase()
  stores = await equalStores(built.folder, database.url, names)
  server = await openServer(built.folder, database.url)
  line = await FaultyLine.to(database)
  here = await open()
  await here.pairings.pair(client)
})
afterEach(async () => {
  await here.close()
  await line.close()
  await server.close()
  await database.drop()
  stores.remove()
})

const open = () =>
  openConsole(built.folder, stores.folder, line.through(database.url), { connectTimeoutMs: 1000 })
const reaches = (state: string) =>
  expect.poll(() => here.modes.current.server?.state, { timeout: 20_000 }).toBe(state)
const allBrought = () =>
  expect.poll(async () => (await here.moves.state()).waiting, { timeout: 20_000 }).toBe(0)
/** What differs between both, once nothing is to be followed. */
async function differences() {
  const { openLocal } = await import('../storage/team/paired-console')
  await here.close()
  const local = await openLocal(built.folder, stores.folder)
  await local.cache.sync(server.snapshots(), {})
  const compared = await local.cache.compare(server.snapshots(), {})
  await local.close()
  here = await open()
  expect(compared.rows).toBeGreaterThan(0)
  return compared.differences
}

test('on trial, cut over, the server lost and back, rolled back: equal stores', async () => {
  const gateBefore = await here.moves.gate()
  expect(gateBefore.passed).toBe(false)
  await here.moves.go('dual')
  await reaches('up')
  for (let round = 0; round < 30; round++) {
    for (const seed of [1, 2, 3, 4])
      expect((await here.search(seed)).hit).toMatchObject({ name: names[seed - 1] })
  }
  await here.moves.run()!.drain(20_000)
  await enrol(here.store, 'Eva', 50)
  await allBrought()

  const gate = await here.moves.gate()
  expect(
    gate.checks.filter(({ criterion }) => criterion !== 'serverP95Ms').every(({ passed }) => passed),
  ).toBe(true)
  const rehearsed = await here.moves.rehearse()
  expect(rehearsed.map(({ to }) => to)).toEqual(['server', 'local'])
  expect(here.modes.current.mode).toBe('dual')

  const cutOver = await here.go('server', 'the machine of the tests is slow')
  expect(cutOver.elapsedMs).toBeLessThan(soonMs)
  await reaches('up')
  expect((await here.search(50)).hit).toMatchObject({ name: 'Eva' })
  await enrol(server, 'Franc', 60)
  await enrol(here.store, 'Greta', 70)
  const scope = { clientId: client, domain: slovenia, modelId: model }
  await server.unknown.keep(scope, [{ photo: madePhoto('street'), faces: [madeFace(vectorOf(80))] }])
  const { photo, face } = madeAssignment('Hana', vectorOf(81))
  const review = { photo, person: { name: 'Hana' }, facesInPhoto: 1, choice: 'largest' as const }
  await here.store.reviews.add(scope, [{ ...review, kinds: ['quality'], faces: [face] }])

  line.cut()
  await here.store.gallery.updatePerson(stores.people.get('Ana')!, { occupation: 'pilot' }, context)
  expect(await here.search(1)).toMatchObject({ hit: { name: 'Ana' }, mode: 'cache' })
  line.heal()
  await reaches('up')
  expect(await server.gallery.person(stores.people.get('Ana')!)).toMatchObject({ occupation: 'pilot' })

  const back = await here.go('local', 'we go back')
  expect(back).toMatchObject({ to: 'local', notHere: [], waiting: 0, conflicts: 0 })
  expect(back.elapsedMs).toBeLessThan(soonMs)
  for (const [seed, name] of [
    [1, 'Ana'],
    [50, 'Eva'],
    [60, 'Franc'],
    [70, 'Greta'],
  ] as const) {
    expect(await here.search(seed)).toMatchObject({ hit: { name }, mode: 'local' })
  }
  expect((await here.store.unknown.counts(client, model)).faces).toBe(1)
  const waits = await here.store.reviews.waiting({
    clientId: client,
    domain: null,
    kind: null,
    offset: 0,
    limit: 9,
  })
  expect(waits.reviews).toMatchObject([{ person: { name: 'Hana' } }])
  expect(await differences()).toEqual([])
  const moves = (await here.store.gallery.ledger({ clientId: client, limit: 100 })).filter(
    ({ action }) => action === 'move',
  )
  expect(moves.map(({ summary }) => summary)).toEqual([
    'Rolled back from the server',
    expect.stringContaining('Cut over to the server'),
    'Put the server on trial',
    expect.stringContaining('Found the gallery equal'),
  ])
  expect(moves[0]!.reason).toBe('we go back')
  const theirs = await server.gallery.ledger({ clientId: client, limit: 100 })
  const told = theirs.filter(({ action }) => action === 'move').map(({ ledgerId }) => ledgerId)
  // The last of them waits for the next time, where the server was not told at once.
  expect(moves.slice(-told.length).map(({ ledgerId }) => ledgerId)).toEqual(told)
  expect(told.length).toBeGreaterThanOrEqual(moves.length - 1)
  expect(here.errors).toEqual([])
})

test('a cut-over that cannot be decided in time says so soon, changes nothing, and can be tried again', async () => {
  await here.moves.go('dual')
  await reaches('up')
  const before = await here.moves.state()
  line.delay(2500)
  const startedAt = performance.now()
  await expect(here.moves.go('server', 'to try')).rejects.toMatchObject({
    code: 'deadline-exceeded',
    consequence: expect.stringContaining('open the server'),
  })
  expect(performance.now() - startedAt).toBeLessThan(soonMs)
  expect(await here.moves.state()).toMatchObject({ mode: 'dual', waiting: before.waiting })
  expect(here.settings.current.storeMode).toBe('dual')
  line.heal()
  await reaches('up')
  expect((await here.go('server', 'to try')).to).toBe('server')
  const steps = (await here.comparisons.moves(client)).map(({ move }) => move.step)
  expect(steps.filter((step) => step === 'cut-over')).toHaveLength(1)
  expect(here.errors).toEqual([])
})

test('a roll-back does not wait for a server that is slow: it lists what is not here', async () => {
  await here.go('server', 'to try')
  await reaches('up')
  line.delay(2500)
  await enrol(server, 'Only there', 80)
  const startedAt = performance.now()
  const back = await here.go('local')
  expect(performance.now() - startedAt).toBeLessThan(soonMs)
  expect(back.notHere).toEqual([expect.stringMatching(/what was changed on .* after 2\d{3}-/)])
  expect((await here.search(1)).hit).toMatchObject({ name: 'Ana' })
  line.heal()
})

test('a roll-back with the server dead takes no longer, says what is not here, and keeps what was edited here', async () => {
  await here.go('server', 'to try')
  await reaches('up')
  await enrol(here.store, 'Eva', 50)
  await expect.poll(async () => (await here.search(50)).hit?.name).toBe('Eva')
  // The server hears of the cut-over a moment after it: that is a revision, too.
  await expect
    .poll(
      async () => (await server.gallery.ledger({ clientId: client, limit: 9 })).map(({ summary }) => summary),
      {
        timeout: 20_000,
      },
    )
    .toContainEqual(expect.stringContaining('Cut over'))
  await allBrought()
  await expect
    .poll(async () => (await here.modes.side.cache.state()).domains[0]!.revision, { timeout: 10_000 })
    .toBe(await server.feed.revision(client))
  line.cut()
  await enrol(here.store, 'Franc', 60)
  await reaches('gone')
  await enrol(server, 'Only there', 80)
  const back = await here.go('local')
  expect(back.elapsedMs).toBeLessThan(soonMs)
  expect(back.notHere).toEqual([expect.stringContaining('what was changed on')])
  expect((await here.search(50)).hit).toMatchObject({ name: 'Eva' })
  expect((await here.search(60)).hit).toMatchObject({ name: 'Franc' })
  expect(back.waiting).toBeGreaterThan(0)
  line.heal()

  await here.moves.go('dual')
  await allBrought()
  expect(await differences()).toEqual([])
  expect((await here.search(80)).hit).toMatchObject({ name: 'Only there' })
  expect((await here.search(60)).hit).toMatchObject({ name: 'Franc' })
})

test('a server that is slow or dead costs the analyst nothing, and is no agreement', async () => {
  await here.moves.go('dual')
  await reaches('up')
  line.delay(2000)
  const slow = await Promise.all([1, 2, 3].map((seed) => here.search(seed)))
  expect(Math.max(...slow.map(({ tookMs }) => tookMs))).toBeLessThan(1000)
  line.heal()
  line.cut()
  const dead = await Promise.all([1, 2, 3].map((seed) => here.search(seed)))
  expect(Math.max(...dead.map(({ tookMs }) => tookMs))).toBeLessThan(1000)
  await here.moves.run()!.drain(30_000)
  const figures = await here.comparisons.figures({ since: 0 })
  expect(figures.probes).toBe(6)
  expect(figures.errors).toBeGreaterThanOrEqual(3)
  expect((await here.moves.gate()).checks).toContainEqual(
    expect.objectContaining({ criterion: 'errors', passed: false }),
  )
  line.heal()
})

test('without a reason nothing is cut over where the gate is not passed', async () => {
  await here.moves.go('dual')
  // Once more, it is looked for anew, and nothing more is decided.
  expect(await here.moves.go('dual')).toMatchObject({ to: 'dual', gate: null })
  expect((await here.comparisons.moves(client)).map(({ move }) => move.step)).toEqual(['dual', 'pair'])
  await expect(here.go('server')).rejects.toMatchObject({ code: 'conflict' })
  expect(here.modes.current.mode).toBe('dual')
  const verdict = await here.moves.setCriteria({
    sameFirst: 0,
    overlap: 0,
    errors: 1000,
    serverP95Ms: 60_000,
    probes: 1,
    validated: true,
    days: 7,
    countFrom: 0,
  })
  expect(verdict.passed).toBe(false)
  await reaches('up')
  await here.search(1)
  await here.moves.run()!.drain(20_000)
  expect((await here.moves.gate()).passed).toBe(true)
  expect((await here.go('server')).to).toBe('server')
})

test('disagreements are kept with both answers and the cause', async () => {
  await here.moves.go('dual')
  await reaches('up')
  await enrol(server, 'Hana', 90)
  await here.search(90)
  await here.moves.run()!.drain(20_000)
  const { total, some } = await here.comparisons.disagreements({ since: 0, offset: 0, limit: 10 })
  expect(total).toBe(1)
  expect(some[0]).toMatchObject({ cause: 'missing-rows', domain: slovenia, sameFirst: false })
  expect(some[0]!.server[0]).toMatchObject({ name: 'Hana' })
  expect(some[0]!.local.map(({ name }) => name)).not.toContain('Hana')
})
