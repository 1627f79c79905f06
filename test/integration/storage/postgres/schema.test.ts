/** The server's schema is made and brought forward by migrations that leave nothing where they fail: on a real PostgreSQL. */
import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { checkSchema, postgresMigrations } from '../../../../src-main/storage/postgres/postgres-migrations'
import { PostgresSchema } from '../../../../src-main/storage/postgres/postgres-schema'
import {
  migrateUp,
  schemaPlan,
  schemaStatus,
  verifySchema,
} from '../../../../src-main/storage/schema/migrate'
import { type Migration, parseMigrations } from '../../../../src-main/storage/schema/migrations'
import { openSchema } from '../../../../src-main/storage/schema/open-schema'
import { openServerStore } from '../../../../src-main/storage/threads/server-store'
import { hasCode, VisorError } from '../../../../src-shared/errors'
import type { SchemaProgress } from '../../../../src-shared/schema'
import { type BuiltStore, buildStore } from '../../../contract/built-store'
import { hasServer, serverAt, type TestDatabase, testDatabase } from '../../../postgres/databases'
import { StoreChild } from '../child-process'
import { targetOf } from './target'

const first = { '0010-first.sql': 'CREATE TABLE one (x integer);\n' }
const slow = { ...first, '0020-slow.sql': 'CREATE TABLE two (x integer);\nSELECT pg_sleep(60);\n' }
const failing = {
  ...first,
  '0020-second.sql': 'CREATE TABLE two (x integer);\nINSERT INTO two VALUES (1 / 0);\n',
}
const alone = {
  ...first,
  '0020-index.sql':
    '-- Outside of a transaction.\nCREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS one_x ON one (x);\n',
}

let database: TestDatabase
/** As the superuser, to look and to arrange. */
let client: pg.Client
const open: PostgresSchema[] = []

async function start(options: { readonly extension: boolean }) {
  database = await testDatabase(options)
  client = new pg.Client(database.superuserUrl)
  await client.connect()
}
afterEach(async () => {
  for (const schema of open.splice(0)) await schema.close()
  await client.end()
  await database.drop()
})

async function schemaOf(
  migrations: Readonly<Record<string, string>> | readonly Migration[] = postgresMigrations,
  url = database.url,
): Promise<PostgresSchema> {
  const known = Array.isArray(migrations) ? migrations : parseMigrations(migrations as Record<string, string>)
  const schema = await PostgresSchema.connect(await targetOf(url), known)
  open.push(schema)
  return schema
}

/** The tables and indexes of the schema, the runner's own left out. */
async function things(): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT relname AS name FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
     WHERE nspname = 'visor' AND relkind IN ('r', 'i') AND relname NOT LIKE 'schema_migrations%' ORDER BY relname`,
  )
  return rows.map(({ name }) => name)
}
const schemaIsThere = async () =>
  (await client.query("SELECT FROM pg_namespace WHERE nspname = 'visor'")).rowCount === 1

/** A user who owns nothing. */
async function guest(): Promise<{ readonly name: string; readonly url: string }> {
  const name = `guest_${randomBytes(4).toString('hex')}`
  await client.query(`CREATE ROLE ${name} LOGIN PASSWORD '${database.password}'`)
  return { name, url: database.url.replace(`//${database.user}:`, `//${name}:`) }
}

const errorOf = async (work: Promise<unknown>): Promise<VisorError> => {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  expect(error).toBeInstanceOf(VisorError)
  return error as VisorError
}

