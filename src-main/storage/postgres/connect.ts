/** Connections and pools of connections to the server, ready for Visor's statements. Server thread, command line. */
import { performance } from 'node:perf_hooks'
import pg from 'pg'
import { ServerError } from '../../../src-shared/server-failure'
import { placeOf, type ServerTarget } from './conninfo'
import { type DialTimes, dial, type Route } from './dial'
import { foundFailure, type Phase, serverErrorOf } from './failures'
import { asReady } from './ready-socket'
import { Routes } from './routes'
import { checkServer, prepareSession, type SessionSettings } from './session'

/** Beyond the server's own time-out, it gets this long to say so; then nobody is there. */
const answerGraceMs = 1000

export type ConnectOptions = Partial<SessionSettings>

/** What a pool tells. */
export interface PoolOptions extends ConnectOptions {
  /** An idle connection was lost; the pool goes on with new ones. */
  readonly onIdleFailure?: (error: ServerError) => void
}

/** pg's message for what a server says of itself. */
interface ParameterStatus {
  readonly parameterName: string
  readonly parameterValue: string
}

/** One connection. Its `connect` dials by itself, and rejects with {@link ServerError} only. */
export class ServerClient extends pg.Client {
  readonly #target: ServerTarget
  readonly #routes: Routes
  readonly #session: SessionSettings
  readonly #route: Route
  readonly #where: string
  #phase: Phase = 'connecting'
  /** What the server said of itself: `server_version`, `in_hot_standby`, … */
  readonly told = new Map<string, string>()
  /** How long connecting took; set once it is through. */
  times: (DialTimes & { readonly loginMs: number }) | undefined
  /** Why this connection can no longer be used. */
  brokenBy: ServerError | undefined

  constructor(target: ServerTarget, routes: Routes, { statementTimeoutMs, vector }: ConnectOptions = {}) {
    const route = routes.current
    const where = placeOf(route)
    super({
      host: route.host,
      port: route.port,
      user: target.user,
      database: target.database,
      // The connection is secured before pg sees it.
      ssl: false,
      enableChannelBinding: route.tls,
      application_name: target.applicationName,
      password: async () => {
        const password = await target.password.for(route)
        if (password === undefined || password === '') {
          throw foundFailure({ kind: 'password', reason: 'missing' }, where)
        }
        return password
      },
    })
    this.#target = target
    this.#routes = routes
    this.#route = route
    this.#where = where
    this.#session = {
      statementTimeoutMs: statementTimeoutMs ?? target.pool.statementTimeoutMs,
      vector: vector ?? 'required',
    }
    // pg throws an error that nobody listens to, also while somebody has the connection and will see its query fail.
    this.on('error', (error) => {
      this.brokenBy ??= serverErrorOf(error, where, this.#phase)
    })
  }

  override connect(): Promise<pg.Client>
  override connect(callback: (error: Error) => void): void
  override connect(callback?: (error: Error) => void): Promise<pg.Client> | undefined {
    const connected = this.#connect()
    if (callback === undefined) return connected
    // pg's pool tells success by an absent error.
    connected.then(() => (callback as () => void)(), callback)
    return undefined
  }

