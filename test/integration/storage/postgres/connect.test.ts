/** Connections and pools on a real server: what a session has, how a pool keeps them, and each way in which they fail. */
import { writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest'
import {
  clientFor,
  failureOn,
  poolFor,
  type ServerClient,
} from '../../../../src-main/storage/postgres/connect'
import { serverErrorOf } from '../../../../src-main/storage/postgres/failures'
import { testConnection } from '../../../../src-main/storage/postgres/test-connection'
import type { ServerPool } from '../../../../src-shared/server'
import { asServerConnection } from '../../../../src-shared/server-parameters'
import { parseServerText } from '../../../../src-shared/server-url'
import { hasServer, privateServer, type TestDatabase, testDatabase } from '../../../postgres/databases'
import { handOver } from '../../../postgres/program'
import { untilItRuns } from '../../../postgres/running'
import type { PostgresServer } from '../../../postgres/server'
import { errorOf, failureOf, targetOf } from './target'
import { startSilence, startWire, type Wire } from './wire'

/** A message of the server's: its type and what it says. */
function message(type: string, body: Buffer): Buffer {
  const length = Buffer.alloc(4)
  length.writeUInt32BE(body.length + 4)
  return Buffer.concat([Buffer.from(type), length, body])
}

/** AuthenticationOk, ParameterStatus, ReadyForQuery. */
const loggedIn = (version: string) =>
  Buffer.concat([
    message('R', Buffer.alloc(4)),
    message('S', Buffer.from(`server_version\0${version}\0`)),
    message('Z', Buffer.from('I')),
  ])

describe.skipIf(!hasServer())('connecting', () => {
  let database: TestDatabase
  const target = (pool?: Partial<ServerPool>) => targetOf(database.url, pool)

  beforeAll(async () => {
    database = await testDatabase({ extension: true })
  })
  afterAll(() => database.drop())

  describe('a session', () => {
    it('is set up before anything is asked', async () => {
      const client = await clientFor(await target({ statementTimeoutMs: 12_345 }))
      const { rows } = await client.query(
        `SELECT current_setting('search_path') AS path, current_setting('statement_timeout') AS timeout,
                current_setting('plan_cache_mode') AS plans, current_setting('application_name') AS name,
                (SELECT setting = 'lz4' OR NOT 'lz4' = ANY (enumvals) FROM pg_settings
                 WHERE name = 'default_toast_compression') AS shortens_quickly,
                '[1,2]'::public.vector AS vector, '[1,2]'::public.halfvec AS half`,
      )
      expect(rows).toEqual([
        {
          path: 'visor, pg_temp',
          timeout: '12345ms',
          plans: 'auto',
          name: 'visor',
          shortens_quickly: true,
          vector: [1, 2],
          half: [1, 2],
        },
      ])
      expect(client.times?.loginMs).toBeGreaterThan(0)
      expect(client.told.get('server_version')).toMatch(/^\d+/)
      await client.end()
    })

    it('finds the extension wherever it was created', async () => {
      const elsewhere = await testDatabase()
      const owner = await clientFor(await targetOf(elsewhere.superuserUrl), { vector: 'optional' })
      await owner.query('CREATE SCHEMA "my extensions"; CREATE EXTENSION vector SCHEMA "my extensions"')
      await owner.end()
      const client = await clientFor(await targetOf(elsewhere.superuserUrl))
      const asked = `SELECT '[1]'::"my extensions".vector AS vector`
      expect((await client.query(asked)).rows).toEqual([{ vector: [1] }])
      await client.end()
      await elsewhere.drop()
    })

    it('takes nothing for its own that somebody made beside pgvector, or for the session', async () => {
      const elsewhere = await testDatabase()
      const attacker = `attacker_${elsewhere.database}`
      const owner = await clientFor(await targetOf(elsewhere.superuserUrl), { vector: 'optional' })
      await owner.query(`
        CREATE SCHEMA extensions; CREATE EXTENSION vector SCHEMA extensions;
        CREATE SCHEMA visor; GRANT USAGE ON SCHEMA visor TO PUBLIC; CREATE TABLE visor.persons AS SELECT 'right' AS name;
        CREATE ROLE ${attacker} LOGIN PASSWORD 'word'; GRANT ALL ON SCHEMA extensions TO ${attacker}`)
      const evil = new URL(elsewhere.url)
      Object.assign(evil, { username: attacker, password: 'word' })
      const stranger = await clientFor(await targetOf(evil.href))
      // They fit better than what PostgreSQL has, and so would be taken wherever on the path they are.
      await stranger.query(`
        CREATE FUNCTION extensions.upper(varchar) RETURNS text LANGUAGE sql AS $$ SELECT 'wrong' $$;
        CREATE FUNCTION extensions.glue(varchar, integer) RETURNS text LANGUAGE sql AS $$ SELECT 'wrong' $$;
        CREATE OPERATOR extensions.|| (LEFTARG = varchar, RIGHTARG = integer, FUNCTION = extensions.glue)`)
      await stranger.end()
      const client = await clientFor(await targetOf(elsewhere.superuserUrl))
      const ask = async () => {
        const { rows } = await client.query(
          `SELECT upper('right'::varchar) AS called, 'right'::varchar || 1 AS joined, name FROM persons`,
        )
        return rows[0]
      }
      await client.query("CREATE TEMP TABLE persons AS SELECT 'wrong' AS name")
      expect(await ask()).toEqual({ called: 'RIGHT', joined: 'right1', name: 'right' })
      // As it would be with a path as psql has it.
      await client.query('SET search_path = pg_temp, visor, extensions')
      expect(await ask()).toEqual({ called: 'wrong', joined: 'wrong', name: 'wrong' })
      await client.end()
      await owner.query(`DROP OWNED BY ${attacker}; DROP ROLE ${attacker}`)
      await owner.end()
      await elsewhere.drop()
    })
  })

  describe('a pool', () => {
    it('gives out as many connections as it may, and says when none is free', async () => {
      const pool = poolFor(await target({ size: 2, connectTimeoutMs: 1500 }))
      const [one, two] = [await pool.connect(), await pool.connect()]
      const failure = await failureOf(pool.connect())
      expect(failure).toMatchObject({
        kind: 'too-many-connections',
        where: 'console',
        outage: true,
        retry: 'safe',
      })
      one.release()
      expect((await pool.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }])
      two.release()
      await pool.end()
    })

    it('replaces a connection after its uses, and after its time', async () => {
      const pid = async (pool: ReturnType<typeof poolFor>) =>
        (await pool.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')).rows[0]?.pid
      const byUses = poolFor(await target({ size: 1, recycleAfterUses: 2 }))
      const uses = [await pid(byUses), await pid(byUses), await pid(byUses)]
      expect(uses[1]).toBe(uses[0])
      expect(uses[2]).not.toBe(uses[0])
      await byUses.end()
      const byAge = poolFor(await target({ size: 1, recycleAfterSeconds: 1 }))
      const young = await pid(byAge)
      await sleep(1200)
      expect(await pid(byAge)).not.toBe(young)
      await byAge.end()
    })

    it('goes on after an idle connection was lost, and tells of it', async () => {
      const lost: string[] = []
      const pool = poolFor(await target({ size: 1 }), {
        onIdleFailure: ({ failure }) => lost.push(failure.kind),
      })
      const { rows } = await pool.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')
      const other = await clientFor(await targetOf(database.superuserUrl))
      await other.query('SELECT pg_terminate_backend($1)', [rows[0]?.pid])
      await other.end()
      await expect.poll(() => lost).toEqual(['shutdown'])
      expect((await pool.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }])
      await pool.end()
    })

    it('is ended without a word, and says so to whoever comes after', async () => {
      const told: unknown[] = []
      const pool = poolFor(await target(), { onIdleFailure: (error) => told.push(error) })
      await pool.query('SELECT 1')
      await pool.end()
      await sleep(50)
      expect(told).toEqual([])
      expect(await failureOf(pool.connect())).toMatchObject({ kind: 'other' })
    })
  })

  describe('who does not get in', () => {
    test('nobody listens there', async () => {
      const error = await errorOf(clientFor(await targetOf('postgresql://a:b@127.0.0.1:1/x')))
      expect(error.failure).toEqual({
        kind: 'unreachable',
        reason: 'refused',
        outage: true,
        retry: 'safe',
        sqlState: null,
      })
      expect(error.code).toBe('server-unreachable')
      expect(error.message).toContain('127.0.0.1:1')
    })

    test('nobody listens at any address of a name', async () => {
      const failure = await failureOf(clientFor(await targetOf('postgresql://a:b@localhost:1/x')))
      expect(failure).toMatchObject({ kind: 'unreachable', reason: 'refused' })
    })

    test('there is no such socket', async () => {
      expect(await failureOf(clientFor(await targetOf('postgresql://a:b@%2Fnowhere/x')))).toMatchObject({
        kind: 'unreachable',
        reason: 'refused',
      })
    })

    test('the name is nobody’s', async () => {
      const failure = await failureOf(clientFor(await targetOf('postgresql://a:b@visor.invalid/x')))
      expect(failure).toMatchObject({ kind: 'unreachable', reason: 'name', outage: true, retry: 'safe' })
    })

    test.each(['disable', 'prefer', 'require'])('it listens and never answers, %s', async (mode) => {
      const silence = await startSilence()
      const began = performance.now()
      const quick = await targetOf(`${silence.url}?sslmode=${mode}`, { connectTimeoutMs: 300 })
      for (const work of [clientFor(quick), poolFor(quick).query('SELECT 1')]) {
        expect(await failureOf(work)).toMatchObject({
          kind: 'unreachable',
          reason: 'timeout',
          outage: true,
          retry: 'safe',
        })
      }
      expect(performance.now() - began).toBeLessThan(2000)
      await silence.close()
    })

    test.each(['prefer', 'require'])('it is no PostgreSQL, %s', async (mode) => {
      const other = await startSilence('SSH-2.0-x\r\n')
      expect(await failureOf(clientFor(await targetOf(`${other.url}?sslmode=${mode}`)))).toMatchObject({
        kind: 'unreachable',
        reason: 'not-postgres',
      })
      await other.close()
    })

    test('it wants a way of logging in that nobody here knows; the thread lives on', async () => {
      // AuthenticationGSS.
      const other = await startSilence(Buffer.from([0x52, 0, 0, 0, 8, 0, 0, 0, 7]))
      expect(await failureOf(clientFor(await targetOf(`${other.url}?sslmode=disable`)))).toMatchObject({
        kind: 'password',
        reason: 'method',
        outage: false,
      })
      await other.close()
    })

    test('a PostgreSQL of before the oldest', async () => {
      const old = await startSilence(loggedIn('13.22 (Debian)'))
      expect(await failureOf(clientFor(await targetOf(`${old.url}?sslmode=disable`)))).toMatchObject({
        kind: 'version-too-old',
        what: 'server',
        found: '13.22 (Debian)',
        needed: '14',
        outage: false,
      })
      await old.close()
    })

    test('it stops in the moment after the log-in: that is an outage', async () => {
      const stopped = message('E', Buffer.from('SFATAL\0C57P01\0Mterminating connection\0\0'))
      const other = await startSilence(Buffer.concat([loggedIn('15.4'), stopped]))
      expect(await failureOf(clientFor(await targetOf(`${other.url}?sslmode=disable`)))).toMatchObject({
        kind: 'shutdown',
        outage: true,
        retry: 'safe',
      })
      await other.close()
    })

    test('a wrong password, none, and nobody of that name', async () => {
      const { host, port, user, database: name } = database
      const at = `@${host}:${port}/${name}`
      const wrong = await errorOf(clientFor(await targetOf(`postgresql://${user}:geheim${at}`)))
      expect(wrong.failure).toEqual({
        kind: 'password',
        reason: 'wrong',
        outage: false,
        retry: 'no',
        sqlState: '28P01',
      })
      expect(JSON.stringify([wrong, wrong.detail, wrong.stack])).not.toContain('geheim')
      expect(await failureOf(clientFor(await targetOf(`postgresql://${user}${at}`)))).toMatchObject({
        kind: 'password',
        reason: 'missing',
        outage: false,
      })
      expect(
        await failureOf(poolFor(await targetOf(`postgresql://${user}${at}`)).query('SELECT 1')),
      ).toMatchObject({
        kind: 'password',
        reason: 'missing',
      })
      // PostgreSQL does not say whether a user exists.
      expect(await failureOf(clientFor(await targetOf(`postgresql://nobody:geheim${at}`)))).toMatchObject({
        kind: 'password',
        reason: 'wrong',
      })
    })

    test('no such database', async () => {
      const { host, port, user, password } = database
      const missing = await targetOf(`postgresql://${user}:${password}@${host}:${port}/nowhere`)
      expect(await failureOf(clientFor(missing))).toMatchObject({
        kind: 'database',
        outage: false,
        retry: 'no',
      })
    })

    test('no pgvector, except for whoever looks or migrates', async () => {
      const bare = await testDatabase()
      const bareTarget = await targetOf(bare.url)
      const error = await errorOf(clientFor(bareTarget))
      expect(error.failure).toMatchObject({ kind: 'extension-missing', outage: false })
      expect(error.remedy).toContain('CREATE EXTENSION vector')
      expect(await failureOf(poolFor(bareTarget).query('SELECT 1'))).toMatchObject({
        kind: 'extension-missing',
      })
      const client = await clientFor(bareTarget, { vector: 'optional' })
      await client.end()
      await bare.drop()
    })

    test('pgvector of before halfvec', async () => {
      const old = await testDatabase({ extension: true })
      const superuser = await clientFor(await targetOf(old.superuserUrl))
      await superuser.query("UPDATE pg_extension SET extversion = '0.6.2' WHERE extname = 'vector'")
      await superuser.end()
      expect(await failureOf(clientFor(await targetOf(old.url)))).toMatchObject({
        kind: 'version-too-old',
        what: 'pgvector',
        found: '0.6.2',
        needed: '0.7',
      })
      await old.drop()
    })
  })

  describe('what fails while it works', () => {
    let client: ServerClient
    beforeAll(async () => {
      client = await clientFor(await target({ statementTimeoutMs: 300 }))
      await client.query(
        'CREATE TABLE public.things (id int PRIMARY KEY, parent int REFERENCES public.things, name text NOT NULL CHECK (name <> $$no$$))',
      )
      await client.query("INSERT INTO public.things VALUES (1, NULL, 'Ana Secretname')")
    })
    afterAll(() => client.end())
    const failed = async (statement: string) =>
      serverErrorOf(await client.query(statement).catch((error: unknown) => error))

    test.each([
      ["INSERT INTO public.things VALUES (1, NULL, 'Ana Secretname')", 'unique', 'things_pkey'],
      ["INSERT INTO public.things VALUES (2, 7, 'Ana Secretname')", 'foreign-key', 'things_parent_fkey'],
      ['INSERT INTO public.things VALUES (2, NULL, NULL)', 'not-null', null],
      ["INSERT INTO public.things VALUES (2, NULL, 'no')", 'check', 'things_name_check'],
    ])('%s', async (statement, type, name) => {
      const error = await failed(statement)
      expect(error.failure).toMatchObject({ kind: 'constraint', type, name, outage: false, retry: 'no' })
      expect(error.code).toBe('conflict')
      expect(JSON.stringify([error, error.detail, error.cause, error.stack])).not.toContain('Secretname')
    })

    test('a value that is none is not repeated', async () => {
      const error = await failed("SELECT 'Ana Secretname'::int")
      expect(error.failure.kind).toBe('other')
      expect(error.detail).toContain('22P02')
      expect(JSON.stringify([error, error.detail, error.stack])).not.toContain('Secretname')
    })

    test('too long', async () => {
      expect((await failed('SELECT pg_sleep(5)')).failure).toMatchObject({
        kind: 'cancelled',
        sqlState: '57014',
        outage: true,
        retry: 'no',
      })
      expect((await client.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }])
    })

    test('not allowed', async () => {
      const error = await failed('SELECT * FROM pg_authid')
      expect(error.failure).toMatchObject({ kind: 'rights', outage: false, retry: 'no' })
      expect(error.code).toBe('rights-missing')
    })

    test('two in each other’s way', async () => {
      const other = await clientFor(await target())
      for (const one of [client, other])
        await one.query('BEGIN ISOLATION LEVEL SERIALIZABLE; SELECT count(*) FROM public.things')
      await client.query("INSERT INTO public.things VALUES (10, NULL, 'a')")
      await other.query("INSERT INTO public.things VALUES (11, NULL, 'b')")
      await client.query('COMMIT')
      const error = serverErrorOf(await other.query('COMMIT').catch((reason: unknown) => reason))
      expect(error.failure).toMatchObject({ kind: 'serialization', retry: 'safe', outage: false })
      await other.end()
    })
  })

  describe('the wire', () => {
    let wire: Wire
    beforeAll(async () => {
      wire = await startWire(database.host, database.port)
    })
    afterAll(() => wire.close())
    const through = (pool?: Partial<ServerPool>) => {
      const { user, password, database: name } = database
      return targetOf(`postgresql://${user}:${password}@127.0.0.1:${wire.port}/${name}`, pool)
    }

    test.each([
      ['reset', 'reset'],
      ['hang-up', 'closed'],
    ] as const)('%s in mid-query', async (fault, reason) => {
      const client = await clientFor(await through())
      const asked = client.query(`SELECT pg_sleep(20) /* ${fault} */`).catch((reason: unknown) => reason)
      await untilItRuns(database.superuserUrl, `/* ${fault} */`)
      wire.strike(fault)
      const error = serverErrorOf(await asked)
      // It may have been done: nobody knows.
      expect(error.failure).toMatchObject({ kind: 'unreachable', reason, outage: true, retry: 'unknown' })
      expect(client.brokenBy?.failure).toMatchObject({ kind: 'unreachable', reason })
      await client.end()
    })

    test('silence in mid-query is given up a second after the server’s own time-out, not when idle', async () => {
      const client = await clientFor(await through({ statementTimeoutMs: 200 }))
      await sleep(1500)
      expect((await client.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }])
      wire.strike('silence')
      const began = performance.now()
      const error = serverErrorOf(await client.query('SELECT 1').catch((reason: unknown) => reason))
      expect(error.failure).toMatchObject({ kind: 'unreachable', reason: 'timeout', retry: 'unknown' })
      expect(performance.now() - began).toBeLessThan(2200)
      await client.end()
    })

    test('a pool connects anew after each', async () => {
      const pool = poolFor(await through({ size: 1 }))
      for (const [time, fault] of (['reset', 'hang-up', 'reset'] as const).entries()) {
        const client = await pool.connect()
        const asked = client
          .query(`SELECT pg_sleep(20) /* time ${time} */`)
          .catch((reason: unknown) => failureOn(client, reason))
        await untilItRuns(database.superuserUrl, `/* time ${time} */`)
        wire.strike(fault)
        expect(await asked).toMatchObject({ failure: { kind: 'unreachable' } })
        client.release()
        expect((await pool.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }])
      }
      await pool.end()
    })
  })
})

