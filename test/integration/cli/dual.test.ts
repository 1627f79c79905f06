/** `visor dual`, `gate`, `mode set`, `rehearse`: a gallery moves to a server and back on the command line. */
import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { SettingsFile } from '../../../src-main/services/settings-file'
import { FaultyLine } from '../../chaos/faulty-line'
import { type BuiltStore, buildStore } from '../../contract/built-store'
import { type MigratedDatabase, migratedDatabase } from '../../postgres/migrated'
import { type EqualStores, equalStores } from '../storage/team/paired-console'
import { newFolder, visor, visorProcess } from './visor'

let built: BuiltStore
let database: MigratedDatabase
let stores: EqualStores
let url: string
beforeAll(async () => {
  built = await buildStore()
  database = await migratedDatabase()
  stores = await equalStores(built.folder, database.url, ['Ana', 'Bojan'])
  url = database.url.replace(`:${database.password}@`, '@')
  process.env.PGPASSWORD = database.password
})
afterAll(async () => {
  delete process.env.PGPASSWORD
  stores.remove()
  await database.drop()
  built.remove()
})

it('is not moved before it was copied', async () => {
  const data = newFolder()
  const refused = await visor(data, '--postgres', url, 'mode', 'set', 'dual')
  expect(refused.code).toBe(2)
  expect(refused.stderr).toContain('This gallery is not on the server yet.')
  expect((await visor(data, 'mode')).answers).toEqual([{ mode: 'local' }])
})

it('goes on trial, to the server by a reason, and back', async () => {
  const data = newFolder()
  cpSync(stores.folder, data, { recursive: true })
  const paired = await visor(data, '--postgres', url, 'dual', 'pair')
  expect([paired.code, paired.answers]).toEqual([0, [{ client: 'default', paired: true }]])
  expect((await visor(data, '--postgres', url, 'mode', 'set', 'dual')).answers).toMatchObject([
    { to: 'dual' },
  ])
  expect((await visor(data, 'mode')).answers).toMatchObject([{ mode: 'dual' }])

  const renamed = await visor(data, 'persons', 'rename', 'Ana', 'Ana B', '--domain', 'slovenia')
  expect(renamed.code).toBe(0)
  const gate = await visor(data, 'gate')
  expect(gate.code).toBe(4)
  expect(gate.answers[0]).toMatchObject({ passed: false })
  const report = await visor(data, 'dual', 'report')
  expect(report.answers[0]).toMatchObject({ mode: 'dual', waiting: 0, conflicts: 0, figures: { probes: 0 } })
  const rehearsed = await visor(data, 'rehearse')
  expect(rehearsed.answers).toMatchObject([{ to: 'server', rehearsed: true }, { to: 'local' }])

  const refused = await visor(data, 'mode', 'set', 'server')
  expect(refused.code).toBe(2)
  expect(refused.stderr).toContain('The gate is not passed.')
  const over = await visor(data, 'mode', 'set', 'server', '--why', 'to see it')
  expect(over.answers).toMatchObject([{ to: 'server', rehearsed: false }])
  expect(await database.query("SELECT count(*)::int AS found FROM persons WHERE name = 'Ana B'")).toEqual([
    { found: 1 },
  ])
  const back = await visor(data, 'mode', 'set', 'local', '--why', 'seen')
  expect(back.answers).toMatchObject([{ to: 'local', not_here: [] }])
  expect((await visor(data, 'mode')).answers).toEqual([{ mode: 'local' }])
  const moves = await database.query(
    "SELECT summary, reason FROM ledger WHERE action = 'move' ORDER BY sequence",
  )
  // The last of them waits for the next time, where the server was not told at once.
  expect(moves.slice(0, 3).map(({ reason }) => reason)).toEqual([null, null, 'to see it'])
})

it('goes back without waiting for a server that is silent', async () => {
  const own = await migratedDatabase()
  const equal = await equalStores(built.folder, own.url, ['Ana'])
  const line = await FaultyLine.to(own)
  process.env.PGPASSWORD = own.password
  const at = ['--postgres', line.through(own.url).replace(`:${own.password}@`, '@')]
  for (const mode of ['server', 'dual'] as const) {
    const data = newFolder()
    cpSync(equal.folder, data, { recursive: true })
    expect((await visor(data, ...at, 'dual', 'pair')).code).toBe(0)
    expect((await visor(data, ...at, 'mode', 'set', mode, '--why', 'to see it')).code).toBe(0)
    const settings = new SettingsFile(join(data, 'settings.json'))
    const { server } = settings.current
    // Whoever waited for it would wait longer than the test may.
    settings.update({ server: { ...server, pool: { ...server.pool, connectTimeoutMs: 120_000 } } })
    await settings.flush()
    line.silence()
    const back = await visorProcess(data, 'mode', 'set', 'local')
    expect(back).toMatchObject({ code: 0, stderr: '' })
    const left = mode === 'dual' ? [] : [expect.stringContaining('what was changed on')]
    expect(back.answers).toMatchObject([{ to: 'local', not_here: left }])
    expect((await visor(data, 'mode')).answers).toEqual([{ mode: 'local' }])
    line.heal()
  }
  process.env.PGPASSWORD = database.password
  await line.close()
  await own.drop()
  equal.remove()
})

it('takes a gallery that was copied to an empty server, and no other', async () => {
  const empty = await migratedDatabase()
  const [data, target] = [newFolder(), newFolder()]
  cpSync(stores.folder, data, { recursive: true })
  const at = ['--postgres', empty.url.replace(`:${empty.password}@`, '@')]
  process.env.PGPASSWORD = empty.password
  const tooSoon = await visor(data, ...at, 'dual', 'pair')
  expect(tooSoon.code).toBe(2)
  expect(tooSoon.stderr).toContain('The gallery of default is not the same on the server.')
  expect((await visor(target, ...at, 'import', 'run', data, '--kind', 'visor', '--all')).code).toBe(0)
  expect((await visor(data, ...at, 'dual', 'pair')).answers).toEqual([{ client: 'default', paired: true }])
  process.env.PGPASSWORD = database.password
  await empty.drop()
})

it('takes nobody by surprise in a folder that holds nothing', async () => {
  const data = join(newFolder(), 'new')
  expect((await visorProcess(data, 'gate')).code).toBe(4)
  expect((await visor(data, 'dual', 'report')).code).toBe(0)
})
