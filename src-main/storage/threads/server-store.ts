/** The server store as the rest of Visor sees it: PostgreSQL with pgvector. Main, command line. */
import { once } from 'node:events'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { MessageChannel, Worker } from 'node:worker_threads'
import type { ServerLine } from '../postgres/server-protocol'
import type { LocalStore } from './local-store'
import { erasureOf, galleryOf, healthOf, reviewsOf, unknownOf } from './store-parts'
import { type StoreOptions, StoreThreads } from './store-threads'

export interface ServerStoreOptions extends StoreOptions {
  /** `postgresql://…` */
  readonly url: string
}

/** All of a store but the Identify queue, which is each console's own. */
export type ServerStore = Omit<LocalStore, 'queue'>

/** Connects to a database whose schema is this program's, and starts the store's threads. */
export async function openServerStore({ url, ...options }: ServerStoreOptions): Promise<ServerStore> {
  const server = new Worker(pathToFileURL(join(options.builtFolder, 'server.js')), {
    workerData: { url },
    name: 'store, server',
  })
  const newLine = (): ServerLine => {
    const { port1, port2 } = new MessageChannel()
    const replies = new Int32Array(new SharedArrayBuffer(4))
    server.postMessage({ line: port1, replies }, [port1])
    return { port: port2, replies }
  }
  const threads = new StoreThreads(
    (role) => ({ kind: 'postgres', lines: role === 'write' ? [newLine(), newLine()] : [newLine()] }),
    options,
  )
  const engine = await threads.opened
  const close = async () => {
    await threads.close()
    const exit = once(server, 'exit')
    server.postMessage('close')
    await exit
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
