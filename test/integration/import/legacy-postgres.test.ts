/** Legacy PostgreSQL databases: both layouts, every form of embedding, one state while others write, a server that goes away. */
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openReader } from '../../../src-main/import/open-reader'
import { portions } from '../../../src-main/import/portions'
import type { SourceRow } from '../../../src-main/import/source'
import { hasCode } from '../../../src-shared/errors'
import { defaultPersonRule, type SourceSpec } from '../../../src-shared/import'
import { hasServer, privateServer, serverAt, type TestDatabase, testDatabase } from '../../postgres/databases'
import { type ReadSource, readAll } from '../../unit/import/read-all'

const numbers = Array.from({ length: 512 }, (_, index) => Math.sin(index + 1) / 3)
const exact = Float32Array.from(numbers)
const text = `[${numbers.join(',')}]`

let database: TestDatabase
let client: pg.Client

beforeAll(async () => {
  database = await testDatabase()
  client = new pg.Client(database.superuserUrl)
  await client.connect()
  await client.query('CREATE EXTENSION IF NOT EXISTS vector')
}, 120_000)

afterAll(async () => {
  await client.end()
  await database.drop()
})

function specOf(url = database.superuserUrl): { spec: SourceSpec; password: string } {
  const { connection, password } = serverAt(url)
  return {
    spec: {
      place: { at: 'server', connection },
      kind: 'legacy-postgres',
      personRule: defaultPersonRule,
      mapping: null,
    },
    password,
  }
}

async function read(withImages = false): Promise<ReadSource> {
  const { spec, password } = specOf()
  return readAll(spec, { password, withImages })
}

async function remade(statements: string): Promise<void> {
  await client.query(`DROP TABLE IF EXISTS face_embeddings, face_encodings, persons CASCADE; ${statements}`)
}

const firstLayout = (type: string) => `
  CREATE TABLE persons (id serial PRIMARY KEY, name text, domain text, wikidata_id text, occupation text, created_at timestamp);
  CREATE TABLE face_embeddings (id serial PRIMARY KEY, person_id int, image_path text, embedding ${type}, confidence real)`

describe('the first layout', () => {
  test('with pgvector', async () => {
    await remade(firstLayout('vector(512)'))
    await client.query(
      "INSERT INTO persons VALUES (3, 'Ana Kovač', 'slovenia', 'Q42', 'singer', '2024-01-02 03:04:05')",
    )
    await client.query('INSERT INTO face_embeddings VALUES (9, 3, $1, $2, 0.5), (10, NULL, $1, $2, 0.5)', [
      '/a.jpg',
      text,
    ])
    const { rows, inspection } = await read()
    expect(rows[0]).toEqual({
      position: 0,
      key: 'face_embeddings 9',
      person: {
        key: 'persons 3',
        name: 'Ana Kovač',
        domain: 'slovenia',
        clientId: null,
        wikidataId: 'Q42',
        occupation: 'singer',
        description: null,
        createdAt: Date.UTC(2024, 0, 2, 3, 4, 5),
      },
      photoPath: '/a.jpg',
      image: null,
      box: null,
      confidence: 0.5,
      createdAt: null,
      modelId: null,
      embedding: exact,
      squared: exact.reduce((sum, value) => sum + value * value, 0),
      problem: null,
    })
    expect(rows[1]?.problem?.reason).toBe('no-person')
    expect(inspection).toMatchObject({ kind: 'legacy-postgres', rows: 2, persons: 1 })
    expect(inspection.layout).toMatch(/^PostgreSQL \d+.*: persons and face_embeddings$/)
    expect(inspection.fingerprint).toBe('1 in persons, 2 in face_embeddings, last 3, 10')
  })

  test.each<[string, unknown]>([
    ['text', text],
    ['jsonb', JSON.stringify(numbers)],
    ['float8[]', numbers],
    ['real[]', numbers],
    ['numeric[]', numbers],
    ['bytea', Buffer.from(exact.buffer)],
    ['bytea', Buffer.from(Float64Array.from(numbers).buffer)],
  ])('with %s', async (type, value) => {
    await remade(firstLayout(type))
    await client.query("INSERT INTO persons (id, name) VALUES (1, 'Ana')")
    await client.query('INSERT INTO face_embeddings (person_id, embedding) VALUES (1, $1), (1, NULL)', [
      value,
    ])
    const { rows } = await read()
    expect(rows[0]?.embedding).toEqual(exact)
    expect(rows.map(({ problem }) => problem?.reason ?? null)).toEqual([null, 'no-embedding'])
  })
})

