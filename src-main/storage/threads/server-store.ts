/** The server store as the rest of Visor sees it: PostgreSQL with pgvector. Main, command line. */
import type { MessagePort } from 'node:worker_threads'
import type { LedgerId } from '../../../src-shared/ids'
import type { SoughtAct } from '../act'
import type { IndexStore } from '../index-store'
import type { OpenStore } from '../open-store'
import { ServerFeed } from '../postgres/server-feed'
import type { ServerThreadData } from '../postgres/server-protocol'
import { ServerWorker } from './server-worker'
import { erasureOf, galleryOf, healthOf, importsOf, reviewsOf, unknownOf } from './store-parts'
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
  /** No act of a console before the oldest that it still waits with will be asked for again: the server may forget them. */
  forgetActs(console: string, oldest: LedgerId | undefined): Promise<void>
  /** Of acts in an outbox: those about somebody who was erased. */
  erasedAmong(acts: readonly SoughtAct[]): Promise<readonly LedgerId[]>
  /** What it searches by. */
  readonly index: IndexStore
}

/** Where the server is, and how to log in. */
export interface ServerStoreOptions extends StoreOptions, ServerThreadData {
  /** Aborted once nobody waits for it to be opened any more; without effect when it is. */
  readonly givenUp?: AbortSignal | undefined
}

/**
 * Connects to a database whose schema is this program's, and starts the store's threads. Searches go past those, straight to the
 * server; see [Note: Search on the server].
 *
 * Raises {@link ServerError} where the server cannot be used; `schema-pending`, `database-newer`, `migration-tampered` where its schema
 * is not this program's, and nothing is touched; `invalid-argument` for settings that cannot be followed; what `givenUp` is aborted with.
 */
export async function openServerStore({
  connection,
  password,
  searchBounds,
  givenUp,
  ...options
}: ServerStoreOptions): Promise<ServerStore> {
  givenUp?.throwIfAborted()
  const server = new ServerWorker(
    options.builtFolder,
    { connection, password, searchBounds },
    options.onFailure,
  )
  const threads = new StoreThreads(
    (role) => ({
      kind: 'postgres',
      lines: role === 'write' ? [server.newLine(), server.newLine()] : [server.newLine()],
    }),
    options,
  )
  const abandon = () => server.abandon()
  givenUp?.addEventListener('abort', abandon)
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
      gallery: {
        engine,
        ...galleryOf(threads),
        search: (query) => server.call('search', [query]),
        gallerySize: (...args) => server.call('gallerySize', args),
        close,
      },
      reviews: reviewsOf(threads),
      unknown: unknownOf(threads),
      erasure: erasureOf(threads),
      health: healthOf(threads),
      imports: importsOf(threads),
      probe: () => server.ask('probe'),
      renew: () => server.ask('renew'),
      forgetActs: (...args) => server.call('forgetActs', args),
      erasedAmong: (...args) => server.call('erasedAmong', args),
      index: {
        state: () => server.call('indexState', []),
        rebuild: (build, control) => server.call('rebuildIndex', [build], control),
        widen: (modelId, width) => server.call('widenSearch', [modelId, width]),
        recall: (query, control) => server.call('indexRecall', [query], control),
      },
      close,
    }
  } catch (error) {
    await server.close()
    givenUp?.throwIfAborted()
    throw error
  } finally {
    givenUp?.removeEventListener('abort', abandon)
  }
}
