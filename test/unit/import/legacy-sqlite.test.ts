/** Legacy SQLite files: the layout that systems had, others that are mapped, and what is broken in them. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, test } from 'vitest'
import { openReader } from '../../../src-main/import/open-reader'
import { hasCode, VisorError } from '../../../src-shared/errors'
import { randomNumbers } from '../../contract/made-faces'
import { readAll, specOf } from './read-all'
import { fileIn, temporaryFolder } from './temp-file'

const folder = temporaryFolder()
let last = 0

const schema = `
  CREATE TABLE persons (id INTEGER PRIMARY KEY, name TEXT, region TEXT, client_id TEXT, description TEXT, created_at TEXT, tax_number TEXT);
  CREATE TABLE face_encodings (id INTEGER PRIMARY KEY, person_id INTEGER, embedding, image_path TEXT, image_data BLOB, face_bbox TEXT,
    confidence REAL, quality_score REAL, model_name TEXT);
  CREATE TABLE search_log (id INTEGER PRIMARY KEY)`

/** A database with what `fill` does in it. */
function databaseWith(fill: (database: Database.Database) => void, tables = schema): string {
  const path = join(folder, `legacy-${++last}.db`)
  const database = new Database(path)
  try {
    database.exec(tables)
    database.transaction(() => fill(database))()
  } finally {
    database.close()
  }
  return path
}

const numbers = (length: number) => Array.from({ length }, (_, index) => Math.sin(index + 1) / 3)
const float32 = (values: readonly number[]) => Buffer.from(Float32Array.from(values).buffer)
const float64 = (values: readonly number[]) => Buffer.from(Float64Array.from(values).buffer)

function addPerson(
  database: Database.Database,
  id: number,
  name: unknown,
  region: string | null = 'slovenia',
): void {
  database.prepare('INSERT INTO persons (id, name, region) VALUES (?, ?, ?)').run(id, name, region)
}
function addFace(database: Database.Database, id: number, personId: number | null, embedding: unknown): void {
  database
    .prepare('INSERT INTO face_encodings (id, person_id, embedding, image_path) VALUES (?, ?, ?, ?)')
    .run(id, personId, embedding, `/photos/${id}.jpg`)
}

test('people with details, faces with boxes, scores and photos; unknown columns and tables are told', async () => {
  const path = databaseWith((database) => {
    database
      .prepare('INSERT INTO persons VALUES (7, ?, ?, ?, ?, ?, ?)')
      .run('Ana Kovač', 'slovenia', 'acme', 'a singer', '2024-01-02 03:04:05', '123')
    addPerson(database, 8, 'Nobody’s face')
    database
      .prepare('INSERT INTO face_encodings VALUES (70, 7, ?, ?, ?, ?, 0.99, 0.7, ?)')
      .run(
        float32(numbers(512)),
        '/photos/a.jpg',
        Buffer.from([1, 2, 3]),
        '{"x":1,"y":2,"w":30,"h":40}',
        'ArcFace',
      )
  })
  const reader = await openReader(specOf(path), undefined)
  expect(await reader.holdsImages()).toBe(true)
  await reader.close()
  const { rows, inspection } = await readAll(specOf(path), { withImages: true })
  expect(rows).toEqual([
    {
      position: 0,
      key: 'face_encodings 70',
      person: {
        key: 'persons 7',
        name: 'Ana Kovač',
        domain: 'slovenia',
        clientId: 'acme',
        wikidataId: null,
        occupation: null,
        description: 'a singer',
        createdAt: Date.UTC(2024, 0, 2, 3, 4, 5),
      },
      photoPath: '/photos/a.jpg',
      image: Buffer.from([1, 2, 3]),
      box: { x: 1, y: 2, w: 30, h: 40 },
      confidence: 0.99,
      createdAt: null,
      modelId: 'deepface/arcface',
      embedding: Float32Array.from(numbers(512)),
      squared: Float32Array.from(numbers(512)).reduce((sum, value) => sum + value * value, 0),
      problem: null,
    },
  ])
  expect(inspection).toMatchObject({
    kind: 'legacy-sqlite',
    layout: 'SQLite: persons and face_encodings',
    rows: 1,
    persons: 1,
    domains: [{ domain: 'slovenia', persons: 1, rows: 1 }],
    models: [{ modelId: 'deepface/arcface', dimension: 512, rows: 1 }],
    notes: [
      '1 of 2 people have no face and are not moved.',
      '“quality_score” is not kept: it is another system’s measure. Visor measures a face once it sees the photo.',
      'Other tables are not read: search_log.',
    ],
  })
  expect(inspection.columns.filter(({ field }) => field === null).map(({ column }) => column)).toEqual([
    'tax_number',
    'quality_score',
  ])
  expect(inspection.fingerprint).toBe('2 in persons, 1 in face_encodings, last 8, 70')
  // Photos are read where they are asked for.
  expect((await readAll(specOf(path))).rows[0]?.image).toBeNull()
})

