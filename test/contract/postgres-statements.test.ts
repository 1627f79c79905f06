/** PostgreSQL understands every statement of the store, in the words that the dialect gives it. */
/// <reference types="vite/types/importMeta.d.ts" />
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { toPostgres } from '../../src-main/storage/sql/dialect'
import { type TestDatabase, testDatabase } from '../postgres/databases'

const modules = import.meta.glob<Record<string, unknown>>('../../src-main/storage/sql/**/*.ts', {
  eager: true,
})
const statements = Object.entries(modules).flatMap(([path, module]) =>
  Object.entries(module)
    .filter((entry): entry is [string, string] => typeof entry[1] === 'string')
    .filter(([, text]) => /^\s*(SELECT|INSERT|UPDATE|DELETE|WITH)\b/.test(text))
    .map(([name, text]) => ({ name: `${path.split('/sql/')[1]} ${name}`, text })),
)

let database: TestDatabase
let client: pg.Client
beforeAll(async () => {
  database = await testDatabase({ extension: true })
  client = new pg.Client(database.url)
  await client.connect()
  const folder = join(import.meta.dirname, '../../migrations/postgres')
  await client.query('CREATE SCHEMA visor; SET search_path = visor, public')
  for (const file of readdirSync(folder).sort()) await client.query(readFileSync(join(folder, file), 'utf8'))
})
afterAll(async () => {
  await client.end()
  await database.drop()
})

test.each(statements)('$name', async ({ text }) => {
  expect(statements.length).toBeGreaterThan(100)
  await client.query(`PREPARE one AS ${toPostgres(text)}`)
  await client.query('DEALLOCATE one')
})
