/**
 * Whether the server is asked at all. Main, command line.
 *
 * [Note: Breaker] While the server answers, the breaker is closed. An outage opens it: from then on nobody waits for a time-out,
 * everything is answered from the cache at once. After a pause, which doubles up to a limit, the server is looked for; once it
 * answers, what was changed meanwhile is brought to it, and the breaker closes by itself. A failure that is no outage (a wrong
 * password, a schema that is not this program's, also one that became so) ends the looking: somebody has to see to it, and says so by `tryNow`.
 */
import { toWireError, VisorError } from '../../../src-shared/errors'
import { ServerError, type ServerFailure } from '../../../src-shared/server-failure'

/** How it stands with the server. Times in Unix ms. */
export type ServerLink =
  | { readonly state: 'up' }
  | { readonly state: 'gone' | 'returning'; readonly since: number; readonly why: VisorError }
  | { readonly state: 'failed'; readonly why: VisorError }

export interface BreakerTimes {
  /** The first pause, and the longest. */
  readonly firstPauseMs: number
  readonly longestPauseMs: number
}

export const breakerTimes: BreakerTimes = { firstPauseMs: 500, longestPauseMs: 30_000 }

interface Needs {
  /** Looks for the server. Raises why it cannot be used. */
  readonly reach: () => Promise<void>
  /**
   * Brings what was changed meanwhile to the server, and calls `close` at a moment when nothing is left. Raises what makes that
   * impossible for now.
   */
  readonly settle: (close: () => void) => Promise<void>
  readonly onChange: (link: ServerLink) => void
}

/** Whether the server cannot be used for the time being, through nobody's mistake at this desk. */
export function isOutage(error: unknown): error is ServerError {
  return error instanceof ServerError && error.failure.outage
}

/** Failures of every log-in: each further one brings an account nearer to being locked. */
const refusesLogin: ReadonlySet<ServerFailure['kind']> = new Set(['password', 'database'])

/** Whether the same may succeed a little later. */
function mayPass(error: unknown): boolean {
  return isOutage(error) || (error instanceof ServerError && error.failure.retry !== 'no')
}

export class Breaker {
  readonly #needs: Needs
  readonly #times: BreakerTimes
  #link: ServerLink = { state: 'gone', since: Date.now(), why: notYet() }
  #pauseMs: number
  #timer: NodeJS.Timeout | undefined
  #attempt: Promise<void> | undefined
  #stopped = false
  #usable = new AbortController()
  /** Told when it opens: they need not wait for the server any longer. */
  readonly #waiting = new Set<(why: VisorError) => void>()

  constructor(needs: Needs, times: BreakerTimes = breakerTimes) {
    this.#needs = needs
    this.#times = times
    this.#pauseMs = times.firstPauseMs
  }

  get link(): ServerLink {
    return this.#link
  }

  get closed(): boolean {
    return this.#link.state === 'up'
  }

  /** Aborted once the server is found not to be usable; another one each time it is looked for. */
  get usable(): AbortSignal {
    return this.#usable.signal
  }

  /** What `asked` gives; raises as soon as the breaker opens, whatever becomes of it. */
  async whileClosed<T>(asked: Promise<T>): Promise<T> {
    const opened = Promise.withResolvers<never>()
    this.#waiting.add(opened.reject)
    try {
      return await Promise.race([asked, opened.promise])
    } finally {
      this.#waiting.delete(opened.reject)
    }
  }

  /** The server was found to be away. */
  open(why: VisorError): void {
    if (!this.closed) return
    this.#pauseMs = this.#times.firstPauseMs
    this.#away(Date.now(), why)
    this.#waitNoLonger(why)
  }

  /**
   * The server is there, and was found not to be usable: somebody has to see to it. Whatever is being brought to it stops; where it
   * is being looked for, that ends so.
   */
  fail(why: VisorError): void {
    this.#usable.abort(why)
    if (!this.closed) return
    this.#tell({ state: 'failed', why })
    this.#waitNoLonger(why)
  }

  /** What a question to the server raised: whether it is an outage. After that, and where it lets nobody in, it is not asked any more. */
  heard(error: unknown): error is ServerError {
    if (isOutage(error)) {
      this.open(error)
      return true
    }
    if (error instanceof ServerError && refusesLogin.has(error.failure.kind)) this.fail(error)
    return false
  }

  /** Looks for the server now. Resolves when that is through; how it stands then, {@link link} says. */
  tryNow(): Promise<void> {
    if (this.closed || this.#stopped) return Promise.resolve()
    clearTimeout(this.#timer)
    this.#attempt ??= this.#tryOnce().finally(() => {
      this.#attempt = undefined
    })
    return this.#attempt
  }

  async stop(): Promise<void> {
    this.#stopped = true
    clearTimeout(this.#timer)
    await this.#attempt
  }

  async #tryOnce(): Promise<void> {
    const since = 'since' in this.#link ? this.#link.since : Date.now()
    const usable = new AbortController()
    this.#usable = usable
    try {
      await this.#needs.reach()
      usable.signal.throwIfAborted()
      const { link } = this
      this.#tell({ state: 'returning', since, why: 'why' in link ? link.why : notYet() })
      await this.#needs.settle(() => {
        usable.signal.throwIfAborted()
        this.#tell({ state: 'up' })
      })
    } catch (error) {
      if (this.#stopped) return
      const why = error instanceof VisorError ? error : internal(error)
      if (mayPass(error)) {
        this.#pauseMs = Math.min(2 * this.#pauseMs, this.#times.longestPauseMs)
        this.#away(since, why)
      } else {
        this.#tell({ state: 'failed', why })
      }
    }
  }

  #waitNoLonger(why: VisorError): void {
    for (const reject of this.#waiting) reject(why)
    this.#waiting.clear()
  }

  #away(since: number, why: VisorError): void {
    this.#tell({ state: 'gone', since, why })
    if (this.#stopped) return
    // Not all consoles at once.
    const pauseMs = this.#pauseMs * (0.75 + Math.random() / 2)
    this.#timer = setTimeout(() => void this.tryNow(), pauseMs)
    this.#timer.unref()
  }

  #tell(link: ServerLink): void {
    this.#link = link
    this.#needs.onChange(link)
  }
}

function notYet(): VisorError {
  return new VisorError('server-unreachable', 'The server was not looked for yet.')
}

function internal(error: unknown): VisorError {
  const { code, message, ...told } = toWireError(error)
  return new VisorError(code, message, { cause: error, ...told })
}
