/** What main answers about the move to a server; asked again as it goes on, while the window is looked at. Renderer. */
import { useEffect } from 'react'
import type { Job } from '../../../../src-shared/status'
import { on, request } from '../../../api'
import { useVisor } from '../../../state/use-visor'
import { type Answer, useAnswer } from '../use-answer'
import type { MoveNow } from './standing'

/** Comparisons are kept within a second, and nobody tells of each. */
const againAfterMs = 3000

/** `key` says what is asked. */
export function useMovingAnswer<T>(key: string, ask: () => Promise<T>): Answer<T> {
  const asked = useAnswer(key, ask)
  const { again } = asked
  useEffect(() => {
    const timer = setInterval(() => {
      if (document.visibilityState === 'visible') again()
    }, againAfterMs)
    const ends = [on('status', again), on('serverSide', again), on('job', again)]
    return () => {
      clearInterval(timer)
      for (const end of ends) end()
    }
  }, [again])
  return asked
}

/** How the move stands, as both pages need it; `undefined` until it is known. */
export function useMoveNow() {
  const store = useVisor((state) => state.status?.store)
  const named = useVisor(({ settings }) => settings.server.hosts.length > 0)
  const { answer, error, again } = useMovingAnswer('now', async () => {
    const [state, gate] = await Promise.all([request('dual.state'), request('dual.gate')])
    return { state, ...gate }
  })
  const now: MoveNow | undefined =
    answer === undefined || store === undefined
      ? undefined
      : { ...answer.state, verdict: answer.verdict, server: store.server, named }
  return { now, state: answer?.state, criteria: answer?.criteria, error, again }
}

/** Searches photos on both sides; comparing rows is another work. */
const comparesPhotos = ({ kind, unit }: Job): boolean => kind === 'compare' && unit === 'photos'

/** The job that compares photos, while one runs. */
export function useComparing() {
  return useVisor(({ jobs }) =>
    [...jobs.values()].find((job) => comparesPhotos(job) && job.state === 'running'),
  )
}

/** The one that compared last, and ended. */
export function useCompared() {
  return useVisor(({ jobs }) =>
    [...jobs.values()].findLast((job) => comparesPhotos(job) && job.state !== 'running'),
  )
}
