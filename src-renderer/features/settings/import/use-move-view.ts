/** What the page of imports is about now: a draft, a run, and the work on it. Renderer. */
import { useEffect } from 'react'
import { useActions, useVisor } from '../../../state/use-visor'
import type { MoveView } from './move-steps'

/** How often the counts of a run that goes on are asked for. */
const renewMs = 1000

export function useMoveView(): MoveView & { readonly loaded: boolean } {
  const runs = useVisor((state) => state.importRuns)
  const openId = useVisor((state) => state.openImport)
  const draft = useVisor((state) => state.importDraft)
  const begun = useVisor((state) => state.importBegun)
  const look = useVisor((state) => state.importLook)
  const problem = useVisor((state) => state.importProblem?.code)
  const listed = openId === null ? undefined : runs?.find(({ run }) => run.runId === openId)
  const jobId = listed?.jobId ?? null
  const job = useVisor((state) => (jobId === null ? undefined : state.jobs.get(jobId)))
  const { loadImportRuns } = useActions()

  useEffect(() => {
    void loadImportRuns()
  }, [loadImportRuns])
  useEffect(() => {
    if (jobId === null) return
    const timer = setInterval(() => void loadImportRuns(), renewMs)
    return () => clearInterval(timer)
  }, [jobId, loadImportRuns])

  return {
    draft: listed === undefined ? draft : begun?.runId === openId ? begun.draft : undefined,
    look,
    problem,
    listed,
    job,
    last: runs?.[0],
    loaded: runs !== undefined,
  }
}
