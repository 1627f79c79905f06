/** Rows that are told with a reason, as they are filtered and counted: rejected ones, faces that were not found. Pure. Renderer. */
import type { RejectedRow } from '../../../../src-shared/import-run'
import { foldText } from '../../../../src-shared/text'

/** `key`: what it is called in the source, where it is one of its rows. */
export type ReasonedRow = Pick<RejectedRow, 'person' | 'photo' | 'reason' | 'detail'> &
  Partial<Pick<RejectedRow, 'key'>>
type Reason = ReasonedRow['reason']

export interface ReasonFilter {
  /** `null`: whatever it is. */
  readonly reason: Reason | null
  /** In the row’s name, the person, the photo or the sentence; without regard to case and accents. */
  readonly text: string
}

export const noFilter: ReasonFilter = { reason: null, text: '' }

export function filteredRows<R extends ReasonedRow>(
  rows: readonly R[],
  { reason, text }: ReasonFilter,
): readonly R[] {
  const sought = foldText(text.trim())
  if (reason === null && sought === '') return rows
  const has = (part: string | null | undefined) => part != null && foldText(part).includes(sought)
  return rows.filter(
    (row) =>
      (reason === null || row.reason === reason) &&
      (sought === '' || has(row.key) || has(row.person) || has(row.photo) || has(row.detail)),
  )
}

/** How many rows there are for each reason, the most first. */
export function reasonsIn(rows: readonly ReasonedRow[]): { reason: Reason; rows: number }[] {
  const counts = new Map<Reason, number>()
  for (const { reason } of rows) counts.set(reason, (counts.get(reason) ?? 0) + 1)
  return [...counts].map(([reason, rows]) => ({ reason, rows })).sort((a, b) => b.rows - a.rows)
}

/** The row that a key leads to from another (`undefined`: from none); `undefined` where the key leads nowhere. */
export function rowByKey(key: string, from: number | undefined, rows: number, rowsInView: number) {
  const last = rows - 1
  const steps: Partial<Record<string, number>> = {
    ArrowDown: (from ?? -1) + 1,
    ArrowUp: (from ?? rows) - 1,
    PageDown: (from ?? -1) + rowsInView,
    PageUp: (from ?? rows) - rowsInView,
    Home: 0,
    End: last,
  }
  const to = steps[key]
  return to === undefined || rows === 0 ? undefined : Math.min(last, Math.max(0, to))
}
