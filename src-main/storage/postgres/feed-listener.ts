/**
 * Hears of what consoles change, on a connection of its own. Server thread.
 *
 * [Note: Change feed] Every transaction that changes a client's gallery raises the client's revision and tells `visor_changes`;
 * what it changed is in the table `changes`. The notification only wakes: the revisions are then read, with the eyes of the role
 * that is logged in, so none is missed while nobody listened, and nobody hears of a client that is not theirs. A connection
 * that died in silence is noticed by its heartbeat, and so is a schema that somebody migrated meanwhile: a console that was left
 * behind would go on with statements that mean something else by now.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { toWireError, VisorError } from '../../../src-shared/errors'
import { type ClientId, clientIdSchema } from '../../../src-shared/ids'
import { ServerError } from '../../../src-shared/server-failure'
import { failureOn, type ServerClient } from './connect'
import { serverErrorOf } from './failures'
import type { FeedNews } from './feed-protocol'
import { checkSchema } from './postgres-migrations'

interface FeedTimes {
  /** Between two looks at a connection on which nothing comes. */
  readonly heartbeatMs: number
  /** Before the first try to connect again; doubled each time. */
  readonly firstPauseMs: number
  readonly longestPauseMs: number
}

export const feedTimes: FeedTimes = { heartbeatMs: 3000, firstPauseMs: 200, longestPauseMs: 5000 }

const selectMigrations = 'SELECT count(*) || coalesce(max(version), 0)::text AS found FROM schema_migrations'
const migrationsSchema = z.tuple([z.object({ found: z.string() })])
const headsSchema = z.array(z.object({ id: clientIdSchema, revision: z.coerce.number().int() }))

export class FeedListener {
  readonly #connect: () => Promise<ServerClient>
  readonly #tell: (news: FeedNews) => void
  readonly #times: FeedTimes
  readonly #stopping = new AbortController()
  readonly #again = new EventTarget()
  /** Revisions that were told of; undefined before the first look. */
  #heads: Map<ClientId, number> | undefined
  /** Which migrations there were when they were last looked at. */
  #migrations: string | undefined
  #running: Promise<void> | undefined

  /** `connect`: opens a connection whose statements end in time, one way or the other. */
  constructor(connect: () => Promise<ServerClient>, tell: (news: FeedNews) => void, times = feedTimes) {
    this.#connect = connect
    this.#tell = tell
    this.#times = times
  }

  start(): void {
    this.#running ??= this.#run(this.#stopping.signal)
  }

  /** The server was found to let us in: a listener that was not let in need not wait any longer. */
  again(): void {
    this.#again.dispatchEvent(new Event('wake'))
  }

  async stop(): Promise<void> {
    this.#stopping.abort()
    await this.#running
  }

  async #run(stop: AbortSignal): Promise<void> {
    let pauseMs = this.#times.firstPauseMs
    while (!stop.aborted) {
      const connectedAt = performance.now()
      let lockedOut = false
      try {
        await this.#listen(stop)
      } catch (cause) {
        const error = serverErrorOf(cause)
        lockedOut = error.failure.kind === 'password'
        this.#tell({ type: 'listening', listening: false, error: toWireError(error) })
      }
      // One that lasted is tried again at once.
      const lasted = performance.now() - connectedAt > this.#times.longestPauseMs
      pauseMs = lasted ? this.#times.firstPauseMs : Math.min(this.#times.longestPauseMs, 2 * pauseMs)
      // Each further try brings the account nearer to being locked: somebody has to see to it.
      if (!stop.aborted) await this.#pause(lockedOut ? undefined : pauseMs, stop)
    }
  }

  /** Until it is to stop. Throws where the connection is lost. */
  async #listen(stop: AbortSignal): Promise<void> {
    const client = await this.#connect()
    let heard = 0
    const waker = new EventTarget()
    const wake = () => waker.dispatchEvent(new Event('wake'))
    let ended = false
    client.on('notification', () => {
      heard++
      wake()
    })
    client.once('end', () => {
      ended = true
      wake()
    })
    stop.addEventListener('abort', wake)
    try {
      await client.query('LISTEN visor_changes')
      for (let told = false; !stop.aborted; ) {
        const before = heard
        // Also what tells that the connection is still one.
        await this.#look(client)
        await this.#lookAtSchema(client)
        if (!told) this.#tell({ type: 'listening', listening: true })
        told = true
        if (heard === before && !ended && !stop.aborted) await wakened(waker, this.#times.heartbeatMs)
      }
    } catch (error) {
      throw failureOn(client, error)
    } finally {
      stop.removeEventListener('abort', wake)
      await Promise.race([client.end(), sleep(this.#times.firstPauseMs)])
    }
  }

  /** Tells of the clients that are further than before; of none when it looks for the first time. */
  async #look(client: ServerClient): Promise<void> {
    const { rows } = await client.query('SELECT id, revision FROM clients')
    const heads = new Map(headsSchema.parse(rows).map(({ id, revision }) => [id, revision]))
    const known = this.#heads
    this.#heads = heads
    if (known === undefined) return
    for (const [clientId, revision] of heads) {
      if (known.get(clientId) !== revision) this.#tell({ type: 'changed', clientId, revision })
    }
    for (const clientId of known.keys()) {
      if (!heads.has(clientId)) this.#tell({ type: 'changed', clientId, revision: 0 })
    }
  }

  async #lookAtSchema(client: ServerClient): Promise<void> {
    const [{ found }] = migrationsSchema.parse((await client.query(selectMigrations)).rows)
    if (found === this.#migrations) return
    try {
      await checkSchema(client)
    } catch (error) {
      if (!(error instanceof VisorError) || error instanceof ServerError) throw error
      this.#tell({ type: 'schema', error: toWireError(error) })
    }
    this.#migrations = found
  }

  /** For as long, or until {@link again}. */
  async #pause(milliseconds: number | undefined, stop: AbortSignal): Promise<void> {
    const wake = () => this.again()
    stop.addEventListener('abort', wake)
    await wakened(this.#again, milliseconds)
    stop.removeEventListener('abort', wake)
  }
}

/** Resolves when it is woken, or after so long, where that is said. */
async function wakened(waker: EventTarget, atMostMs: number | undefined): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  const wake = () => resolve()
  const timer = atMostMs === undefined ? undefined : setTimeout(wake, atMostMs)
  waker.addEventListener('wake', wake)
  await promise
  waker.removeEventListener('wake', wake)
  clearTimeout(timer)
}
