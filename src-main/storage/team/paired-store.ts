/**
 * The local gallery as a console works on it, also where it is paired with a server: it answers, and edits of paired clients are kept
 * for the server; in mode `dual` they are brought there, and what is searched here can be searched there. Main, command line. See
 * [Note: Paired gallery].
 */
import { v7 as uuid } from 'uuid'
import type { Pairing } from '../../../src-shared/dual'
import { VisorError } from '../../../src-shared/errors'
import { type ClientId, type LedgerId, ledgerIdSchema } from '../../../src-shared/ids'
import { type ActCall, encodeArguments } from '../act'
import type { OpenStore } from '../open-store'
import type { OutboxStore } from '../outbox-store'
import type { SearchAnswer, SearchQuery } from '../search-records'
import type { LocalStore } from '../threads/local-store'
import { methods } from '../threads/protocol'
import type { ServerStore } from '../threads/server-store'
import type { LedgerContext } from '../written'
import { queued } from './away'
import type { BreakerTimes, ServerLink } from './breaker'
import { carryOutErasures } from './carry-out-erasures'
import { PairedErasure } from './paired-erasure'
import { domainsAreShared, erasedFromBoth, importsStayHere } from './paired-refusals'
import { pairedReviews } from './paired-reviews'
import { type ReachOptions, ServerReach } from './server-reach'

/** A search that was answered here. */
export interface AnsweredSearch {
  readonly query: SearchQuery
  readonly answer: SearchAnswer
  /** Until the answer was here, milliseconds. */
  readonly elapsedMs: number
}

export interface PairedStoreOptions {
  /** Whoever gave it closes it, after the store. */
  readonly local: LocalStore
  /** In mode `dual`: raises why the server cannot be used. */
  readonly openServer?: ReachOptions['openServer']
  /** Told whenever it stands otherwise with the server. */
  readonly onLink?: (link: ServerLink) => void
  /** Told when the outbox has more, or less, or another reason. */
  readonly onOutbox?: () => void
  /** Something of the server came here: an erasure, or what somebody decided to take. */
  readonly onChanged?: ((clientId: ClientId) => void) | undefined
  /** Told how many searches are under way here, whenever that is another number. */
  readonly onSearching?: (underWay: number) => void
  /** Told of every search of a paired client, once its answer is given. */
  readonly onSearched?: (searched: AnsweredSearch) => void
  /** What nobody waited for failed. */
  readonly onError: (error: unknown) => void
  readonly times?: BreakerTimes
}

type Call = (...args: unknown[]) => Promise<unknown>

/** Edits of domains: the server would have to be asked. */
const domainEdits: ReadonlySet<string> = new Set(['renameDomain', 'deleteDomain'])

export class PairedStore implements OpenStore {
  readonly gallery = this.#galleryPart()
  readonly reviews: OpenStore['reviews']
  readonly unknown: OpenStore['unknown']
  readonly erasure: OpenStore['erasure']
  readonly health: OpenStore['health']
  readonly imports: OpenStore['imports']
  readonly #options: PairedStoreOptions
  readonly #local: LocalStore
  /** In mode `dual`. */
  readonly #reach: ServerReach | undefined
  #pairings: readonly Pairing[]
  /** Searches under way here. */
  #searching = 0
  /** The first time that the server was looked for. */
  #looked: Promise<void> | undefined

