/** PostgreSQL understands every statement of the store, in the words that the dialect gives it. */
/// <reference types="vite/types/importMeta.d.ts" />
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { toPostgres } from '../../src-main/storage/sql/dialect'
import { type MigratedDatabase, migratedDatabase } from '../postgres/migrated'

const modules = import.meta.glob<Record<string, unknown>>('../../src-main/storage/sql/**/*.ts', {
  eager: true,
})
const statements = Object.entries(modules).flatMap(([path, module]) =>
  Object.entries(module)
    .filter((entry): entry is [string, string] => typeof entry[1] === 'string')
    .filter(([, text]) => /^\s*(SELECT|INSERT|UPDATE|DELETE|WITH)\b/.test(text))
    .map(([name, text]) => ({ name: `${path.split('/sql/')[1]} ${name}`, text })),
)

let database: MigratedDatabase
let client: pg.Client
beforeAll(async () => {
  database = await migratedDatabase()
  client = new pg.Client(database.url)
  await client.connect()
  await client.query('SET search_path = visor, public')
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
