/** `visor members`: who works for which clients on a server. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { hasServer } from '../../postgres/databases'
import { type Login, makeLogin } from '../../postgres/logins'
import { type MigratedDatabase, migratedDatabase } from '../../postgres/migrated'
import { runVisor, visor } from './visor'

const data = mkdtempSync(join(tmpdir(), 'visor-members-command-'))
let database: MigratedDatabase
let curator: Login
beforeAll(async () => {
  if (!hasServer()) return
  database = await migratedDatabase()
  curator = await makeLogin(database, ['visor_curator'], ['museum'])
})
afterEach(() => vi.unstubAllEnvs())
afterAll(async () => {
  rmSync(data, { recursive: true })
  if (!hasServer()) return
  await database.drop()
  await curator.drop()
})

test.runIf(hasServer())('an admin lists, adds and removes; others are refused', async () => {
  vi.stubEnv('VISOR_POSTGRES_URL', database.url)
  const { name } = curator
  const bound = { role: name, client: 'museum', exists: true, may: ['visor_curator'] }
  expect((await visor(data, 'members')).answers).toContainEqual(bound)
  const added = await visor(data, 'members', 'add', name, '*')
  expect(added.answers).toEqual([{ role: name, client: '*', bound: true, changed: true }])
  const listed = await runVisor(['--data', data, 'members', 'list'])
  expect(listed.stdout).toContain(`${name}  all clients  visor_curator\n`)
  const removed = await visor(data, 'members', 'remove', name, '*')
  expect(removed.answers).toEqual([{ role: name, client: '*', bound: false, changed: true }])
  expect(await visor(data, 'members', 'add', 'nobody', '*')).toMatchObject({
    code: 2,
    answers: [{ error: { code: 'not-found' } }],
  })

  vi.stubEnv('VISOR_POSTGRES_URL', curator.url)
  expect(await visor(data, 'members', 'add', name, '*')).toMatchObject({
    code: 2,
    answers: [{ error: { code: 'rights-missing' } }],
  })
})

test('a machine without a server has none', async () => {
  expect(await visor(data, 'members')).toMatchObject({
    code: 2,
    answers: [{ error: { code: 'invalid-argument' } }],
  })
})
