/** How a search of each domain goes today, on whichever side. Pure. */
import type { SearchSide } from '../../../src-shared/cache'
import type { ClientId, Domain } from '../../../src-shared/ids'
import type { DomainSearch } from '../../../src-shared/search-index'
import { type HeldDomains, searchSide } from './search-side'

/**
 * `onServer`: how the server would search them. `held`: what the cache has of a domain while it follows the server; by
 * [Note: Search side] it is asked again in the moment of each search.
 */
export function domainSearches(
  onServer: readonly DomainSearch[],
  wanted: SearchSide,
  held: (clientId: ClientId, domain: Domain) => HeldDomains | undefined,
): DomainSearch[] {
  return onServer.map((search) => {
    const own = held(search.clientId, search.domain)
    if (searchSide(wanted, own, own?.revision).mode === 'server') return search
    return { ...search, by: 'memory', why: wanted === 'auto' ? 'kept-here' : 'forced' }
  })
}