test('the second layout, with photos where they are asked for, and a name of 10 MB', async () => {
  await remade(`
    CREATE TABLE persons (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), name text, region text, client_id text, description text);
    CREATE TABLE face_encodings (id bigserial PRIMARY KEY, person_id uuid, embedding vector(512), image_path text, image_data bytea,
      face_bbox jsonb, confidence float8, quality_score numeric)`)
  await client.query(
    "INSERT INTO persons (name, region, client_id) VALUES ('Ana', 'serbia', 'acme'), (repeat('x', 10000000), 'serbia', 'acme')",
  )
  await client.query(
    `INSERT INTO face_encodings (person_id, embedding, image_data, face_bbox, quality_score)
     SELECT id, $1::vector, '\\x0102'::bytea, '[1, 2, 30, 40]'::jsonb, 0.25 FROM persons ORDER BY length(name)`,
    [text],
  )
  const { rows, inspection } = await read(true)
  expect(rows[0]).toMatchObject({
    person: { name: 'Ana', domain: 'serbia', clientId: 'acme' },
    image: Buffer.from([1, 2]),
    box: { x: 1, y: 2, w: 30, h: 40 },
    problem: null,
  })
  expect(rows[1]).toMatchObject({ problem: { reason: 'name-too-long' } })
  expect(rows[1]?.person?.name.length).toBe(201)
  expect(inspection.notes).toContain('Boxes that are four numbers are taken for x, y, width, height.')
  expect((await read()).rows[0]?.image).toBeNull()
})

test('one reading is one state, whatever is written meanwhile; and nothing can be written by it', async () => {
  await remade(firstLayout('vector(512)'))
  await client.query("INSERT INTO persons (id, name) VALUES (1, 'Ana')")
  await client.query(
    'INSERT INTO face_embeddings (person_id, embedding) SELECT 1, $1::vector FROM generate_series(1, 2500)',
    [text],
  )
  const { spec, password } = specOf()
  const reader = await openReader(spec, password)
  try {
    const rows: SourceRow[] = []
    for await (const portion of portions(reader.batches({ withImages: false }), 0)) {
      if (rows.length === 0)
        await client.query("DELETE FROM face_embeddings WHERE id > 1200; UPDATE persons SET name = 'Bor'")
      rows.push(...portion.rows)
    }
    expect(rows).toHaveLength(2500)
    expect(rows.map(({ position }) => position)).toEqual(rows.map((_, index) => index))
    expect(new Set(rows.map(({ person }) => person?.name))).toEqual(new Set(['Ana']))
  } finally {
    await reader.close()
  }
  expect((await read()).rows).toHaveLength(1200)
})

test('a database without such tables, and a wrong password', async () => {
  await remade('')
  await expect(read()).rejects.toSatisfy((error) => hasCode(error, 'tables-unknown'))
})

test.runIf(hasServer())(
  'a server that is killed while it is read is told as such',
  async () => {
    const server = await privateServer()
    const url = server.superuserUrl()
    const own = new pg.Client(url)
    own.on('error', () => undefined)
    await own.connect()
    await own.query(firstLayout('float8[]'))
    await own.query("INSERT INTO persons (id, name) VALUES (1, 'Ana')")
    await own.query(
      'INSERT INTO face_embeddings (person_id, embedding) SELECT 1, $1 FROM generate_series(1, 5000)',
      [numbers],
    )
    await own.end()
    const { spec, password } = specOf(url)
    const reader = await openReader(spec, password)
    try {
      const reading = async () => {
        for await (const portion of portions(reader.batches({ withImages: false }), 0)) {
          if (portion.from === 0) await server.kill()
        }
      }
      await expect(reading()).rejects.toSatisfy((error) => hasCode(error, 'server-unreachable'))
    } finally {
      await reader.close().catch(() => undefined)
      await server.close()
    }
  },
  120_000,
)
