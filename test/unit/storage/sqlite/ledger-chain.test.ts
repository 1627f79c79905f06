/** The ledger's chain: what its hashes cover, what cannot be written, and which tampering is found, and where. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { ScanPool } from '../../../../src-main/storage/flat/scan-pool'
import { GalleryWriter } from '../../../../src-main/storage/sql/gallery'
import { bin } from '../../../../src-main/storage/sql/ledger/history'
import { write } from '../../../../src-main/storage/sql/ledger/ledger'
import {
  beforeFirst,
  hashContent,
  hashEntry,
  hashText,
  verifyLedger,
} from '../../../../src-main/storage/sql/ledger/ledger-chain'
import { FlatIndexes } from '../../../../src-main/storage/sql/search/flat-indexes'
import {
  databaseFile,
  openDatabase,
  sqliteMigrations,
} from '../../../../src-main/storage/sqlite/open-database'
import { SqliteConnection } from '../../../../src-main/storage/sqlite/sqlite-connection'
import { clientIdSchema, domainSchema, modelIdSchema } from '../../../../src-shared/ids'
import { madeAssignment, randomNumbers, unitVector } from '../../../contract/made-faces'

const client = clientIdSchema.parse('default')
const domain = domainSchema.parse('slovenia')
const model = modelIdSchema.parse('pack/embedder')
const context = { actor: 'tester', summary: 'a test' }

let folder: string
let file: string
let pool: ScanPool
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'visor-chain-'))
  file = databaseFile(folder)
  pool = new ScanPool(1, new URL('file:///none'))
})
afterEach(async () => {
  await pool.close()
  rmSync(folder, { recursive: true })
})

const salt = '0123456789abcdef0123456789abcdef'
const content = { clientId: 'default', summary: 's', reason: null, details: '{}' }
const entry = {
  sequence: 1,
  id: 'a',
  at: 5,
  actor: 'tester',
  action: 'undo',
  contentHash: hashContent(salt, content),
  previousHash: beforeFirst,
}

test('an entry’s hash covers every field, and where one ends', () => {
  // The canonical forms, written out: they must never change, or every ledger would seem broken.
  expect(entry.contentHash).toBe(hashText(`["${salt}","default","s",null,"{}"]`))
  expect(hashEntry(entry)).toBe(hashText(`[1,"a",5,"tester","undo","${entry.contentHash}","${beforeFirst}"]`))
  const others = [
    ...Object.keys(entry).map((field) => ({ ...entry, [field]: 'other' })),
    { ...entry, actor: 'teste', action: 'rundo' },
  ]
  const hashes = [entry, ...others].map(hashEntry)
  expect(new Set(hashes).size).toBe(hashes.length)
  const contents = [
    ...Object.keys(content).map((field) => ({ ...content, [field]: 'other' })),
    { ...content, reason: 'null' },
    { ...content, reason: '' },
  ]
  const digests = [content, ...contents].map((one) => hashContent(salt, one))
  expect(new Set([...digests, hashContent(`${salt}0`, content)]).size).toBe(digests.length + 1)
})

/** As an erasure leaves an entry. */
const blank = "salt = NULL, summary = '', reason = NULL, details = 'null'"

