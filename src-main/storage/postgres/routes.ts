/** The ways to a server, in libpq's order, and which one is tried after which failure. Server thread, command line. */
import type { ServerTarget } from './conninfo'
import type { Route } from './dial'
import { ServerError } from './failures'
import { encryptionOrder } from './tls'

/** All connections of a target share these, so that what was found once is not looked for again. */
export class Routes {
  readonly #all: readonly Route[]
  #current = 0
  /** Failures after which another way is worth a try. */
  readonly #another = new WeakSet<ServerError>()

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
    const at = this.#all.indexOf(route)
    if (at === this.#current) {
      const next = this.#all.findIndex((other, index) => index > at && follows(route, other, error))
      // At the end all begins anew, for this attempt where it did not begin there.
      this.#current = next === -1 ? 0 : next
    }
    // Otherwise another connection was quicker to find that out.
    if (this.#current !== at) this.#another.add(error)
  }

  /** Repeats `attempt`, which notes its failures here, along the ways until one works. Raises the failure that says most. */
  async along<T>(attempt: () => Promise<T>): Promise<T> {
    const errors: ServerError[] = []
    for (;;) {
      try {
        return await attempt()
      } catch (error) {
        if (!(error instanceof ServerError)) throw error
        errors.push(error)
        if (!this.#another.has(error) || errors.length >= this.#all.length) throw mostTelling(errors)
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
