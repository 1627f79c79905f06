/** `visor schema`: on a data folder and on a server. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { postgresMigrations } from '../../../src-main/storage/postgres/postgres-migrations'
import { sqliteMigrations } from '../../../src-main/storage/sqlite/open-database'
import { hasServer, type TestDatabase, testDatabase } from '../../postgres/databases'
import { runVisor, visor } from './visor'

const data = mkdtempSync(join(tmpdir(), 'visor-schema-command-'))
afterAll(() => rmSync(data, { recursive: true }))
afterEach(() => vi.unstubAllEnvs())

test('a data folder: looked at, migrated, and proved', async () => {
  const absent = await visor(data, 'schema', 'status')
  expect(absent).toMatchObject({ code: 1, answers: [{ engine: 'sqlite', state: 'absent', applied: [] }] })
  const plan = await visor(data, 'schema', 'plan')
  expect(plan.answers.map(({ version, sql }) => [version, sql])).toEqual(
    sqliteMigrations.map(({ version, sql }) => [version, sql]),
  )
  const up = await visor(data, 'schema', 'up')
  expect(up.code).toBe(0)
  expect(up.answers.map(({ version }) => version)).toEqual(sqliteMigrations.map(({ version }) => version))
  expect((await visor(data, 'schema', 'up')).answers).toEqual([])
  const status = await visor(data, 'schema', 'status')
  expect(status).toMatchObject({ code: 0, answers: [{ state: 'current', pending: [], fault: null }] })
  const verify = await visor(data, 'schema', 'verify')
  expect(verify.code).toBe(0)
  expect(verify.answers.every(({ state }) => state === 'same')).toBe(true)
})

describe.skipIf(!hasServer())('a server', () => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await testDatabase({ extension: true })
  })
  afterAll(() => database.drop())

  test('is named by the environment or an option, and told of for people', async () => {
    vi.stubEnv('VISOR_POSTGRES_URL', database.url)
    expect((await visor(data, 'schema', 'status')).answers).toMatchObject([
      {
        engine: 'postgres',
        state: 'absent',
        place: `${database.host}:${database.port}/${database.database}`,
      },
    ])
    const plan = await runVisor(['--data', data, 'schema', 'plan'])
    expect(plan.stdout).toContain('CREATE SCHEMA visor;')
    expect(plan.stdout).toContain('-- 0010-initial\n')
    const up = await visor(data, 'schema', 'up')
    expect(up.code).toBe(0)
    expect(up.answers).toHaveLength(postgresMigrations.length)

    vi.stubEnv('VISOR_POSTGRES_URL', undefined)
    vi.stubEnv('PGPASSWORD', database.password)
    const url = database.url.replace(`:${database.password}@`, '@')
    const status = await runVisor(['--data', data, '--postgres', url, 'schema', 'status'])
    expect(status.code).toBe(0)
    expect(status.stdout).toContain('up to date\n0010-initial  ')
    const verify = await visor(data, '--postgres', url, 'schema', 'verify')
    expect(verify.answers.map(({ state }) => state)).toEqual(postgresMigrations.map(() => 'same'))
  })

  test('that does not answer is said to be away', async () => {
    vi.stubEnv('PGPASSWORD', 'any')
    const gone = await visor(data, '--postgres', 'postgresql://somebody@127.0.0.1:1/none', 'schema', 'status')
    expect(gone.code).toBe(2)
    expect(gone.answers).toMatchObject([{ error: { code: 'server-unreachable' } }])
  })
})
