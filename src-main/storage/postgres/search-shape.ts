/** Which way a search on the server goes. Server thread. */
import type { Domain } from '../../../src-shared/ids'
import { defaultSearchWidth } from '../../../src-shared/search-index'
import type { Known, SearchShape } from './search-statement'

/** What decides how it is searched; `…Rows`: embeddings in the domains searched. */
export interface SearchBounds {
  /** Comparing all takes less than planning how to: see [Note: Small searches]. */
  readonly smallUpToRows: number
  /** The index is asked; below, comparing all of them takes about as long. */
  readonly indexFromRows: number
  /** Whether those whom nobody stands out for are compared with all. Not, where what the index finds by itself is looked at. */
  readonly doubtsIndex: boolean
}

/** Measured: see docs/server-search.md. */
export const searchBounds: SearchBounds = {
  smallUpToRows: 2000,
  indexFromRows: 15_000,
  doubtsIndex: true,
}

/** Share of the distance of the last of these people that the first may have at most, to stand out. Measured, as above. */
const standsOutShare = 0.8
export const standsOutAmong = 10

/**
 * Whether the nearest of `persons` (nearest first) is nearer than chance brings people: then the index has found who there is to be
 * found. A stranger's nearest are all about as far, and the index misses some of them: see [Note: Standing out].
 */
export function standsOut(persons: readonly { readonly distance: number }[]): boolean {
  const [first] = persons
  const last = persons[standsOutAmong - 1]
  return first !== undefined && last !== undefined && first.distance <= standsOutShare * last.distance
}

/** People with an embedding, and embeddings, of these domains. */
export function sizeOf(
  { sizes }: Pick<Known, 'sizes'>,
  domains: readonly Domain[] | 'all',
): { persons: number; embeddings: number } {
  const total = { persons: 0, embeddings: 0 }
  for (const { domain, persons, embeddings } of sizes) {
    if (domains !== 'all' && !domains.includes(domain)) continue
    total.persons += persons
    total.embeddings += embeddings
  }
  return total
}

/** Which way, and why. */
export interface SearchWay {
  readonly shape: SearchShape
  readonly why: 'small' | 'no-index' | 'large'
}

/**
 * Through the index a search of a part goes past the rest: it sees as many more rows as the part is smaller. So it pays where rows ×
 * their share is large; smaller parts are compared as a whole, found by their domain.
 */
export function wayFor(known: Known, domains: readonly Domain[] | 'all', bounds: SearchBounds): SearchWay {
  const [index] = known.indexes
  const wanted = sizeOf(known, domains).embeddings
  const share = wanted / Math.max(1, wanted, sizeOf(known, 'all').embeddings, index?.rows ?? 0)
  if (wanted * share < bounds.indexFromRows) return { shape: 'exact', why: 'small' }
  if (index === undefined) return { shape: 'exact', why: 'no-index' }
  return { shape: index.vectors, why: 'large' }
}

/** Candidates that a search by the index looks at first. */
export const searchWidthOf = ({ indexes: [index] }: Pick<Known, 'indexes'>): number =>
  index?.searchWidth ?? defaultSearchWidth(index?.rows ?? 0)

/** Embeddings from which on the index is asked for more rows, to find the same faces. Measured: see docs/server-search.md. */
const deep = { fromRows: 50_000, rows: 480 }
const deeper = { fromRows: 200_000, rows: 1500 }

/** Those of a comparison with all: enough people for most answers. */
export const fewestExactRows = 64

/**
 * Nearest rows that a search looks at, at least. Of the first candidates of the index three quarters are asked for, or of those of
 * them that are likely in the domains: a few more would cost it as many candidates again.
 */
export function fewestRows(shape: SearchShape, known: Known, domains: readonly Domain[] | 'all'): number {
  if (shape === 'exact') return fewestExactRows
  const wanted = sizeOf(known, domains).embeddings
  if (wanted >= deeper.fromRows) return deeper.rows
  if (wanted >= deep.fromRows) return deep.rows
  return Math.ceil(0.75 * searchWidthOf(known) * (wanted / Math.max(1, sizeOf(known, 'all').embeddings)))
}
