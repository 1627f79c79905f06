/** The server store as the rest of Visor sees it: PostgreSQL with pgvector. Main, command line. */
import { once } from 'node:events'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { MessageChannel, type MessagePort, Worker } from 'node:worker_threads'
import type { VisorError } from '../../../src-shared/errors'
import { fromSentError, type SentError } from '../../../src-shared/server-failure'
import type { OpenStore } from '../open-store'
import { ServerFeed } from '../postgres/server-feed'
import type { ServerLine, ServerThreadData, ToServerThread } from '../postgres/server-protocol'
import { erasureOf, galleryOf, healthOf, reviewsOf, unknownOf } from './store-parts'
import { unavailable } from './store-thread'
import { type StoreOptions, StoreThreads } from './store-threads'

export interface ServerStore extends OpenStore {
  /** What consoles change there. */
  readonly feed: ServerFeed
  /** A port to read the server by, for the thread that keeps a cache; whoever gets it closes it. */
  snapshots(): MessagePort
  /** Whether the server answers, asked on a new connection. Raises why it does not. */
  probe(): Promise<void>
  /** After an outage: gives up the connections from before it, once the server answers again. Raises why it does not. */
  renew(): Promise<void>
}

/** Where the server is, and how to log in. */
export interface ServerStoreOptions extends StoreOptions, ServerThreadData {}

/**
 * Connects to a database whose schema is this program's, and starts the store's threads.
 *
 * Raises {@link ServerError} where the server cannot be used; `schema-pending`, `database-newer`, `migration-tampered` where its schema
 * is not this program's, and nothing is touched; `invalid-argument` for settings that cannot be followed.
 */
export async function openServerStore({
  connection,
  password,
  ...options
}: ServerStoreOptions): Promise<ServerStore> {
  const server = new ServerThread(options.builtFolder, { connection, password }, options.onFailure)
  const threads = new StoreThreads(
    (role) => ({
      kind: 'postgres',
      lines: role === 'write' ? [server.newLine(), server.newLine()] : [server.newLine()],
    }),
    options,
  )
  try {
    const engine = await threads.opened
    const feed = new ServerFeed(server.newPort('feed'))
    const close = async () => {
      feed.close()
      server.hurry()
      await threads.close()
      await server.close()
    }
    return {
      feed,
      snapshots: () => server.newPort('snapshots'),
      gallery: { engine, ...galleryOf(threads), close },
      reviews: reviewsOf(threads),
      unknown: unknownOf(threads),
      erasure: erasureOf(threads),
      health: healthOf(threads),
      probe: () => server.ask('probe'),
      renew: () => server.ask('renew'),
      close,
    }
  } catch (error) {
    await server.close()
    throw error
  }
}

/** See [Note: Server thread]. */
class ServerThread {
  readonly #worker: Worker
  readonly #exit: Promise<void>
  readonly #lines: ServerLine['replies'][] = []
  #closed = false

  /** `onFailure` is told once, should the thread die. */
  constructor(
    builtFolder: string,
    workerData: ServerThreadData,
    onFailure: ((error: VisorError) => void) | undefined,
  ) {
    this.#worker = new Worker(pathToFileURL(join(builtFolder, 'server.js')), {
      workerData,
      name: 'store, server',
    })
    const exit = Promise.withResolvers<void>()
    this.#exit = exit.promise
    let cause: unknown
    this.#worker.on('error', (error) => {
      cause = error
    })
    this.#worker.on('exit', (code) => {
      // Whoever waits for an answer would wait for ever.
      for (const replies of this.#lines) {
        Atomics.store(replies, 1, 1)
        Atomics.add(replies, 0, 1)
        Atomics.notify(replies, 0)
      }
      if (!this.#closed) onFailure?.(unavailable(cause ?? new Error(`The server thread ended with ${code}.`)))
      exit.resolve()
    })
  }

  newLine(): ServerLine {
    const { port1, port2 } = new MessageChannel()
    const replies = new Int32Array(new SharedArrayBuffer(2 * Int32Array.BYTES_PER_ELEMENT))
    this.#lines.push(replies)
    this.#worker.postMessage({ type: 'line', line: { port: port1, replies } } satisfies ToServerThread, [
      port1,
    ])
    return { port: port2, replies }
  }

  newPort(type: 'feed' | 'snapshots' | 'probe' | 'renew'): MessagePort {
    const { port1, port2 } = new MessageChannel()
    this.#worker.postMessage({ type, port: port1 } satisfies ToServerThread, [port1])
    return port2
  }

  async ask(type: 'probe' | 'renew'): Promise<void> {
    const port = this.newPort(type)
    const answered = once(port, 'message') as Promise<[SentError | null]>
    const gone = this.#exit.then(() => {
      throw unavailable(new Error('The server thread ended.'))
    })
    const [error] = await Promise.race([answered, gone])
    port.close()
    if (error !== null) throw fromSentError(error)
  }

  /** What is in work may end, but a server that is silent is not waited for. */
  hurry(): void {
    this.#worker.postMessage({ type: 'closing' } satisfies ToServerThread)
  }

  async close(): Promise<void> {
    this.#closed = true
    this.#worker.postMessage({ type: 'close' } satisfies ToServerThread)
    await this.#exit
  }
}
