/** A socket that is connected already, in the form in which `pg` wants to connect one itself. Server thread, command line. */
import type net from 'node:net'
import type { ServerError } from '../../../src-shared/server-failure'
import { foundFailure, type Phase } from './failures'

/**
 * `pg` calls `connect` on its stream, waits for `connect`, and then owns it. Two things it leaves open are closed here: a
 * server that hangs up in silence becomes an error with a kind; and what its parser throws at, out of the socket's `data`
 * event where nobody could catch it, ends this connection and not the thread. `phase`: how far the connection is by then.
 */
export function asReady<S extends net.Socket>(socket: S, where: string, phase: () => Phase): S {
  const emit = socket.emit.bind(socket) as (event: string | symbol, ...rest: unknown[]) => boolean
  Object.defineProperties(socket, {
    connect: {
      value: () => {
        process.nextTick(() => emit('connect'))
        return socket
      },
    },
    emit: {
      value: (event: string | symbol, ...rest: unknown[]): boolean => {
        if (event !== 'data') return emit(event, ...rest)
        try {
          return emit(event, ...rest)
        } catch (error) {
          socket.destroy(unreadable(error, where))
          return true
        }
      },
    },
  })
  return socket.once('end', () => {
    if (socket.writableEnded) return
    socket.destroy(foundFailure({ kind: 'unreachable', reason: 'closed' }, where, undefined, phase()))
  })
}

/** A message that `pg` does not know: while logging in, a method (GSSAPI, SSPI) that it cannot do. */
function unreadable(error: unknown, where: string): ServerError {
  return foundFailure(
    { kind: 'password', reason: 'method' },
    where,
    error instanceof Error ? error.message : String(error),
  )
}