describe('a ledger of five entries', () => {
  beforeEach(async () => {
    const database = openDatabase(file)
    const connection = new SqliteConnection(database)
    const gallery = new GalleryWriter('test', connection, connection, new FlatIndexes(connection, pool, 1000))
    const random = randomNumbers(1)
    const ids = []
    for (const name of ['Ana', 'Anna']) {
      const assignments = [madeAssignment(name, unitVector(random))]
      const { value } = await gallery.assignFaces(client, domain, model, assignments, context)
      ids.push(value[0]!.personId)
    }
    const why = { ...context, reason: 'the same passport' }
    const { ledgerId } = await gallery.mergePersons(ids[0]!, [ids[1]!], why)
    await gallery.undo(ledgerId!, context)
    await gallery.updatePerson(ids[0]!, { name: 'Ana Novak' }, context)
    database.close()
  })

  async function verify() {
    const database = openDatabase(file)
    try {
      return await verifyLedger(new SqliteConnection(database))
    } finally {
      database.close()
    }
  }

  /** Somebody with another program and no regard for triggers. */
  function tamper(sql: string): void {
    const database = new Database(file)
    database.pragma('foreign_keys = OFF')
    for (const trigger of ['ledger_appends', 'ledger_stays', 'ledger_keeps'])
      database.exec(`DROP TRIGGER ${trigger}`)
    database.exec(sql)
    database.close()
  }

  test('holds', async () => {
    expect(await verify()).toEqual({ entries: 5 })
  })

  test.each([
    ["UPDATE ledger SET summary = 'nothing' WHERE sequence = 2", 2],
    ["UPDATE ledger SET actor = 'somebody' WHERE sequence = 5", 5],
    ['UPDATE ledger SET at = at + 1 WHERE sequence = 1', 1],
    ["UPDATE ledger SET reason = 'other' WHERE sequence = 3", 3],
    ['UPDATE ledger SET reason = NULL WHERE sequence = 3', 3],
    ["UPDATE ledger SET details = '{}' WHERE sequence = 4", 4],
    ["UPDATE ledger SET client_id = 'museum' WHERE sequence = 4", 4],
    ['UPDATE ledger SET hash = previous_hash WHERE sequence = 4', 4],
    ['DELETE FROM ledger WHERE sequence = 2', 3],
    ['DELETE FROM ledger WHERE sequence = 5', 5],
    ['UPDATE ledger SET sequence = 9 WHERE sequence = 5', 9],
    [
      `UPDATE ledger SET ${blank}, closed_by = (SELECT id FROM ledger WHERE sequence = 5) WHERE sequence = 1`,
      1,
    ],
    [`UPDATE ledger SET ${blank}, closed_by = NULL WHERE sequence = 2`, 2],
    ['UPDATE ledger SET closed_by = (SELECT id FROM ledger WHERE sequence = 5) WHERE sequence = 1', 1],
    ["UPDATE ledger SET salt = printf('%032d', 0) WHERE sequence = 2", 2],
    ['UPDATE ledger SET undone_by = NULL WHERE sequence = 3', 3],
    ['UPDATE ledger SET undone_by = (SELECT id FROM ledger WHERE sequence = 4) WHERE sequence = 2', 2],
  ])('%s is found', async (sql, brokenAt) => {
    tamper(sql)
    expect(await verify()).toMatchObject({ brokenAt })
  })

  test('a rewritten entry with a hash of its own is found at the next', async () => {
    const database = new Database(file)
    const row = database
      .prepare<[], Record<string, string | number | null>>('SELECT * FROM ledger WHERE sequence = 2')
      .get()!
    database.close()
    const contentHash = hashContent(String(row.salt), {
      clientId: String(row.client_id),
      summary: 'forged',
      reason: null,
      details: String(row.details),
    })
    const forged = hashEntry({
      ...entry,
      sequence: 2,
      id: String(row.id),
      at: Number(row.at),
      action: String(row.action),
      contentHash,
      previousHash: String(row.previous_hash),
    })
    tamper(
      `UPDATE ledger SET summary = 'forged', content_hash = '${contentHash}', hash = '${forged}' WHERE sequence = 2`,
    )
    expect(await verify()).toEqual({ entries: 5, brokenAt: 3 })
  })

  /** Takes the content of entries as an erasure does, and says so in an entry. */
  async function erase(...sequences: number[]): Promise<void> {
    const database = openDatabase(file)
    const connection = new SqliteConnection(database)
    await write(connection, new FlatIndexes(connection, pool, 1000), client, context, ({ ledgerId }) => {
      for (const sequence of sequences) {
        connection.run(`UPDATE ledger SET ${blank}, closed_by = ? WHERE sequence = ?`, ledgerId, sequence)
      }
      return { value: undefined, details: { action: 'erase', erased: sequences } }
    })
    database.close()
  }

  test('the content of an entry may go, whole and with an erasure, and nothing else', async () => {
    await erase(1, 4)
    const database = openDatabase(file)
    for (const sql of [
      'DELETE FROM ledger WHERE sequence = 1',
      "UPDATE ledger SET summary = 'x' WHERE sequence = 1",
      "UPDATE ledger SET details = '{}' WHERE sequence = 1",
      "UPDATE ledger SET details = 'null' WHERE sequence = 3",
      'UPDATE ledger SET salt = NULL WHERE sequence = 3',
      `UPDATE ledger SET ${blank} WHERE sequence = 3`,
      "UPDATE ledger SET client_id = 'museum' WHERE sequence = 3",
      'UPDATE ledger SET closed_by = NULL WHERE sequence = 1',
      "UPDATE ledger SET closed_by = 'x' WHERE sequence = 1",
      'UPDATE ledger SET undone_by = NULL WHERE sequence = 3',
      "UPDATE ledger SET undone_by = 'x' WHERE sequence = 3",
      'UPDATE ledger SET hash = NULL WHERE sequence = 3',
      'INSERT INTO ledger SELECT * FROM ledger WHERE sequence = 5',
      'INSERT OR REPLACE INTO ledger SELECT * FROM ledger WHERE sequence = 5',
      "INSERT INTO ledger (sequence, id, client_id, at, actor, action, summary, details) VALUES (7, 'x', 'c', 1, 'a', 'b', 's', '{}')",
    ]) {
      expect(() => database.exec(sql), sql).toThrowError(/ledger/)
    }
    database.close()
    expect(await verify()).toEqual({ entries: 6 })
  })

  test.each([
    [
      'an entry goes blank that the erasure does not name',
      `UPDATE ledger SET ${blank}, closed_by = (SELECT id FROM ledger WHERE sequence = 6) WHERE sequence = 2`,
      6,
    ],
    ['an erased entry says something again', "UPDATE ledger SET summary = 'x' WHERE sequence = 1", 1],
    ['the erasure goes', 'DELETE FROM ledger WHERE sequence = 6', 1],
  ])('%s: found', async (_, sql, brokenAt) => {
    await erase(1, 4)
    tamper(sql)
    expect(await verify()).toMatchObject({ brokenAt })
  })
})

