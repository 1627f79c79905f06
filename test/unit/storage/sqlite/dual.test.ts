/** What is kept of a dual run: figures, disagreements, and that nobody who goes stays in it. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type Database from 'better-sqlite3'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { giveUp, newClaim } from '../../../../src-main/storage/claim'
import type { DualRecord } from '../../../../src-main/storage/dual-store'
import { DualWriter } from '../../../../src-main/storage/sqlite/dual'
import * as statements from '../../../../src-main/storage/sqlite/dual-reader'
import { databaseFile, openDatabase } from '../../../../src-main/storage/sqlite/open-database'
import { Outbox } from '../../../../src-main/storage/sqlite/outbox'
import { SqliteConnection } from '../../../../src-main/storage/sqlite/sqlite-connection'
import type { Move } from '../../../../src-shared/dual'
import {
  clientIdSchema,
  domainSchema,
  faceIdSchema,
  modelIdSchema,
  personIdSchema,
  sha256Schema,
} from '../../../../src-shared/ids'

const client = clientIdSchema.parse('default')
const slovenia = domainSchema.parse('slovenia')
const ana = personIdSchema.parse('00000000-0000-7000-8000-00000000000a')
const bor = personIdSchema.parse('00000000-0000-7000-8000-00000000000b')
const face = faceIdSchema.parse('00000000-0000-7000-8000-0000000000fa')
const sha256 = sha256Schema.parse('ab'.repeat(32))
const hit = (personId: typeof ana) => ({ personId, name: 'somebody', faceId: face, distance: 0.2 })

let folder: string
let database: Database.Database
let dual: DualWriter
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'visor-dual-'))
  database = openDatabase(databaseFile(folder))
  database.exec(`INSERT INTO clients (id, created_at) VALUES ('default', 0);
    INSERT INTO domains (client_id, name, sample, created_at) VALUES ('default', 'slovenia', 0, 0);
    INSERT INTO persons (id, client_id, domain, name, folded, created_at, updated_at)
      VALUES ('${ana}', 'default', 'slovenia', 'Ana', 'ana', 0, 0)`)
  dual = new DualWriter(new SqliteConnection(database))
})
afterEach(() => {
  database.close()
  rmSync(folder, { recursive: true })
})

const about = {
  clientId: client,
  domain: slovenia,
  modelId: modelIdSchema.parse('pack/embedder'),
  origin: 'live' as const,
}
const agreeing = (at: number, serverMs: number): DualRecord => ({
  ...about,
  at,
  localMs: 1,
  outcome: { serverMs, sameFirst: true, overlap: 1, largestDifference: 1e-7 },
})
const disagreeing = (at: number): DualRecord => ({
  ...about,
  at,
  localMs: 1,
  outcome: {
    serverMs: 5,
    sameFirst: false,
    overlap: 0.5,
    largestDifference: 0.1,
    disagreement: { sha256, face: 1, cause: 'missing-rows', local: [hit(ana)], server: [hit(bor), hit(ana)] },
  },
})
const failed = (at: number): DualRecord => ({
  ...about,
  at,
  localMs: 1,
  outcome: { error: { code: 'server-unreachable', message: 'It is gone.' } },
})

test('figures are of the time that is asked for', async () => {
  const answered = Array.from({ length: 20 }, (_, index) => agreeing(100 + index, index + 1))
  await dual.record([agreeing(10, 500), ...answered, disagreeing(130), failed(131)])
  const figures = await dual.figures({ since: 100 })
  expect(figures).toMatchObject({
    probes: 22,
    errors: 1,
    sameFirst: 20 / 21,
    overlap: 20.5 / 21,
    largestDifference: 0.1,
    local: { median: 1, p95: 1, max: 1 },
    server: { median: 10, p95: 19, max: 20 },
    causes: [{ cause: 'missing-rows', count: 1 }],
    lastError: { code: 'server-unreachable' },
  })
  expect(await dual.figures({ since: 100, domain: domainSchema.parse('serbia') })).toMatchObject({
    probes: 0,
    sameFirst: null,
    server: null,
  })
  expect(await dual.byDomain({ since: 0 })).toMatchObject([{ domain: slovenia, probes: 23 }])
  const series = await dual.series({ since: 0, bucketMs: 100 })
  expect(series.map(({ from, probes }) => [Date.parse(from), probes])).toEqual([
    [0, 1],
    [100, 22],
  ])
})

test('disagreements come page by page with both answers', async () => {
  await dual.record([disagreeing(1), agreeing(2, 1), disagreeing(3)])
  const { total, some } = await dual.disagreements({ since: 0, offset: 0, limit: 1 })
  expect([total, some.length]).toEqual([2, 1])
  expect(some[0]).toMatchObject({ at: new Date(3).toISOString(), sha256, face: 1, cause: 'missing-rows' })
  expect(some[0]!.local.map(({ personId }) => personId)).toEqual([ana])
  expect(some[0]!.server.map(({ personId }) => personId)).toEqual([bor, ana])
  expect((await dual.disagreements({ since: 0, cause: 'tie', offset: 0, limit: 9 })).total).toBe(0)
})

test('whoever is erased is in none of them', async () => {
  await dual.record([disagreeing(1), agreeing(2, 1)])
  database.exec(`DELETE FROM persons WHERE id = '${ana}'`)
  expect(database.prepare('SELECT count(*) FROM dual_hits').pluck().get()).toBe(0)
  expect(await dual.figures({ since: 0 })).toMatchObject({ probes: 1, causes: [] })
})

test('a photo that goes takes what was kept of it along', async () => {
  await dual.record([disagreeing(1)])
  database.exec(`INSERT INTO queue_items (id, position, path, state, sha256)
    VALUES ('00000000-0000-7000-8000-0000000000ee', 1, '/photo.jpg', 'done', '${sha256}'); DELETE FROM queue_items`)
  expect((await dual.figures({ since: 0 })).probes).toBe(0)
})

test('what is old goes', async () => {
  await dual.record([disagreeing(1), agreeing(20, 1)])
  expect(await dual.forget(10)).toBe(1)
  expect((await dual.figures({ since: 0 })).probes).toBe(1)
})

test('what was decided stands with its entry, in every paired client, also for the server', async () => {
  const serverId = '00000000-0000-4000-8000-000000000001'
  await dual.beginPairing(client, serverId, 'db:5432/visor')
  await expect(dual.beginPairing(client, serverId.replace('1', '2'), 'other')).rejects.toMatchObject({
    code: 'conflict',
  })
  const context = { actor: 'ana', summary: 'Put the server on trial' }
  const { entries, waiting, conflicts } = await dual.decide(
    'dual',
    'db:5432/visor',
    { step: 'dual', gate: null, figures: {} },
    context,
  )
  const [entry, ...none] = entries
  expect([none, waiting, conflicts]).toEqual([[], 0, 0])
  expect(await dual.standing()).toMatchObject({ decided: 'dual', pairings: [{ state: 'copying', serverId }] })
  expect(database.prepare('SELECT act_id, method FROM outbox').all()).toEqual([
    { act_id: entry, method: 'recordMove' },
  ])
  expect(database.prepare('SELECT id, action, summary FROM ledger').all()).toEqual([
    { id: entry, action: 'move', summary: 'Put the server on trial' },
  ])
  // It goes there as edits do, and is none of them; unless the server does not take it.
  const outbox = new Outbox(new SqliteConnection(database))
  expect([await outbox.ready(), await outbox.entries()]).toEqual([[entry], []])
  await outbox.hold(entry!, { code: 'invalid-argument', message: 'It may not.' }, undefined)
  expect(await outbox.entries()).toMatchObject([{ id: entry, held: { message: 'It may not.' } }])
  await dual.endPairing(client)
  expect((await dual.standing()).pairings).toEqual([])
})

test('a decision that nobody waits for any more is not made, and leaves nothing', async () => {
  await dual.beginPairing(client, '00000000-0000-4000-8000-000000000001', 'db:5432/visor')
  const claim = newClaim()
  const decide = () =>
    dual.decide(
      'server',
      'db:5432/visor',
      { step: 'cut-over', gate: null, figures: {} },
      { actor: 'ana', summary: 'Cut over' },
      claim,
    )
  giveUp(claim)
  await expect(decide()).rejects.toMatchObject({ code: 'cancelled' })
  expect((await dual.standing()).decided).toBeNull()
  expect(database.prepare('SELECT count(*) FROM ledger').pluck().get()).toBe(0)
  expect(database.prepare('SELECT count(*) FROM outbox').pluck().get()).toBe(0)
})

test('the steps of the move are told from the ledger of the client, newest first', async () => {
  await dual.beginPairing(client, '00000000-0000-4000-8000-000000000001', 'db:5432/visor')
  const step = (move: Move, reason?: string) =>
    dual.decide('dual', null, move, {
      actor: 'ana',
      summary: 'A step',
      ...(reason === undefined ? {} : { reason }),
    })
  await step({ step: 'dual', gate: null, figures: { decidedAfterMs: 3.5 } })
  await step({ step: 'criteria', gate: null, figures: { probes: 20 } }, 'few photos')
  expect(await dual.moves(client)).toMatchObject([
    { actor: 'ana', reason: 'few photos', move: { step: 'criteria', figures: { probes: 20 } } },
    { reason: null, move: { step: 'dual', figures: { decidedAfterMs: 3.5 } } },
  ])
  expect(await dual.moves(clientIdSchema.parse('other'))).toEqual([])
})

test('no statement reads all of a table, or sorts more than a page', () => {
  const explained = Object.entries(statements).flatMap(([name, sql]) => {
    if (typeof sql !== 'string') return []
    const values = Array.from({ length: sql.split('?').length - 1 }, () => '[]')
    const plan = database
      .prepare<string[], { detail: string }>(`EXPLAIN QUERY PLAN ${sql}`)
      .all(...values)
      .map(({ detail }) => detail)
    const scanned = plan.flatMap((line) => (line.startsWith('SCAN ') ? [line.split(' ')[1]!] : []))
    return [[name, scanned] as const]
  })
  expect(Object.fromEntries(explained)).toEqual({
    // By the index of its people: kept are disagreements alone.
    selectStrangers: ['h'],
    selectMoves: [],
    selectDecided: ['decided_mode'],
    selectPairings: ['p', '(subquery-1)'],
    selectEdited: ['p'],
    selectRuns: [],
    selectLastError: [],
    countDisagreements: [],
    selectDisagreements: [],
    selectHits: ['asked'],
  })
})