describe.skipIf(!hasServer())('the migrations of a server', () => {
  beforeEach(() => start({ extension: true }))

  it('run from empty, one after the other, and are told of', async () => {
    const schema = await schemaOf()
    expect(await schemaStatus(schema)).toMatchObject({
      engine: 'postgres',
      state: 'absent',
      applied: [],
      fault: null,
    })
    await expect(checkSchema(client)).rejects.toMatchObject({ code: 'schema-pending' })
    const plan = await schemaPlan(schema)
    expect(plan.preparation).toContain('CREATE SCHEMA visor;')
    expect(plan.preparation).not.toContain('EXTENSION')
    expect(plan.migrations.map(({ sql }) => sql)).toEqual(postgresMigrations.map(({ sql }) => sql))
    expect(await schemaIsThere()).toBe(false)

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
    expect(status.place).toBe(`${database.host}:${database.port}/${database.database}`)
    expect(Math.abs(status.applied[0]!.appliedAt - Date.now())).toBeLessThan(60_000)
    expect((await verifySchema(schema)).migrations.every(({ state }) => state === 'same')).toBe(true)
    await checkSchema(client)
    expect(await schemaPlan(schema)).toEqual({ preparation: null, migrations: [] })
    expect(await migrateUp(schema, {})).toEqual([])
  })

  it('go on from half-way', async () => {
    const half = postgresMigrations.slice(0, 5)
    await migrateUp(await schemaOf(half), {})
    await expect(checkSchema(client)).rejects.toMatchObject({ code: 'schema-pending' })
    const schema = await schemaOf()
    const { state, pending, applied } = await schemaStatus(schema)
    expect({ state, applied: applied.length }).toEqual({ state: 'older', applied: 5 })
    expect(pending.map(({ version }) => version)).toEqual(
      postgresMigrations.slice(5).map(({ version }) => version),
    )
    await migrateUp(schema, {})
    await checkSchema(client)
  })

  it('that were changed, are missing or newer are refused, and nothing is touched', async () => {
    await migrateUp(await schemaOf({ ...first, '0020-second.sql': 'CREATE TABLE two ();' }), {})
    const second = { '0020-second.sql': 'CREATE TABLE two ();' }
    const third = { '0030-third.sql': 'CREATE TABLE three ();' }
    const cases = [
      [{ '0010-first.sql': 'CREATE TABLE other ();', ...second, ...third }, 'migration-tampered'],
      [{ ...first, '0020-renamed.sql': 'CREATE TABLE two ();', ...third }, 'migration-tampered'],
      [{ ...second, ...third }, 'migration-tampered'],
      [first, 'database-newer'],
    ] as const
    const before = await things()
    for (const [files, code] of cases) {
      const known = parseMigrations(files)
      const schema = await schemaOf(known)
      expect((await errorOf(migrateUp(schema, {}))).code).toBe(code)
      expect((await errorOf(schemaPlan(schema))).code).toBe(code)
      expect((await errorOf(checkSchema(client, known))).code).toBe(code)
      const { fault, state } = await schemaStatus(schema)
      expect(fault?.code).toBe(code)
      expect(state).toBe(code === 'database-newer' ? 'newer' : 'tampered')
      expect((await verifySchema(schema)).fault?.code).toBe(code)
    }
    expect(await things()).toEqual(before)
  })

  it('that fail in the middle leave nothing of themselves, and those before them stay', async () => {
    const schema = await schemaOf(failing)
    const error = await errorOf(migrateUp(schema, {}))
    expect(error.detail).toContain('22012')
    expect(await things()).toEqual(['one'])
    expect((await schemaStatus(schema)).applied.map(({ version }) => version)).toEqual([10])
    // The first one of all leaves no schema either.
    await client.query('DROP SCHEMA visor CASCADE')
    await errorOf(migrateUp(await schemaOf({ '0010-first.sql': 'CREATE TABLE one ();\nSELECT 1 / 0;' }), {}))
    expect(await schemaIsThere()).toBe(false)
    // Another try with the mistake mended goes on where it was.
    await migrateUp(await schemaOf(first), {})
    expect(await things()).toEqual(['one'])
  })

  it('are cancelled while they run, and rolled back', async () => {
    const schema = await schemaOf(slow)
    const cancel = new AbortController()
    const reason = new VisorError('cancelled', 'Cancelled.')
    const onProgress = (progress: SchemaProgress) => {
      if (progress.type === 'running' && progress.version === 20) setTimeout(() => cancel.abort(reason), 200)
    }
    await expect(migrateUp(schema, { onProgress, signal: cancel.signal })).rejects.toBe(reason)
    expect(await things()).toEqual(['one'])
    // The lock was let go.
    expect(await migrateUp(await schemaOf(first), {})).toEqual([])
  })

  it('see the extension in whatever schema it is, and belong to the owner of the schema', async () => {
    await client.query(
      'DROP EXTENSION vector; CREATE SCHEMA "Other things"; CREATE EXTENSION vector SCHEMA "Other things"',
    )
    await client.query(`GRANT USAGE ON SCHEMA "Other things" TO ${database.user}`)
    await migrateUp(await schemaOf(), {})
    const { rows } = await client.query<{ type: string }>(
      `SELECT format_type(atttypid, atttypmod) AS type FROM pg_attribute
       WHERE attrelid = 'visor.embeddings'::regclass AND attname = 'vector'`,
    )
    expect(rows).toEqual([{ type: '"Other things".vector(512)' }])
    // A superuser who migrates further makes things for the owner.
    const further = [
      ...postgresMigrations,
      ...parseMigrations({ '0990-further.sql': 'CREATE TABLE further ();' }),
    ]
    await migrateUp(await schemaOf(further, database.superuserUrl), {})
    const { rows: owners } = await client.query<{ owner: string }>(
      "SELECT DISTINCT pg_get_userbyid(relowner) AS owner FROM pg_class WHERE relnamespace = 'visor'::regnamespace",
    )
    expect(owners).toEqual([{ owner: 'visor_admin' }])
  })

  it('that would change the rows of some clients only fail', async () => {
    await migrateUp(await schemaOf(), {})
    const touching = (sql: string) => [
      ...postgresMigrations,
      ...parseMigrations({ '0990-touching.sql': sql }),
    ]
    const some = await errorOf(migrateUp(await schemaOf(touching('UPDATE persons SET updated_at = 0;')), {}))
    expect(some.detail).toContain('row-level security')
    const all = `ALTER TABLE persons NO FORCE ROW LEVEL SECURITY;
      UPDATE persons SET updated_at = 0;
      ALTER TABLE persons FORCE ROW LEVEL SECURITY;`
    expect(await migrateUp(await schemaOf(touching(all)), {})).toMatchObject([{ version: 990 }])
  })

  it('that build indexes beside others’ work are recorded after; a failed one leaves no index', async () => {
    const schema = await schemaOf(alone)
    await migrateUp(await schemaOf(first), {})
    await client.query('INSERT INTO visor.one VALUES (1), (1)')
    expect((await schemaPlan(schema)).migrations.map(({ inTransaction }) => inTransaction)).toEqual([false])
    const error = await errorOf(migrateUp(schema, {}))
    expect(error.code).toBe('conflict')
    expect(await things()).toEqual(['one'])
    expect((await schemaStatus(schema)).state).toBe('older')
    await client.query('DELETE FROM visor.one')
    expect(await migrateUp(schema, {})).toMatchObject([{ version: 20 }])
    expect(await things()).toEqual(['one', 'one_x'])
    expect(await verifySchema(schema)).toMatchObject({ state: 'current', invalidIndexes: [] })
  })
})

