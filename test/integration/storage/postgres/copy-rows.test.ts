/** Rows that are copied into a table are those of this copy: whatever the connection copied before, and however that ended. */
import pg from 'pg'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { binaryRows } from '../../../../src-main/storage/postgres/binary-rows'
import { TableCopies } from '../../../../src-main/storage/postgres/copy-rows'
import type { Table } from '../../../../src-main/storage/sql/connection'
import { type TestDatabase, testDatabase } from '../../../postgres/databases'

let database: TestDatabase
let client: pg.Client
beforeAll(async () => {
  database = await testDatabase()
})
afterAll(() => database.drop())

beforeEach(async () => {
  client = new pg.Client(database.url)
  await client.connect()
  await client.query('DROP TABLE IF EXISTS notes; CREATE TABLE notes (number bigint, note text)')
  return () => client.end()
})

const numbers: Table = { name: 'notes', columns: { number: 'bigint' } }
const notes: Table = { name: 'notes', columns: { number: 'bigint', note: 'text' } }

const copied = ({ name, columns }: Table, ...rows: (string | number)[][]) => ({
  table: name,
  columns: Object.keys(columns),
  bytes: binaryRows(Object.values(columns), rows),
})

async function inTransaction(work: (copies: TableCopies) => Promise<void>, end: 'COMMIT' | 'ROLLBACK') {
  await client.query('BEGIN')
  const copies = new TableCopies(client)
  await work(copies)
  await client.query(end)
  if (end === 'COMMIT') copies.committed()
}

const there = async () => {
  const { rows } = await client.query<[number, string | null]>({
    text: 'SELECT number::int, note FROM notes ORDER BY number',
    rowMode: 'array',
  })
  return rows
}

test('twice in a transaction, and again in the next', async () => {
  await inTransaction(async (copies) => {
    await copies.copy([copied(numbers, [1], [2])])
    await copies.copy([copied(numbers, [3])])
  }, 'COMMIT')
  await inTransaction((copies) => copies.copy([copied(numbers, [4])]), 'COMMIT')
  expect(await there()).toEqual([1, 2, 3, 4].map((number) => [number, null]))
})

test('after a transaction that was rolled back', async () => {
  await inTransaction((copies) => copies.copy([copied(numbers, [1])]), 'ROLLBACK')
  await inTransaction((copies) => copies.copy([copied(numbers, [2])]), 'COMMIT')
  await inTransaction((copies) => copies.copy([copied(numbers, [3])]), 'ROLLBACK')
  await inTransaction((copies) => copies.copy([copied(numbers, [4])]), 'COMMIT')
  expect(await there()).toEqual([2, 4].map((number) => [number, null]))
})

test('of the same table with fewer columns and with more', async () => {
  await inTransaction(async (copies) => {
    await copies.copy([copied(numbers, [1])])
    await copies.copy([copied(notes, [2, 'two'])])
  }, 'COMMIT')
  await inTransaction((copies) => copies.copy([copied(notes, [3, 'three']), copied(numbers, [4])]), 'COMMIT')
  expect(await there()).toEqual([
    [1, null],
    [2, 'two'],
    [3, 'three'],
    [4, null],
  ])
})

test('in a session that somebody else had temporary tables in', async () => {
  await client.query("SET temp_buffers = '1MB'; CREATE TEMPORARY TABLE theirs AS SELECT 1; TABLE theirs")
  await inTransaction((copies) => copies.copy([copied(numbers, [1])]), 'COMMIT')
  expect(await there()).toEqual([[1, null]])
  expect((await client.query('SHOW temp_buffers')).rows).toEqual([{ temp_buffers: '1MB' }])
})
