/**
 * The galleries of a server as a console works on them: the server while it answers, the cache while it does not. Main, command
 * line. See [Note: Breaker] and [Note: Acts].
 */
import { v7 as uuid } from 'uuid'
import type { SearchSide } from '../../../src-shared/cache'
import { hasCode, type VisorError } from '../../../src-shared/errors'
import { type ClientId, type Domain, type LedgerId, ledgerIdSchema } from '../../../src-shared/ids'
import { encodeArguments, endWait, newWait } from '../act'
import type { HeldClient } from '../cache/cache-store'
import type { OpenStore } from '../open-store'
import type { OutboxStore } from '../outbox-store'
import type { AnswerSide, SearchQuery } from '../search-records'
import type { CacheOfServer } from '../threads/local-store'
import { type MethodKind, methods, type Part } from '../threads/protocol'
import type { ServerStore } from '../threads/server-store'
import type { LedgerContext } from '../written'
import { answeredByCache, notKept, onlyOnServer, queued, type StorePart } from './away'
import type { BreakerTimes, ServerLink } from './breaker'
import { heldDomains, refuseWhatIsNotHeld } from './held'
import { type HeldDomains as HeldSearch, searchSide } from './search-side'
import { type ReachOptions, ServerReach } from './server-reach'
import { strikeErased } from './strike-erased'

type Call = (...args: unknown[]) => Promise<unknown>

export interface TeamStoreOptions {
  /** Raises why the server cannot be used. */
  readonly openServer: ReachOptions['openServer']
  /** Whoever gave it closes it, after the store. */
  readonly cache: Pick<CacheOfServer, 'gallery' | 'outbox' | 'cache'>
  /** Told whenever it stands otherwise with the server. */
  readonly onLink: (link: ServerLink) => void
  /** Told when the outbox has more, or less, or another reason. */
  readonly onOutbox?: () => void
  /** What nobody waited for failed. */
  readonly onError: (error: unknown) => void
  /** Which side is to search while the server answers, and what the cache has; see [Note: Search side]. The server unless given. */
  readonly search?: {
    readonly wanted: () => SearchSide
    readonly holds: (clientId: ClientId, domains: SearchQuery['domains']) => HeldSearch | undefined
  }
  readonly times?: BreakerTimes
  readonly suspiciousAfterMs?: number
}

/** A write that a context with an act of its own is given to. */
const withAct = (args: readonly unknown[], act: LedgerContext['act']): unknown[] => [
  ...args.slice(0, -1),
  { ...(args.at(-1) as LedgerContext), act },
]

export class TeamStore implements OpenStore {
  readonly gallery = this.#part('gallery')
  readonly reviews = this.#part('reviews')
  readonly unknown = this.#part('unknown')
  readonly erasure = this.#part('erasure')
  readonly health = this.#part('health')
  readonly imports = this.#part('imports')
  readonly #options: TeamStoreOptions
  readonly #console: string
  readonly #reach: ServerReach
  /** While the server is away: what the cache holds of it. */
  #held: Promise<readonly HeldClient[]> | undefined

