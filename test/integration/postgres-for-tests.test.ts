/** The PostgreSQL that tests run against is real: the extension, databases of their own, crashes. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Client, type QueryResultRow } from 'pg'
import { afterAll, describe, expect, test } from 'vitest'
import {
  type DatabaseOptions,
  hasServer,
  privateServer,
  type TestDatabase,
  testDatabase,
} from '../postgres/databases'
import type { PostgresServer } from '../postgres/server'

async function query<T extends QueryResultRow>(url: string, ...statements: string[]): Promise<T[]> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    let rows: T[] = []
    for (const statement of statements) rows = (await client.query<T>(statement)).rows
    return rows
  } finally {
    await client.end()
  }
}

describe('a database for a test', () => {
  const open: TestDatabase[] = []
  const fresh = async (options?: DatabaseOptions) => {
    const database = await testDatabase(options)
    open.push(database)
    return database
  }
  afterAll(() => Promise.all(open.map((database) => database.drop())))

  test('has the extension at hand, not created', async () => {
    const { superuserUrl } = await fresh()
    expect(await query(superuserUrl, "SELECT 1 FROM pg_extension WHERE extname = 'vector'")).toEqual([])
    const [row] = await query<{ same: number; across: number }>(
      superuserUrl,
      'CREATE EXTENSION vector',
      "SELECT '[1,0]'::vector <=> '[2,0]' AS same, '[1,0]'::vector <=> '[0,1]' AS across",
    )
    expect(row).toEqual({ same: 0, across: 1 })
  })

  test('has the extension where it was asked for; its owner makes an index with it', async () => {
    const { url } = await fresh({ extension: true })
    const [row] = await query<{ id: number }>(
      url,
      'CREATE TABLE points (id int, place halfvec(2))',
      "INSERT INTO points VALUES (1, '[1,0]'), (2, '[0,1]')",
      'CREATE INDEX ON points USING hnsw (place halfvec_cosine_ops)',
      'SET enable_seqscan = off',
      "SELECT id FROM points ORDER BY place <=> '[1,9]' LIMIT 1",
    )
    expect(row).toEqual({ id: 2 })
  })

  test('is its own: another sees nothing of it', async () => {
    const [one, other] = [await fresh(), await fresh()]
    await query(one.url, 'CREATE TABLE mine (id int)')
    const find = "SELECT to_regclass('public.mine') IS NULL AS absent"
    expect(await query(one.url, find)).toEqual([{ absent: false }])
    expect(await query(other.url, find)).toEqual([{ absent: true }])
  })

  test('serves many connections at once, each with its own transactions and parameters', async () => {
    const { url } = await fresh()
    await query(url, 'CREATE TABLE counted (connection int, number int)')
    const connections = await Promise.all(
      Array.from({ length: 8 }, async () => {
        const client = new Client({ connectionString: url })
        await client.connect()
        return client
      }),
    )
    const work = connections.map(async (client, connection) => {
      for (let number = 0; number < 20; number++) {
        await client.query('BEGIN')
        await client.query('INSERT INTO counted VALUES ($1, $2)', [connection, number])
        const { rows } = await client.query('SELECT $1::int AS connection, $2::text AS text', [
          connection,
          'x',
        ])
        expect(rows).toEqual([{ connection, text: 'x' }])
        await client.query(number % 2 === 0 ? 'COMMIT' : 'ROLLBACK')
      }
      await client.end()
    })
    await Promise.all(work)
    const [row] = await query(url, 'SELECT count(*)::int AS count, sum(number)::int AS sum FROM counted')
    expect(row).toEqual({ count: 8 * 10, sum: 8 * 90 })
  })

  test.runIf(hasServer())('belongs to a user who is bound by row-level security', async () => {
    const { url, user } = await fresh()
    expect(
      await query(
        url,
        'SELECT current_user::text AS name, rolsuper OR rolbypassrls AS free FROM pg_roles WHERE rolname = current_user',
      ),
    ).toEqual([{ name: user, free: false }])
  })

  test.runIf(hasServer())('is gone once it is dropped, with whoever was connected', async () => {
    const database = await testDatabase()
    const client = new Client({ connectionString: database.url })
    const ended = new Promise((resolve) => client.on('error', resolve))
    await client.connect()
    await database.drop()
    expect(await ended).toMatchObject({ code: '57P01' })
    await expect(query(database.url, 'SELECT 1')).rejects.toMatchObject({ code: '3D000' })
  })
})

describe.runIf(hasServer())('a server of its own', () => {
  const servers: PostgresServer[] = []
  const make = async (options?: Parameters<typeof privateServer>[0]) => {
    const server = await privateServer(options)
    servers.push(server)
    return server
  }
  afterAll(() => Promise.all(servers.map((server) => server.close())))

  test('keeps what was committed when it is killed, and nothing else', async () => {
    const server = await make({ fsync: true })
    const { url } = await testDatabase({ server })
    await query(url, 'CREATE TABLE kept (id int)', 'INSERT INTO kept VALUES (1)')
    const client = new Client({ connectionString: url })
    const ended = new Promise((resolve) => client.once('end', resolve))
    client.on('error', () => undefined)
    await client.connect()
    await client.query('BEGIN')
    await client.query('INSERT INTO kept VALUES (2)')
    await server.kill()
    await ended
    await expect(query(url, 'SELECT 1')).rejects.toMatchObject({ code: 'ECONNREFUSED' })
    await server.start()
    expect(await query(url, 'SELECT id FROM kept')).toEqual([{ id: 1 }])
  })

  test('can be made read-only, and writable again', async () => {
    const server = await make()
    const { url } = await testDatabase({ server })
    await server.setReadOnly(true)
    await expect
      .poll(() => query(url, 'CREATE TABLE refused (id int)').catch(({ code }) => code))
      .toBe('25006')
    await server.setReadOnly(false)
    await expect
      .poll(() => query(url, 'CREATE TABLE IF NOT EXISTS taken (id int)').catch(({ code }) => code))
      .toEqual([])
    await server.restart('immediate')
    expect(await query(url, 'SELECT * FROM taken')).toEqual([])
  })

  test('takes only encrypted connections where it is to, and proves who it is', async () => {
    const server = await make({ tls: 'required' })
    const { url, port, user, password, database } = await testDatabase({ server })
    await expect(query(url, 'SELECT 1')).rejects.toMatchObject({ code: '28000' })
    const ca = server.certificates?.authority ?? ''
    for (const host of ['localhost', server.host]) {
      const client = new Client({ host, port, user, password, database, ssl: { ca } })
      await client.connect()
      const { rows } = await client.query('SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()')
      await client.end()
      expect(rows).toEqual([{ ssl: true }])
    }
    const stranger = new Client({ host: server.host, port, user, password, database, ssl: true })
    await expect(stranger.connect()).rejects.toMatchObject({ code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' })
  })

  test('leaves nothing behind when it is closed', async () => {
    const server = await make()
    expect(existsSync(server.logFile)).toBe(true)
    await server.close()
    expect(existsSync(server.logFile)).toBe(false)
    await expect(query(server.superuserUrl(), 'SELECT 1')).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  })
})

describe('the keeper of a server', () => {
  const keeper = join(import.meta.dirname, '../postgres/keeper.mjs')
  /** In the server's place: it says that it runs, and ends when it is told to. */
  const program = "require('fs').writeFileSync('running', ''); setInterval(() => undefined, 1000)"

  async function start(folder: string) {
    const owner = spawn(process.execPath, [keeper, folder, process.execPath, '-e', program], {
      cwd: folder,
      env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
      stdio: ['pipe', 'pipe', 'inherit'],
    })
    const ended = once(owner, 'exit')
    const [printed] = await once(owner.stdout, 'data')
    await expect.poll(() => existsSync(join(folder, 'running'))).toBe(true)
    return { owner, ended, pid: Number(String(printed)) }
  }
  const isThere = (pid: number) => {
    try {
      return process.kill(pid, 0)
    } catch (error) {
      expect(error).toMatchObject({ code: 'ESRCH' })
      return false
    }
  }

  test('ends the server and removes its folder when its owner is gone', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'visor-keeper-'))
    const { owner, ended, pid } = await start(folder)
    // As the system does for an owner that was killed.
    owner.stdin.destroy()
    await ended
    expect(isThere(pid)).toBe(false)
    expect(existsSync(folder)).toBe(false)
  })

  test('leaves the folder where the server ended by itself', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'visor-keeper-'))
    const { ended, pid } = await start(folder)
    process.kill(pid, 'SIGKILL')
    await ended
    expect(existsSync(join(folder, 'server.log'))).toBe(true)
    rmSync(folder, { recursive: true })
  })

  test('is not ended by what ends a terminal', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'visor-keeper-'))
    const { owner, ended, pid } = await start(folder)
    owner.kill('SIGINT')
    owner.kill('SIGTERM')
    await sleep(200)
    expect(isThere(pid)).toBe(true)
    owner.stdin.destroy()
    await ended
  })
})
