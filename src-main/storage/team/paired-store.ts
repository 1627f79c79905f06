/**
 * The local gallery as a console works on it, also where it is paired with a server: it answers, and edits of paired clients are kept
 * for the server; in mode `dual` they are brought there, and what is searched here can be searched there. Main, command line. See
 * [Note: Paired gallery].
 */
import { v7 as uuid } from 'uuid'
import type { Pairing } from '../../../src-shared/dual'
import { VisorError } from '../../../src-shared/errors'
import { type ClientId, type LedgerId, ledgerIdSchema, type ReviewId } from '../../../src-shared/ids'
import { type ActCall, encodeArguments } from '../act'
import type { OpenStore } from '../open-store'
import type { OutboxStore } from '../outbox-store'
import type { SearchAnswer, SearchQuery } from '../search-records'
import type { LocalStore } from '../threads/local-store'
import { methods } from '../threads/protocol'
import type { ServerStore } from '../threads/server-store'
import type { LedgerContext } from '../written'
import { queued } from './away'
import { Breaker, type BreakerTimes, isOutage, type ServerLink } from './breaker'
import { PairedErasure } from './paired-erasure'
import { domainsAreShared, erasedFromBoth, importsStayHere } from './paired-refusals'
import { Replay } from './replay'
import { forgetStrangers, strikeErased } from './strike-erased'

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
  readonly openServer?: () => Promise<ServerStore>
  /** Told whenever it stands otherwise with the server. */
  readonly onLink?: (link: ServerLink) => void
  /** Told when the outbox has more, or less, or another reason. */
  readonly onOutbox?: () => void
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
  readonly #breaker: Breaker | undefined
  readonly #replay: Replay
  #pairings: readonly Pairing[]
  #server: ServerStore | undefined
  /** The first time that the server was looked for. */
  #looked: Promise<void> | undefined
  /** The server went on to another store: that it is not asked from here is no news. */
  #lent = false
  #bringing = false
  #bringAgain = false
  #lookForErased = false

  private constructor(options: PairedStoreOptions, pairings: readonly Pairing[], console: string) {
    const { local, openServer } = options
    this.#options = options
    this.#local = local
    this.#pairings = pairings
    this.#replay = new Replay(local.outbox, console, () => options.onOutbox?.())
    this.reviews = {
      ...local.reviews,
      accept: (...args) => this.#accept(...args),
      reject: (...args) => this.#reject(...args),
    }
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
    if (openServer === undefined) return
    this.#breaker = new Breaker(
      {
        reach: async () => {
          if (this.#server !== undefined) return this.#server.renew()
          const server = await openServer()
          this.#server = server
          server.feed.news.add((news) => {
            if (news.type === 'changed' && this.server === server) void this.#bringSoon(true)
          })
        },
        settle: async (close) => {
          await this.#forgetErased()
          await this.#bring(close)
        },
        onChange: (link) => {
          if (link.state === 'up') this.#lent = false
          if (!this.#lent) options.onLink?.(link)
        },
      },
      options.times,
    )
  }

  /** In mode `dual` the server is looked for by {@link tryNow}; nobody has to wait for it. */
  static async open(options: PairedStoreOptions): Promise<PairedStore> {
    const { pairings } = await options.local.dual.standing()
    return new PairedStore(options, pairings, await options.local.outbox.console())
  }

  /** How it stands with the server, in mode `dual`. */
  get link(): ServerLink | undefined {
    return this.#breaker?.link
  }

  /** The server while it answers; nothing while it does not, or nobody is to ask it. */
  get server(): ServerStore | undefined {
    return this.#breaker?.closed === true ? this.#server : undefined
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
    const looking = this.#breaker?.tryNow()
    this.#looked ??= looking
    await looking
  }

  /**
   * Gives the open server to a store that takes over, which closes it; nothing where it does not answer. Should this store be worked on
   * all the same, it looks for the server anew.
   */
  lend(): ServerStore | undefined {
    const { server } = this
    if (server === undefined) return undefined
    this.#server = undefined
    this.#lent = true
    this.#breaker?.open(new VisorError('server-unreachable', 'Another store works with the server now.'))
    return server
  }

  /** Searches on the server, once. Raises why it cannot be asked. */
  async searchServer(query: SearchQuery): Promise<SearchAnswer> {
    await this.#looked
    const { link } = this
    if (link === undefined || link.state !== 'up') {
      throw link?.why ?? new VisorError('conflict', 'No server is used just now.')
    }
    try {
      return await this.#server!.gallery.search(query)
    } catch (error) {
      if (isOutage(error)) this.#breaker!.open(error)
      throw error
    }
  }

  outboxEntries(): ReturnType<OutboxStore['entries']> {
    return this.#local.outbox.entries()
  }

  /** Tries a held act again: whoever changed the same people meanwhile, where `anyway`. Raises `not-found`. */
  async retry(id: LedgerId, anyway: boolean): Promise<void> {
    await this.#local.outbox.retry(id, anyway)
    await this.bringNow()
  }

  /** Forgets a held act: it stays as it is here. Raises `not-found`, `conflict`. */
  async drop(id: LedgerId): Promise<void> {
    await this.#local.outbox.drop(id)
    this.#options.onOutbox?.()
    await this.bringNow()
  }

  /** Brings to the server what waits, while it answers. Raises nothing. */
  bringNow(): Promise<void> {
    return this.#bringSoon(false)
  }

  /** `changed`: somebody changed something on the server; it may be an erasure. */
  async #bringSoon(changed: boolean): Promise<void> {
    this.#lookForErased ||= changed
    if (this.#breaker?.closed !== true) return
    if (this.#bringing) {
      this.#bringAgain = true
      return
    }
    this.#bringing = true
    try {
      do {
        this.#bringAgain = false
        if (this.#lookForErased) {
          this.#lookForErased = false
          await this.#forgetErased()
        }
        await this.#bring(() => undefined)
      } while (this.#bringAgain)
    } catch (error) {
      if (isOutage(error)) this.#breaker.open(error)
      else this.#options.onError(error)
    } finally {
      this.#bringing = false
    }
  }

  async close(): Promise<void> {
    await this.#breaker?.stop()
    const server = this.#server
    this.#server = undefined
    await server?.close()
  }

  async #forgetErased(): Promise<void> {
    const { outbox, dual } = this.#local
    const server = this.#server!
    if (await strikeErased(outbox, server)) this.#options.onOutbox?.()
    await forgetStrangers(dual, server.gallery)
  }

  async #bring(emptied: () => void): Promise<void> {
    const server = this.#server!
    await this.pairingsChanged()
    for (const { clientId, domains, state } of this.#pairings) {
      if (state !== 'paired') continue
      for (const domain of domains) await server.gallery.ensureDomain(clientId, domain)
    }
    // What was edited while the gallery is being copied stands on what is not there yet.
    if (this.#pairings.some(({ state }) => state !== 'paired')) return emptied()
    await this.#replay.run(server.gallery, emptied)
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
    const answer = await this.#local.gallery.search(asked)
    // What Visor asks for itself (the gate, a diagnosis) is no probe, and does not count.
    if (onSearched !== undefined && origins !== undefined && this.#isPaired(query.clientId)) {
      const elapsedMs = performance.now() - startedAt
      onSearched({ query, answer, elapsedMs })
    }
    return answer
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
    const value = await this.#replay.whileQueueing(() => carryOut({ ...context, act }))
    this.#options.onOutbox?.()
    void this.bringNow()
    return value
  }

  /** On the server there is no such review: there it is the enrolment that it becomes. */
  async #accept(
    ...[reviewId, position, person, context]: Parameters<OpenStore['reviews']['accept']>
  ): ReturnType<OpenStore['reviews']['accept']> {
    const { reviews } = this.#local
    if (this.#pairings.length === 0) return reviews.accept(reviewId, position, person, context)
    const { clientId, domain, modelId, photo, faces } = await reviews.review(reviewId)
    const face = await this.#withCrop(reviewId, position, faces)
    const assignment = { person, photo, face, source: 'enrolled' as const }
    const call = {
      method: 'assignFaces',
      args: encodeArguments([clientId, domain, modelId, [assignment]]),
    }
    return this.#edit(call, context, (own) => reviews.accept(reviewId, position, person, own))
  }

  async #reject(
    ...[reviewId, context]: Parameters<OpenStore['reviews']['reject']>
  ): ReturnType<OpenStore['reviews']['reject']> {
    const { reviews } = this.#local
    if (this.#pairings.length === 0) return reviews.reject(reviewId, context)
    const { clientId, modelId, person, photo, faces } = await reviews.review(reviewId)
    const { personId } = person
    // Then nobody is ruled out, and nothing is to be told.
    if (personId === undefined || faces.length !== 1) return reviews.reject(reviewId, context)
    const face = await this.#withCrop(reviewId, 0, faces)
    const rejected = { photo, face, personId, source: 'enrolled' as const }
    const call = { method: 'rejectFace', args: encodeArguments([clientId, modelId, rejected]) }
    return this.#edit(call, context, (own) => reviews.reject(reviewId, own))
  }

  async #withCrop<F extends object>(reviewId: ReviewId, position: number, faces: readonly F[]) {
    const face = faces[position]
    if (face === undefined) throw new VisorError('not-found', 'This photo has no such face.')
    return { ...face, crop: await this.#local.reviews.crop(reviewId, position) }
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