test.each<[string, unknown]>([
  ['float32', float32(numbers(512))],
  ['float64', float64(numbers(512))],
  ['JSON', JSON.stringify(numbers(512))],
  ['JSON as bytes', Buffer.from(JSON.stringify(numbers(512)))],
  ['an array of PostgreSQL’s, as text', `{${numbers(512).join(',')}}`],
])('embeddings as %s', async (_, embedding) => {
  const path = databaseWith((database) => {
    addPerson(database, 1, 'Ana')
    addFace(database, 1, 1, embedding)
  })
  const { rows } = await readAll(specOf(path))
  expect(rows[0]).toMatchObject({ problem: null })
  expect(rows[0]?.embedding).toEqual(Float32Array.from(numbers(512)))
})

test('float64 that were float32 before, and one broken row among them, are still told apart', async () => {
  const path = databaseWith((database) => {
    addPerson(database, 1, 'Ana')
    for (let id = 1; id <= 20; id++) addFace(database, id, 1, float64([...Float32Array.from(numbers(512))]))
    addFace(database, 21, 1, float64(Array.from({ length: 512 }, () => Number.NaN)))
  })
  const { rows } = await readAll(specOf(path))
  expect(new Set(rows.map(({ embedding }) => embedding?.length))).toEqual(new Set([512]))
  expect(rows[20]?.problem?.reason).toBe('not-finite')
})

test('every row that cannot be used says why, and the others are read', async () => {
  const path = databaseWith((database) => {
    addPerson(database, 1, 'Ana')
    addPerson(database, 2, null)
    addPerson(database, 3, 'x'.repeat(10_000_000))
    addPerson(database, 4, 'Ana')
    addPerson(database, 6, 'A\u0007na')
    addPerson(database, 7, '   ')
    addPerson(database, 8, 'Bor', 'x'.repeat(300))
    // Invalid UTF-8, as a program in C may have stored it.
    database.exec("INSERT INTO persons (id, name) VALUES (5, CAST(X'416EFF61' AS TEXT))")
    const good = float32(numbers(512))
    addFace(database, 1, 1, good)
    addFace(database, 2, 1, null)
    addFace(database, 3, 1, float32(numbers(128)))
    addFace(database, 4, 1, Buffer.from([1, 2, 3]))
    addFace(database, 5, 1, 'not a vector')
    addFace(database, 6, 1, float32(numbers(512).fill(0)))
    addFace(database, 7, 1, float32([...numbers(511), Number.POSITIVE_INFINITY]))
    addFace(database, 8, null, good)
    addFace(database, 9, 999, good)
    addFace(database, 10, 2, good)
    addFace(database, 11, 3, good)
    addFace(database, 12, 4, good)
    addFace(database, 13, 5, good)
    addFace(database, 14, 6, good)
    addFace(database, 15, 7, good)
    addFace(database, 16, 8, good)
    addFace(database, 17, 1, '[1, NaN]')
    addFace(database, 18, 1, '[1, [2]]')
    addFace(database, 19, 1, `[${'1,'.repeat(600_000)}1]`)
    addFace(database, 20, 1, 17)
  })
  const before = process.memoryUsage().arrayBuffers
  const { rows, inspection } = await readAll(specOf(path))
  expect(rows.map(({ problem }) => problem?.reason ?? null)).toEqual([
    null,
    'no-embedding',
    null,
    'not-a-vector',
    'not-a-vector',
    'zero-length',
    'not-finite',
    'no-person',
    'no-person',
    'no-person',
    'name-too-long',
    null,
    'invalid-text',
    'invalid-text',
    'no-person',
    'invalid-text',
    'not-finite',
    'not-a-vector',
    'not-a-vector',
    'not-a-vector',
  ])
  expect(rows[10]?.problem?.detail).toBe('The name has more than 4,000 characters; 200 is the most.')
  expect(rows[10]?.person?.name.length).toBe(201)
  expect(inspection.duplicateNames).toEqual([{ domain: 'slovenia', name: 'Ana', persons: 2 }])
  expect(inspection.models.map(({ dimension, rows: amount }) => [dimension, amount])).toContainEqual([128, 1])
  const problems = inspection.problems.reduce((sum, { rows: amount }) => sum + amount, 0)
  expect(problems).toBe(17)
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(200_000_000)
})

