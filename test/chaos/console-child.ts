/**
 * A console that tests may kill: `FOLDER URL NAME SEED`. Edits without end, and says `acknowledged ID` of each edit that was. Told
 * `settle`, it ends what it does, waits until its server is up and its outbox holds only what waits for a decision, brings its
 * cache to what the server has, and says `settled` with what waits and what differed; or why not, where nothing moves any more.
 * Electron's Node, built beside `store.js`.
 */
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { CacheKeeper } from '../../src-main/storage/team/cache-keeper'
import { TeamStore } from '../../src-main/storage/team/team-store'
import { openCache } from '../../src-main/storage/threads/local-store'
import { openServerStore, type ServerStore } from '../../src-main/storage/threads/server-store'
import { hasCode, toWireError, VisorError } from '../../src-shared/errors'
import {
  clientIdSchema,
  domainSchema,
  type LedgerId,
  modelIdSchema,
  type PersonId,
} from '../../src-shared/ids'
import { ServerError } from '../../src-shared/server-failure'
import { madeAssignment, randomNumbers, unitVector } from '../contract/made-faces'
import { serverAt } from '../postgres/databases'

const clientId = clientIdSchema.parse('default')
const domain = domainSchema.parse('chaos')
const modelId = modelIdSchema.parse('pack/embedder')
const [folder, url, name, seed] = process.argv.slice(2) as [string, string, string, string]
const random = randomNumbers(Number(seed))
const builtFolder = import.meta.dirname
/** So much is edited alone, and then waited for the server: on a slow machine, too, all of it gets there in time. */
const mostInOutbox = 60
/** Its outbox gets no shorter for so long: it will not come to rest. */
const stuckMs = 90_000

function say(line: string): Promise<void> {
  return new Promise((resolve) => process.stdout.write(`${line}\n`, () => resolve()))
}

const { connection, password } = serverAt(url)
// A tenth of it would do where nothing else runs.
const pool = { ...connection.pool, connectTimeoutMs: 2000, statementTimeoutMs: 5000 }
const cache = await openCache({ folder, builtFolder, threads: 1 })
const keeper = await CacheKeeper.open(cache, { onChange: () => undefined, onError: () => undefined })
let server: ServerStore | undefined
const store = await TeamStore.open({
  openServer: async () => {
    server = await openServerStore({ connection: { ...connection, pool }, password, builtFolder, threads: 1 })
    return server
  },
  cache,
  onLink: ({ state }) => {
    if (state === 'up' && server !== undefined) keeper.follow(server)
    else keeper.pause()
  },
  onError: (error) => {
    throw error
  },
  times: { firstPauseMs: 50, longestPauseMs: 300 },
  suspiciousAfterMs: 300,
})
const { gallery } = store

/** Everybody whom this side sees. */
async function everybody(): Promise<PersonId[]> {
  const filter = { clientId, domain, text: '', sort: 'name', flags: [], tag: null } as const
  return [...(await gallery.personIds(filter))]
}

let made = 0
let last: LedgerId | undefined
async function edit(): Promise<LedgerId | undefined> {
  const context = { actor: name, summary: `Edit ${made++} of ${name}` }
  const people = await everybody()
  const [one, other] = [
    people[Math.floor(random() * people.length)],
    people[Math.floor(random() * people.length)],
  ]
  const kind = random()
  if (kind < 0.4 || one === undefined || other === undefined) {
    const who = `${name} ${process.pid} ${made}`
    const face = madeAssignment(who, unitVector(random))
    return (await gallery.assignFaces(clientId, domain, modelId, [face], context)).ledgerId
  }
  if (kind < 0.65) return (await gallery.updatePerson(one, { occupation: `work ${made}` }, context)).ledgerId
  if (kind < 0.8) {
    return (await gallery.tagPersons([one], { add: [`${name} ${made % 7}`], remove: [] }, context)).ledgerId
  }
  if (kind < 0.85) return (await gallery.deletePersons([one], context)).ledgerId
  if (kind < 0.9 && one !== other) return (await gallery.mergePersons(one, [other], context)).ledgerId
  if (last === undefined) return undefined
  const undone = last
  last = undefined
  await gallery.undo(undone, context)
  return undefined
}

/** Has the domain in the cache: for that alone the server has to be there. */
async function chooseDomain(): Promise<void> {
  while ((await cache.cache.held()).length === 0) {
    try {
      while (store.link.state !== 'up') await sleep(10)
      await gallery.ensureDomain(clientId, domain)
      await keeper.choose(clientId, domain, true)
      await keeper.sync()
    } catch (error) {
      const passing = error instanceof ServerError || hasCode(error, 'server-unreachable')
      if (!passing && !hasCode(error, 'cancelled')) throw error
    }
  }
}

let settling = false
createInterface({ input: process.stdin }).on('line', (line) => {
  settling ||= line === 'settle'
})

try {
  await chooseDomain()
  await say('open')
  while (!settling) {
    if (store.link.state !== 'up' && (await store.outboxEntries()).length >= mostInOutbox) {
      await sleep(50)
      continue
    }
    try {
      const ledgerId = await edit()
      if (ledgerId !== undefined) await say(`acknowledged ${ledgerId}`)
      last = ledgerId ?? last
    } catch (error) {
      const { code, message, detail } = toWireError(error)
      if (!(error instanceof VisorError) || code === 'internal' || code === 'store-unavailable') {
        await say(`failed ${code} ${message} ${detail}`)
      }
    }
    await sleep(random() * 60)
  }
  await say(`resting: ${store.link.state}, ${(await store.outboxEntries()).length} in the outbox`)
  let left = Number.POSITIVE_INFINITY
  let movedAtMs = performance.now()
  for (let { link } = store; link.state !== 'up'; { link } = store) {
    // No fault is one that somebody has to see to.
    if (link.state === 'failed') throw link.why
    const waiting = (await store.outboxEntries()).length
    if (waiting < left) movedAtMs = performance.now()
    left = waiting
    if (performance.now() - movedAtMs > stuckMs) {
      await say(`resting: ${link.state} since ${new Date(link.since).toISOString()}, ${left} in the outbox`)
      throw link.why
    }
    await sleep(50)
  }
  await say('resting: the server is up')
  await keeper.sync()
  await say('resting: in step')
  const { differences } = await keeper.verify()
  const waiting = (await store.outboxEntries()).map(({ id }) => id)
  const [next] = await cache.outbox.ready()
  await say(`settled ${JSON.stringify({ waiting, differences, next })}`)
  await store.close()
  await keeper.close()
} catch (error) {
  await say(`failed ${JSON.stringify(toWireError(error))}`)
  // What is still open would keep it.
  process.exit(1)
}
process.stdin.destroy()
