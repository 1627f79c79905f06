/** The pool of connections to PostgreSQL; see [Note: Server thread]. Entry, worker thread of main (and of the command line). */
import { setTimeout as sleep } from 'node:timers/promises'
import { type MessagePort, parentPort, workerData } from 'node:worker_threads'
import { toSentError } from '../../../src-shared/server-failure'
import { CallAnswers } from './answer-calls'
import { clientFor, giveUp, poolFor, type ServerPool } from './connect'
import { resolveServer } from './conninfo'
import { erasedAmong } from './erased-among'
import { forgetActs } from './forget-acts'
import { rebuildIndex } from './index-build'
import { indexState } from './index-catalogue'
import { indexRecall } from './index-recall'
import { widenSearch } from './index-width'
import { checkSchema } from './postgres-migrations'
import { serveFeed } from './serve-feed'
import { type ServedLine, serveLine } from './serve-line'
import { serveSnapshots } from './serve-snapshots'
import { serverThreadDataSchema, toServerThreadSchema } from './server-protocol'
import { ServerSearch } from './server-search'

/** A server that was gone, or that the store ends with, is waited for no longer than this where it is silent. */
const patienceMs = 5000

const port = parentPort
if (port === null) throw new Error('The server thread is a worker thread.')

const { connection, password, searchBounds } = serverThreadDataSchema.parse(workerData)
const target = resolveServer(connection, password)
let opening = open()
// Whoever asks is told, the one who opens the store first.
opening.catch(() => undefined)
const pool = () => opening

const search = new ServerSearch(pool, searchBounds)
const calls = new CallAnswers(port, {
  search: (query) => search.search(query),
  gallerySize: (...args) => search.gallerySize(...args),
  forgetActs: (console, oldest) => forgetActs(pool, console, oldest),
  erasedAmong: (acts) => erasedAmong(pool, acts),
  indexState: () => indexState(pool, searchBounds),
  rebuildIndex: async (build, control) => rebuildIndex({ target: await target, pool }, build, control),
  widenSearch: async (modelId, width) => widenSearch({ target: await target, pool }, modelId, width),
  indexRecall: (query, control) => indexRecall(pool, search, query, control),
})

const lines: ServedLine[] = []
/** Of the feeds. */
const listenAgain: (() => void)[] = []
let hurrying: NodeJS.Timeout | undefined

async function open(): Promise<ServerPool> {
  const { pool: settings } = await target
  const pool = poolFor(await target)
  try {
    const client = await pool.connect()
    // Statements may have all the time in the world; whoever looks for the server has not.
    const silent = setTimeout(() => giveUp(client), settings.connectTimeoutMs)
    try {
      await checkSchema(client)
    } finally {
      clearTimeout(silent)
      client.release()
    }
    return pool
  } catch (error) {
    await pool.end()
    throw error
  }
}

/** Tells on `answer` that `work` is done, or why it is not. */
async function answering(answer: MessagePort, work: () => Promise<void>): Promise<void> {
  try {
    await work()
    answer.postMessage(null)
  } catch (error) {
    answer.postMessage(toSentError(error))
  }
  answer.close()
}

async function probe(): Promise<void> {
  const client = await clientFor(await target)
  // It answered. A line that falls silent now is nobody's to wait for.
  await Promise.race([client.end(), sleep(patienceMs)])
  client.connection.stream.destroy()
}

/** Connections from before an outage may lead nowhere. */
async function renew(): Promise<void> {
  const fresh = await open()
  const former = opening
  opening = Promise.resolve(fresh)
  for (const again of listenAgain) again()
  const renewedAtMs = performance.now()
  giveUpBefore(renewedAtMs - patienceMs)
  // What was asked a moment before had no answer in all that time.
  setTimeout(() => giveUpBefore(renewedAtMs), patienceMs)
  // It ends when what it was asked is over, or given up.
  void former.then((before) => before.end())
}

function giveUpBefore(askedAtMs: number): void {
  for (const line of lines) line.giveUpBefore(askedAtMs)
}

async function close(): Promise<void> {
  const ended = opening.then(
    (pool) => pool.end(),
    () => undefined,
  )
  await Promise.race([ended, sleep(patienceMs)])
  clearInterval(hurrying)
  // A connection whose other end is silent would keep the thread.
  process.exit()
}

port.on('message', (raw: unknown) => {
  const message = toServerThreadSchema.parse(raw)
  switch (message.type) {
    case 'line':
      lines.push(serveLine(pool, message.line))
      return
    case 'probe':
      void answering(message.port, probe)
      return
    case 'renew':
      void answering(message.port, renew)
      return
    case 'snapshots':
      return serveSnapshots(pool, message.port)
    case 'feed':
      listenAgain.push(serveFeed(target, pool, message.port))
      return
    case 'call':
      void calls.answer(message)
      return
    case 'cancel':
      calls.cancel(message.id)
      return
    case 'closing':
      calls.cancelAll()
      hurrying ??= setInterval(() => giveUpBefore(performance.now() - patienceMs), patienceMs / 10)
      return
    case 'close':
      void close()
      return
    case 'abandon':
      process.exit()
  }
})
