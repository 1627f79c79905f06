/** A write is done once, whatever becomes of its connection: cut, ended by the server, in another's way, silent. */
import net, { type AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { OpenStore } from '../../../../src-main/storage/open-store'
import { openServerStore } from '../../../../src-main/storage/threads/server-store'
import { type BuiltStore, buildStore } from '../../../contract/built-store'
import { client, context, model, slovenia } from '../../../contract/curated-store'
import { madeAssignment, randomNumbers, unitVector } from '../../../contract/made-faces'
import { hasServer, serverAt } from '../../../postgres/databases'
import { type MigratedDatabase, migratedDatabase } from '../../../postgres/migrated'
import { errorOf } from './target'

type Fate =
  | 'pass'
  /** Cut before the server hears of it. */
  | 'cut'
  /** The server hears it, and its answer is lost. */
  | 'lose-answer'
  /** Passed on, and cut at once: nobody knows what the server makes of it. */
  | 'race'
  /** From now on nothing is passed on, and nothing is closed. */
  | 'silence'

/** A way to the server that decides over each message of the console. */
async function startGate(host: string, port: number) {
  const gate = { decide: (_message: string): Fate => 'pass', port: 0, close: async () => {} }
  const sockets = new Set<net.Socket>()
  let silent = false
  const server = net.createServer((near) => {
    const far = net.connect({ host, port })
    let deaf = false
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(socket)
      socket.on('error', () => socket.destroy())
      socket.on('close', () => {
        sockets.delete(socket)
        other.destroy()
      })
    }
    near.on('data', (chunk) => {
      if (silent) return
      const fate = gate.decide(chunk.toString('latin1'))
      if (fate === 'silence') silent = true
      if (fate === 'cut' || fate === 'silence') {
        if (fate === 'cut') near.resetAndDestroy()
        return
      }
      deaf ||= fate === 'lose-answer'
      far.write(chunk)
      if (fate === 'race') {
        far.end()
        near.resetAndDestroy()
      }
    })
    far.on('data', (chunk) => {
      if (silent) return
      if (deaf) near.resetAndDestroy()
      else near.write(chunk)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  gate.port = (server.address() as AddressInfo).port
  gate.close = async () => {
    for (const socket of sockets) socket.destroy()
    await new Promise<void>((resolve) => server.close(() => resolve()))
  }
  return gate
}

/** Decides over the first message that says so, and lets all others pass. */
function once(says: string, fate: Fate, meanwhile: () => void = () => undefined) {
  let struck = 0
  const decide = (message: string): Fate => {
    if (struck > 0 || !message.includes(says)) return 'pass'
    struck++
    meanwhile()
    return fate
  }
  return { decide, struck: () => struck }
}

describe.skipIf(!hasServer())('a write', () => {
  let built: BuiltStore
  let database: MigratedDatabase
  let superuser: pg.Client
  let gate: Awaited<ReturnType<typeof startGate>>
  let store: OpenStore
  const random = randomNumbers(11)

  beforeAll(async () => {
    built = await buildStore()
  })
  afterAll(() => built.remove())
  beforeEach(async () => {
    database = await migratedDatabase()
    superuser = new pg.Client(database.superuserUrl)
    await superuser.connect()
    gate = await startGate(database.host, database.port)
    const { user, password, database: name } = database
    const { connection } = serverAt(`postgresql://${user}@127.0.0.1:${gate.port}/${name}?sslmode=disable`)
    const pool = { ...connection.pool, connectTimeoutMs: 2000, statementTimeoutMs: 4000 }
    store = await openServerStore({
      connection: { ...connection, pool },
      password,
      builtFolder: built.folder,
      threads: 1,
    })
  })
  afterEach(async () => {
    await store.close()
    await gate.close()
    await superuser.end()
    await database.drop()
  })

  const enrol = (name: string) =>
    store.gallery.assignFaces(client, slovenia, model, [madeAssignment(name, unitVector(random))], context)

  /** It was done once, and the store goes on. */
  async function doneOnce(written: Awaited<ReturnType<typeof enrol>>, name: string) {
    expect(written.value).toMatchObject([{ outcome: 'added', personCreated: true }])
    const { personId } = written.value[0]!
    expect(await store.gallery.person(personId)).toMatchObject({ name, faces: 1 })
    const entries = await store.gallery.ledger({ clientId: client, limit: 10 })
    expect(entries.map(({ ledgerId }) => ledgerId)).toEqual([written.ledgerId])
    expect(await store.gallery.gallerySize(client, 'all', model)).toEqual({ persons: 1, embeddings: 1 })
    await enrol('Later')
    expect(await store.gallery.verifyLedger()).toEqual({ entries: 2 })
  }

  test.each([
    ['before its first statement', 'write_for', 'cut'],
    ['in the middle', 'many_faces', 'cut'],
    ['before its commit', 'COMMIT', 'cut'],
    ['when the answer to its commit is lost', 'COMMIT', 'lose-answer'],
    ['while it is committed', 'COMMIT', 'race'],
  ] as const)('cut off %s', async (_, says, fate) => {
    const strike = once(says, fate)
    gate.decide = strike.decide
    const written = await enrol('Ana')
    expect(strike.struck()).toBe(1)
    await doneOnce(written, 'Ana')
  })

  test.each(['INSERT INTO ledger', 'COMMIT'])('whose session the server ends at %s', async (says) => {
    const strike = once(says, 'pass', () => {
      void superuser.query(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1 AND state LIKE 'idle in%'",
        [database.database],
      )
    })
    gate.decide = strike.decide
    const written = await enrol('Ana')
    expect(strike.struck()).toBe(1)
    await doneOnce(written, 'Ana')
  })

  test('that deadlocks with another', async () => {
    const { personId } = (await enrol('Ana')).value[0]!
    await superuser.query("SET search_path = visor, public; SET deadlock_timeout = '20s'; BEGIN")
    await superuser.query('UPDATE persons SET occupation = $1 WHERE id = $2', ['painter', personId])
    const renamed = store.gallery.updatePerson(personId, { name: 'Anja' }, context)
    await sleep(400)
    // Each waits for the other now; the console, which waited first, is told so by the server.
    await superuser.query('SELECT id FROM clients FOR UPDATE')
    await superuser.query('COMMIT')
    await renamed
    expect(await store.gallery.person(personId)).toMatchObject({ name: 'Anja', occupation: 'painter' })
  })

  test('and a read that are cut again and again fail as what they are, and the next succeed', async () => {
    const struck = { count: 0 }
    gate.decide = (message) => {
      if (!message.includes('COMMIT')) return 'pass'
      struck.count++
      return 'cut'
    }
    expect((await enrol('Ana').catch((error: unknown) => error)) as Error).toMatchObject({
      failure: { kind: 'unreachable' },
    })
    expect(struck.count).toBe(2)
    gate.decide = () => 'pass'
    expect(await store.gallery.ledger({ clientId: client, limit: 10 })).toEqual([])
    await doneOnce(await enrol('Ana'), 'Ana')
  })

  test('a read that is cut off is asked once more', async () => {
    const { personId } = (await enrol('Ana')).value[0]!
    const strike = once('FROM persons', 'cut')
    gate.decide = strike.decide
    expect(await store.gallery.person(personId)).toMatchObject({ name: 'Ana' })
    expect(strike.struck()).toBe(1)
  })

  test('a server that falls silent is given up within its time-outs', async () => {
    gate.decide = once('many_faces', 'silence').decide
    const began = performance.now()
    const error = await errorOf(enrol('Ana'))
    expect(error.failure).toMatchObject({ kind: 'unreachable', reason: 'timeout' })
    expect(performance.now() - began).toBeLessThan(4000 + 2000 + 2500)
  })

  test('a store that is closed while the server is silent ends', async () => {
    gate.decide = once('many_faces', 'silence').decide
    const written = enrol('Ana').catch((error: unknown) => error)
    await sleep(300)
    const began = performance.now()
    await store.close()
    expect(performance.now() - began).toBeLessThan(12_000)
    expect(await written).toMatchObject({ failure: { kind: 'unreachable' } })
  })
})
