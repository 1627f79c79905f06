/** Every kind of outage, made to happen for real: what the cache answers, how soon, and how it ends. */
import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { feedTimes } from '../../../../src-main/storage/postgres/feed-listener'
import { hasCode } from '../../../../src-shared/errors'
import { ServerError } from '../../../../src-shared/server-failure'
import { type BuiltStore, buildStore } from '../../../contract/built-store'
import { client, context, otherClient, serbia, slovenia } from '../../../contract/curated-store'
import { hasServer, privateServer } from '../../../postgres/databases'
import { type MigratedDatabase, migratedDatabase } from '../../../postgres/migrated'
import type { PostgresServer } from '../../../postgres/server'
import { Console, connectTimeoutMs } from './console'

/** What is promised is 300 ms after the time-out, on a machine that is not as busy as one that runs tests. */
const soonMs = 1500

describe.skipIf(!hasServer())('a server that goes away', () => {
  let built: BuiltStore
  let server: PostgresServer
  let database: MigratedDatabase
  let here: Console
  beforeAll(async () => {
    built = await buildStore()
    server = await privateServer()
    database = await migratedDatabase({ server })
    here = await Console.open(built.folder, database)
    await here.alone(() => here.enrol('Ana', 1))
  })
  afterAll(async () => {
    await here.close()
    await server.close()
    built.remove()
  })
  afterEach(async () => {
    here.line.heal()
    await here.until('up')
    await here.sync()
  })

  /** The next search is answered from the cache; how long it took, ms. */
  async function searchedInCache(): Promise<number> {
    const startedAt = performance.now()
    const answer = await here.search(1)
    const tookMs = performance.now() - startedAt
    expect(answer.probes[0]!.persons[0]).toMatchObject({ name: 'Ana' })
    expect(answer.side).toEqual({ mode: 'cache', asOf: expect.any(Number) })
    return tookMs
  }
  async function backAgain(): Promise<void> {
    await here.until('up')
    const answer = await here.search(1)
    expect(answer.side).toEqual({ mode: 'server' })
    expect(answer.probes[0]!.persons[0]).toMatchObject({ name: 'Ana' })
  }

  test('before anything is wrong, the server answers', backAgain)

  test('connections that are refused', async () => {
    here.line.cut()
    expect(await searchedInCache()).toBeLessThan(soonMs)
    // Nobody waits any more.
    expect(await searchedInCache()).toBeLessThan(soonMs)
    expect(here.store.link).toMatchObject({ state: 'gone', since: expect.any(Number) })
    here.line.heal()
    await backAgain()
  })

  test('a line that is silent: the server is looked for, and given up when its time is over', async () => {
    here.line.silence()
    const tookMs = await searchedInCache()
    expect(tookMs).toBeGreaterThan(connectTimeoutMs)
    expect(tookMs).toBeLessThan(300 + connectTimeoutMs + soonMs)
    expect(await searchedInCache()).toBeLessThan(soonMs)
    here.line.heal()
    await backAgain()
  })

  test('a connection that is reset in the middle of an answer, and no other to be had', async () => {
    here.line.resetAfter(20)
    const searched = searchedInCache()
    here.line.refuse()
    await searched
    here.line.heal()
    await backAgain()
  })

  test('a server that hangs up', async () => {
    here.line.refuse()
    here.line.halfClose()
    await searchedInCache()
    here.line.heal()
    await backAgain()
  })

  test('a line so slow that the server seems away', async () => {
    here.line.delay(3 * connectTimeoutMs)
    await searchedInCache()
    here.line.heal()
    await backAgain()
  })

  test('a server that stops, or is killed, and starts again', async () => {
    await server.stop('immediate')
    await searchedInCache()
    await server.start()
    await backAgain()
    await server.kill()
    await searchedInCache()
    await server.start()
    await backAgain()
  })

  test('a server that takes no writes: what is edited waits until it can be written', async () => {
    await server.setReadOnly(true)
    const bojan = await here.enrol('Bojan', 2)
    expect(here.links).toContain('gone')
    expect((await here.search(2)).probes[0]!.persons[0]).toMatchObject({ personId: bojan })
    await server.setReadOnly(false)
    await here.until('up')
    expect(await here.store.gallery.person(bojan)).toMatchObject({ name: 'Bojan' })
  })

  test('a server that says that its disk is full: the same', async () => {
    await database.query(`
      CREATE FUNCTION no_space() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN RAISE EXCEPTION 'No space left on device' USING ERRCODE = 'disk_full'; END $$`)
    await database.query('CREATE TRIGGER no_space BEFORE INSERT ON photos EXECUTE FUNCTION no_space()')
    const cene = await here.enrol('Cene', 3)
    expect(here.store.link).toMatchObject({ why: { failure: { kind: 'disk-full' } } })
    await database.query('DROP TRIGGER no_space ON photos')
    await here.until('up')
    expect(await here.store.gallery.person(cene)).toMatchObject({ name: 'Cene' })
  })

  test('missing rights are no outage: they are shown as what they are', async () => {
    await database.query('CREATE POLICY nothing ON persons AS RESTRICTIVE FOR INSERT WITH CHECK (false)')
    const refused = await here.enrol('Dana', 4).catch((error: unknown) => error)
    await database.query('DROP POLICY nothing ON persons')
    expect(refused).toMatchObject({ code: 'rights-missing', failure: { kind: 'rights', outage: false } })
    expect(here.store.link.state).toBe('up')
  })

  test('a wrong password is no outage either, and ends the looking', async () => {
    here.line.cut()
    await searchedInCache()
    await server.asSuperuser((superuser) => superuser.query("ALTER ROLE visor_owner PASSWORD 'another'"))
    try {
      here.line.heal()
      await here.until('failed')
      const refused = await here.search(1).catch((error: unknown) => error)
      expect(refused).toBeInstanceOf(ServerError)
      expect(refused).toMatchObject({ code: 'server-login', failure: { kind: 'password' } })
    } finally {
      await server.asSuperuser((superuser) =>
        superuser.query(`ALTER ROLE visor_owner PASSWORD '${server.password}'`),
      )
    }
    await here.store.tryNow()
    await backAgain()
  })

  test('a password that is changed while the console is open is said, and not tried again and again', async () => {
    const tries = async () =>
      (readFileSync(server.logFile, 'utf8').match(/password authentication failed/g) ?? []).length
    const before = await tries()
    await server.asSuperuser((superuser) => superuser.query("ALTER ROLE visor_owner PASSWORD 'another'"))
    try {
      here.line.reset()
      const refused = await here.search(1).catch((error: unknown) => error)
      expect(refused).toMatchObject({ code: 'server-login', failure: { kind: 'password', outage: false } })
      await here.until('failed')
      // Whatever was under way is over by now; last the change feed, which paused after the connection that it lost.
      await sleep(feedTimes.longestPauseMs + 500)
      const once = await tries()
      expect(once).toBeGreaterThan(before)
      for (const refused of [() => here.search(1), () => here.enrol('Gaja', 7)]) {
        await expect(refused()).rejects.toSatisfy((error) => hasCode(error, 'server-login'))
      }
      await sleep(feedTimes.longestPauseMs + 500)
      expect(await tries()).toBe(once)
    } finally {
      await server.asSuperuser((superuser) =>
        superuser.query(`ALTER ROLE visor_owner PASSWORD '${server.password}'`),
      )
    }
    await here.store.tryNow()
    await backAgain()
    expect(await here.store.outboxEntries()).toEqual([])
    // The change feed as well.
    await expect.poll(() => here.listening, { timeout: 10_000 }).toBe(true)
  })

  test('a schema that a newer Visor migrated while this console comes back: what waits goes on waiting', async () => {
    const [ivo, jure] = await here.alone(() => Promise.all([here.enrol('Ivo', 8), here.enrol('Jure', 9)]))
    here.line.cut()
    await here.store.gallery.updatePerson(ivo, { occupation: 'baker' }, context)
    await here.store.gallery.updatePerson(jure, { occupation: 'miller' }, context)
    const holder = new pg.Client(database.url)
    await holder.connect()
    await holder.query('BEGIN')
    await holder.query('LOCK TABLE visor.persons IN EXCLUSIVE MODE')
    here.line.heal()
    await here.until('returning')
    await database.query(
      "INSERT INTO schema_migrations (version, name, checksum, applied_at, duration_ms) VALUES (99990, 'later', repeat('0', 64), 0, 0)",
    )
    try {
      // The first of the two waits for the lock; the news comes with the feed's heartbeat.
      await expect.poll(() => here.newsOf('schema'), { timeout: 10_000 }).toBeGreaterThan(0)
      await holder.query('COMMIT')
      await here.until('failed')
      expect(here.store.link).toMatchObject({ why: { code: 'database-newer' } })
      expect((await here.store.outboxEntries()).at(-1)).toMatchObject({ people: [jure] })
      const second = database.query('SELECT occupation FROM persons WHERE id = $1', [jure])
      expect(await second).toEqual([{ occupation: null }])
    } finally {
      await holder.end()
      await database.query('DELETE FROM schema_migrations WHERE version = 99990')
    }
    await here.store.tryNow()
    await backAgain()
    expect(await here.store.gallery.person(jure)).toMatchObject({ occupation: 'miller' })
  })

  test('a schema that a newer Visor migrated meanwhile is noticed, said, and nothing is asked of it any more', async () => {
    await database.query(
      "INSERT INTO schema_migrations (version, name, checksum, applied_at, duration_ms) VALUES (99990, 'later', repeat('0', 64), 0, 0)",
    )
    try {
      await here.until('failed')
      const refusals = [() => here.search(1), () => here.enrol('Fani', 6), () => here.store.gallery.clients()]
      for (const refused of refusals) {
        await expect(refused()).rejects.toSatisfy((error) => hasCode(error, 'database-newer'))
      }
      // It is looked at again, and is as before.
      await here.store.tryNow()
      expect(here.store.link).toMatchObject({ state: 'failed', why: { code: 'database-newer' } })
    } finally {
      await database.query('DELETE FROM schema_migrations WHERE version = 99990')
    }
    await here.store.tryNow()
    await backAgain()
  })

  test('what the cache does not keep says so', async () => {
    here.line.cut()
    await searchedInCache()
    const { gallery, unknown, reviews } = here.store
    const refusals = [
      () => gallery.ledger({ clientId: client, limit: 10 }),
      () => unknown.domains(client, 'pack/embedder' as never),
      () => reviews.forget(0),
      () => gallery.deleteDomain(client, slovenia, context),
      () => gallery.ensureDomain(client, serbia),
      () => gallery.addPerson(client, serbia, 'Eva', { aliases: [] }, context),
      () => gallery.gallerySize(otherClient, 'all', 'pack/embedder' as never),
      () => gallery.person('00000000-0000-7000-8000-000000000000' as never),
    ]
    for (const refused of refusals) {
      await expect(refused()).rejects.toSatisfy((error) => hasCode(error, 'server-unreachable'))
    }
    // It is there.
    await gallery.ensureDomain(client, slovenia)
  })
})