  async #connect(): Promise<pg.Client> {
    const { connectTimeoutMs } = this.#target.pool
    const deadline = new AbortController()
    const timer = setTimeout(() => deadline.abort(), connectTimeoutMs)
    try {
      const { socket, times } = await dial(this.#route, this.#target, deadline.signal)
      const dialledAt = performance.now()
      const tooLate = () =>
        socket.destroy(foundFailure({ kind: 'unreachable', reason: 'timeout' }, this.#where))
      deadline.signal.addEventListener('abort', tooLate)
      // pg reads its stream when it connects; the one it made itself was never used.
      Object.assign(this.connection, { stream: asReady(socket, this.#where, () => this.#phase) })
      this.connection.on('parameterStatus', (status: ParameterStatus) =>
        this.told.set(status.parameterName, status.parameterValue),
      )
      this.#watch(socket)
      await super.connect()
      checkServer(this.told, this.#target.targetSession, this.#where)
      await prepareSession(this, this.#session, this.#where)
      deadline.signal.removeEventListener('abort', tooLate)
      this.#phase = 'working'
      this.times = { ...times, loginMs: performance.now() - dialledAt }
      return this
    } catch (cause) {
      const error = this.brokenBy ?? serverErrorOf(cause, this.#where, 'connecting')
      this.#routes.failed(this.#route, error)
      this.connection.stream.destroy()
      throw error
    } finally {
      clearTimeout(timer)
      this.#forgetPassword()
    }
  }

  /** pg keeps what it was given, for whoever looks; it is needed for the log-in only. */
  #forgetPassword(): void {
    const holders: object[] = [
      this,
      ...('connectionParameters' in this ? [Object(this.connectionParameters)] : []),
    ]
    for (const holder of holders) Object.assign(holder, { password: null })
  }

  /** Gives the connection up when it owes an answer and is silent for longer than the server may take. */
  #watch(socket: Parameters<typeof asReady>[0]): void {
    const { statementTimeoutMs } = this.#session
    if (statementTimeoutMs === 0) return
    let writtenWhenReady = socket.bytesWritten
    this.connection.on('readyForQuery', () => {
      writtenWhenReady = socket.bytesWritten
    })
    socket.setTimeout(statementTimeoutMs + answerGraceMs)
    socket.on('timeout', () => {
      if (socket.bytesWritten <= writtenWhenReady) return
      socket.destroy(
        foundFailure({ kind: 'unreachable', reason: 'timeout' }, this.#where, undefined, this.#phase),
      )
    })
  }
}

/** Why a statement on this connection failed. Of one that was lost before, pg itself says only that it cannot be used. */
export function failureOn(client: pg.ClientBase, error: unknown): ServerError {
  return (client instanceof ServerClient ? client.brokenBy : undefined) ?? serverErrorOf(error)
}

/** Ends a connection whose server owes an answer and is silent: whoever waits is told so. */
export function giveUp({ connection }: Pick<pg.PoolClient, 'connection'>): void {
  connection.stream.destroy(
    foundFailure({ kind: 'unreachable', reason: 'timeout' }, undefined, undefined, 'working'),
  )
}

/** Connects once, for work of its own: listening, migrating, a test. The caller ends it. Raises {@link ServerError}. */
export async function clientFor(target: ServerTarget, options?: ConnectOptions): Promise<ServerClient> {
  const routes = new Routes(target)
  return routes.along(async () => {
    const client = new ServerClient(target, routes, options)
    await client.connect()
    return client
  })
}

type Connected = (
  error: Error | undefined,
  client: pg.PoolClient | undefined,
  done: (release?: unknown) => void,
) => void

/** Connections that are shared; `connect` and `query` raise {@link ServerError} where no connection could be had. */
export class ServerPool extends pg.Pool {
  readonly #routes: Routes

  constructor(target: ServerTarget, { onIdleFailure, ...session }: PoolOptions = {}) {
    const { size, connectTimeoutMs, recycleAfterSeconds, recycleAfterUses } = target.pool
    const routes = new Routes(target)
    super({
      max: size,
      // For whoever waits for a free connection; a new one has its own, shorter limit.
      connectionTimeoutMillis: connectTimeoutMs + answerGraceMs,
      // Kept: a search must not wait for a log-in because nobody searched for ten seconds.
      idleTimeoutMillis: 0,
      maxLifetimeSeconds: recycleAfterSeconds,
      ...(recycleAfterUses === 0 ? {} : { maxUses: recycleAfterUses }),
      Client: class extends ServerClient {
        constructor() {
          super(target, routes, session)
        }
      },
    })
    this.#routes = routes
    this.on('error', (error) => onIdleFailure?.(serverErrorOf(error)))
  }

  override connect(): Promise<pg.PoolClient>
  override connect(callback: Connected): void
  override connect(callback?: Connected): Promise<pg.PoolClient> | undefined {
    if (callback === undefined) return this.#routes.along(() => this.#one())
    // Most of the time there is a connection, and no promise is needed to hand it over.
    super.connect((error, client, done) => {
      if (client !== undefined) {
        callback(undefined, client, done)
        return
      }
      this.#routes
        .along(() => this.#one(), this.#told(error))
        .then(
          (found) => callback(undefined, found, (release) => found.release(Boolean(release))),
          (reason: Error) => callback(reason, undefined, () => undefined),
        )
    })
    return undefined
  }

  async #one(): Promise<pg.PoolClient> {
    try {
      return await super.connect()
    } catch (error) {
      throw this.#told(error)
    }
  }

  #told(error: unknown): ServerError {
    if (error instanceof ServerError) return error
    if (error instanceof Error && error.cause instanceof ServerError) return error.cause
    // Only waiting for a free connection is left, or a pool that was ended.
    return this.ending
      ? serverErrorOf(error)
      : foundFailure({ kind: 'too-many-connections', where: 'console' })
  }
}

/** A pool for `target`; the caller ends it. */
export const poolFor = (target: ServerTarget, options?: PoolOptions): ServerPool =>
  new ServerPool(target, options)
