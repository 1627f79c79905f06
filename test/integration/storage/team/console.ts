/** A console whose server can be made to go away, with a cache of what it had. Tests. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
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

export class Console {
  readonly store: TeamStore
  readonly cache: CacheOfServer
  readonly line: FaultyLine
  /** How it stood with the server, in turn. */
  readonly links: readonly ServerLink['state'][]
  readonly #server: () => ServerStore
  /** Of its cache. */
  readonly folder: string

  private constructor(
    store: TeamStore,
    cache: CacheOfServer,
    server: () => ServerStore,
    line: FaultyLine,
    links: readonly ServerLink['state'][],
    folder: string,
  ) {
    this.store = store
    this.cache = cache
    this.#server = server
    this.line = line
    this.links = links
    this.folder = folder
  }

  /** Opens a console whose cache holds a domain, which is empty on both sides. */
  static async open(
    builtFolder: string,
    database: { host: string; port: number; url: string },
  ): Promise<Console> {
    const folder = mkdtempSync(join(tmpdir(), 'visor-console-'))
    const line = await FaultyLine.to(database)
    const { connection, password } = serverAt(line.through(database.url))
    const pool = { ...connection.pool, connectTimeoutMs, statementTimeoutMs: 4000 }
    const cache = await openCache({ folder, builtFolder, threads: 1 })
    const links: ServerLink['state'][] = []
    let server: ServerStore | undefined
    const store = await TeamStore.open({
      openServer: async () => {
        server = await openServerStore({
          connection: { ...connection, pool },
          password,
          builtFolder,
          threads: 1,
        })
        return server
      },
      cache,
      onLink: ({ state }) => links.push(state),
      times: { firstPauseMs: 100, longestPauseMs: 300 },
      suspiciousAfterMs: 300,
    })
    await store.gallery.ensureDomain(client, slovenia)
    await cache.cache.choose(client, slovenia, true)
    const here = new Console(store, cache, () => server!, line, links, folder)
    await here.sync()
    return here
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

  async close(): Promise<void> {
    await this.store.close()
    await this.cache.close()
    await this.line.close()
    rmSync(this.folder, { recursive: true, force: true })
  }
}
