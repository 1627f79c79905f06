/** The rows of a run that are told one by one, fetched portion by portion. Renderer. */
import { useEffect, useState } from 'react'
import type { ImportRunId } from '../../../../src-shared/ids'
import type { RejectedRow, UnfoundFace } from '../../../../src-shared/import-run'
import { request } from '../../../api'
import { useActions } from '../../../state/use-visor'

const rowsAtOnce = 500
/** More are in the report only: nobody reads them one by one. */
export const mostRowsShown = 50_000

interface Page {
  readonly runId: ImportRunId
  readonly offset: number
  readonly limit: number
}

export const rejectsPage = async (page: Page): Promise<readonly RejectedRow[]> =>
  (await request('import.rejects', page)).rejects
export const unfoundPage = async (page: Page): Promise<readonly UnfoundFace[]> =>
  (await request('import.unfound', page)).unfound

/**
 * `undefined` until the first portion is there; it grows until it is whole. `total`: how many there are, and `grows` while they become
 * more: then the first portion is enough. `fetchPage`: one of the two above.
 */
export function useRunRows<T>(
  runId: ImportRunId,
  { total, grows = false }: { readonly total: number; readonly grows?: boolean },
  fetchPage: (page: Page) => Promise<readonly T[]>,
): readonly T[] | undefined {
  const { renew } = useActions()
  const [answer, setAnswer] = useState<{ readonly runId: string; readonly rows: readonly T[] }>()
  useEffect(() => {
    let current = true
    const fetch = async () => {
      const rows: T[] = []
      while (current && rows.length < mostRowsShown) {
        const page = await fetchPage({ runId, offset: rows.length, limit: rowsAtOnce })
        rows.push(...page)
        const isWhole = page.length < rowsAtOnce || grows
        // Shown at once, then when all of them are there: in between nobody could read them anyway.
        if (current && (isWhole || rows.length === page.length || rows.length >= mostRowsShown)) {
          setAnswer({ runId, rows: [...rows] })
        }
        if (isWhole) return
      }
    }
    if (total === 0) setAnswer({ runId, rows: [] })
    else void renew(fetch)
    return () => {
      current = false
    }
  }, [runId, total, grows, fetchPage, renew])
  return answer?.runId === runId ? answer.rows : undefined
}
