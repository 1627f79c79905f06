/** The server store as the rest of Visor sees it: PostgreSQL with pgvector. Main, command line. */
import { once } from 'node:events'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { MessageChannel, Worker } from 'node:worker_threads'
import { fromWireError } from '../../../src-shared/errors'
import { ServerError } from '../../../src-shared/server-failure'
import type { OpenStore } from '../open-store'
import type {
  FromServerThread,
  ServerLine,
  ServerThreadData,
  ToServerThread,
} from '../postgres/server-protocol'
import { erasureOf, galleryOf, healthOf, reviewsOf, unknownOf } from './store-parts'
import { type StoreOptions, StoreThreads } from './store-threads'

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
}: ServerStoreOptions): Promise<OpenStore> {
  const server = new Worker(pathToFileURL(join(options.builtFolder, 'server.js')), {
    workerData: { connection, password } satisfies ServerThreadData,
    name: 'store, server',
  })
  await connected(server)
  const newLine = (): ServerLine => {
    const { port1, port2 } = new MessageChannel()
    const replies = new Int32Array(new SharedArrayBuffer(4))
    server.postMessage({ port: port1, replies } satisfies ToServerThread, [port1])
    return { port: port2, replies }
  }
  const threads = new StoreThreads(
    (role) => ({ kind: 'postgres', lines: role === 'write' ? [newLine(), newLine()] : [newLine()] }),
    options,
  )
  const closeServer = async () => {
    const exit = once(server, 'exit')
    server.postMessage('close' satisfies ToServerThread)
    await exit
  }
  const engine = await threads.opened.catch(async (error: unknown) => {
    await closeServer()
    throw error
  })
  const close = async () => {
    await threads.close()
    await closeServer()
  }
  return {
    gallery: { engine, ...galleryOf(threads), close },
    reviews: reviewsOf(threads),
    unknown: unknownOf(threads),
    erasure: erasureOf(threads),
    health: healthOf(threads),
    close,
  }
}

/** Resolves once the server thread is connected; raises why it is not. */
async function connected(server: Worker): Promise<void> {
  const [message] = (await once(server, 'message')) as [FromServerThread]
  if (message.type === 'connected') return
  const { error, failure } = message
  throw failure === null ? fromWireError(error) : new ServerError(failure, error)
}
