/** The test of a connection: which step fails, what it says, and that what it offers to copy mends it. */
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest'
import { type ConnectionTest, testConnection } from '../../../../src-main/storage/postgres/test-connection'
import { asServerConnection } from '../../../../src-shared/server-parameters'
import {
  type ServerTestReport,
  serverTestReportSchema,
  serverTestSteps,
} from '../../../../src-shared/server-test'
import { parseServerText } from '../../../../src-shared/server-url'
import { hasServer, type TestDatabase, testDatabase } from '../../../postgres/databases'
import { type SecuredServer, securedServer } from './secured-server'
import { startSilence } from './wire'

const home = mkdtempSync(join(tmpdir(), 'visor-test-connection-'))
afterAll(() => rmSync(home, { recursive: true }))
const surroundings = { environment: {}, platform: process.platform, home, systemUser: 'nobody' }

async function tested(text: string, more: ConnectionTest = {}): Promise<ServerTestReport> {
  const { settings, password } = parseServerText(text)
  const connection = asServerConnection(settings)
  const quick = { ...connection, pool: { ...connection.pool, connectTimeoutMs: 500 } }
  const seen: string[] = []
  const report = await testConnection(quick, {
    password: password ?? undefined,
    surroundings,
    onStep: ({ id }) => seen.push(id),
    ...more,
  })
  // Whatever happens, each step is told of once, in order.
  expect(seen).toEqual([...serverTestSteps])
  expect(report.steps.map(({ id }) => id)).toEqual([...serverTestSteps])
  return serverTestReportSchema.parse(report)
}

const step = ({ steps }: ServerTestReport, id: string) => steps.find((one) => one.id === id)
const states = ({ steps }: ServerTestReport) => Object.fromEntries(steps.map(({ id, state }) => [id, state]))

async function run(url: string, ...statements: string[]): Promise<void> {
  const client = new Client({ connectionString: url })
  await client.connect()
  for (const statement of statements) await client.query(statement)
  await client.end()
}

describe('without a server', () => {
  test.each([
    ['postgresql://a:geheim@127.0.0.1:1/x', 'reach', 'pg_isready -h 127.0.0.1 -p 1'],
    ['postgresql://a:geheim@visor.invalid/x', 'address', null],
    ['service=nowhere password=geheim', 'settings', null],
    ['postgresql://a:geheim@db/x?sslmode=verify-full&sslrootcert=/nowhere', 'tls', null],
  ])('%s fails at %s', async (text, failing, copy) => {
    const report = await tested(text)
    expect(report.state).toBe('fail')
    const at = (serverTestSteps as readonly string[]).indexOf(failing)
    expect(report.steps[at]).toMatchObject({ state: 'fail' })
    if (copy !== null) expect(report.steps[at]?.next?.copy).toBe(copy)
    for (const later of report.steps.slice(at + 1)) expect(later.state).toBe('skipped')
    expect(JSON.stringify(report)).not.toContain('geheim')
  })

  it('one that never answers is given up', async () => {
    const silence = await startSilence()
    const report = await tested(silence.url)
    expect(step(report, 'reach')).toMatchObject({ state: 'fail' })
    expect(report.failure).toMatchObject({ kind: 'unreachable', reason: 'timeout' })
    await silence.close()
  })
})

