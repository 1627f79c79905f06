/** What of a server a console keeps, and so can answer and change by itself. Main, command line. */
import type { VisorError } from '../../../src-shared/errors'
import type { ClientId, Domain } from '../../../src-shared/ids'
import type { HeldDomains } from '../act'
import type { HeldClient } from '../cache/cache-store'
import type { PeopleFilter } from '../gallery-records'
import { notKept } from './away'

export function heldDomains(held: readonly HeldClient[]): ReadonlyMap<ClientId, HeldDomains> {
  return new Map(
    held.map(({ clientId, revision, domains }) => [clientId, { revision, domains: new Set(domains.keys()) }]),
  )
}

/** Raises `server-unreachable` where a call asks for a client or a domain that is not whole here. */
export function refuseWhatIsNotHeld(
  held: readonly HeldClient[],
  method: string,
  args: readonly unknown[],
  why: VisorError,
): void {
  const asked = domainsOf(method, args)
  if (asked === undefined) return
  const { clientId, domains } = asked
  const theirs = held.filter((client) => clientId === undefined || client.clientId === clientId)
  const whole = theirs.flatMap((client) => [...client.domains.keys()])
  if (whole.length === 0)
    throw notKept(clientId === undefined ? 'any gallery' : `any gallery of ${clientId}`, why)
  if (asked.all && theirs.some(({ complete }) => !complete)) {
    throw notKept(`all of ${clientId}: only ${whole.join(', ')}`, why)
  }
  const missing = domains.filter((domain) => !whole.includes(domain))
  if (missing.length > 0) throw notKept(`the domain ${missing.join(', ')}`, why)
}

/** Whose domains a call names, if it does; the client is not always said. None: all that there are here. */
function domainsOf(
  method: string,
  args: readonly unknown[],
): { readonly clientId?: ClientId; readonly domains: readonly Domain[]; readonly all?: boolean } | undefined {
  const named = (clientId: unknown, domains: unknown) => ({
    clientId: clientId as ClientId,
    domains: Array.isArray(domains) ? (domains as Domain[]) : [],
    all: domains === 'all',
  })
  switch (method) {
    case 'addPerson':
    case 'assignFaces':
    case 'enrolledPhotos':
      return named(args[0], [args[1]])
    case 'moveFaces':
    case 'movePersons':
      return { domains: [args[1] as Domain] }
    case 'gallerySize':
      return named(args[0], args[1])
    case 'search': {
      const { clientId, domains } = args[0] as { clientId: ClientId; domains: unknown }
      return named(clientId, domains)
    }
    case 'samplePersons':
    case 'distances':
    case 'persons':
    case 'personIds': {
      const { clientId, domain } = args[0] as Pick<PeopleFilter, 'clientId' | 'domain'>
      return named(clientId, domain === null ? [] : [domain])
    }
    default:
      return undefined
  }
}
