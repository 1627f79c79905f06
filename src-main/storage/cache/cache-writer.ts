/** A cache as it is synchronised: `CacheStore` in its writing thread. Store worker thread. */
import type { MessagePort } from 'node:worker_threads'
import { z } from 'zod'
import type { CacheCheck, CacheDifference, SyncReport } from '../../../src-shared/cache'
import { type ClientId, clientIdSchema, type Domain, domainSchema } from '../../../src-shared/ids'
import type { Scrub } from '../sql/engine'
import { flag } from '../sql/rows'
import type { FlatIndexes } from '../sql/search/flat-indexes'
import type { SqliteConnection } from '../sqlite/sqlite-connection'
import type { WriteControl } from '../written'
import type { CacheStore } from './cache-store'
import { inTurn } from './cached-rows'
import { compareClient, differencesOf } from './compare'
import { fillDomain, isFilling, removeDomain } from './fill'
import { followClient } from './follow'
import { type ErasedThere, followErasures } from './follow-erasures'
import { addDomains, allIsKept, pairClient } from './pair'
import { keptInPair } from './paired-rows'
import { followRenames, forgetNames } from './renamed-domains'
import type { Head } from './renew'
import { renewSettled } from './renew-settled'
import { ServerSnapshot } from './server-snapshot'
import type { Kept, Syncing } from './syncing'

const domainRow = z.object({ clientId: clientIdSchema, name: domainSchema, chosen: flag })
const dueRow = z.object({ clientId: clientIdSchema })

interface ClientDomains {
  readonly clientId: ClientId
  readonly chosen: readonly Domain[]
  readonly leaving: readonly Domain[]
}

export class CacheWriter implements Omit<CacheStore, 'contents' | 'held'> {
  readonly #connection: SqliteConnection
  readonly #indexes: FlatIndexes
  readonly #scrub: Scrub
  readonly #kept: Kept
  /** One after the other. */
  #last: Promise<unknown> = Promise.resolve()

  /** What is written over `connection` is to be noted as changed here; see `local-edits.ts`. */
  constructor(connection: SqliteConnection, indexes: FlatIndexes, scrub: Scrub, kept: Kept) {
    this.#connection = connection
    this.#indexes = indexes
    this.#scrub = scrub
    this.#kept = kept
  }

