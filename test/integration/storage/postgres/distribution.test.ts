/** Every key of the server's schema and every join carries the client, and the script that says so notices one that does not. */
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type MigratedDatabase, migratedDatabase } from '../../../postgres/migrated'
import { workingCopy } from '../../../postgres/program'

let database: MigratedDatabase
beforeAll(async () => {
  database = await migratedDatabase()
})
afterAll(() => database.drop())

async function check(): Promise<{ readonly code: number; readonly out: string }> {
  const script = join(workingCopy(), 'scripts/check-distribution.mjs')
  const environment = { ...process.env, ELECTRON_RUN_AS_NODE: '1', VISOR_POSTGRES_URL: database.url }
  const run = promisify(execFile)(process.execPath, [script], { env: environment })
  return run.then(
    ({ stdout }) => ({ code: 0, out: stdout }),
    ({ code, stdout }: { code: number; stdout: string }) => ({ code, out: stdout }),
  )
}

it('finds no key and no join that does not carry the client', async () => {
  const { code, out } = await check()
  expect(out).toMatch(/^\d{2,} keys of \d{2,} tables, 0 without the client/)
  expect(out).toMatch(/^[1-9]\d+ joins of tables of clients, 0 without the client; /m)
  expect(code).toBe(0)
})

it('names the keys and the joins that do not', async () => {
  await database.query('CREATE TABLE strange (id uuid PRIMARY KEY, client_id text, person_id uuid UNIQUE)')
  const { code, out } = await check()
  expect(out).toContain('strange: the primary key strange_pkey (id) does not carry client_id')
  expect(out).toContain('strange: the unique key strange_person_id_key (person_id) does not carry client_id')
  expect(code).toBe(1)
})
