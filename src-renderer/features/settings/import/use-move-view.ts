/** What the page of imports is about now: a draft, a run, and the work on it. Renderer. */
import { useEffect, useState } from 'react'
import type { ImportRunId } from '../../../../src-shared/ids'
import type { UnseenOfRun } from '../../../../src-shared/import-run'
import { request } from '../../../api'
import type { ListedRun } from '../../../state/import-slice'
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
  const work = useVisor((state) => state.importWork)
  const endedId = work !== undefined && work.runId === openId && work.jobId !== jobId ? work.jobId : undefined
  const ended = useVisor((state) => (endedId === undefined ? undefined : state.jobs.get(endedId)))
  const unseen = useUnseen(listed)
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
    ended: ended?.state === 'running' ? undefined : ended,
    unseen,
    last: runs?.[0],
    loaded: runs !== undefined,
  }
}

/** Asked once the run stands still, and after each work on it. */
function useUnseen(listed: ListedRun | undefined): UnseenOfRun | undefined {
  const { renew } = useActions()
  const [answer, setAnswer] = useState<{ readonly runId: ImportRunId; readonly unseen: UnseenOfRun }>()
  const { runId, state, changedAt } = listed?.run ?? {}
  const isAtRest = listed?.jobId === null && state !== 'running' && state !== 'undone'
  useEffect(() => {
    if (runId === undefined || changedAt === undefined || !isAtRest) return
    let current = true
    void renew(async () => {
      const unseen = await request('import.unseen', { runId })
      if (current) setAnswer({ runId, unseen })
    })
    return () => {
      current = false
    }
  }, [runId, changedAt, isAtRest, renew])
  return answer !== undefined && answer.runId === runId && state !== 'undone' ? answer.unseen : undefined
}
