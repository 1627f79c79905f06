/** Which way a search on the server goes. Server thread. */
import type { Domain } from '../../../src-shared/ids'
import type { Known, SearchShape } from './search-statement'

/**
 * Embeddings in the domains searched from which on the index is asked; below, comparing all of them takes about as long. Measured:
 * see docs/server-search.md.
 */
export const indexFromRows = 15_000

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

/**
 * Through the index a search of a part goes past the rest: it sees as many more rows as the part is smaller. So it pays where rows ×
 * their share is large; smaller parts are compared as a whole, found by their domain.
 */
export function shapeFor(known: Known, domains: readonly Domain[] | 'all', fromRows: number): SearchShape {
  const [index] = known.indexes
  if (index === undefined) return 'exact'
  const wanted = sizeOf(known, domains).embeddings
  const share = wanted / Math.max(wanted, sizeOf(known, 'all').embeddings, index.rows)
  return wanted * share >= fromRows ? index.vectors : 'exact'
}

/** Embeddings from which on the index is asked for more rows, to find the same people. Measured: see docs/server-search.md. */
const deepFromRows = 50_000

/**
 * Nearest rows that a search looks at, at least. Of the first 400 candidates of the index three quarters are asked for, or of
 * those of them that are likely in the domains: a few more would cost it another 400.
 */
export function fewestRows(
  shape: SearchShape,
  known: Pick<Known, 'sizes'>,
  domains: readonly Domain[] | 'all',
): number {
  if (shape === 'exact') return 64
  const wanted = sizeOf(known, domains).embeddings
  if (wanted >= deepFromRows) return 1000
  return Math.ceil(300 * (wanted / Math.max(1, sizeOf(known, 'all').embeddings)))
}