  private constructor(options: TeamStoreOptions, console: string) {
    this.#options = options
    this.#console = console
    const { openServer, cache, onLink, onOutbox, onError, times, suspiciousAfterMs } = options
    const { outbox } = cache
    this.#reach = new ServerReach({
      openServer,
      outbox,
      console,
      followErasures: async (server) => {
        if (await strikeErased(outbox, server)) onOutbox?.()
      },
      mayBring: async (server) => {
        await this.#forgetActs(server)
        return true
      },
      onLink: (link) => {
        if (link.state === 'gone') this.#held ??= cache.cache.held()
        if (link.state === 'up') this.#held = undefined
        onLink(link)
      },
      onOutbox,
      onError,
      times,
      suspiciousAfterMs,
    })
  }

  /**
   * Opens the server, and brings there what waits in the outbox; where it does not answer, the store works on the cache until
   * it does. Raises why the server cannot be used, where that is no outage.
   */
  static async open(options: TeamStoreOptions): Promise<TeamStore> {
    const store = new TeamStore(options, await options.cache.outbox.console())
    await store.#reach.tryNow()
    const { link } = store
    if (link.state !== 'failed') return store
    await store.close()
    throw link.why
  }

  get link(): ServerLink {
    return this.#reach.link
  }

  /** Looks for the server now, not after a pause. Resolves when that is through. */
  tryNow(): Promise<void> {
    return this.#reach.tryNow()
  }

  /** What was made while the server was away, and did not get there yet. */
  outboxEntries(): ReturnType<OutboxStore['entries']> {
    return this.#reach.outboxEntries()
  }

  /** Tries a held act again: whoever changed the same people meanwhile, where `anyway`. Raises `not-found`. */
  retry(id: LedgerId, anyway: boolean): Promise<void> {
    return this.#reach.retry(id, anyway)
  }

  /** Forgets a held act. Raises `not-found`, `conflict`. */
  drop(id: LedgerId): Promise<void> {
    return this.#reach.drop(id)
  }

  close(): Promise<void> {
    return this.#reach.close()
  }

  /** Brings to the server what waits, or looks for it. */
  bring(): Promise<void> {
    return this.#reach.goOn()
  }

  /** What this console will not ask the server for again; see [Note: Acts]. */
  async #forgetActs(server: ServerStore): Promise<void> {
    const waiting = (await this.#options.cache.outbox.sought()).map(({ id }) => id)
    // Ids sort by the time of their making.
    await server.forgetActs(this.#console, waiting.sort()[0])
  }

  #part<P extends StorePart>(part: P): OpenStore[P] {
    return new Proxy({} as OpenStore[P], {
      get: (_, name) => {
        if (typeof name !== 'string') return undefined
        if (part === 'gallery' && name === 'engine')
          return this.#reach.reached?.gallery.engine ?? 'PostgreSQL'
        if (part === 'gallery' && name === 'close') return () => this.close()
        if (!Object.hasOwn(methods[part], name)) return undefined
        return (...args: unknown[]) => this.#call(part, name, args)
      },
    })
  }

  #call(part: StorePart, method: string, args: readonly unknown[]): Promise<unknown> {
    const kinds: Readonly<Record<string, MethodKind>> = methods[part]
    if (part === 'gallery' && queued.has(method)) return this.#edit(method, args)
    return kinds[method] === 'write' ? this.#onServerOnly(part, method, args) : this.#read(part, method, args)
  }

  async #read(part: StorePart, method: string, args: readonly unknown[]): Promise<unknown> {
    const { link } = this
    if (link.state === 'failed') throw link.why
    if (link.state === 'up') {
      try {
        const asked = method === 'search' ? this.#search(args) : this.#askServer(part, method, args)
        return withSide(method, await this.#reach.read(asked), {
          mode: 'server',
        })
      } catch (error) {
        if (!this.#reach.heard(error)) throw error
      }
    }
    const why = this.#why()
    if (part !== 'gallery' || !answeredByCache.has(method)) throw onlyOnServer(part, method, why)
    return this.#fromCache(method, args, why)
  }

  /** While the server answers, the cache may still be the quicker one to ask. */
  async #search(args: readonly unknown[]): Promise<unknown> {
    const { search } = this.#options
    const wanted = search?.wanted() ?? 'server'
    const { clientId, domains } = args[0] as SearchQuery
    const held = wanted === 'server' ? undefined : search?.holds(clientId, domains)
    if (held !== undefined) {
      const side = searchSide(wanted, held, await this.#reach.reached!.feed.revision(clientId))
      if (side.mode === 'cache') {
        const asOf = side.proven ? {} : { asOf: held.asOf }
        return withSide('search', await this.#askCache('search', args), { mode: 'cache', ...asOf })
      }
    }
    return this.#askServer('gallery', 'search', args)
  }

  async #fromCache(method: string, args: readonly unknown[], why: VisorError): Promise<unknown> {
    const held = await this.#holdings()
    refuseWhatIsNotHeld(held, method, args, why)
    try {
      const asOf = Math.min(...held.map((client) => client.asOf))
      return withSide(method, await this.#askCache(method, args), { mode: 'cache', asOf })
    } catch (error) {
      throw hasCode(error, 'not-found') ? notKept('this', why) : error
    }
  }

  /** A write that only the server can do. */
  async #onServerOnly(part: StorePart, method: string, args: readonly unknown[]): Promise<unknown> {
    const { link } = this
    if (link.state === 'failed') throw link.why
    if (link.state !== 'up') {
      if (method === 'ensureDomain' && (await this.#holdsDomain(args))) return undefined
      throw onlyOnServer(part, method, link.why)
    }
    try {
      return await this.#askServer(part, method, args)
    } catch (error) {
      this.#reach.heard(error)
      throw error
    }
  }

  /** An edit: on the server, once; or on the cache, and once on the server when it is back. */
  async #edit(method: string, args: readonly unknown[]): Promise<unknown> {
    const { link } = this
    if (link.state === 'failed') throw link.why
    const id = ledgerIdSchema.parse(uuid())
    if (link.state === 'up') {
      const wait = newWait()
      try {
        const sent = withAct(args, { kind: 'sent', id, console: this.#console, wait })
        return await this.#reach.edit(this.#askServer('gallery', method, sent))
      } catch (error) {
        endWait(wait)
        if (!this.#reach.heard(error)) throw error
        // It may have been carried out: then the outbox is told so, when it asks with the same id.
      }
    }
    return this.#reach.queue(() => this.#editCache(id, method, args, this.#why()))
  }

  async #editCache(
    id: LedgerId,
    method: string,
    args: readonly unknown[],
    why: VisorError,
  ): Promise<unknown> {
    const held = await this.#holdings()
    refuseWhatIsNotHeld(held, method, args, why)
    if (method === 'undo') await this.#refuseOlder(args[0] as LedgerId, why)
    const call = { method, args: encodeArguments(args.slice(0, -1)) }
    const act = { kind: 'queued', id, call, holds: heldDomains(held) } as const
    try {
      return await this.#askCache(method, withAct(args, act))
    } catch (error) {
      throw hasCode(error, 'not-found') ? notKept('all that this changes', why) : error
    }
  }

  /** Only what is in the outbox can be taken back here. */
  async #refuseOlder(ledgerId: LedgerId, why: VisorError): Promise<void> {
    const entry = (await this.#options.cache.outbox.entries()).find(({ id }) => id === ledgerId)
    if (entry === undefined) throw onlyOnServer('gallery', 'ledger', why)
    if (entry.held !== undefined) throw notKept('what somebody has to decide about', why)
  }

  #why(): VisorError {
    const { link } = this
    if (link.state === 'up') throw new Error('The server is there.')
    return link.why
  }

  #holdings(): Promise<readonly HeldClient[]> {
    this.#held ??= this.#options.cache.cache.held()
    return this.#held
  }

  async #holdsDomain([clientId, domain]: readonly unknown[]): Promise<boolean> {
    const holdings = heldDomains(await this.#holdings()).get(clientId as ClientId)
    return holdings?.domains.has(domain as Domain) ?? false
  }

  #askServer(part: Part & StorePart, method: string, args: readonly unknown[]): Promise<unknown> {
    return ask(this.#reach.reached![part], method, args)
  }

  #askCache(method: string, args: readonly unknown[]): Promise<unknown> {
    return ask(this.#options.cache.gallery, method, args)
  }
}

function ask(part: object, method: string, args: readonly unknown[]): Promise<unknown> {
  return (Reflect.get(part, method) as Call).call(part, ...args)
}

/** An answer that says which database it is from says so, if it does not yet. */
function withSide(method: string, answer: unknown, side: AnswerSide): unknown {
  if (method !== 'search' && method !== 'gallerySize') return answer
  return { side, ...(answer as object) }
}