describe.skipIf(!hasServer())('with a server', () => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await testDatabase()
  })
  afterAll(() => database.drop())
  const urlWith = (user: string, password: string, name = database.database) =>
    `postgresql://${user}:${password}@${database.host}:${database.port}/${name}`

  test('a wrong password, and none', async () => {
    const wrong = await tested(urlWith(database.user, 'geheim'))
    expect(states(wrong)).toMatchObject({ reach: 'pass', login: 'fail', database: 'skipped' })
    expect(JSON.stringify(wrong)).not.toContain('geheim')
    const none = await tested(
      `postgresql://${database.user}@${database.host}:${database.port}/${database.database}`,
    )
    expect(step(none, 'login')?.sentence).toContain('asks for a password')
  })

  test('a database that is not there, until what is to be copied was run', async () => {
    const url = urlWith(database.user, database.password, 'visor "not" there')
    const report = await tested(url.replaceAll(' ', '%20').replaceAll('"', '%22'))
    expect(states(report)).toMatchObject({ login: 'pass', database: 'fail', version: 'skipped' })
    expect(step(report, 'database')?.next?.copy).toBe(
      `CREATE DATABASE "visor ""not"" there" OWNER "${database.user}";`,
    )
  })

  test('step by step, doing what each says, until it all passes', async () => {
    const mend = async (id: string, url = database.superuserUrl) => {
      const report = await tested(database.url)
      const found = step(report, id)
      await run(url, found?.next?.copy ?? '')
      return found
    }
    expect(await mend('extension')).toMatchObject({ state: 'fail', figure: expect.stringMatching(/^0\.\d/) })
    const created = await tested(database.url)
    expect(step(created, 'extension')).toMatchObject({
      state: 'pass',
      figure: expect.stringMatching(/^0\.\d/),
    })
    expect(states(created)).toMatchObject({ schema: 'warn', rights: 'pass' })
    expect(step(created, 'version')?.figure).toMatch(/^\d+/)
    expect(step(created, 'login')?.figure).toMatch(/ms$/)

    await run(database.superuserUrl, "UPDATE pg_extension SET extversion = '0.6.0' WHERE extname = 'vector'")
    expect(step(await tested(database.url), 'extension')).toMatchObject({
      state: 'fail',
      figure: '0.6.0',
      next: { copy: 'ALTER EXTENSION vector UPDATE;' },
    })
    await run(database.superuserUrl, "UPDATE pg_extension SET extversion = '0.8.0' WHERE extname = 'vector'")

    // Somebody else's database: no right to create the schema, then a schema without a role in it.
    const guest = `guest_${database.database}`
    const guestUrl = urlWith(guest, 'word')
    await run(database.superuserUrl, `CREATE ROLE ${guest} LOGIN PASSWORD 'word'`)
    try {
      const before = step(await tested(guestUrl), 'rights')
      expect(before).toMatchObject({ state: 'fail' })
      await run(database.superuserUrl, before?.next?.copy ?? '')
      expect(step(await tested(guestUrl), 'rights')).toMatchObject({ state: 'pass' })
      await run(database.url, 'CREATE SCHEMA visor', 'CREATE TABLE visor.schema_migrations ()')
      const without = await tested(guestUrl)
      expect(states(without)).toMatchObject({ schema: 'pass', rights: 'fail' })
      expect(step(without, 'rights')?.next?.copy).toBe(`GRANT visor_analyst TO ${guest};`)
      await run(database.url, `GRANT USAGE ON SCHEMA visor TO ${guest}`)
      expect((await tested(guestUrl)).state).toBe('pass')
    } finally {
      await run(database.superuserUrl, `DROP OWNED BY ${guest}`, `DROP ROLE ${guest}`)
    }
    expect(await tested(database.url)).toMatchObject({ state: 'pass', failure: null })
    expect(step(await tested(database.superuserUrl), 'rights')).toMatchObject({ state: 'warn' })
  })

  test('a server that takes no writes', async () => {
    await run(
      database.superuserUrl,
      `ALTER DATABASE ${database.database} SET default_transaction_read_only = on`,
    )
    const report = await tested(database.url)
    expect(step(report, 'writes')).toMatchObject({ state: 'warn', figure: 'read only' })
    const wanted = await tested(`${database.url}?target_session_attrs=read-write`)
    expect(states(wanted)).toMatchObject({ version: 'pass', writes: 'fail', extension: 'skipped' })
  })

  test('a password file that others can read', async () => {
    const passfile = join(home, "o'pen")
    writeFileSync(passfile, `*:*:*:*:${database.password}\n`)
    chmodSync(passfile, 0o644)
    const bare = `postgresql://${database.user}@${database.host}:${database.port}/${database.database}?passfile=${encodeURIComponent(passfile)}`
    expect(step(await tested(bare), 'login')).toMatchObject({ state: 'fail' })
    chmodSync(passfile, 0o600)
    expect(step(await tested(bare), 'login')).toMatchObject({ state: 'pass' })
  })

  describe('and TLS', () => {
    let secured: SecuredServer
    beforeAll(async () => {
      secured = await securedServer()
    })
    afterAll(async () => {
      await secured.server.close()
      secured.removeFolder()
    })
    const securedUrl = (parameters: string) => `${secured.server.superuserUrl()}?${parameters}`

    test('checked, half checked, not checked, none', async () => {
      await secured.show('right')
      const root = `&sslrootcert=${secured.authorityFile}`
      const tls = async (parameters: string) => step(await tested(securedUrl(parameters)), 'tls')
      const figure = expect.stringMatching(/^TLSv1\.3, .* ms$/)
      expect(await tls(`sslmode=verify-full${root}`)).toMatchObject({ state: 'pass', figure })
      expect(await tls(`sslmode=verify-ca${root}`)).toMatchObject({
        state: 'warn',
        sentence: expect.stringContaining('its name is not checked'),
      })
      expect(await tls('sslmode=require')).toMatchObject({
        state: 'warn',
        sentence: expect.stringContaining('was not checked'),
      })
      await secured.show('expired')
      expect((await tls('sslmode=require'))?.sentence).toContain('has expired')
      await secured.show('other-host')
      expect((await tls('sslmode=require'))?.sentence).toMatch(/ends on \d{4}-\d\d-\d\d/)
      expect(step(await tested(securedUrl('sslmode=disable')), 'tls')).toMatchObject({
        state: 'pass',
        figure: 'none',
      })
      await secured.show('other-host')
      const wrong = await tested(securedUrl(`sslmode=verify-full${root}`))
      expect(states(wrong)).toMatchObject({ reach: 'pass', tls: 'fail', login: 'skipped' })
    })

    test('a password file that is passed over, though the server lets us in', async () => {
      mkdirSync(join(home, 'here'))
      const passfile = join(home, 'here', 'pass')
      writeFileSync(passfile, 'x')
      chmodSync(passfile, 0o644)
      await secured.admit('host all all 127.0.0.1/32 trust')
      const { port } = secured.server
      const found = step(
        await tested(`postgresql://visor_owner@127.0.0.1:${port}/postgres?passfile=${passfile}`),
        'login',
      )
      expect(found).toMatchObject({ state: 'warn', next: { copy: `chmod 600 '${passfile}'` } })
      await secured.admit(secured.everybody)
    })
  })
})
