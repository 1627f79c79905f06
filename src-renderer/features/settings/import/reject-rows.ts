/** Rejected rows as they are filtered and counted. Pure. Renderer. */
import type { RejectReason } from '../../../../src-shared/import'
import type { RejectedRow } from '../../../../src-shared/import-run'
import { foldText } from '../../../../src-shared/text'

export interface RejectFilter {
  /** `null`: whatever it is. */
  readonly reason: RejectReason | null
  /** In the row’s name, the person, the photo or the sentence; without regard to case and accents. */
  readonly text: string
}

export const noFilter: RejectFilter = { reason: null, text: '' }

export function filteredRejects(
  rows: readonly RejectedRow[],
  { reason, text }: RejectFilter,
): readonly RejectedRow[] {
  const sought = foldText(text.trim())
  if (reason === null && sought === '') return rows
  const has = (part: string | null) => part !== null && foldText(part).includes(sought)
  return rows.filter(
    (row) =>
      (reason === null || row.reason === reason) &&
      (sought === '' || has(row.key) || has(row.person) || has(row.photo) || has(row.detail)),
  )
}

/** How many rows there are for each reason, the most first. */
export function reasonsIn(rows: readonly RejectedRow[]): { reason: RejectReason; rows: number }[] {
  const counts = new Map<RejectReason, number>()
  for (const { reason } of rows) counts.set(reason, (counts.get(reason) ?? 0) + 1)
  return [...counts].map(([reason, rows]) => ({ reason, rows })).sort((a, b) => b.rows - a.rows)
}
