/** A console whose server can be made to go away, with a cache of what it had. Tests. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { FeedNews } from '../../../../src-main/storage/postgres/feed-protocol'
import type { ServerLink } from '../../../../src-main/storage/team/breaker'
import { TeamStore } from '../../../../src-main/storage/team/team-store'
import { type CacheOfServer, openCache } from '../../../../src-main/storage/threads/local-store'
import { openServerStore, type ServerStore } from '../../../../src-main/storage/threads/server-store'
import type { PersonId } from '../../../../src-shared/ids'
import { FaultyLine } from '../../../chaos/faulty-line'
import { client, context, model, slovenia } from '../../../contract/curated-store'
import { madeAssignment, randomNumbers, unitVector } from '../../../contract/made-faces'
import { serverAt } from '../../../postgres/databases'

/** Of a connection, ms. */
export const connectTimeoutMs = 1000

export const vectorOf = (seed: number) => unitVector(randomNumbers(seed))

/** Where a gallery is. */
interface Served {
  readonly host: string
  readonly port: number
  readonly url: string
}

export class Console {
  readonly store: TeamStore
  readonly cache: CacheOfServer
  readonly line: FaultyLine
  /** How it stood with the server, in turn. */
  readonly links: readonly ServerLink['state'][]
  readonly #news: readonly FeedNews['type'][]
  /** What nobody waited for and failed: nothing is to. */
  readonly #errors: readonly unknown[]
  readonly #server: () => ServerStore
  /** Of its cache. */
  readonly folder: string

  private constructor(
    store: TeamStore,
    cache: CacheOfServer,
    server: () => ServerStore,
    line: FaultyLine,
    links: readonly ServerLink['state'][],
    news: readonly FeedNews['type'][],
    errors: readonly unknown[],
    folder: string,
  ) {
    this.store = store
    this.cache = cache
    this.#server = server
    this.line = line
    this.links = links
    this.#news = news
    this.#errors = errors
    this.folder = folder
  }

  /** Opens a console whose cache holds a domain, which is empty on both sides. */
  static async open(builtFolder: string, database: Served): Promise<Console> {
    const here = await Console.again(builtFolder, database, mkdtempSync(join(tmpdir(), 'visor-console-')))
    await here.store.gallery.ensureDomain(client, slovenia)
    await here.cache.cache.choose(client, slovenia, true)
    await here.sync()
    return here
  }

  /** Opens one with the cache that another left. */
  static async again(builtFolder: string, database: Served, folder: string): Promise<Console> {
    const line = await FaultyLine.to(database)
    const { connection, password } = serverAt(line.through(database.url))
    const pool = { ...connection.pool, connectTimeoutMs, statementTimeoutMs: 4000 }
    const cache = await openCache({ folder, builtFolder, threads: 1 })
    const links: ServerLink['state'][] = []
    const errors: unknown[] = []
    const news: FeedNews['type'][] = []
    let server: ServerStore | undefined
    const store = await TeamStore.open({
      openServer: async () => {
        server = await openServerStore({
          connection: { ...connection, pool },
          password,
          builtFolder,
          threads: 1,
        })
        server.feed.news.add(({ type }) => news.push(type))
        return server
      },
      cache,
      onLink: ({ state }) => links.push(state),
      onError: (error) => errors.push(error),
      times: { firstPauseMs: 100, longestPauseMs: 300 },
      suspiciousAfterMs: 300,
    })
    return new Console(store, cache, () => server!, line, links, news, errors, folder)
  }

  /** Whether it hears of changes as they happen. */
  get listening(): boolean {
    return this.#server().feed.listening
  }

  /** How often it heard such news. */
  newsOf(type: FeedNews['type']): number {
    return this.#news.filter((heard) => heard === type).length
  }

  async sync(): Promise<void> {
    await this.cache.cache.sync(this.#server().snapshots(), {})
  }

  /** Enrols somebody with one photo; the seed is of the face. */
  async enrol(name: string, seed: number): Promise<PersonId> {
    const face = madeAssignment(name, vectorOf(seed))
    const { value } = await this.store.gallery.assignFaces(client, slovenia, model, [face], context)
    return value[0]!.personId
  }

  search(seed: number) {
    return this.store.gallery.search({
      clientId: client,
      domains: [slovenia],
      modelId: model,
      probes: [vectorOf(seed)],
      topPersons: 1,
      topFaces: 0,
      withinDistance: 0.5,
    })
  }

  async until(state: ServerLink['state']): Promise<void> {
    const deadlineMs = performance.now() + 20_000
    while (this.store.link.state !== state) {
      if (performance.now() > deadlineMs)
        throw new Error(`It did not become ${state}: ${this.links.join(', ')}.`)
      await sleep(10)
    }
  }

  /** With the server away: what it gives then is on both sides when this is over. */
  async alone<T>(work: () => Promise<T>): Promise<T> {
    this.line.cut()
    const value = await work()
    this.line.heal()
    await this.until('up')
    await this.sync()
    return value
  }

  /** Closes it; its folder stays. */
  async leave(): Promise<void> {
    await this.store.close()
    await this.cache.close()
    await this.line.close()
    for (const error of this.#errors) throw error
  }

  async close(): Promise<void> {
    await this.leave()
    rmSync(this.folder, { recursive: true, force: true })
  }
}
