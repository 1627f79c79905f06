/** Several consoles migrate one server, one is killed at it, and a store opens on its own schema only: on a real PostgreSQL. */
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { checkSchema, postgresMigrations } from '../../../../src-main/storage/postgres/postgres-migrations'
import { migrateUp, verifySchema } from '../../../../src-main/storage/schema/migrate'
import { openSchema } from '../../../../src-main/storage/schema/open-schema'
import { openServerStore } from '../../../../src-main/storage/threads/server-store'
import { hasCode, VisorError } from '../../../../src-shared/errors'
import type { SchemaProgress } from '../../../../src-shared/schema'
import { type BuiltStore, buildStore } from '../../../contract/built-store'
import { hasServer, serverAt } from '../../../postgres/databases'
import { StoreChild } from '../child-process'
import { alone, DatabaseToMigrate, errorOf, first, slow } from './database-to-migrate'

let target: DatabaseToMigrate

describe.skipIf(!hasServer())('two consoles, and one that is killed', () => {
  let built: BuiltStore
  beforeAll(async () => {
    built = await buildStore({ child: 'test/integration/storage/postgres/schema-child.ts' })
  })
  afterAll(() => built.remove())
  beforeEach(async () => {
    target = await DatabaseToMigrate.make({ extension: true })
  })
  afterEach(() => target.drop())

  const child = (files: Readonly<Record<string, string>> | 'built-in') =>
    new StoreChild(
      built.folder,
      target.database.url,
      typeof files === 'string' ? files : JSON.stringify(files),
    )

  it('at once: one migrates, the other waits and finds nothing to do', async () => {
    const both = [child('built-in'), child('built-in')]
    const ends = await Promise.all(both.map((one) => one.line('done')))
    const all = `done ${postgresMigrations.map(({ version }) => version).join(' ')}`
    expect(ends.sort()).toEqual(['done ', all].sort())
    const idle = both.find(({ lines }) => lines.includes('done '))!
    expect(idle.lines.filter((line) => line !== 'waiting')).toEqual(['done '])
    await checkSchema(target.client)
  })

  it('one that waits is told so, and sees what the other did', async () => {
    const held = { ...first, '0020-held.sql': 'CREATE TABLE two ();\nSELECT pg_advisory_xact_lock(1);\n' }
    await target.client.query('SELECT pg_advisory_lock(1)')
    const one = child(held)
    await one.line('running 20')
    const other = child(held)
    await other.line('waiting')
    await target.client.query('SELECT pg_advisory_unlock(1)')
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
    const schema = await target.schemaOf(first)
    expect(await migrateUp(schema, {})).toEqual([])
    expect(performance.now() - startedAt).toBeLessThan(20_000)
    expect(await target.things()).toEqual(['one'])
  })

  it('kill -9 while an index is built: what is left of it goes, and it is built anew', async () => {
    await migrateUp(await target.schemaOf(first), {})
    await target.client.query('BEGIN; INSERT INTO visor.one VALUES (1)')
    const killed = child(alone)
    // It waits for our transaction: the index is there, and is not valid.
    while (!(await target.things()).includes('one_x')) await sleep(20)
    await killed.kill()
    await target.client.query('COMMIT')
    const schema = await target.schemaOf(alone)
    await migrateUp(schema, {})
    expect(await verifySchema(schema)).toMatchObject({ state: 'current', invalidIndexes: [] })
    expect(await target.things()).toEqual(['one', 'one_x'])
  })

  it('a store opens on its own schema only; another is not touched', async () => {
    const at = { ...serverAt(target.database.url), builtFolder: built.folder, threads: 1 }
    expect((await errorOf(openServerStore(at))).code).toBe('schema-pending')
    expect(await target.schemaIsThere()).toBe(false)
    await migrateUp(await target.schemaOf(postgresMigrations.slice(0, -1)), {})
    const older = await errorOf(openServerStore(at))
    expect(older).toMatchObject({ code: 'schema-pending' })
    expect(older.remedy).toContain('visor schema up')
    await migrateUp(await target.schemaOf(), {})
    await (await openServerStore(at)).close()
    await target.client.query(
      "INSERT INTO visor.schema_migrations VALUES (9990, 'later', repeat('0', 64), 0, 0)",
    )
    expect((await errorOf(openServerStore(at))).code).toBe('database-newer')
    await target.client.query(
      "UPDATE visor.schema_migrations SET checksum = repeat('0', 64) WHERE version = 10",
    )
    expect((await errorOf(openServerStore(at))).code).toBe('migration-tampered')
    const { name, url } = await target.guest()
    await expect(openServerStore({ ...at, ...serverAt(url) })).rejects.toMatchObject({
      code: 'rights-missing',
    })
    await target.client.query(`DROP ROLE ${name}`)
  })

  it('in a thread of its own, as the program does it, with a log', async () => {
    const place = { kind: 'postgres', ...serverAt(target.database.url) } as const
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
