/**
 * Which side searches: the server, or this console's cache of it. Pure.
 *
 * [Note: Search side] The server tells the client's revision at the moment of the search, in one row read by its key; a cache that is
 * whole at the same revision has, by [Note: Cache revisions], exactly the rows that the server would search. So the proof is a
 * fact of that moment, and not of a notification that may be late. A scan in memory is exact, and quicker than the way to the
 * server and its index up to {@link scannedAtMost}.
 */
import type { SearchSide } from '../../../src-shared/cache'

/** Embeddings that a console scans rather than asking the server: up to here they lie in memory as float32; see `docs/search.md`. */
export const scannedAtMost = 250_000

/** What a cache has of the domains that are to be searched. */
export interface HeldDomains {
  /** The client's on the server, that they are at. */
  readonly revision: number
  /** Unix milliseconds: when the server was at it. */
  readonly asOf: number
  readonly embeddings: number
}

/** `proven`: it is what the server has now. */
export type ChosenSide = { readonly mode: 'server' } | { readonly mode: 'cache'; readonly proven: boolean }

/**
 * `held`: nothing where the cache lacks one of the domains: then the server searches, whatever was chosen. `serverRevision`: read
 * in the moment of the search; nothing where it was not asked.
 */
export function searchSide(
  wanted: SearchSide,
  held: HeldDomains | undefined,
  serverRevision: number | undefined,
): ChosenSide {
  if (wanted === 'server' || held === undefined) return { mode: 'server' }
  const proven = held.revision === serverRevision
  if (wanted === 'cache') return { mode: 'cache', proven }
  return proven && held.embeddings <= scannedAtMost ? { mode: 'cache', proven } : { mode: 'server' }
}
