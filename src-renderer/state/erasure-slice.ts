/** Erasing people or a client for good: who is asked about, and the report that is looked at. Renderer. */
import type { StateCreator } from 'zustand'
import type { ErasureReport } from '../../src-shared/erasure'
import type { VisorError } from '../../src-shared/errors'
import type { LedgerId } from '../../src-shared/ids'
import type { RequestInput } from '../../src-shared/ipc'
import { asVisorError, request } from '../api'
import { showNotice } from '../components/toasts'
import type { State } from './store'

export type ErasureRequest = RequestInput<'erasure.preview'>

export interface ErasureSlice {
  /** Who may be erased, while somebody makes up their mind (overlay `erase`). */
  readonly erasing: ErasureRequest | null
  /** The report that is shown (overlay `erasure-report`). */
  readonly erasureReport: ErasureReport | null
  readonly askErasure: (request: ErasureRequest) => void
  /** Begins it; it goes on as a job. Resolves with what is wrong with the reason, where something is. */
  readonly erase: (request: ErasureRequest, why: string) => Promise<VisorError | undefined>
  readonly finishErasures: () => Promise<void>
  /** Shows a report, the newest where no entry is named. */
  readonly showErasureReport: (entry?: LedgerId) => Promise<void>
  readonly saveErasureReport: (entry: LedgerId) => Promise<void>
}

export const createErasureSlice: StateCreator<State, [], [], ErasureSlice> = (set, get) => ({
  erasing: null,
  erasureReport: null,
  askErasure: (erasing) => set({ erasing, overlay: 'erase' }),
  erase: async ({ clientId, target }, why) => {
    let wrong: VisorError | undefined
    await get().attempt(async () => {
      try {
        await request('erasure.erase', { clientId, target, why })
        // The report may be here before this answer.
        set(({ overlay }) => ({ overlay: overlay === 'erase' ? null : overlay, erasing: null }))
        get().chooseNobody()
      } catch (error) {
        wrong = asVisorError(error)
        if (wrong.code !== 'invalid-argument') throw error
      }
    })
    return wrong?.code === 'invalid-argument' ? wrong : undefined
  },
  finishErasures: () =>
    get().attempt(async () => {
      if ((await request('erasure.finish')) === null) showNotice('No erasure has left anything to clear.')
    }),
  showErasureReport: (entry) =>
    get().attempt(async () => {
      const reports = await request('erasure.reports')
      const report = entry === undefined ? reports[0] : reports.find(({ ledger }) => ledger.entry === entry)
      if (report !== undefined) set({ erasureReport: report, overlay: 'erasure-report' })
    }),
  saveErasureReport: (entry) => get().attempt(() => request('erasure.saveReport', { entry })),
})
