/** What it takes for a face to join all the same. Pure, any process. */
import type { GateReason } from '../../../src-shared/gate'
import { kindTitles } from '../../../src-shared/gate-sentences'

/**
 * What to write into the ledger, or `undefined` where the face may not join: a reason blocks, or there are reasons and nobody
 * said why they do not matter. The entry names the kinds that were overridden and nobody: a name in it would outlive
 * its person's erasure.
 */
export function overriding(
  reasons: readonly GateReason[],
  why: string | undefined,
): { readonly reason?: string } | undefined {
  if (reasons.length === 0) return {}
  if (why === undefined || reasons.some(({ action }) => action === 'block')) return undefined
  const kinds = [...new Set(reasons.map(({ finding }) => kindTitles[finding.kind].toLowerCase()))]
  return { reason: `${why} (in spite of: ${kinds.join(', ')})` }
}
