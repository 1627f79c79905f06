/**
 * The server that a store works with: looked for while it is away, brought what waits for it, watched for erasures. Main, command
 * line. See [Note: Breaker] and [Note: Acts].
 */
import { fromWireError, VisorError } from '../../../src-shared/errors'
import type { LedgerId } from '../../../src-shared/ids'
import type { ServerError } from '../../../src-shared/server-failure'
import type { OutboxStore } from '../outbox-store'
import type { FeedNews } from '../postgres/feed-protocol'
import type { ServerStore } from '../threads/server-store'
import { Breaker, type BreakerTimes, type ServerLink } from './breaker'
import { Replay } from './replay'
import { Rerun } from './rerun'

/** A server that owes a read for longer is asked whether it is there at all. */
const defaultSuspiciousAfterMs = 2000

/** What a store tells whoever opened it. */
export interface ReachEvents {
  /** Told whenever it stands otherwise with the server. */
  readonly onLink?: ((link: ServerLink) => void) | undefined
  /** Told when the outbox has more, or less, or another reason. */
  readonly onOutbox?: (() => void) | undefined
  /** What nobody waited for failed. */
  readonly onError: (error: unknown) => void
}

export interface ReachOptions extends ReachEvents {
  /** Raises why the server cannot be used, and what `givenUp` is aborted with: nobody waits for it any more. */
  readonly openServer: (givenUp: AbortSignal) => Promise<ServerStore>
  readonly outbox: OutboxStore
  /** Which console this is to the server. */
  readonly console: string
  /** Carries out here what others erased there: before anything is brought there, and whenever somebody changed something. */
  readonly followErasures: (server: ServerStore) => Promise<void>
  /** Whether what waits may be brought there. */
  readonly mayBring: (server: ServerStore) => Promise<boolean>
  /** Called once what waited is there, while nothing is brought. */
  readonly afterBringing?: (server: ServerStore) => Promise<void>
  readonly times?: BreakerTimes | undefined
  readonly suspiciousAfterMs?: number | undefined
}

export class ServerReach {
  readonly #options: ReachOptions
  readonly #givenUp = new AbortController()
  readonly #breaker: Breaker
  readonly #replay: Replay
  readonly #erasures = new Rerun(() => this.#whileUp((server) => this.#options.followErasures(server)))
  readonly #bringing = new Rerun(() => this.#whileUp((server) => this.#bring(server, () => undefined)))
  #server: ServerStore | undefined
  /** The server went on to another store: that it is not asked from here is no news. */
  #lent = false
  #suspecting: Promise<void> | undefined

