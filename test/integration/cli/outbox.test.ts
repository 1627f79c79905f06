/** `visor outbox`: what was edited while the server was away is shown, brought there, held and dropped. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { FaultyLine } from '../../chaos/faulty-line'
import { hasServer } from '../../postgres/databases'
import { type MigratedDatabase, migratedDatabase } from '../../postgres/migrated'
import { newFolder, visor, visorProcess } from './visor'

describe.skipIf(!hasServer())('visor outbox', () => {
  let database: MigratedDatabase
  let line: FaultyLine
  let data: string
  const server = () => ['--postgres', line.through(database.url).replace(`:${database.password}@`, '@')]
  const run = (...argv: string[]) => visor(data, ...server(), ...argv)
  beforeAll(async () => {
    database = await migratedDatabase()
    line = await FaultyLine.to(database)
    process.env.PGPASSWORD = database.password
    data = newFolder()
    await database.query("SELECT write_for('default')")
    await database.query(
      "INSERT INTO domains (client_id, name, sample, created_at) VALUES ('default', 'slovenia', false, 0)",
    )
    for (const name of ['Ana', 'Bojan']) {
      await database.query(
        `INSERT INTO persons (id, client_id, domain, name, folded, created_at, updated_at)
         VALUES (gen_random_uuid(), 'default', 'slovenia', $1, lower($1), 0, 0)`,
        [name],
      )
    }
    expect((await run('cache', 'sync', '--add', 'slovenia')).code).toBe(0)
  })
  afterAll(async () => {
    delete process.env.PGPASSWORD
    await line.close()
    await database.drop()
  })

  it('shows what waits, and brings it to the server', async () => {
    const listed = await visorProcess(data, ...server(), 'outbox', 'list')
    expect(listed).toMatchObject({ code: 0, answers: [] })
    line.cut()
    expect((await run('persons', 'rename', 'Ana', 'Anna', '--domain', 'slovenia')).code).toBe(0)
    const { answers } = await run('outbox', 'list')
    expect(answers).toMatchObject([{ summary: 'Renamed Ana to Anna', client_id: 'default', held: null }])
    line.heal()
    expect(await run('outbox', 'retry')).toMatchObject({
      code: 0,
      answers: [{ brought: 1, held: 0, waiting: 0 }],
    })
    expect(await database.query("SELECT name FROM persons WHERE name LIKE 'An%'")).toEqual([{ name: 'Anna' }])
  })

  it('holds what the server refuses, until it is dropped', async () => {
    line.cut()
    expect((await run('persons', 'rename', 'Bojan', 'Borut', '--domain', 'slovenia')).code).toBe(0)
    await database.query("UPDATE persons SET name = 'Borut', folded = 'borut' WHERE name = 'Anna'")
    line.heal()
    expect(await run('outbox', 'retry')).toMatchObject({ code: 1, answers: [{ brought: 0, held: 1 }] })
    const { answers } = await run('outbox', 'list')
    expect(answers).toMatchObject([{ held: { code: 'conflict' } }])
    const { id } = answers[0] as { id: string }
    expect(await run('outbox', 'retry', id, '--anyway')).toMatchObject({ code: 1 })
    expect(await run('outbox', 'drop', id)).toMatchObject({ code: 0, answers: [{ dropped: 1 }] })
    expect((await run('outbox', 'drop', id)).answers).toMatchObject([{ error: { code: 'not-found' } }])
    expect((await run('outbox', 'drop', 'x')).answers).toMatchObject([
      { error: { code: 'invalid-argument' } },
    ])
  })
})