  private constructor(options: PairedStoreOptions, pairings: readonly Pairing[], console: string) {
    const { local } = options
    this.#options = options
    this.#local = local
    this.#pairings = pairings
    this.reviews = pairedReviews(
      local.reviews,
      () => this.#pairings.length > 0,
      (...edit) => this.#edit(...edit),
    )
    this.unknown = local.unknown
    this.health = local.health
    this.imports = {
      ...local.imports,
      begin: async (run) => {
        this.#refuseImport(run.clientId)
        return local.imports.begin(run)
      },
      importPortion: async (runId, ...rest) => {
        this.#refuseImport((await local.imports.run(runId)).clientId)
        return local.imports.importPortion(runId, ...rest)
      },
    }
    this.erasure = new PairedErasure(local.erasure, () => this.#erasedToo())
    const { openServer, onLink, onOutbox, onError, times } = options
    if (openServer === undefined) return
    this.#reach = new ServerReach({
      openServer,
      outbox: local.outbox,
      console,
      followErasures: (server) => this.followErasures(server),
      mayBring: (server) => this.#mayBring(server),
      afterBringing: (server) => this.#renewSettled(server),
      onLink,
      onOutbox,
      onError,
      times,
    })
  }

  /** In mode `dual` the server is looked for by {@link tryNow}; nobody has to wait for it. */
  static async open(options: PairedStoreOptions): Promise<PairedStore> {
    const { pairings } = await options.local.dual.standing()
    return new PairedStore(options, pairings, await options.local.outbox.console())
  }

  /** How it stands with the server, in mode `dual`. */
  get link(): ServerLink | undefined {
    return this.#reach?.link
  }

  /** The server while it answers; nothing while it does not, or nobody is to ask it. */
  get server(): ServerStore | undefined {
    return this.#reach?.server
  }

  get pairings(): readonly Pairing[] {
    return this.#pairings
  }

  /** A client was paired, or its pairing was ended. */
  async pairingsChanged(): Promise<void> {
    this.#pairings = (await this.#local.dual.standing()).pairings
  }

  /** Looks for the server now, not after a pause. Resolves when that is through. */
  async tryNow(): Promise<void> {
    const looking = this.#reach?.tryNow()
    this.#looked ??= looking
    await looking
  }

  /** See `ServerReach.lend`. */
  lend(): ServerStore | undefined {
    return this.#reach?.lend()
  }

  /** Searches on the server, once. Raises why it cannot be asked. */
  async searchServer(query: SearchQuery): Promise<SearchAnswer> {
    await this.#looked
    const { link, server } = this
    if (server === undefined) {
      throw link !== undefined && 'why' in link ? link.why : notUsed()
    }
    try {
      return await this.#reach!.read(server.gallery.search(query))
    } catch (error) {
      this.#reach!.heard(error)
      throw error
    }
  }

  outboxEntries(): ReturnType<OutboxStore['entries']> {
    return this.#local.outbox.entries()
  }

  /** Tries a held act again: whoever changed the same people meanwhile, where `anyway`. Raises `not-found`. */
  async retry(id: LedgerId, anyway: boolean): Promise<void> {
    await (this.#reach ?? this.#local.outbox).retry(id, anyway)
  }

  /** Forgets a held act; its people are brought to what the server has of them. Raises `not-found`, `conflict`. */
  async drop(id: LedgerId): Promise<void> {
    await (this.#reach ?? this.#local.outbox).drop(id)
  }

  /** Brings to the server what waits, while it answers. Raises what is no outage. */
  async bringNow(): Promise<void> {
    await this.#reach?.bring()
  }

  async close(): Promise<void> {
    await this.#reach?.close()
  }

  /** Carries out here what others erased on the server. Raises what the server raises. */
  async followErasures(server: ServerStore): Promise<void> {
    const { onOutbox, onChanged, onError } = this.#options
    const { struck, clients } = await carryOutErasures(this.#local, server)
    if (struck) onOutbox?.()
    for (const clientId of clients) onChanged?.(clientId)
    // Where that fails it is due, and done with the next start.
    if (clients.size > 0) await this.#local.erasure.scrub({}).catch(onError)
  }

  /** Whoever keeps theirs has it here as well. */
  async #renewSettled(server: ServerStore): Promise<void> {
    const clients = await this.#local.cache.renewSettled(server.snapshots(), {})
    for (const clientId of clients) this.#options.onChanged?.(clientId)
  }

  async #mayBring(server: ServerStore): Promise<boolean> {
    await this.pairingsChanged()
    for (const { clientId, domains, state } of this.#pairings) {
      if (state !== 'paired') continue
      for (const domain of domains) await server.gallery.ensureDomain(clientId, domain)
    }
    // What was edited while the gallery is being copied stands on what is not there yet.
    return this.#pairings.every(({ state }) => state === 'paired')
  }

  #galleryPart(): OpenStore['gallery'] {
    return new Proxy({} as OpenStore['gallery'], {
      get: (_, name) => {
        const { gallery } = this.#local
        if (typeof name !== 'string') return undefined
        if (name === 'engine') return gallery.engine
        if (name === 'close') return () => this.close()
        if (!Object.hasOwn(methods.gallery, name)) return undefined
        if (name === 'search') return (query: SearchQuery) => this.#search(query)
        const method = (Reflect.get(gallery, name) as Call).bind(gallery)
        if (domainEdits.has(name)) {
          return async (...args: unknown[]) => {
            this.#refuseOfPaired(args[0] as ClientId)
            return method(...args)
          }
        }
        if (!queued.has(name)) return method
        return (...args: unknown[]) => {
          const call = { method: name, args: encodeArguments(args.slice(0, -1)) }
          return this.#edit(call, args.at(-1) as LedgerContext, (context) =>
            method(...args.slice(0, -1), context),
          )
        }
      },
    })
  }

  async #search(query: SearchQuery): Promise<SearchAnswer> {
    const { origins, ...asked } = query
    const { onSearched } = this.#options
    const startedAt = performance.now()
    const answer = await this.#whileSearching(() => this.#local.gallery.search(asked))
    // What Visor asks for itself (the gate, a diagnosis) is no probe, and does not count.
    if (onSearched !== undefined && origins !== undefined && this.#isPaired(query.clientId)) {
      const elapsedMs = performance.now() - startedAt
      onSearched({ query, answer, elapsedMs })
    }
    return answer
  }

  async #whileSearching<T>(search: () => Promise<T>): Promise<T> {
    const { onSearching } = this.#options
    onSearching?.(++this.#searching)
    try {
      return await search()
    } finally {
      onSearching?.(--this.#searching)
    }
  }

  /** An edit: here, and kept for the server in the same transaction. */
  async #edit<T>(
    call: ActCall,
    context: LedgerContext,
    carryOut: (context: LedgerContext) => Promise<T>,
  ): Promise<T> {
    if (this.#pairings.length === 0) return carryOut(context)
    const id = ledgerIdSchema.parse(uuid())
    const act = { kind: 'queued', id, call, holds: 'paired' } as const
    const queue = () => carryOut({ ...context, act })
    if (this.#reach === undefined) return queue()
    const value = await this.#reach.queue(queue)
    this.#reach.bringSoon()
    return value
  }

  #isPaired(clientId: ClientId): boolean {
    return this.#pairings.some((pairing) => pairing.clientId === clientId)
  }

  #refuseOfPaired(clientId: ClientId): void {
    if (this.#isPaired(clientId)) throw domainsAreShared()
  }

  #refuseImport(clientId: ClientId): void {
    if (this.#isPaired(clientId)) throw importsStayHere()
  }

  /** Whoever is erased here goes from the server, too: nothing where it has nobody of here. */
  #erasedToo(): ServerStore['erasure'] | undefined {
    if (this.#pairings.length === 0) return undefined
    if (this.server !== undefined) return this.server.erasure
    throw erasedFromBoth()
  }
}

function notUsed(): VisorError {
  return new VisorError('conflict', 'No server is used just now.')
}
