/** The rejected rows of a run, fetched portion by portion. Renderer. */
import { useEffect, useState } from 'react'
import type { ImportRun, RejectedRow } from '../../../../src-shared/import-run'
import { request } from '../../../api'
import { useActions } from '../../../state/use-visor'

const rowsAtOnce = 500
/** More are in the report only: nobody reads them one by one. */
export const mostRejectsShown = 50_000

/** `undefined` until the first portion is there; it grows until it is whole. */
export function useRejects({
  runId,
  rejected,
}: Pick<ImportRun, 'runId' | 'rejected'>): readonly RejectedRow[] | undefined {
  const { renew } = useActions()
  const [answer, setAnswer] = useState<{ readonly runId: string; readonly rows: readonly RejectedRow[] }>()
  useEffect(() => {
    let current = true
    const fetch = async () => {
      const rows: RejectedRow[] = []
      while (current && rows.length < mostRejectsShown) {
        const page = await request('import.rejects', { runId, offset: rows.length, limit: rowsAtOnce })
        rows.push(...page.rejects)
        const isWhole = page.rejects.length < rowsAtOnce
        // Shown at once, then when all of them are there: in between nobody could read them anyway.
        if (current && (isWhole || rows.length === page.rejects.length || rows.length >= mostRejectsShown)) {
          setAnswer({ runId, rows: [...rows] })
        }
        if (isWhole) return
      }
    }
    if (rejected === 0) setAnswer({ runId, rows: [] })
    else void renew(fetch)
    return () => {
      current = false
    }
  }, [runId, rejected, renew])
  return answer?.runId === runId ? answer.rows : undefined
}
