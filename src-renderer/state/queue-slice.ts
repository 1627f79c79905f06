/** The Identify queue and what can be done to it. Renderer. */
import type { StateCreator } from 'zustand'
import type { ItemId } from '../../src-shared/ids'
import type { QueueChange, QueueFilter, QueueItem, QueueProgress } from '../../src-shared/queue'
import { addFiles, request } from '../api'
import { showAct } from '../components/toasts'
import { counted } from '../wording'
import { applyChange, emptyQueue, type QueueModel, queueOf, visibleItems } from './queue-model'
import type { State } from './store'

export interface QueueSlice {
  readonly queue: QueueModel
  /** `undefined` until main has answered the first time. */
  readonly progress: QueueProgress | undefined
  readonly takeSnapshot: (snapshot: { items: readonly QueueItem[]; progress: QueueProgress }) => void
  readonly takeChange: (change: QueueChange) => void
  readonly openPhotos: (kind: 'files' | 'folder') => Promise<void>
  /** Adds what was dropped on the window or pasted into it. */
  readonly addPhotos: (files: readonly File[]) => Promise<void>
  readonly pauseOrResume: () => Promise<void>
  /** Absent ids = all that wait or are in work. */
  readonly cancelItems: (itemIds?: readonly ItemId[]) => Promise<void>
  /** Absent ids = all that failed, were set aside or cancelled. */
  readonly retryItems: (itemIds?: readonly ItemId[]) => Promise<void>
  /** Absent ids = all. */
  readonly removeItems: (itemIds?: readonly ItemId[]) => Promise<void>
  readonly exportShown: (format: 'json' | 'csv') => Promise<void>
}

export const createQueueSlice: StateCreator<State, [], [], QueueSlice> = (set, get) => ({
  queue: emptyQueue,
  progress: undefined,
  takeSnapshot: ({ items, progress }) => {
    set({ queue: queueOf(items), progress })
    get().settleActive([])
  },
  takeChange: (change) => {
    const before = shownItems(get())
    const { progress } = get()
    set({ queue: applyChange(get().queue, change), progress: change.progress })
    get().settleActive(before)
    const worked = progress !== undefined && progress.waiting + progress.working > 0
    if (worked && change.progress.waiting + change.progress.working === 0) {
      get().announce(finishedSentence(change.progress))
    }
  },
  openPhotos: (kind) => get().attempt(() => request('queue.open', { kind })),
  addPhotos: (files) => {
    get().remember({ screen: 'identify' })
    return get().attempt(() => addFiles(files))
  },
  pauseOrResume: () =>
    get().attempt(() => request(get().progress?.paused === true ? 'queue.resume' : 'queue.pause')),
  cancelItems: (itemIds) => get().attempt(() => request('queue.cancel', listed(itemIds))),
  retryItems: (itemIds) => get().attempt(() => request('queue.retry', listed(itemIds))),
  removeItems: (itemIds) =>
    get().attempt(async () => {
      const { itemIds: removed } = await request('queue.remove', listed(itemIds))
      if (removed.length === 0) return
      const summary = `Took ${counted(removed.length, 'photo')} out of the queue`
      showAct({ summary }, () => void get().attempt(() => request('queue.restore', { itemIds: removed })))
    }),
  exportShown: (format) =>
    get().attempt(() => request('queue.export', { format, filter: get().settings.filter })),
})

function listed(itemIds: readonly ItemId[] | undefined): { itemIds?: ItemId[] } {
  return itemIds === undefined ? {} : { itemIds: [...itemIds] }
}

function finishedSentence({ done, failed }: QueueProgress): string {
  return failed === 0 ? `All ${done} photos are done.` : `${done} photos are done, ${failed} failed.`
}

let lastShown: { queue: QueueModel; filter: QueueFilter; shown: readonly ItemId[] } | undefined

/** The photos the filter shows, in order. Computed once for a queue and a filter. */
export function shownItems(state: Pick<State, 'queue' | 'settings'>): readonly ItemId[] {
  const { queue } = state
  const { filter } = state.settings
  if (lastShown?.queue !== queue || lastShown.filter !== filter) {
    lastShown = { queue, filter, shown: visibleItems(queue, filter) }
  }
  return lastShown.shown
}