  async choose(clientId: ClientId, domain: Domain, chosen: boolean): Promise<void> {
    if (this.#kept === keptInPair) throw allIsKept()
    this.#connection.transaction(null, () =>
      this.#connection.run(
        chosen
          ? `INSERT INTO cached_domains (client_id, name, chosen, step, mark) VALUES (?, ?, 1, 'persons', '')
             ON CONFLICT (client_id, name) DO UPDATE SET chosen = 1`
          : 'UPDATE cached_domains SET chosen = 0 WHERE client_id = ? AND name = ?',
        clientId,
        domain,
      ),
    )
  }

  sync(port: MessagePort, control: WriteControl): Promise<SyncReport> {
    return this.#inLine(port, control, async (syncing) => {
      for (const { clientId } of await this.#removeLeaving(syncing)) {
        let isWhole = false
        while (!isWhole) isWhole = await this.#fillFurther(syncing, clientId)
      }
      return syncing.report
    })
  }

  /** Brings what is whole of a client to now, in a snapshot of its own; `further` is given its chosen domains, by the names of then. */
  #follow(
    syncing: Syncing,
    clientId: ClientId,
    further: (chosen: readonly Domain[], head: Head) => Promise<void>,
  ): Promise<void> {
    return syncing.server.at(async () => {
      const renames = await followRenames(syncing, clientId)
      if (this.#kept === keptInPair) await addDomains(syncing, clientId)
      const chosen = this.#clients().find((client) => client.clientId === clientId)?.chosen ?? []
      const head = await followClient(syncing, clientId, chosen)
      await forgetNames(syncing, clientId, renames)
      await further(chosen, head)
    })
  }

  /** Brings what is whole of a client to now, and fills in what is not, for a while; whether all of it is whole. */
  async #fillFurther(syncing: Syncing, clientId: ClientId): Promise<boolean> {
    let isWhole = true
    await this.#follow(syncing, clientId, async (chosen) => {
      const domain = chosen.find((name) => isFilling(syncing, clientId, name))
      if (domain === undefined) return
      isWhole = false
      await fillDomain(syncing, clientId, domain, chosen)
    })
    return isWhole
  }

  pair(clientId: ClientId, port: MessagePort, control: WriteControl): Promise<readonly CacheDifference[]> {
    return this.#inLine(port, control, (syncing) => syncing.server.at(() => pairClient(syncing, clientId)))
  }

  followErasures(port: MessagePort, control: WriteControl): Promise<ErasedThere | undefined> {
    return this.#inLine(port, control, followErasures)
  }

  renewSettled(port: MessagePort, control: WriteControl): Promise<readonly ClientId[]> {
    return this.#inLine(port, control, renewSettled)
  }

  compare(port: MessagePort, control: WriteControl): Promise<CacheCheck> {
    return this.#inLine(port, control, (syncing) =>
      syncing.server.at(async () => {
        const differences: CacheDifference[] = []
        let domains = 0
        let rows = 0
        for (const { clientId, chosen } of this.#clients()) {
          const found = await differencesOf(syncing, clientId, chosen, chosen)
          differences.push(...found.differences)
          domains += found.domains
          rows += found.rows
        }
        return { domains, rows, differences }
      }),
    )
  }

  verify(port: MessagePort, control: WriteControl): Promise<CacheCheck> {
    return this.#inLine(port, control, async (syncing) => {
      const differences: CacheDifference[] = []
      let domains = 0
      let rows = 0
      for (const { clientId } of await this.#removeLeaving(syncing)) {
        // What is only late does not differ.
        await this.#follow(syncing, clientId, async (chosen, head) => {
          const compared = await compareClient(syncing, clientId, chosen, head)
          differences.push(...compared.differences)
          domains += compared.domains
          rows += compared.rows
        })
      }
      return { domains, rows, differences }
    })
  }

  #inLine<T>(port: MessagePort, control: WriteControl, work: (syncing: Syncing) => Promise<T>): Promise<T> {
    const run = this.#last.then(() => this.#run(port, control, work))
    this.#last = run.catch(() => undefined)
    return run
  }

  async #run<T>(
    port: MessagePort,
    control: WriteControl,
    work: (syncing: Syncing) => Promise<T>,
  ): Promise<T> {
    const server = new ServerSnapshot(port, control.signal)
    const report = { filled: 0, renewed: 0, removed: 0, compared: [] }
    const kept = this.#kept
    const syncing = { connection: this.#connection, indexes: this.#indexes, server, kept, control, report }
    try {
      const value = await work(syncing)
      await this.#clear(control)
      return value
    } finally {
      server.close()
    }
  }

  async #removeLeaving(syncing: Syncing): Promise<ClientDomains[]> {
    const clients = this.#clients()
    for (const { clientId, leaving } of clients) {
      for (const domain of leaving) await removeDomain(syncing, clientId, domain)
    }
    return clients.filter(({ chosen }) => chosen.length > 0)
  }

  #clients(): ClientDomains[] {
    const rows = this.#connection.rows(
      domainRow,
      'SELECT client_id AS clientId, name, chosen FROM cached_domains ORDER BY client_id, name',
    )
    return [...Map.groupBy(rows, ({ clientId }) => clientId)].map(([clientId, domains]) => ({
      clientId,
      chosen: domains.filter(({ chosen }) => chosen).map(({ name }) => name),
      leaving: domains.filter(({ chosen }) => !chosen).map(({ name }) => name),
    }))
  }

  /** Clears the file of whom an erasure on the server took; where that fails it stays due. */
  async #clear(control: WriteControl): Promise<void> {
    const connection = this.#connection
    const due = connection.rows(
      dueRow,
      'SELECT client_id AS clientId FROM cached_clients WHERE scrub_due = 1',
    )
    if (due.length === 0) return
    for (const { clientId } of due) this.#indexes.forget(clientId)
    const { gate } = connection
    await gate.enter()
    try {
      await gate.alone(() => this.#scrub(control))
    } finally {
      gate.leave()
    }
    await inTurn(connection, () => connection.run('UPDATE cached_clients SET scrub_due = 0'))
  }
}