describe('layouts', () => {
  const embeddings = `
    CREATE TABLE persons (id INTEGER PRIMARY KEY, name TEXT, domain TEXT, wikidata_id TEXT, occupation TEXT);
    CREATE TABLE face_embeddings (id INTEGER PRIMARY KEY, person_id INTEGER, image_path TEXT, embedding BLOB, confidence REAL)`

  test('the other one is found as well', async () => {
    const path = databaseWith((database) => {
      database.exec("INSERT INTO persons VALUES (1, 'Ana', 'serbia', 'Q42', 'singer')")
      database
        .prepare('INSERT INTO face_embeddings VALUES (1, 1, ?, ?, 0.5)')
        .run('a.jpg', float32(numbers(4)))
    }, embeddings)
    const { rows } = await readAll(specOf(path))
    expect(rows[0]?.person).toMatchObject({ domain: 'serbia', wikidataId: 'Q42', occupation: 'singer' })
  })

  const strange = `
    CREATE TABLE "Ljudje ""in"" obrazi" (stevilka INTEGER, ime TEXT);
    CREATE TABLE obrazi (oseba INTEGER, vektor BLOB)`
  const fillStrange = (database: Database.Database) => {
    database.exec(`INSERT INTO "Ljudje ""in"" obrazi" VALUES (1, 'Ana')`)
    database.prepare('INSERT INTO obrazi VALUES (1, ?)').run(float32(numbers(4)))
  }

  test('names that nobody could know are mapped', async () => {
    const path = databaseWith(fillStrange, strange)
    await expect(readAll(specOf(path))).rejects.toSatisfy((error) => hasCode(error, 'tables-unknown'))
    const mapping = {
      persons: { table: 'Ljudje "in" obrazi', columns: { id: 'stevilka', name: 'ime' } },
      faces: { table: 'obrazi', columns: { personId: 'oseba', embedding: 'vektor' } },
    }
    const { rows } = await readAll(specOf(path, { mapping }))
    expect(rows).toMatchObject([{ key: 'obrazi, row 1', person: { name: 'Ana' }, problem: null }])
  })

  test.each([
    ['a table that is not there', { table: 'x', columns: { personId: 'oseba', embedding: 'vektor' } }],
    ['a column that is not there', { table: 'obrazi', columns: { personId: 'oseba', embedding: 'x' } }],
    ['a column that would be SQL', { table: 'obrazi', columns: { personId: '1) --', embedding: 'vektor' } }],
    ['nothing for the embedding', { table: 'obrazi', columns: { personId: 'oseba' } }],
  ])('a mapping with %s is refused', async (_, faces) => {
    const path = databaseWith(fillStrange, strange)
    const persons = { table: 'Ljudje "in" obrazi', columns: { id: 'stevilka', name: 'ime' } }
    await expect(readAll(specOf(path, { mapping: { persons, faces } }))).rejects.toSatisfy((error) =>
      hasCode(error, 'invalid-argument'),
    )
  })
})

