/** The server's schema is made and brought forward by migrations that leave nothing where they fail: on a real PostgreSQL. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { checkSchema, postgresMigrations } from '../../../../src-main/storage/postgres/postgres-migrations'
import {
  migrateUp,
  schemaPlan,
  schemaStatus,
  verifySchema,
} from '../../../../src-main/storage/schema/migrate'
import { parseMigrations } from '../../../../src-main/storage/schema/migrations'
import { VisorError } from '../../../../src-shared/errors'
import type { SchemaProgress } from '../../../../src-shared/schema'
import { hasServer } from '../../../postgres/databases'
import { alone, DatabaseToMigrate, errorOf, failing, first, slow } from './database-to-migrate'

let target: DatabaseToMigrate

describe.skipIf(!hasServer())('the migrations of a server', () => {
  beforeEach(async () => {
    target = await DatabaseToMigrate.make({ extension: true })
  })
  afterEach(() => target.drop())

  it('run from empty, one after the other, and are told of', async () => {
    const schema = await target.schemaOf()
    expect(await schemaStatus(schema)).toMatchObject({
      engine: 'postgres',
      state: 'absent',
      applied: [],
      fault: null,
    })
    await expect(checkSchema(target.client)).rejects.toMatchObject({ code: 'schema-pending' })
    const plan = await schemaPlan(schema)
    expect(plan.preparation).toContain('CREATE SCHEMA visor;')
    expect(plan.preparation).not.toContain('EXTENSION')
    expect(plan.migrations.map(({ sql }) => sql)).toEqual(postgresMigrations.map(({ sql }) => sql))
    expect(await target.schemaIsThere()).toBe(false)

    const told: SchemaProgress[] = []
    const done = await migrateUp(schema, { onProgress: (progress) => told.push(progress) })
    const total = postgresMigrations.length
    expect(done.map(({ version }) => version)).toEqual(postgresMigrations.map(({ version }) => version))
    expect(told).toHaveLength(2 * total)
    expect(told[0]).toEqual({ type: 'running', version: 10, name: 'initial', done: 0, total })
    expect(told.at(-1)).toMatchObject({ type: 'applied', done: total, total })

    const status = await schemaStatus(schema)
    expect(status).toMatchObject({ state: 'current', pending: [] })
    expect(status.applied).toEqual(done)
    expect(status.place).toBe(`${target.database.host}:${target.database.port}/${target.database.database}`)
    expect(Math.abs(status.applied[0]!.appliedAt - Date.now())).toBeLessThan(60_000)
    expect((await verifySchema(schema)).migrations.every(({ state }) => state === 'same')).toBe(true)
    await checkSchema(target.client)
    expect(await schemaPlan(schema)).toEqual({ preparation: null, migrations: [] })
    expect(await migrateUp(schema, {})).toEqual([])
  })

  it('go on from half-way', async () => {
    const half = postgresMigrations.slice(0, 5)
    await migrateUp(await target.schemaOf(half), {})
    await expect(checkSchema(target.client)).rejects.toMatchObject({ code: 'schema-pending' })
    const schema = await target.schemaOf()
    const { state, pending, applied } = await schemaStatus(schema)
    expect({ state, applied: applied.length }).toEqual({ state: 'older', applied: 5 })
    expect(pending.map(({ version }) => version)).toEqual(
      postgresMigrations.slice(5).map(({ version }) => version),
    )
    await migrateUp(schema, {})
    await checkSchema(target.client)
  })

  it('that were changed, are missing or newer are refused, and nothing is touched', async () => {
    await migrateUp(await target.schemaOf({ ...first, '0020-second.sql': 'CREATE TABLE two ();' }), {})
    const second = { '0020-second.sql': 'CREATE TABLE two ();' }
    const third = { '0030-third.sql': 'CREATE TABLE three ();' }
    const cases = [
      [{ '0010-first.sql': 'CREATE TABLE other ();', ...second, ...third }, 'migration-tampered'],
      [{ ...first, '0020-renamed.sql': 'CREATE TABLE two ();', ...third }, 'migration-tampered'],
      [{ ...second, ...third }, 'migration-tampered'],
      [first, 'database-newer'],
    ] as const
    const before = await target.things()
    for (const [files, code] of cases) {
      const known = parseMigrations(files)
      const schema = await target.schemaOf(known)
      expect((await errorOf(migrateUp(schema, {}))).code).toBe(code)
      expect((await errorOf(schemaPlan(schema))).code).toBe(code)
      expect((await errorOf(checkSchema(target.client, known))).code).toBe(code)
      const { fault, state } = await schemaStatus(schema)
      expect(fault?.code).toBe(code)
      expect(state).toBe(code === 'database-newer' ? 'newer' : 'tampered')
      expect((await verifySchema(schema)).fault?.code).toBe(code)
    }
    expect(await target.things()).toEqual(before)
  })

  it('that fail in the middle leave nothing of themselves, and those before them stay', async () => {
    const schema = await target.schemaOf(failing)
    const error = await errorOf(migrateUp(schema, {}))
    expect(error.detail).toContain('22012')
    expect(await target.things()).toEqual(['one'])
    expect((await schemaStatus(schema)).applied.map(({ version }) => version)).toEqual([10])
    // The first one of all leaves no schema either.
    await target.client.query('DROP SCHEMA visor CASCADE')
    await errorOf(
      migrateUp(await target.schemaOf({ '0010-first.sql': 'CREATE TABLE one ();\nSELECT 1 / 0;' }), {}),
    )
    expect(await target.schemaIsThere()).toBe(false)
    // Another try with the mistake mended goes on where it was.
    await migrateUp(await target.schemaOf(first), {})
    expect(await target.things()).toEqual(['one'])
  })

  it('are cancelled while they run, and rolled back', async () => {
    const schema = await target.schemaOf(slow)
    const cancel = new AbortController()
    const reason = new VisorError('cancelled', 'Cancelled.')
    const onProgress = (progress: SchemaProgress) => {
      if (progress.type === 'running' && progress.version === 20) setTimeout(() => cancel.abort(reason), 200)
    }
    await expect(migrateUp(schema, { onProgress, signal: cancel.signal })).rejects.toBe(reason)
    expect(await target.things()).toEqual(['one'])
    // The lock was let go.
    expect(await migrateUp(await target.schemaOf(first), {})).toEqual([])
  })

  it('see the extension in whatever schema it is, and belong to the owner of the schema', async () => {
    await target.client.query(
      'DROP EXTENSION vector; CREATE SCHEMA "Other things"; CREATE EXTENSION vector SCHEMA "Other things"',
    )
    await target.client.query(`GRANT USAGE ON SCHEMA "Other things" TO ${target.database.user}`)
    await migrateUp(await target.schemaOf(), {})
    const { rows } = await target.client.query<{ type: string }>(
      `SELECT format_type(atttypid, atttypmod) AS type FROM pg_attribute
       WHERE attrelid = 'visor.embeddings'::regclass AND attname = 'vector'`,
    )
    expect(rows).toEqual([{ type: '"Other things".vector(512)' }])
    // A superuser who migrates further makes things for the owner.
    const further = [
      ...postgresMigrations,
      ...parseMigrations({ '0990-further.sql': 'CREATE TABLE further ();' }),
    ]
    await migrateUp(await target.schemaOf(further, target.database.superuserUrl), {})
    const { rows: owners } = await target.client.query<{ owner: string }>(
      "SELECT DISTINCT pg_get_userbyid(relowner) AS owner FROM pg_class WHERE relnamespace = 'visor'::regnamespace",
    )
    expect(owners).toEqual([{ owner: 'visor_admin' }])
  })

  it('that would change the rows of some clients only fail', async () => {
    await migrateUp(await target.schemaOf(), {})
    const touching = (sql: string) => [
      ...postgresMigrations,
      ...parseMigrations({ '0990-touching.sql': sql }),
    ]
    const some = await errorOf(
      migrateUp(await target.schemaOf(touching('UPDATE persons SET updated_at = 0;')), {}),
    )
    expect(some.detail).toContain('row-level security')
    const all = `ALTER TABLE persons NO FORCE ROW LEVEL SECURITY;
      UPDATE persons SET updated_at = 0;
      ALTER TABLE persons FORCE ROW LEVEL SECURITY;`
    expect(await migrateUp(await target.schemaOf(touching(all)), {})).toMatchObject([{ version: 990 }])
  })

  it('that build indexes beside others’ work are recorded after; a failed one leaves no index', async () => {
    const schema = await target.schemaOf(alone)
    await migrateUp(await target.schemaOf(first), {})
    await target.client.query('INSERT INTO visor.one VALUES (1), (1)')
    expect((await schemaPlan(schema)).migrations.map(({ inTransaction }) => inTransaction)).toEqual([false])
    const error = await errorOf(migrateUp(schema, {}))
    expect(error.code).toBe('conflict')
    expect(await target.things()).toEqual(['one'])
    expect((await schemaStatus(schema)).state).toBe('older')
    await target.client.query('DELETE FROM visor.one')
    expect(await migrateUp(schema, {})).toMatchObject([{ version: 20 }])
    expect(await target.things()).toEqual(['one', 'one_x'])
    expect(await verifySchema(schema)).toMatchObject({ state: 'current', invalidIndexes: [] })
  })
})
