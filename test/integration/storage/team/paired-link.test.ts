/** How it stands with a server on trial: an outage ends by itself, a changed password does not, and neither costs the analyst anything. */
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { ServerLink } from '../../../../src-main/storage/team/breaker'
import { PairedStore } from '../../../../src-main/storage/team/paired-store'
import type { LocalStore } from '../../../../src-main/storage/threads/local-store'
import { FaultyLine } from '../../../chaos/faulty-line'
import { type BuiltStore, buildStore } from '../../../contract/built-store'
import { client, context, model, slovenia } from '../../../contract/curated-store'
import { hasServer, privateServer } from '../../../postgres/databases'
import { type MigratedDatabase, migratedDatabase } from '../../../postgres/migrated'
import type { PostgresServer } from '../../../postgres/server'
import { vectorOf } from './console'
import { type EqualStores, equalStores, openLocal, openServer, pairStores } from './paired-console'

describe.skipIf(!hasServer())('a server on trial', () => {
  let built: BuiltStore
  let server: PostgresServer
  let database: MigratedDatabase
  let stores: EqualStores
  let local: LocalStore
  let line: FaultyLine
  let here: PairedStore
  const links: ServerLink[] = []
  const errors: unknown[] = []

  beforeAll(async () => {
    built = await buildStore()
    server = await privateServer()
  })
  afterAll(async () => {
    await server.close()
    built.remove()
  })
  beforeEach(async () => {
    database = await migratedDatabase({ server })
    stores = await equalStores(built.folder, database.url, ['Ana'])
    const far = await openServer(built.folder, database.url)
    local = await openLocal(built.folder, stores.folder)
    await pairStores(local, far)
    await far.close()
    line = await FaultyLine.to(database)
    here = await PairedStore.open({
      local,
      openServer: () => openServer(built.folder, line.through(database.url)),
      onLink: (link) => links.push(link),
      onError: (error) => errors.push(error),
      times: { firstPauseMs: 100, longestPauseMs: 300 },
    })
    await here.tryNow()
  })
  afterEach(async () => {
    await here.close()
    await local.close()
    await line.close()
    await database.drop()
    stores.remove()
    links.length = 0
    expect(errors.splice(0)).toEqual([])
  })

  const search = {
    clientId: client,
    domains: [slovenia],
    modelId: model,
    probes: [vectorOf(1)],
    topPersons: 1,
    topFaces: 0,
    withinDistance: 0.5,
  }
  const edit = (occupation: string) =>
    here.gallery.updatePerson(stores.people.get('Ana')!, { occupation }, context)
  const setPassword = (password: string) =>
    server.asSuperuser((superuser) => superuser.query(`ALTER ROLE visor_owner PASSWORD '${password}'`))
  /** The analyst works on as if nothing were. */
  async function worksOn(occupation: string): Promise<void> {
    const { probes } = await here.gallery.search(search)
    expect(probes[0]!.persons[0]).toMatchObject({ name: 'Ana' })
    await edit(occupation)
  }
  async function brought(occupation: string): Promise<void> {
    await expect.poll(() => here.outboxEntries(), { timeout: 10_000 }).toEqual([])
    expect(await here.server!.gallery.person(stores.people.get('Ana')!)).toMatchObject({ occupation })
  }

  test('a password that was changed is said as what it is, and ends the looking; the right one goes on', async () => {
    await worksOn('baker')
    await brought('baker')
    await setPassword('another')
    try {
      line.reset()
      await expect(here.searchServer(search)).rejects.toMatchObject({ code: 'server-login' })
      expect(here.link).toMatchObject({ state: 'failed', why: { code: 'server-login' } })
      await worksOn('miller')
      expect(await here.outboxEntries()).toMatchObject([{ summary: 'a test' }])
      const told = links.length
      await sleep(1000)
      expect(links).toHaveLength(told)
      await expect(here.searchServer(search)).rejects.toMatchObject({ code: 'server-login' })
    } finally {
      await setPassword(server.password)
    }
    await here.tryNow()
    expect(here.link).toEqual({ state: 'up' })
    await brought('miller')
  })

  test('so it is where an edit meets it, for nobody who waits', async () => {
    await setPassword('another')
    try {
      line.reset()
      await worksOn('smith')
      await expect.poll(() => here.link?.state, { timeout: 10_000 }).toBe('failed')
      expect(here.link).toMatchObject({ why: { code: 'server-login' } })
    } finally {
      await setPassword(server.password)
    }
    await here.tryNow()
    await brought('smith')
  })

  test('a line that is cut is an outage, and ends by itself', async () => {
    line.cut()
    await worksOn('weaver')
    await expect.poll(() => here.link?.state, { timeout: 10_000 }).toBe('gone')
    line.heal()
    await expect.poll(() => here.link?.state, { timeout: 10_000 }).toBe('up')
    await brought('weaver')
  })

  test('a schema that a newer Visor migrated: nothing is brought there any more', async () => {
    await database.query(
      "INSERT INTO schema_migrations (version, name, checksum, applied_at, duration_ms) VALUES (99990, 'later', repeat('0', 64), 0, 0)",
    )
    await expect.poll(() => here.link?.state, { timeout: 10_000 }).toBe('failed')
    expect(here.link).toMatchObject({ why: { code: 'database-newer' } })
    await worksOn('cooper')
    expect(await here.outboxEntries()).toHaveLength(1)
  })

  test('closed while it looks for what others erased, it tells of no failure', async () => {
    const far = await openServer(built.folder, database.url)
    line.delay(150)
    await far.gallery.updatePerson(stores.people.get('Ana')!, { occupation: 'tailor' }, context)
    // Heard after one way of the line, asked about and not answered yet.
    await sleep(300)
    await here.close()
    await far.close()
  })
})
