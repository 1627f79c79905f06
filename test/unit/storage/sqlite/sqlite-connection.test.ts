/** What reads beside a writer sees what that has committed, and nothing of what it has not. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type Database from 'better-sqlite3'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { z } from 'zod'
import { databaseFile, openDatabase, openForReading } from '../../../../src-main/storage/sqlite/open-database'
import { SqliteConnection } from '../../../../src-main/storage/sqlite/sqlite-connection'
import { clientIdSchema } from '../../../../src-shared/ids'

const row = z.object({ id: z.string() })
const select = 'SELECT id FROM clients ORDER BY id'
const insert = "INSERT INTO clients (id, created_at) VALUES ('%', 0)"

let folder: string
let database: Database.Database
let committed: Database.Database
let writes: SqliteConnection
let reads: SqliteConnection
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'visor-reads-'))
  database = openDatabase(databaseFile(folder))
  committed = openForReading(databaseFile(folder))
  writes = new SqliteConnection(database)
  reads = new SqliteConnection(committed, 40, database)
})
afterEach(() => {
  committed.close()
  database.close()
  rmSync(folder, { recursive: true })
})

const add = (id: string) => writes.run(insert.replace('%', id))
const seen = (by: SqliteConnection) => by.rows(row, select).map(({ id }) => id)

test('between writes it sees the last of them', () => {
  expect(seen(reads)).toEqual([])
  writes.transaction(null, () => add('a'))
  expect(seen(reads)).toEqual(['a'])
})

test('within a write, and between the steps of a long one, it sees what was there before', async () => {
  writes.transaction(null, () => {
    add('a')
    expect([seen(writes), seen(reads)]).toEqual([['a'], []])
  })
  expect(seen(reads)).toEqual(['a'])
  await writes.longTransaction(clientIdSchema.parse('a'), async (_chain, commit) => {
    add('b')
    await Promise.resolve()
    expect([seen(writes), seen(reads), reads.columns(select), reads.ids(select)]).toEqual([
      ['a', 'b'],
      ['a'],
      [['a']],
      ['a'],
    ])
    commit()
    expect(seen(reads)).toEqual(['a', 'b'])
  })
})

test('what was taken back was never seen', () => {
  const failing = () =>
    writes.transaction(null, () => {
      add('a')
      expect(seen(reads)).toEqual([])
      throw new Error('no')
    })
  expect(failing).toThrow('no')
  expect(seen(reads)).toEqual([])
})
