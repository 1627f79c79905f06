/** A data folder's schema is looked at and migrated by the same runner as a server's. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import {
  migrateUp,
  schemaPlan,
  schemaStatus,
  verifySchema,
} from '../../../../src-main/storage/schema/migrate'
import { parseMigrations } from '../../../../src-main/storage/schema/migrations'
import { lockFolder } from '../../../../src-main/storage/sqlite/folder-lock'
import {
  databaseFile,
  openDatabase,
  sqliteMigrations,
} from '../../../../src-main/storage/sqlite/open-database'
import { SqliteSchema } from '../../../../src-main/storage/sqlite/sqlite-schema'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'visor-schema-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

test('from nothing: looking makes nothing, then every migration runs once', async () => {
  const schema = new SqliteSchema(folder)
  expect(await schemaStatus(schema)).toMatchObject({ engine: 'sqlite', state: 'absent', applied: [] })
  expect((await schemaPlan(schema)).migrations).toEqual(sqliteMigrations)
  expect(existsSync(databaseFile(folder))).toBe(false)
  const done = await migrateUp(schema, {})
  expect(done.map(({ version }) => version)).toEqual(sqliteMigrations.map(({ version }) => version))
  expect(await schemaStatus(schema)).toMatchObject({ state: 'current', applied: done, pending: [] })
  expect((await verifySchema(schema)).migrations.every(({ state }) => state === 'same')).toBe(true)
  expect(await migrateUp(schema, {})).toEqual([])
  // What the store opens is what was made.
  openDatabase(databaseFile(folder)).close()
})

test('an older one is older; a failing migration leaves nothing; what does not fit is refused', async () => {
  const first = { '0010-first.sql': 'CREATE TABLE one (x);' }
  await migrateUp(new SqliteSchema(folder, parseMigrations(first)), {})
  const failing = parseMigrations({ ...first, '0020-second.sql': 'CREATE TABLE two (x);\nSELECT nonsense;' })
  const schema = new SqliteSchema(folder, failing)
  expect((await schemaStatus(schema)).state).toBe('older')
  await expect(migrateUp(schema, {})).rejects.toThrow('nonsense')
  expect((await schemaStatus(schema)).applied).toMatchObject([{ version: 10 }])
  const whole = parseMigrations({ ...first, '0020-second.sql': 'CREATE TABLE two (x);' })
  expect(await migrateUp(new SqliteSchema(folder, whole), {})).toMatchObject([{ version: 20 }])
  const old = new SqliteSchema(folder, parseMigrations(first))
  expect(await schemaStatus(old)).toMatchObject({ state: 'newer', fault: { code: 'database-newer' } })
  await expect(migrateUp(old, {})).rejects.toMatchObject({ code: 'database-newer' })
})

test('while a console has the folder it is looked at, and not migrated', async () => {
  openDatabase(databaseFile(folder)).close()
  const lock = lockFolder(folder)
  const schema = new SqliteSchema(folder)
  expect((await schemaStatus(schema)).state).toBe('current')
  await expect(migrateUp(schema, {})).rejects.toMatchObject({ code: 'data-folder-in-use' })
  lock.release()
  expect(await migrateUp(schema, {})).toEqual([])
})