test('entries from before the chain are chained by the migration, and linked to their people', async () => {
  const old = openDatabase(file, sqliteMigrations.slice(0, 1))
  const person = '00000000-0000-7000-8000-000000000001'
  const face = '00000000-0000-7000-8000-000000000002'
  const insert = old.prepare(
    "INSERT INTO ledger (id, client_id, at, actor, action, summary, details) VALUES (?, 'default', ?, 'tester', ?, ?, ?)",
  )
  const details = {
    persons: [{ personId: person, name: 'Ana' }],
    photos: [],
    added: [{ faceId: face, personId: person }],
    moved: [],
    embedded: [],
    withdrawn: [],
  }
  insert.run('a', 1, 'assign-faces', 'Enrolled “Ana”', JSON.stringify({ action: 'assign-faces', ...details }))
  const renamed = { action: 'rename-person', personId: person, from: 'Ana', to: 'Anja' }
  insert.run('b', 2, 'rename-person', 'Renamed', JSON.stringify(renamed))
  insert.run('c', 3, 'undo', 'Undid', JSON.stringify({ action: 'undo', undoes: 'b' }))
  old.prepare("UPDATE ledger SET undone_by = 'c' WHERE id = 'b'").run()
  old.close()

  const database = openDatabase(file)
  expect(await verifyLedger(new SqliteConnection(database))).toEqual({ entries: 3 })
  const links = database
    .prepare('SELECT person_id, sequence FROM ledger_persons ORDER BY sequence')
    .raw(true)
    .all()
  expect(links).toEqual([1, 2, 3].map((sequence) => [person, sequence]))
  database.close()
})

test('the chain from before contents could go is made anew; what it did not hold does not hold now', async () => {
  const old = openDatabase(
    file,
    sqliteMigrations.filter(({ version }) => version < 70),
  )
  const idOf = (sequence: number) => `00000000-0000-7000-8000-00000000000${sequence}`
  let previousHash = beforeFirst
  const append = (
    sequence: number,
    action: string,
    summary: string,
    details: object | null,
    said = summary,
  ) => {
    const text = JSON.stringify(details)
    const detailsHash = hashText(text === 'null' ? '{"action":"delete-persons"}' : text)
    const covered = [sequence, idOf(sequence), 'default', sequence, 'tester', action, summary, null]
    const hash = hashText(JSON.stringify([...covered, detailsHash, previousHash]))
    old
      .prepare(
        'INSERT INTO ledger (sequence, id, client_id, at, actor, action, summary, reason, details, details_hash, previous_hash, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
      )
      .run(...covered.with(6, said), text, detailsHash, previousHash, hash)
    previousHash = hash
  }
  append(1, 'delete-persons', 'Deleted Ana', null)
  append(2, 'empty-bin', 'Emptied the bin', { action: 'empty-bin', emptied: [idOf(1)] })
  append(3, 'delete-persons', 'Deleted Boris', { action: 'delete-persons' }, 'Deleted nobody')
  append(4, 'delete-persons', 'Deleted Eva', { action: 'delete-persons' })
  old.close()

  const database = openDatabase(file)
  const connection = new SqliteConnection(database)
  expect(await verifyLedger(connection)).toEqual({ entries: 4, brokenAt: 3 })
  expect(bin(connection, client, 30).map(({ summary }) => summary)).toEqual(['Deleted Eva', 'Deleted nobody'])
  const columns = database.prepare('SELECT name FROM pragma_table_info(?)').pluck().all('ledger')
  expect(columns).not.toContain('details_hash')
  database.close()
})
