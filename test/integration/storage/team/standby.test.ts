/** A server that is a hot standby for a while: it answers reads, but what is edited waits until there is a primary again. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type BuiltStore, buildStore } from '../../../contract/built-store'
import { hasServer, privateServer } from '../../../postgres/databases'
import { type MigratedDatabase, migratedDatabase } from '../../../postgres/migrated'
import type { PostgresServer } from '../../../postgres/server'
import { Console } from './console'

describe.skipIf(!hasServer())('a standby', () => {
  let built: BuiltStore
  let server: PostgresServer
  let database: MigratedDatabase
  let here: Console
  beforeAll(async () => {
    built = await buildStore()
    server = await privateServer()
    database = await migratedDatabase({ server })
    here = await Console.open(built.folder, database)
    await here.alone(() => here.enrol('Ana', 1))
  })
  afterAll(async () => {
    await here.close()
    await server.close()
    built.remove()
  })

  test('where the primary was: the cache answers, edits wait, and get there once it is promoted', async () => {
    await server.restartAsStandby()
    expect(await database.query('SELECT pg_is_in_recovery() AS standby')).toEqual([{ standby: true }])
    const bojan = await here.enrol('Bojan', 2)
    // It was looked for again, and found to be there: that it cannot be written is what it is away for.
    await expect
      .poll(() => here.store.link, { timeout: 10_000 })
      .toMatchObject({ why: { failure: { kind: 'read-only', sqlState: '25006' } } })
    expect((await here.search(1)).side).toEqual({ mode: 'cache', asOf: expect.any(Number) })
    expect((await here.search(2)).probes[0]!.persons[0]).toMatchObject({ personId: bojan })
    expect(await here.store.outboxEntries()).toHaveLength(1)

    await server.promote()
    await here.until('up')
    expect(await here.store.outboxEntries()).toEqual([])
    expect(await here.store.gallery.person(bojan)).toMatchObject({ name: 'Bojan', faces: 1 })
    expect((await here.search(1)).side).toEqual({ mode: 'server' })
  })

  test('when the console starts', async () => {
    await here.sync()
    await here.leave()
    await server.restartAsStandby()
    here = await Console.again(built.folder, database, here.folder)
    expect(here.store.link).toMatchObject({ state: 'gone', why: { failure: { kind: 'read-only' } } })
    expect((await here.search(2)).probes[0]!.persons[0]).toMatchObject({ name: 'Bojan' })
    await server.promote()
    await here.until('up')
  })
})