  constructor(options: ReachOptions) {
    const { outbox, console, onLink, onOutbox } = options
    this.#options = options
    this.#replay = new Replay(outbox, console, () => onOutbox?.())
    this.#breaker = new Breaker(
      {
        reach: () => this.#reach(),
        settle: async (close) => {
          await options.followErasures(this.#server!)
          await this.#bring(this.#server!, close)
        },
        onChange: (link) => {
          if (link.state === 'up') this.#lent = false
          if (!this.#lent) onLink?.(link)
        },
      },
      options.times,
    )
  }

  get link(): ServerLink {
    return this.#breaker.link
  }

  /** The server while it answers. */
  get server(): ServerStore | undefined {
    return this.#breaker.closed ? this.#server : undefined
  }

  /** The server as it was last reached, whether or not it answers now. */
  get reached(): ServerStore | undefined {
    return this.#server
  }

  /** Looks for the server now, not after a pause. Resolves when that is through. */
  tryNow(): Promise<void> {
    return this.#breaker.tryNow()
  }

  /** Gives a read of the server, unless it turns out to be away. */
  async read<T>(asked: Promise<T>): Promise<T> {
    const { suspiciousAfterMs = defaultSuspiciousAfterMs } = this.#options
    const timer = setInterval(() => this.#suspect(), suspiciousAfterMs)
    try {
      return await this.#breaker.whileClosed(asked)
    } finally {
      clearInterval(timer)
    }
  }

  /** Gives what an edit on the server gave, unless it turns out to be away. */
  edit<T>(asked: Promise<T>): Promise<T> {
    return this.#breaker.whileClosed(asked)
  }

  /** What a question to the server raised: whether it is an outage. After that, and where it lets nobody in, it is not asked any more. */
  heard(error: unknown): error is ServerError {
    return this.#breaker.heard(error)
  }

  /** Runs an edit that goes to the outbox. */
  async queue<T>(edit: () => Promise<T>): Promise<T> {
    const value = await this.#replay.whileQueueing(edit)
    this.#options.onOutbox?.()
    return value
  }

  outboxEntries(): ReturnType<OutboxStore['entries']> {
    return this.#options.outbox.entries()
  }

  /** Tries a held act again: whoever changed the same people meanwhile, where `anyway`. Raises `not-found`. */
  async retry(id: LedgerId, anyway: boolean): Promise<void> {
    await this.#options.outbox.retry(id, anyway)
    await this.goOn()
  }

  /** Forgets a held act. Raises `not-found`, `conflict`. */
  async drop(id: LedgerId): Promise<void> {
    await this.#options.outbox.drop(id)
    this.#options.onOutbox?.()
    await this.goOn()
  }

  /** Brings to the server what waits, or looks for it. Raises what is no outage. */
  goOn(): Promise<void> {
    return this.#breaker.closed ? this.bring() : this.#breaker.tryNow()
  }

  /** Brings to the server what waits, while it answers. Raises what is no outage. */
  bring(): Promise<void> {
    return this.#bringing.soon()
  }

  /** The same, for nobody who waits. */
  bringSoon(): void {
    this.bring().catch((error: unknown) => this.#tell(error))
  }

  /**
   * Gives the open server to a store that takes over, which closes it; nothing where it does not answer. Should this store be worked on
   * all the same, it looks for the server anew.
   */
  lend(): ServerStore | undefined {
    const { server } = this
    if (server === undefined) return undefined
    server.feed.news.delete(this.#hear)
    this.#server = undefined
    this.#lent = true
    this.#breaker.open(new VisorError('server-unreachable', 'Another store works with the server now.'))
    return server
  }

  async close(): Promise<void> {
    const stopped = this.#breaker.stop()
    this.#givenUp.abort(new VisorError('cancelled', 'The server is not looked for any more.'))
    await stopped
    const server = this.#server
    this.#server = undefined
    await server?.close()
  }

  async #reach(): Promise<void> {
    if (this.#server !== undefined) {
      await this.#server.renew()
      return
    }
    this.#server = await this.#options.openServer(this.#givenUp.signal)
    this.#server.feed.news.add(this.#hear)
  }

  readonly #hear = (news: FeedNews): void => {
    // Whoever only listens is the first to notice.
    if (news.type === 'listening' && !news.listening) this.#suspect()
    if (news.type === 'changed') this.#erasures.soon().catch((error: unknown) => this.#tell(error))
    if (news.type === 'schema') this.#breaker.fail(fromWireError(news.error))
  }

  async #bring(server: ServerStore, emptied: () => void): Promise<void> {
    if (!(await this.#options.mayBring(server))) return emptied()
    await this.#replay.run(server, emptied, this.#breaker.usable)
    await this.#replay.alone(async () => this.#options.afterBringing?.(server))
  }

  async #whileUp(work: (server: ServerStore) => Promise<void>): Promise<void> {
    const { server } = this
    if (server === undefined) return
    try {
      await work(server)
    } catch (error) {
      if (!this.#breaker.heard(error)) throw error
    }
  }

  /** What is said of the server by how it stands with it is not said twice, and what closing it ended is no failure. */
  #tell(error: unknown): void {
    if (this.#breaker.closed && this.#server !== undefined) this.#options.onError(error)
  }

  #suspect(): void {
    const { server } = this
    if (server === undefined) return
    this.#suspecting ??= server
      .probe()
      .catch((error: unknown) => {
        // One that was closed or lent meanwhile says nothing of the server.
        if (this.#server === server && !this.#breaker.heard(error)) this.#tell(error)
      })
      .then(() => {
        this.#suspecting = undefined
      })
  }
}
