/** State of the program's parts, long work, and what is said about it. Renderer. */
import type { StateCreator } from 'zustand'
import { hasCode } from '../../src-shared/errors'
import type { JobId } from '../../src-shared/ids'
import type { AppInfo, Job, PackStatus, Status } from '../../src-shared/status'
import { asVisorError, request } from '../api'
import { showError, showNotice } from '../components/toasts'
import type { State } from './store'

/** What lies over the window or beside a face; one at a time. */
export type Overlay =
  | 'help'
  | 'new-person'
  | 'add-person'
  | 'jobs'
  | 'filter'
  | 'clear'
  | 'new-domain'
  | 'people-filter'
  | 'merge-people'
  | 'move-people'
  | 'export-people'
  | 'tag-people'
  | 'move-faces'
  | 'give-enrolment'
  | 'add-photos'
  | 'name-face'
  | 'empty-bin'
  | 'bin-days'
  | 'name-group'
  | 'forget-unknown'
  | 'erase'
  | 'erasure-report'
  | 'cut-over'

export interface StatusSlice {
  readonly status: Status | undefined
  readonly info: AppInfo | undefined
  /** `undefined` until they were asked for. */
  readonly packs: readonly PackStatus[] | undefined
  /** Long work of this session, newest last. */
  readonly jobs: ReadonlyMap<JobId, Job>
  /** Files that ended work left out since the list of it was looked at. */
  readonly filesLeftOut: number
  /** The newest finished work, one sentence, for the screen reader. */
  readonly announcement: string
  readonly overlay: Overlay | null
  readonly takeStatus: (status: Status) => void
  readonly takeJobs: (jobs: readonly Job[]) => void
  readonly takeJob: (job: Job) => void
  readonly cancelJob: (jobId: JobId) => Promise<void>
  readonly tryVisionAgain: () => Promise<void>
  readonly loadInfo: () => Promise<void>
  readonly loadPacks: () => Promise<void>
  /** `consent`: the user agreed to the pack's terms. */
  readonly fetchPack: (packId: string, consent: boolean) => Promise<void>
  /** Fetches what a pack works without. */
  readonly fetchOptional: (packId: string) => Promise<void>
  readonly choosePack: (packId: string) => Promise<void>
  readonly announce: (sentence: string) => void
  readonly openOverlay: (overlay: Overlay | null) => void
  /** Does what may fail, and shows the error where it does. */
  readonly attempt: (act: () => Promise<unknown>) => Promise<void>
  /** The same for what nobody asked for by name: that the server is gone, or cannot be used, is said in the status bar, once. */
  readonly renew: (act: () => Promise<unknown>) => Promise<void>
}

export const createStatusSlice: StateCreator<State, [], [], StatusSlice> = (set, get) => ({
  status: undefined,
  info: undefined,
  packs: undefined,
  jobs: new Map(),
  filesLeftOut: 0,
  announcement: '',
  overlay: null,
  takeStatus: (status) => set({ status }),
  takeJobs: (jobs) => set({ jobs: new Map(jobs.map((job) => [job.jobId, job])) }),
  takeJob: (job) => {
    const { jobs, overlay, filesLeftOut } = get()
    const hasEnded = job.state !== 'running' && jobs.get(job.jobId)?.state !== job.state
    const unseen = hasEnded && overlay !== 'jobs' ? (job.skipped?.length ?? 0) : 0
    set({ jobs: new Map(jobs).set(job.jobId, job), filesLeftOut: filesLeftOut + unseen })
  },
  cancelJob: (jobId) => get().attempt(() => request('app.cancelJob', { jobId })),
  tryVisionAgain: () => get().attempt(() => request('vision.tryAgain')),
  loadInfo: () => get().attempt(async () => set({ info: await request('app.info') })),
  loadPacks: () => get().attempt(async () => set({ packs: await request('models.list') })),
  fetchPack: (packId, consent) => get().attempt(() => request('models.fetch', { packId, consent })),
  fetchOptional: (packId) =>
    get().attempt(() => request('models.fetch', { packId, consent: false, optional: true })),
  choosePack: (packId) =>
    get().attempt(async () => {
      await request('models.use', { packId })
      await get().loadPacks()
    }),
  announce: (announcement) => set({ announcement }),
  openOverlay: (overlay) => set(overlay === 'jobs' ? { overlay, filesLeftOut: 0 } : { overlay }),
  attempt: async (act) => {
    try {
      await act()
    } catch (error) {
      if (hasCode(error, 'cancelled')) showNotice(asVisorError(error).message)
      else showError(asVisorError(error))
    }
  },
  renew: (act) =>
    get().attempt(async () => {
      try {
        await act()
      } catch (error) {
        if (!hasCode(error, 'server-unreachable') && get().status?.store.server?.state !== 'failed')
          throw error
      }
    }),
})
