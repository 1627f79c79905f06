/** Keeps a console's cache of its server up to date, while the server answers. Main, command line. */

import type { CacheCheck, CacheState, SyncReport } from '../../../src-shared/cache'
import { VisorError } from '../../../src-shared/errors'
import type { ClientId, Domain } from '../../../src-shared/ids'
import type { HeldClient } from '../cache/cache-store'
import type { FeedNews } from '../postgres/feed-protocol'
import type { CacheOfServer } from '../threads/local-store'
import type { ServerStore } from '../threads/server-store'
import type { WriteControl } from '../written'
import type { HeldDomains } from './search-side'

type Served = Pick<ServerStore, 'feed' | 'snapshots'>

export interface KeeperEvents {
  /** The state is another. */
  readonly onChange: () => void
  /** A synchronisation that nobody waited for failed. */
  readonly onError: (error: unknown) => void
}

export class CacheKeeper {
  /** The cache itself; closed with the keeper. */
  readonly store: CacheOfServer
  readonly #events: KeeperEvents
  #server: Served | undefined
  #held: readonly HeldClient[]
  #work: CacheState['work'] = null
  #running: Promise<unknown> = Promise.resolve()
  #stopping = new AbortController()
  /** A synchronisation that has not begun: it brings all that changed until then. */
  #next: Promise<void> | undefined

  private constructor(store: CacheOfServer, held: readonly HeldClient[], events: KeeperEvents) {
    this.store = store
    this.#held = held
    this.#events = events
  }

  static async open(store: CacheOfServer, events: KeeperEvents): Promise<CacheKeeper> {
    return new CacheKeeper(store, await store.cache.held(), events)
  }

  /** The server answers, and nothing waits to be brought there: the cache follows it from here on. */
  follow(server: Served): void {
    this.pause()
    this.#server = server
    this.#stopping = new AbortController()
    server.feed.news.add(this.#hear)
    this.#syncSoon()
  }

  /** The server does not answer, or must not be read yet: what is under way is stopped, and kept as far as it is. */
  pause(): void {
    this.#server?.feed.news.delete(this.#hear)
    this.#server = undefined
    this.#stopping.abort(new VisorError('cancelled', 'The server does not answer just now.'))
  }

  /** Stops what is under way, kept as far as it is; it goes on with the next change on the server. */
  interrupt(): void {
    this.#stopping.abort(new VisorError('cancelled', 'It was not waited for any longer.'))
    this.#stopping = new AbortController()
  }

  /** What the cache has of these domains; nothing where one of them is not whole. */
  holds(clientId: ClientId, domains: readonly Domain[] | 'all'): HeldDomains | undefined {
    const held = this.#held.find((client) => client.clientId === clientId)
    if (held === undefined || (domains === 'all' && !held.complete)) return undefined
    let embeddings = 0
    for (const domain of domains === 'all' ? held.domains.keys() : new Set(domains)) {
      const count = held.domains.get(domain)
      if (count === undefined) return undefined
      embeddings += count
    }
    return { revision: held.revision, asOf: held.asOf, embeddings }
  }

  async state(): Promise<CacheState> {
    const contents = await this.store.cache.contents()
    return { ...contents, following: this.#server?.feed.listening ?? false, work: this.#work }
  }

  /** Whether a domain is to be in the cache. It comes or goes by itself, soon. */
  async choose(clientId: ClientId, domain: Domain, chosen: boolean): Promise<void> {
    await this.store.cache.choose(clientId, domain, chosen)
    await this.#lookAtHeld()
    this.#syncSoon()
  }

  /** Brings the cache to what the server has now. Raises what stops it; `server-unreachable` where there is none to read. */
  sync(control: WriteControl = {}): Promise<SyncReport> {
    return this.#inLine('sync', control)
  }

  /** Compares all of the cache with the server and mends what differs. Raises as {@link sync}. */
  verify(control: WriteControl = {}): Promise<CacheCheck> {
    return this.#inLine('verify', control)
  }

  async close(): Promise<void> {
    this.pause()
    await this.#running
    await this.store.close()
  }

  readonly #hear = (news: FeedNews): void => {
    if (news.type === 'schema') return
    // Back from where nothing was heard, something may have been missed.
    const matters = news.type === 'listening' || this.#held.some(({ clientId }) => clientId === news.clientId)
    if (news.type === 'listening') this.#events.onChange()
    if (matters) this.#syncSoon()
  }

  #syncSoon(): void {
    if (this.#next !== undefined || this.#server === undefined) return
    this.#next = this.#running.then(async () => {
      this.#next = undefined
      if (this.#server === undefined) return
      const { signal } = this.#stopping
      try {
        await this.sync()
      } catch (error) {
        if (!signal.aborted) this.#events.onError(error)
      }
    })
  }

  #inLine(kind: 'sync', control: WriteControl): Promise<SyncReport>
  #inLine(kind: 'verify', control: WriteControl): Promise<CacheCheck>
  #inLine(kind: 'sync' | 'verify', control: WriteControl): Promise<SyncReport | CacheCheck> {
    const run = this.#running.then(() => this.#run(kind, control))
    this.#running = run.catch(() => undefined)
    return run
  }

  async #run(
    kind: 'sync' | 'verify',
    { signal, onProgress }: WriteControl,
  ): Promise<SyncReport | CacheCheck> {
    const server = this.#server
    if (server === undefined) throw noServer()
    const stop = this.#stopping.signal
    try {
      return await this.store.cache[kind](server.snapshots(), {
        signal: signal === undefined ? stop : AbortSignal.any([signal, stop]),
        onProgress: (progress) => {
          this.#work = { kind, ...progress }
          this.#events.onChange()
          onProgress?.(progress)
        },
      })
    } finally {
      this.#work = null
      await this.#lookAtHeld()
    }
  }

  async #lookAtHeld(): Promise<void> {
    this.#held = await this.store.cache.held()
    this.#events.onChange()
  }
}

function noServer(): VisorError {
  return new VisorError('server-unreachable', 'The server does not answer just now.', {
    consequence: 'The cache stays as it is.',
    remedy: 'It follows by itself as soon as the server answers.',
  })
}
