/** `visor cache`: filled, looked at without the server, and checked. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type MigratedDatabase, migratedDatabase } from '../../postgres/migrated'
import { newFolder, runVisor, visor } from './visor'

let database: MigratedDatabase
/** The password apart from it. */
let url: string
let data: string
beforeAll(async () => {
  database = await migratedDatabase()
  url = database.url.replace(`:${database.password}@`, '@')
  process.env.PGPASSWORD = database.password
  data = newFolder()
  await database.query("SELECT write_for('default')")
  for (const [domain, name] of Object.entries({ slovenia: 'Ana Novak', serbia: 'Borut' })) {
    await database.query(
      `INSERT INTO domains (client_id, name, sample, created_at) VALUES ('default', $1, false, 0)`,
      [domain],
    )
    await database.query(
      `INSERT INTO persons (id, client_id, domain, name, folded, created_at, updated_at)
       VALUES (gen_random_uuid(), 'default', $1, $2, lower($2), 0, 0)`,
      [domain, name],
    )
  }
})
afterAll(async () => {
  delete process.env.PGPASSWORD
  await database.drop()
})

const cache = (...argv: string[]) => visor(data, '--postgres', url, 'cache', ...argv)

it('says so where nothing is kept', async () => {
  const { code, answers } = await cache('status')
  expect(code).toBe(2)
  expect(answers).toMatchObject([{ error: { code: 'not-found' } }])
})

it('fills domains that are added, and drops them again', async () => {
  const filled = await cache('sync', '--add', 'slovenia', '--add', 'serbia')
  expect(filled).toMatchObject({ code: 0, answers: [{ filled: 2, renewed: 0, removed: 0, compared: [] }] })
  expect((await cache('sync', '--drop', 'serbia')).answers).toMatchObject([{ removed: 1 }])
  const { answers } = await cache('status')
  expect(answers).toMatchObject([
    {
      server: `${database.host}:${database.port}/${database.database}`,
      edits: 0,
      domains: [
        { client_id: 'default', domain: 'slovenia', state: 'whole', filled: 1, rows: { persons: 1 } },
      ],
    },
  ])
})

it('checks it, and mends it', async () => {
  expect(await cache('verify')).toMatchObject({ code: 0, answers: [{ domains: 1, differences: [] }] })
  // Behind the feed's back.
  await database.query('ALTER TABLE persons DISABLE TRIGGER USER')
  await database.query("UPDATE persons SET occupation = 'judge' WHERE name = 'Ana Novak'")
  await database.query('ALTER TABLE persons ENABLE TRIGGER USER')
  expect(await cache('verify')).toMatchObject({
    code: 1,
    answers: [{ differences: [{ table: 'persons', on_server: 1, in_cache: 1, differing: 1 }] }],
  })
  expect((await cache('verify')).code).toBe(0)
})

it('tells people, too', async () => {
  const { stdout } = await runVisor(['--data', data, '--postgres', url, 'cache', 'status'])
  expect(stdout).toContain('default  slovenia: 1 people, 0 faces, as of ')
})
