/** A COPY is read in pieces of whole rows, and the connection is as good as before after it, however it ends. */
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type CachedValue, CopiedRows } from '../../../../src-main/storage/cache/copied-rows'
import type { CachedColumn } from '../../../../src-main/storage/cache/tables'
import { CopyOut } from '../../../../src-main/storage/postgres/copy-out'
import { type TestDatabase, testDatabase } from '../../../postgres/databases'

let database: TestDatabase
let client: pg.Client
beforeAll(async () => {
  database = await testDatabase()
  client = new pg.Client(database.url)
  await client.connect()
})
afterAll(async () => {
  await client.end()
  await database.drop()
})

const columns: readonly CachedColumn[] = [
  { name: 'number', kind: 'number' },
  { name: 'text', kind: 'text' },
  { name: 'bytes', kind: 'bytes' },
]

/** Rows of as many bytes as `bytesOfRow` says of `n`, an SQL expression. */
const rowsOf = (count: number, bytesOfRow: string) =>
  `COPY (SELECT n::float8, nullif('č ' || n, 'č 2'), convert_to(repeat('x', ${bytesOfRow}), 'UTF8') FROM generate_series(1, ${count}) n)
   TO STDOUT (FORMAT binary)`

interface Copied {
  readonly pieces: number
  readonly rows: readonly (readonly [number, string | null, number])[]
}

/** Reads a copy as the cache does, giving each piece back; paused after each, where asked. */
async function copied(sql: string, pauseMs?: number): Promise<Copied> {
  const rows: [number, string | null, number][] = []
  const free: ArrayBuffer[] = []
  const taken = new CopiedRows(columns)
  let pieces = 0
  const copy = new CopyOut(sql, free, (piece) => {
    pieces++
    taken.push(piece, ([number, text, bytes]: readonly CachedValue[]) =>
      rows.push([Number(number), text as string | null, (bytes as Uint8Array).length]),
    )
    free.push(piece.buffer)
    if (pauseMs === undefined) return
    copy.pause()
    setTimeout(() => copy.resume(), pauseMs)
  })
  await client.query(copy).done
  taken.end()
  return { pieces, rows }
}

const answers = async () => (await client.query('SELECT 7 AS seven')).rows

test.each([
  ['no rows', 0, '1', 1],
  ['one that is empty', 1, '0', 1],
  ['many small ones', 30_000, 'n % 50', 3],
  ['some larger than a piece', 9, 'n * 200000', 8],
])('%s', async (_, count, bytesOfRow, atLeast) => {
  const { pieces, rows } = await copied(rowsOf(count, bytesOfRow))
  expect(pieces).toBeGreaterThanOrEqual(atLeast)
  const length = (n: number) =>
    [1, 0, n % 50, n * 200_000][['1', '0', 'n % 50', 'n * 200000'].indexOf(bytesOfRow)]
  expect(rows).toEqual(
    Array.from({ length: count }, (_, index) => [
      index + 1,
      index === 1 ? null : `č ${index + 1}`,
      length(index + 1),
    ]),
  )
  expect(await answers()).toEqual([{ seven: 7 }])
})

test('paused after each piece, all come', async () => {
  const { rows } = await copied(rowsOf(2000, '4000'), 5)
  expect(rows).toHaveLength(2000)
  expect(await answers()).toEqual([{ seven: 7 }])
})

test.each([
  ['before the first row', 'COPY (SELECT 1/0) TO STDOUT (FORMAT binary)', '22012'],
  ['among its rows', rowsOf(5000, '1000 / (4000 - n)'), '22012'],
  ['as it is no statement', 'COPY nothing OF TO STDOUT', '42601'],
])('what fails %s says why', async (_, sql, code) => {
  await expect(copied(sql)).rejects.toMatchObject({ code })
  expect(await answers()).toEqual([{ seven: 7 }])
})

test('a connection that is lost in the middle says so', async () => {
  const own = new pg.Client(database.url)
  own.on('error', () => undefined)
  await own.connect()
  const { rows } = await own.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')
  const copy = new CopyOut(rowsOf(200_000, '4000'), [], (piece) => {
    expect(piece.length).toBeGreaterThan(0)
    copy.pause()
  })
  const done = own.query(copy).done
  const lost = expect(done).rejects.toThrow()
  await client.query('SELECT pg_terminate_backend($1, 10000)', [rows[0]?.pid])
  copy.resume()
  await lost
})

test('a piece that ends within a row is told', () => {
  const header = Buffer.concat([Buffer.from('PGCOPY\n\xff\r\n\0', 'latin1'), Buffer.alloc(8)])
  const row = Buffer.from([0, 3, 0, 0, 0, 8, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, 255, 255, 0, 0, 0, 4, 1])
  expect(() => new CopiedRows(columns).push(Buffer.concat([header, row]), () => undefined)).toThrow(
    'ends within a row',
  )
})
