/** The ways to a server, in libpq's order, and which one is tried after which failure. Server thread, command line. */

import { ServerError } from '../../../src-shared/server-failure'
import type { ServerTarget } from './conninfo'
import type { Route } from './dial'
import { encryptionOrder } from './tls'

/** All connections of a target share these, so that what was found once is not looked for again. */
export class Routes {
  readonly #all: readonly Route[]
  #current = 0
  readonly #failedOn = new WeakMap<ServerError, Route>()
  /** Failures after which another way is worth a try. */
  readonly #hasNext = new WeakSet<ServerError>()

  constructor({ hosts, sslMode }: Pick<ServerTarget, 'hosts' | 'sslMode'>) {
    this.#all = hosts.flatMap(({ host, port }) =>
      encryptionOrder(sslMode, host).map((tls) => ({ host, port, tls })),
    )
  }

  get current(): Route {
    const route = this.#all[this.#current]
    if (route === undefined) throw new Error('a target has a host')
    return route
  }

  /** Notes that `route` failed with `error`, and so which one {@link current} is. */
  failed(route: Route, error: ServerError): void {
    this.#failedOn.set(error, route)
    if (route !== this.current) {
      // Another connection was quicker to find that out.
      this.#hasNext.add(error)
      return
    }
    const at = this.#all.indexOf(route)
    const others = [...this.#all.slice(at + 1), ...this.#all.slice(0, at)]
    const next = others.find((other) => follows(route, other, error))
    this.#current = next === undefined ? 0 : this.#all.indexOf(next)
    if (next !== undefined) this.#hasNext.add(error)
  }

  /**
   * Repeats `attempt`, which notes its failures here, along the ways until one works. `first`: how an attempt before failed.
   * Raises the failure that says most.
   */
  async along<T>(attempt: () => Promise<T>, first?: ServerError): Promise<T> {
    const errors: ServerError[] = []
    const tried = new Set<Route | undefined>()
    const another = (error: ServerError) => {
      errors.push(error)
      tried.add(this.#failedOn.get(error))
      return this.#hasNext.has(error) && !tried.has(this.current)
    }
    if (first !== undefined && !another(first)) throw first
    for (;;) {
      try {
        return await attempt()
      } catch (error) {
        if (!(error instanceof ServerError)) throw error
        if (!another(error)) throw mostTelling(errors)
      }
    }
  }
}

/** Whether `other` is tried when `route` failed. As in libpq: the next host where this one is away, and otherwise the same with and without TLS. */
function follows(route: Route, other: Route, { failure }: ServerError): boolean {
  const sameHost = route.host === other.host && route.port === other.port
  switch (failure.kind) {
    case 'unreachable':
      // A server that hangs up on the handshake may take us without.
      return !sameHost || (route.tls && failure.reason === 'closed')
    case 'shutdown':
    case 'read-only':
      return !sameHost
    case 'tls':
      return sameHost
    case 'password':
      // Not after a wrong password: it would be as wrong, and an account may be locked after so many.
      return sameHost && failure.reason === 'not-admitted'
    default:
      return false
  }
}

/** The one failure of several that says what to mend. */
function mostTelling(errors: readonly ServerError[]): ServerError {
  const notAdmitted = errors.find(
    ({ failure }) => failure.kind === 'password' && failure.reason === 'not-admitted',
  )
  // That nobody is let in without TLS says less than why there was none.
  const noTls = errors.find(({ failure }) => failure.kind === 'tls' && failure.reason !== 'not-offered')
  const told =
    errors.find((error) => !error.failure.outage && error !== notAdmitted) ??
    (notAdmitted === undefined ? undefined : (noTls ?? notAdmitted)) ??
    errors.find(({ failure }) => failure.kind !== 'tls') ??
    errors[0]
  if (told === undefined) throw new Error('nothing was tried')
  return told
}