test('a file that is cut off, one that is none, and one that is gone', async () => {
  const path = databaseWith((database) => {
    addPerson(database, 1, 'Ana')
    for (let id = 1; id <= 200; id++) addFace(database, id, 1, float32(numbers(512)))
  })
  const whole = readFileSync(path)
  const broken = fileIn(
    folder,
    Buffer.concat([whole.subarray(0, 100), Buffer.alloc(whole.length - 100, 0x5a)]),
  )
  await expect(readAll(specOf(broken))).rejects.toSatisfy((error) => hasCode(error, 'source-unfit'))
  const cut = fileIn(folder, whole.subarray(0, whole.length / 2))
  await expect(readAll(specOf(cut))).rejects.toSatisfy((error) => hasCode(error, 'source-unfit'))
  await expect(readAll(specOf(fileIn(folder, 'plain text')))).rejects.toSatisfy((error) =>
    hasCode(error, 'format-unsupported'),
  )
  await expect(readAll(specOf('/dev/null'))).rejects.toSatisfy((error) =>
    hasCode(error, 'format-unsupported'),
  )
  await expect(readAll(specOf(join(folder, 'none')))).rejects.toSatisfy((error) =>
    hasCode(error, 'file-missing'),
  )
  await expect(readAll(specOf(path, { kind: 'deepface-pkl' }))).rejects.toSatisfy((error) =>
    hasCode(error, 'invalid-argument'),
  )
})

test('a table of a module that is not here is passed over, and a view is as good as a table', async () => {
  const path = databaseWith((database) => {
    addPerson(database, 1, 'Ana')
    addFace(database, 1, 1, float32(numbers(4)))
    database.exec(
      'ALTER TABLE face_encodings RENAME TO hidden; CREATE VIEW face_encodings AS SELECT * FROM hidden',
    )
    database.unsafeMode()
    database.pragma('writable_schema = ON')
    database.exec(
      "INSERT INTO sqlite_schema VALUES ('table', 'vectors', 'vectors', 0, 'CREATE VIRTUAL TABLE vectors USING absent_module(x)')",
    )
  })
  expect((await readAll(specOf(path))).rows).toMatchObject([{ key: 'face_encodings 1', problem: null }])
})

test('the fuzzer: broken copies of a good file end in rows or in a clear error', async () => {
  const seed = Number(process.env.VISOR_FUZZ_SEED ?? Math.floor(Math.random() * 2 ** 31))
  const random = randomNumbers(seed)
  const below = (limit: number) => Math.floor(random() * limit)
  const good = readFileSync(
    databaseWith((database) => {
      addPerson(database, 1, 'Ana')
      for (let id = 1; id <= 30; id++)
        addFace(database, id, 1, id % 2 === 0 ? float32(numbers(64)) : JSON.stringify(numbers(64)))
    }),
  )
  for (let round = 0; round < 300; round++) {
    const content = Buffer.from(good)
    // Mostly in the header and the schema, where it hurts.
    for (let change = 0; change <= below(20); change++)
      content[below(round % 3 === 0 ? content.length : 4096)] = below(256)
    try {
      await readAll(specOf(fileIn(folder, content, 'fuzzed.db')))
    } catch (error) {
      expect(error instanceof VisorError, `seed ${seed}, round ${round}: ${String(error)}`).toBe(true)
    }
  }
  process.stdout.write(`fuzzed SQLite files with seed ${seed} (VISOR_FUZZ_SEED)\n`)
}, 120_000)