describe.skipIf(!hasServer())('a server that is not ready', () => {
  it('without the extension: a superuser is asked for it, with the statement; then it goes on', async () => {
    await start({ extension: false })
    const schema = await schemaOf()
    expect((await schemaPlan(schema)).preparation).toContain('CREATE EXTENSION vector SCHEMA public;')
    const error = await errorOf(migrateUp(schema, {}))
    expect(error.code).toBe('rights-missing')
    expect(error.remedy).toContain('CREATE EXTENSION vector;')
    expect(error.remedy).toContain(database.database)
    expect(await schemaIsThere()).toBe(false)
    await client.query('CREATE EXTENSION vector')
    await migrateUp(schema, {})
    await checkSchema(client)
  })

  it('without the extension, as a superuser: it is created', async () => {
    await start({ extension: false })
    await migrateUp(await schemaOf(postgresMigrations, database.superuserUrl), {})
    await checkSchema(client)
  })

  it('with an extension that is too old: said so, nothing touched', async () => {
    await start({ extension: true })
    await client.query("UPDATE pg_extension SET extversion = '0.6.2' WHERE extname = 'vector'")
    const error = await errorOf(migrateUp(await schemaOf(), {}))
    expect(error).toMatchObject({ code: 'server-unfit' })
    expect(error.message).toContain('0.6.2')
    expect(await schemaIsThere()).toBe(false)
  })

  it('without the right to make a schema: the grant is named; with it, it goes on', async () => {
    await start({ extension: true })
    const { name, url } = await guest()
    const schema = await schemaOf(first, url)
    const error = await errorOf(migrateUp(schema, {}))
    expect(error.code).toBe('rights-missing')
    expect(error.remedy).toContain(`GRANT CREATE ON DATABASE ${database.database} TO ${name};`)
    expect(await schemaIsThere()).toBe(false)
    await client.query(`GRANT CREATE ON DATABASE ${database.database} TO ${name}`)
    await migrateUp(schema, {})
    expect(await things()).toEqual(['one'])
    await schema.close()
    open.splice(open.indexOf(schema), 1)
    await client.query(`DROP OWNED BY ${name}; DROP ROLE ${name}`)
  })

  it('whose schema is somebody else’s: refused, until one is a member', async () => {
    await start({ extension: true })
    await migrateUp(await schemaOf(first), {})
    const { name, url } = await guest()
    const further = { ...first, '0020-second.sql': 'CREATE TABLE two ();' }
    await client.query(
      `GRANT USAGE ON SCHEMA visor TO ${name}; GRANT SELECT ON visor.schema_migrations TO ${name}`,
    )
    const schema = await schemaOf(further, url)
    expect((await schemaStatus(schema)).state).toBe('older')
    for (const work of [() => schemaPlan(schema), () => migrateUp(schema, {})]) {
      expect((await errorOf(work())).remedy).toContain(`GRANT ${database.user} TO ${name};`)
    }
    await client.query(`GRANT ${database.user} TO ${name}`)
    await migrateUp(schema, {})
    expect(await things()).toEqual(['one', 'two'])
    await schema.close()
    open.splice(open.indexOf(schema), 1)
    await client.query(`DROP OWNED BY ${name}; DROP ROLE ${name}`)
  })
})

