/** The local store as the rest of Visor sees it: SQLite in a data folder. Main, command line. */
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { CacheStore } from '../cache/cache-store'
import type { DualStore } from '../dual-store'
import type { OpenStore } from '../open-store'
import type { OutboxStore } from '../outbox-store'
import type { QueueStore } from '../queue-store'
import {
  cacheOf,
  dualOf,
  erasureOf,
  galleryOf,
  healthOf,
  importsOf,
  outboxOf,
  queueOf,
  reviewsOf,
  unknownOf,
} from './store-parts'
import { type StoreOptions, StoreThreads } from './store-threads'

export interface LocalStoreOptions extends StoreOptions {
  /** The data folder, made where there is none. One Visor at a time. */
  readonly folder: string
}

export interface LocalStore extends OpenStore {
  readonly queue: QueueStore
  /** Where it is the cache of a server, or paired with one; empty elsewhere. */
  readonly outbox: OutboxStore
  /** What it follows of a server: of a cache, or of a gallery that is paired. */
  readonly cache: CacheStore
  /** Its move to a server. */
  readonly dual: DualStore
}

/**
 * Opens the data folder's database, migrates it and starts its threads.
 *
 * Raises `data-folder-in-use`, `read-only`, `disk-full`, `database-newer`, `database-corrupt`, `migration-tampered`,
 * `store-unavailable`.
 */
export async function openLocalStore({ folder, ...options }: LocalStoreOptions): Promise<LocalStore> {
  const threads = threadsOn(folder, false, options)
  return localStoreOf(threads, await threads.opened)
}

/** A store of the server's rows: a cache, or the local gallery where that is paired. */
export type CacheOfServer = LocalStore

/** Opens a cache in a folder of its own. Raises as {@link openLocalStore}. */
export async function openCache({ folder, ...options }: LocalStoreOptions): Promise<CacheOfServer> {
  const threads = threadsOn(folder, true, options)
  return localStoreOf(threads, await threads.opened)
}

function threadsOn(folder: string, isCache: boolean, options: StoreOptions): StoreThreads {
  const scrubWorkerUrl = pathToFileURL(join(options.builtFolder, 'scrub.js')).href
  return new StoreThreads(() => ({ kind: 'sqlite', folder, scrubWorkerUrl, isCache }), options)
}

function localStoreOf(threads: StoreThreads, engine: string): LocalStore {
  const close = () => threads.close()
  return {
    gallery: { engine, ...galleryOf(threads), close },
    queue: queueOf(threads),
    reviews: reviewsOf(threads),
    unknown: unknownOf(threads),
    erasure: erasureOf(threads),
    health: healthOf(threads),
    imports: importsOf(threads),
    outbox: outboxOf(threads),
    cache: cacheOf(threads),
    dual: dualOf(threads),
    close,
  }
}
