/** Ties the store to main: first answers, events from then on, and what follows from a change of the state. Renderer. */
import type { Job } from '../../src-shared/status'
import { on, request } from '../api'
import { storeWords } from '../components/store-part'
import { showJobEnd } from '../components/toasts'
import { searchPlaceKeeper } from './search-place'
import type { State, Store } from './store'

/** Subscribes to main and loads what the window shows first. Events come before answers: nothing is missed. */
export function connect(store: Store): void {
  const actions = store.getState()
  on('status', actions.takeStatus)
  on('queue', actions.takeChange)
  on('settings', actions.takeSettings)
  on('galleries', () => {
    actions.takeGalleriesChange()
    actions.takeUnknownChange()
  })
  on('unknown', actions.takeUnknownChange)
  on('health', actions.takeHealthNews)
  on('importLook', actions.takeImportLook)
  on('job', (job) => takeJob(store, job))
  store.subscribe((state, before) => follow(state, before))
  const keepSearchPlace = searchPlaceKeeper(store)
  store.subscribe((state, before) => {
    if (state.clients !== before.clients || state.status?.store !== before.status?.store) keepSearchPlace()
  })

  void actions.attempt(async () => actions.takeStatus(await request('app.status')))
  void actions.attempt(async () => {
    const jobs = await request('app.jobs')
    actions.takeJobs(jobs)
    // One that an earlier run left in the middle may have been ended before this window could listen.
    if (jobs.some(({ kind, state }) => kind === 'erase' && state === 'done'))
      await actions.showErasureReport()
  })
  void actions.attempt(async () => actions.takeSnapshot(await request('queue.snapshot')))
  void actions.loadClients().then(actions.loadFindingCounts)
  void actions.renewEnrolments()
  void actions.loadHealth()
  void actions.loadThresholds()
  void actions.loadInfo()
  void actions.loadUnknownCounts()
  void actions.loadPacks()
}

/** What a change of the state asks to be loaded. */
function follow(state: State, before: State): void {
  const item = state.activeId === null ? undefined : state.queue.items.get(state.activeId)
  const itemBefore = before.activeId === null ? undefined : before.queue.items.get(before.activeId)
  if (item !== itemBefore) state.loadAroundActive()

  if (state.status?.vision.packId !== before.status?.vision.packId) void state.loadPacks()

  if (before.status !== undefined && storeOf(state) !== storeOf(before)) state.leaveStore()

  // The eye sees it in the status bar.
  const server = state.status?.store.server?.state
  const serverBefore = before.status?.store.server?.state
  if (state.status !== undefined && serverBefore !== undefined && server !== serverBefore)
    state.announce(storeWords(state.status.store))

  const { search } = state.settings
  const searchBefore = before.settings.search
  if (
    search.clientId !== searchBefore.clientId ||
    search.domain !== searchBefore.domain ||
    search.allDomains !== searchBefore.allDomains
  ) {
    void state.loadThresholds()
  }
  if (search.clientId !== searchBefore.clientId) {
    state.closeGroup()
    state.leaveImports()
    state.takeUnknownChange()
    void state.renewEnrolments()
  }
}

/** Which galleries are worked on: those of this machine also while a server is on trial beside it. */
function storeOf({ status }: State): string | undefined {
  if (status === undefined) return undefined
  return status.store.mode === 'server' ? `server ${status.store.server?.place ?? ''}` : 'local'
}

/** Whether the page of the settings is open that says itself how the work ended. */
function isOnItsPage({ settings, importRuns, importWork }: State, { jobId, kind }: Job): boolean {
  if (settings.screen !== 'settings') return false
  if (kind === 'diagnose') return settings.settingsPage === 'diagnostics'
  if (kind === 'compare') return settings.settingsPage === 'validation'
  return (
    settings.settingsPage === 'import' &&
    (importWork?.jobId === jobId || importRuns?.some((one) => one.jobId === jobId) === true)
  )
}

function takeJob(store: Store, job: Job): void {
  const before = store.getState().jobs.get(job.jobId)
  store.getState().takeJob(job)
  if (job.state === 'running' || before?.state === job.state) return
  store.getState().announce(`${job.title}: ${job.outcome ?? job.error?.message ?? job.state}`)
  const { openOverlay, remember, showErasureReport } = store.getState()
  const showJobs = () => openOverlay('jobs')
  const review = () => remember({ screen: 'review', reviewQueue: 'enrolment' })
  // What an erasure did is said by its report.
  if (job.kind === 'erase' && job.state === 'done') void showErasureReport()
  else if (!isOnItsPage(store.getState(), job)) showJobEnd(job, showJobs, review)
  if (job.needsLook !== undefined) void store.getState().renewEnrolments()
  if (job.kind === 'import') void store.getState().loadImportRuns()
  if (job.kind === 'fetch-models') void store.getState().loadPacks()
}
