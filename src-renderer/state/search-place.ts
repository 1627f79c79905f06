/** Where is searched, once the galleries have no such client or domain any more: what is searched instead is chosen, and said. Renderer. */
import type { ClientSummary } from '../../src-shared/gallery'
import type { Settings } from '../../src-shared/settings'
import { showWarning } from '../components/toasts'
import { placeInUse } from './place-in-use'
import type { State, Store } from './store'

export type SearchPlace = Pick<Settings['search'], 'clientId' | 'domain' | 'allDomains'>

/** Whether these galleries have the place; where no domain was chosen yet, whether they have the client. */
export function isThere(
  clients: readonly ClientSummary[],
  { clientId, domain, allDomains }: SearchPlace,
): boolean {
  const own = clients.find((client) => client.clientId === clientId)
  if (own === undefined) return domain === null && clients.length === 0
  return domain === null || allDomains || own.domains.some((summary) => summary.domain === domain)
}

/**
 * What is searched instead of a place that is not there: of the same client, where there is one. Of several domains none is
 * guessed: an answer from another gallery than was meant is worse than none.
 */
export function placeInstead(clients: readonly ClientSummary[], { clientId }: SearchPlace): SearchPlace {
  const client =
    clients.find((one) => one.clientId === clientId) ??
    clients.find(({ domains }) => domains.length > 0) ??
    clients[0]
  const domains = client?.domains ?? []
  const domain = domains.length === 1 ? domains[0]!.domain : null
  return { clientId: client?.clientId ?? clientId, domain, allDomains: false }
}

const isSame = (a: SearchPlace, b: SearchPlace) =>
  a.clientId === b.clientId && a.domain === b.domain && a.allDomains === b.allDomains

/** The galleries in use answer themselves: a cache has not all of them, and what is being opened may have others. */
const areKnown = ({ status }: Pick<State, 'status'>): boolean =>
  status?.store.state === 'ready' && (status.store.mode !== 'server' || status.store.server?.state === 'up')

/**
 * Looks, whenever it is called, whether what is searched is there. What had to be left is taken up again where it is back and
 * nobody has chosen otherwise since. A place that is missed is asked for before it is left: it may be newer than what the
 * window knows of the galleries.
 */
export function searchPlaceKeeper(store: Store): () => void {
  let left: { readonly place: SearchPlace; readonly instead: SearchPlace } | undefined
  let asking = false
  const look = (isSure: boolean) => {
    const { clients, settings, status, changeSearch, loadClients, announce } = store.getState()
    if (clients === undefined || !areKnown({ status })) return
    const { clientId, domain, allDomains } = settings.search
    const place = { clientId, domain, allDomains }
    const where = placeInUse({ status })
    const say = (title: string, message: string) => {
      announce(`${title} ${message}`)
      showWarning(title, message)
    }
    if (left !== undefined && !isSame(place, left.instead)) left = undefined
    if (left !== undefined && isThere(clients, left.place)) {
      const back = left.place
      left = undefined
      void changeSearch(back)
      say(`${nameOf(back)} is there again.`, 'It is searched, as before.')
    } else if (!isThere(clients, place) && !isSure) {
      if (asking) return
      asking = true
      void loadClients().then(() => {
        asking = false
        // Where nobody answered nothing is known of the place.
        if (store.getState().clients !== clients) look(true)
      })
    } else if (!isThere(clients, place)) {
      const instead = placeInstead(clients, place)
      left ??= { place, instead }
      left = { place: left.place, instead }
      void changeSearch(instead)
      say(
        `${nameOf(place)} is not on ${where}.`,
        instead.domain === null
          ? 'Nothing is searched until a domain is chosen.'
          : `${nameOf(instead)} is searched instead.`,
      )
    }
  }
  return () => look(false)
}

const nameOf = ({ clientId, domain }: SearchPlace) => `“${domain ?? clientId}”`
