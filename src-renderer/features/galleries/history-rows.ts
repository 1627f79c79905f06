/** The history as rows: the steps of one long piece of work are one, until it is opened. Pure. Renderer. */
import type { Batch, LedgerEntry } from '../../../src-shared/gallery'
import type { BatchId } from '../../../src-shared/ids'

export type HistoryRow =
  | {
      readonly kind: 'entry'
      readonly key: string
      readonly entry: LedgerEntry
      /** Whether it stands under the work that it is a step of. */
      readonly isStep: boolean
    }
  | {
      readonly kind: 'batch'
      readonly key: string
      readonly batch: Batch
      /** Newest first, two or more. */
      readonly steps: readonly LedgerEntry[]
      readonly isOpen: boolean
    }

/** Rows of entries that are newest first. Steps between which somebody else did something are as many rows. */
export function historyRows(
  entries: readonly LedgerEntry[],
  open: ReadonlySet<BatchId>,
): readonly HistoryRow[] {
  const rows: HistoryRow[] = []
  for (let first = 0; first < entries.length; ) {
    const newest = entries[first]!
    const { partOf: batch } = newest
    let end = first + 1
    while (batch !== undefined && entries[end]?.partOf?.batchId === batch.batchId) end += 1
    const steps = entries.slice(first, end)
    const isBatch = batch !== undefined && steps.length > 1
    if (isBatch) {
      const isOpen = open.has(batch.batchId)
      rows.push({ kind: 'batch', key: `batch ${newest.ledgerId}`, batch, steps, isOpen })
    }
    if (!isBatch || open.has(batch.batchId)) {
      for (const entry of steps) rows.push({ kind: 'entry', key: entry.ledgerId, entry, isStep: isBatch })
    }
    first = end
  }
  return rows
}
