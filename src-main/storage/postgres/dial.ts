/** A connection to the server's port, secured, before anything of PostgreSQL is spoken over it. Server thread, command line. */
import net from 'node:net'
import { performance } from 'node:perf_hooks'
import tls from 'node:tls'
import type { ServerError, ServerFailureCore } from '../../../src-shared/server-failure'
import { type HostPort, placeOf, type ServerTarget } from './conninfo'
import { foundFailure, serverErrorOf } from './failures'
import { tlsOptions } from './tls'

/** One way to one server. */
export interface Route extends HostPort {
  readonly tls: boolean
}

/** Milliseconds of each part; `secureMs` is absent without TLS. */
export interface DialTimes {
  readonly reachMs: number
  readonly secureMs?: number
}

export interface Dialled {
  readonly socket: net.Socket | tls.TLSSocket
  readonly times: DialTimes
}

/** SSLRequest: its length and 1234 · 2¹⁶ + 5679. https://www.postgresql.org/docs/current/protocol-message-formats.html */
const sslRequest = Buffer.from([0, 0, 0, 8, 4, 210, 22, 47])

/**
 * Connects, and secures the connection where the route says so. A server that is silent is given up when `signal` says so.
 * Raises a {@link ServerError}: `unreachable`, `tls`.
 */
export async function dial(route: Route, target: ServerTarget, signal: AbortSignal): Promise<Dialled> {
  const where = placeOf(route)
  // Before the connection: a missing file is told whether or not the server answers.
  const security = route.tls ? await tlsOptions(target, route.host) : undefined
  const beganAt = performance.now()
  const raw = await reach(route, target.pool.connectTimeoutMs, signal)
  try {
    raw.setNoDelay(true)
    if (target.pool.keepAlive) raw.setKeepAlive(true, target.pool.keepAliveIdleSeconds * 1000)
    const reachedAt = performance.now()
    const reachMs = reachedAt - beganAt
    if (security === undefined) return { socket: raw, times: { reachMs } }
    await askForTls(raw, where, signal)
    const secured = await secure(raw, { ...security, ...serverName(route.host) }, where, signal)
    return { socket: secured, times: { reachMs, secureMs: performance.now() - reachedAt } }
  } catch (error) {
    raw.destroy()
    throw error
  }
}

/** A name for the server to choose its certificate by; an address is none (RFC 6066). */
const serverName = (host: string) => (net.isIP(host) === 0 ? { servername: host } : {})

function reach(where: HostPort, timeoutMs: number, signal: AbortSignal): Promise<net.Socket> {
  const { host, port } = where
  // A name may have several addresses. Node gives each a quarter of a second, which is little on a satellite's link.
  const autoSelectFamilyAttemptTimeout = Math.max(250, Math.min(1500, Math.floor(timeoutMs / 3)))
  const socket = net.connect(
    host.startsWith('/')
      ? { path: `${host}/.s.PGSQL.${port}` }
      : { host, port, autoSelectFamilyAttemptTimeout },
  )
  return settled(socket, 'connect', placeOf(where), signal, () => socket)
}

/** Waits for a server to say anything at all, and hangs up. Raises as {@link dial}: also where it is silent until `signal` says so. */
export async function hear(where: HostPort, timeoutMs: number, signal: AbortSignal): Promise<void> {
  const socket = await reach(where, timeoutMs, signal)
  try {
    await answerToTls(socket, placeOf(where), signal)
  } finally {
    socket.destroy()
  }
}

/** The server's word on TLS is one byte: S or N. More than that byte would be somebody in between, speaking unsecured. */
async function askForTls(socket: net.Socket, where: string, signal: AbortSignal): Promise<void> {
  const answer = await answerToTls(socket, where, signal)
  const word = answer?.toString('latin1')
  if (word === 'S') return
  const core: ServerFailureCore =
    word === 'N'
      ? { kind: 'tls', reason: 'not-offered' }
      : answer === null
        ? { kind: 'unreachable', reason: 'closed' }
        : // E begins an error of a server too old to know of TLS, or too busy to speak of it.
          word?.startsWith('E')
          ? { kind: 'tls', reason: 'not-offered' }
          : { kind: 'unreachable', reason: 'not-postgres' }
  throw foundFailure(core, where)
}

/** Every server has an answer, whether or not it speaks TLS; `null`: it hung up. */
function answerToTls(socket: net.Socket, where: string, signal: AbortSignal): Promise<Buffer | null> {
  socket.write(sslRequest)
  return settled(socket, 'readable', where, signal, () => socket.read() as Buffer | null)
}

async function secure(
  socket: net.Socket,
  options: tls.ConnectionOptions,
  where: string,
  signal: AbortSignal,
): Promise<tls.TLSSocket> {
  const secured = tls.connect({ ...options, socket })
  return settled(secured, 'secureConnect', where, signal, () => secured)
}

/** Waits for one event of a socket; its error, its end or `signal` end the waiting, and the socket. */
function settled<T>(
  socket: net.Socket,
  event: 'connect' | 'readable' | 'secureConnect',
  where: string,
  signal: AbortSignal,
  value: () => T,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const done = () => {
      socket.off(event, happened).off('error', failed).off('close', closed)
      signal.removeEventListener('abort', tooLate)
    }
    const happened = () => {
      done()
      resolve(value())
    }
    const end = (error: ServerError) => {
      done()
      // What a dying socket still says is said already.
      socket.on('error', () => undefined).destroy()
      reject(error)
    }
    const failed = (error: Error) => end(serverErrorOf(error, where, 'connecting'))
    const closed = () => end(foundFailure({ kind: 'unreachable', reason: 'closed' }, where))
    const tooLate = () => end(foundFailure({ kind: 'unreachable', reason: 'timeout' }, where))
    if (signal.aborted) {
      tooLate()
      return
    }
    socket.once(event, happened).once('error', failed).once('close', closed)
    signal.addEventListener('abort', tooLate, { once: true })
  })
}
