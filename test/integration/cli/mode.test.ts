/** `visor mode` and `--postgres`: where the galleries of a run are, against a real PostgreSQL. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type MigratedDatabase, migratedDatabase } from '../../postgres/migrated'
import { newFolder, runVisor, visor } from './visor'

let database: MigratedDatabase
/** The password apart from it. */
let url: string
beforeAll(async () => {
  database = await migratedDatabase()
  url = database.url.replace(`:${database.password}@`, '@')
  process.env.PGPASSWORD = database.password
})
afterAll(async () => {
  delete process.env.PGPASSWORD
  await database.drop()
})

it('is local until somebody says otherwise', async () => {
  const data = newFolder()
  expect((await visor(data, 'mode')).answers).toEqual([{ mode: 'local' }])
  expect((await visor(data, 'mode', 'get', '--why')).answers).toEqual([{ mode: 'local', why: 'settings' }])
  const { stdout } = await runVisor(['--data', data, 'mode', 'get', '--why'])
  expect(stdout).toBe('local, because the settings say so\n')
})

it('is the server’s for one run', async () => {
  const data = newFolder()
  const place = `${database.host}:${database.port}/${database.database}`
  const named = await visor(data, '--postgres', url, 'mode', 'get', '--why')
  expect(named.answers).toEqual([{ mode: 'server', server: place, why: 'option' }])
  await database.query("SELECT visor.write_for('acme')")
  await database.query(
    "INSERT INTO visor.domains (client_id, name, sample, created_at) VALUES ('acme', 'there', false, 0)",
  )
  const { answers } = await visor(data, '--postgres', url, 'stats')
  expect(answers).toEqual([expect.objectContaining({ client: 'acme', domain: 'there' })])
  expect((await visor(data, 'stats')).answers).toEqual([])
  expect((await visor(data, 'mode')).answers).toEqual([{ mode: 'local' }])
})

it('is the server’s from then on, without its password anywhere', async () => {
  const data = newFolder()
  const set = await visor(data, '--postgres', url, 'mode', 'set', 'server')
  expect(set.code).toBe(0)
  const settings = readFileSync(join(data, 'settings.json'), 'utf8')
  expect(JSON.parse(settings)).toMatchObject({ storeMode: 'server', server: { database: database.database } })
  expect(settings).not.toContain(database.password)
  expect((await visor(data, 'mode')).answers).toMatchObject([{ mode: 'server' }])
  expect((await visor(data, 'mode', 'set', 'local')).answers).toEqual([{ mode: 'local' }])
  expect((await visor(data, 'mode', 'get', '--why')).answers).toEqual([{ mode: 'local', why: 'settings' }])
})

it('stays as it is where the server cannot be used, and says why', async () => {
  const data = newFolder()
  const nowhere = `postgresql://${database.user}@127.0.0.1:1/${database.database}`
  const refused = await visor(data, '--postgres', nowhere, 'mode', 'set', 'server')
  expect(refused.code).toBe(2)
  expect(refused.answers).toEqual([{ error: { code: 'server-unreachable', message: expect.any(String) } }])
  expect((await visor(data, 'mode')).answers).toEqual([{ mode: 'local' }])
})

it('takes no password on the command line', async () => {
  const { code, answers } = await visor(newFolder(), '--postgres', database.url, 'mode')
  expect([code, answers]).toMatchObject([2, [{ error: { code: 'invalid-argument' } }]])
})