describe.skipIf(!hasServer())('two consoles, and one that is killed', () => {
  let built: BuiltStore
  beforeAll(async () => {
    built = await buildStore({ child: 'test/integration/storage/postgres/schema-child.ts' })
  })
  afterAll(() => built.remove())
  beforeEach(() => start({ extension: true }))

  const child = (files: Readonly<Record<string, string>> | 'built-in') =>
    new StoreChild(built.folder, database.url, typeof files === 'string' ? files : JSON.stringify(files))

  it('at once: one migrates, the other waits and finds nothing to do', async () => {
    const both = [child('built-in'), child('built-in')]
    const ends = await Promise.all(both.map((one) => one.line('done')))
    const all = `done ${postgresMigrations.map(({ version }) => version).join(' ')}`
    expect(ends.sort()).toEqual(['done ', all].sort())
    const idle = both.find(({ lines }) => lines.includes('done '))!
    expect(idle.lines.filter((line) => line !== 'waiting')).toEqual(['done '])
    await checkSchema(client)
  })

  it('one that waits is told so, and sees what the other did', async () => {
    const held = { ...first, '0020-held.sql': 'CREATE TABLE two ();\nSELECT pg_advisory_xact_lock(1);\n' }
    await client.query('SELECT pg_advisory_lock(1)')
    const one = child(held)
    await one.line('running 20')
    const other = child(held)
    await other.line('waiting')
    await client.query('SELECT pg_advisory_unlock(1)')
    expect(await other.line('done')).toBe('done ')
    expect(other.lines).toEqual(['waiting', 'done '])
    expect(await one.line('done')).toBe('done 10 20')
  })

  it('kill -9 in the middle: nothing of the migration is left, and the next console need not wait for it', async () => {
    const killed = child(slow)
    await killed.line('running 20')
    await sleep(200)
    await killed.kill()
    const startedAt = performance.now()
    const schema = await schemaOf(first)
    expect(await migrateUp(schema, {})).toEqual([])
    expect(performance.now() - startedAt).toBeLessThan(20_000)
    expect(await things()).toEqual(['one'])
  })

  it('kill -9 while an index is built: what is left of it goes, and it is built anew', async () => {
    await migrateUp(await schemaOf(first), {})
    await client.query('BEGIN; INSERT INTO visor.one VALUES (1)')
    const killed = child(alone)
    // It waits for our transaction: the index is there, and is not valid.
    while (!(await things()).includes('one_x')) await sleep(20)
    await killed.kill()
    await client.query('COMMIT')
    const schema = await schemaOf(alone)
    await migrateUp(schema, {})
    expect(await verifySchema(schema)).toMatchObject({ state: 'current', invalidIndexes: [] })
    expect(await things()).toEqual(['one', 'one_x'])
  })

  it('a store opens on its own schema only; another is not touched', async () => {
    const at = { ...serverAt(database.url), builtFolder: built.folder, threads: 1 }
    expect((await errorOf(openServerStore(at))).code).toBe('schema-pending')
    expect(await schemaIsThere()).toBe(false)
    await migrateUp(await schemaOf(postgresMigrations.slice(0, -1)), {})
    const older = await errorOf(openServerStore(at))
    expect(older).toMatchObject({ code: 'schema-pending' })
    expect(older.remedy).toContain('visor schema up')
    await migrateUp(await schemaOf(), {})
    await (await openServerStore(at)).close()
    await client.query("INSERT INTO visor.schema_migrations VALUES (9990, 'later', repeat('0', 64), 0, 0)")
    expect((await errorOf(openServerStore(at))).code).toBe('database-newer')
    await client.query("UPDATE visor.schema_migrations SET checksum = repeat('0', 64) WHERE version = 10")
    expect((await errorOf(openServerStore(at))).code).toBe('migration-tampered')
    const { name, url } = await guest()
    await expect(openServerStore({ ...at, ...serverAt(url) })).rejects.toMatchObject({
      code: 'rights-missing',
    })
    await client.query(`DROP ROLE ${name}`)
  })

  it('in a thread of its own, as the program does it, with a log', async () => {
    const place = { kind: 'postgres', ...serverAt(database.url) } as const
    const schema = openSchema(place, { builtFolder: built.folder })
    expect((await schema.status()).state).toBe('absent')
    expect((await schema.plan()).migrations).toHaveLength(postgresMigrations.length)
    const told: SchemaProgress[] = []
    const done = await schema.up({ onProgress: (progress) => told.push(progress) })
    expect(done).toHaveLength(postgresMigrations.length)
    expect(told).toHaveLength(2 * postgresMigrations.length)
    expect((await schema.verify()).state).toBe('current')
    expect(schema.log().map(({ text }) => text)).toContain(`0010-initial begins (1 of ${done.length}).`)
    const cancel = new AbortController()
    cancel.abort(new VisorError('cancelled', 'Cancelled.'))
    await expect(schema.up({ signal: cancel.signal })).rejects.toSatisfy((error) =>
      hasCode(error, 'cancelled'),
    )
    const nowhere = openSchema(
      { ...place, connection: { ...place.connection, hosts: [{ host: '127.0.0.1', port: 1 }] } },
      { builtFolder: built.folder },
    )
    await expect(nowhere.status()).rejects.toMatchObject({
      code: 'server-unreachable',
      failure: { outage: true },
    })
  })
})