describe.skipIf(!hasServer())('a server of its own', () => {
  let server: PostgresServer
  const at = (host = '127.0.0.1', extra = '') =>
    targetOf(`postgresql://postgres:${server.password}@${host}/postgres${extra}`)
  const here = () => `127.0.0.1:${server.port}`

  beforeAll(async () => {
    server = await privateServer({ maxConnections: 8, settings: { superuser_reserved_connections: '0' } })
    await server.asSuperuser((client) => client.query('CREATE EXTENSION vector'))
  })
  afterAll(() => server.close())

  test('stops in mid-query, is away, comes back; the pool follows', async () => {
    const pool = poolFor(await at(here()))
    const asked = pool.query('SELECT pg_sleep(20) /* stopped */').catch((reason: unknown) => reason)
    await untilItRuns(server.superuserUrl(), '/* stopped */')
    await server.stop('fast')
    expect(serverErrorOf(await asked).failure).toMatchObject({
      kind: 'shutdown',
      outage: true,
      retry: 'unknown',
    })
    expect(await failureOf(pool.query('SELECT 1'))).toMatchObject({ kind: 'unreachable', reason: 'refused' })
    await server.start()
    expect((await pool.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }])
    await pool.end()
  })

  test('has no connection left', async () => {
    const pool = poolFor(await at(here()))
    const all = await Promise.allSettled(Array.from({ length: 8 }, () => pool.connect()))
    const failure = await failureOf(clientFor(await at(here())))
    expect(failure).toMatchObject({
      kind: 'too-many-connections',
      where: 'server',
      outage: true,
      retry: 'safe',
    })
    for (const one of all) if (one.status === 'fulfilled') one.value.release(true)
    await pool.end()
  })

  test('takes no writes; several hosts find the one that does', async () => {
    await server.setReadOnly(true)
    const client = await clientFor(await at(here()))
    const error = serverErrorOf(await client.query('CREATE TABLE no ()').catch((reason: unknown) => reason))
    expect(error.failure).toMatchObject({ kind: 'read-only', sqlState: '25006', outage: true, retry: 'no' })
    await client.end()
    expect(await failureOf(clientFor(await at(here(), '?target_session_attrs=read-write')))).toMatchObject({
      kind: 'read-only',
      outage: true,
    })
    const shared = await testDatabase({ extension: true })
    await server.asSuperuser(async (superuser) => {
      await superuser.query('SET default_transaction_read_only = off')
      await superuser.query(`ALTER ROLE postgres PASSWORD '${shared.password}'`)
    })
    const hosts = `127.0.0.1:1,${here()},${shared.host}:${shared.port}`
    const both = await targetOf(
      `postgresql://postgres:${shared.password}@${hosts}/postgres?target_session_attrs=read-write`,
    )
    // The database of that name over there has no extension, and need not.
    const found = await clientFor(both, { vector: 'optional' })
    expect(found.port).toBe(shared.port)
    await found.end()
    const pool = poolFor(both, { vector: 'optional' })
    const ports = await Promise.all(
      Array.from(
        { length: 4 },
        async () => (await pool.query('SELECT inet_server_port() AS port')).rows[0].port,
      ),
    )
    expect(ports).toEqual([shared.port, shared.port, shared.port, shared.port])
    await pool.end()
    const back = await clientFor(
      await targetOf(`postgresql://postgres:${shared.password}@${here()}/postgres`),
    )
    await back.query('SET default_transaction_read_only = off')
    await back.query(`ALTER ROLE postgres PASSWORD '${server.password}'`)
    await back.end()
    await server.setReadOnly(false)
    await shared.drop()
  })

  test('is a standby: it is searched, and is none for whoever wants to write', async () => {
    await server.stop('fast')
    const signal = join(dirname(server.logFile), 'data', 'standby.signal')
    writeFileSync(signal, '')
    handOver(signal)
    await server.start()
    const client = await clientFor(await at(here()), { vector: 'optional' })
    expect(client.told.get('in_hot_standby')).toBe('on')
    const error = serverErrorOf(await client.query('CREATE TABLE no ()').catch((reason: unknown) => reason))
    expect(error.failure).toMatchObject({ kind: 'read-only', outage: true, retry: 'no' })
    await client.end()
    for (const wanted of ['read-write', 'primary']) {
      const failure = await failureOf(clientFor(await at(here(), `?target_session_attrs=${wanted}`)))
      expect(failure).toMatchObject({ kind: 'read-only', outage: true })
    }
    const report = await testConnection(
      asServerConnection(parseServerText(`postgresql://postgres@${here()}/postgres`).settings),
      {
        password: server.password,
        surroundings: { environment: {}, platform: process.platform, home: '/nowhere', systemUser: 'x' },
      },
    )
    expect(report.steps.find(({ id }) => id === 'writes')).toMatchObject({ state: 'warn', figure: 'standby' })
  })
})
