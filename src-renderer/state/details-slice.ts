/** Answers of the photos around the one in the loupe, asked for one by one and again when they change. Renderer. */
import type { StateCreator } from 'zustand'
import type { VisorError } from '../../src-shared/errors'
import type { ItemId } from '../../src-shared/ids'
import { pictureUrl } from '../../src-shared/picture-url'
import type { ItemDetail } from '../../src-shared/queue'
import { asVisorError, request } from '../api'
import { shownItems } from './queue-slice'
import type { State } from './store'

interface DetailEntry {
  /** The revision that was asked for; absent where the answer may be out of date. */
  readonly revision?: number
  /** The newest answer, also while a newer one is on its way. */
  readonly detail?: ItemDetail
  readonly error?: VisorError
}

export interface DetailsSlice {
  readonly details: ReadonlyMap<ItemId, DetailEntry>
  /** Asks for an answer unless that revision is here or on its way. */
  readonly loadDetail: (itemId: ItemId) => Promise<void>
  /** Loads the photo in the loupe and what ↑ and ↓ would show next. */
  readonly loadAroundActive: () => void
  /** The galleries or the settings changed, and with them any answer: each is shown only until it was asked for anew. */
  readonly renewDetails: () => void
}

const keptDetails = 40

/** Longer edge of the photo as the loupe first shows it; the full size follows where the zoom asks for it. */
export const previewEdgePx = 2048

export const createDetailsSlice: StateCreator<State, [], [], DetailsSlice> = (set, get) => {
  function keep(itemId: ItemId, entry: DetailEntry): void {
    const details = new Map(get().details)
    details.delete(itemId)
    details.set(itemId, entry)
    for (const oldest of details.keys()) {
      if (details.size <= keptDetails) break
      if (oldest !== get().activeId) details.delete(oldest)
    }
    set({ details })
  }

  return {
    details: new Map(),
    loadDetail: async (itemId) => {
      const item = get().queue.items.get(itemId)
      if (item === undefined || item.state !== 'done') return
      const { revision } = item
      const known = get().details.get(itemId)
      if (known?.revision === revision && known.error === undefined) return
      const asked = { revision, ...(known?.detail === undefined ? {} : { detail: known.detail }) }
      keep(itemId, asked)
      // Where it was asked for once more, or was outdated meanwhile, a late answer is dropped.
      try {
        const detail = await request('queue.detail', { itemId })
        if (get().details.get(itemId) === asked) keep(itemId, { revision, detail })
      } catch (error) {
        if (get().details.get(itemId) === asked) keep(itemId, { revision, error: asVisorError(error) })
      }
    },
    loadAroundActive: () => {
      const { activeId } = get()
      if (activeId === null) return
      void get().loadDetail(activeId)
      const shown = shownItems(get())
      const place = shown.indexOf(activeId)
      if (place < 0) return
      for (const neighbour of [shown[place + 1], shown[place - 1]]) {
        if (neighbour === undefined) continue
        void get().loadDetail(neighbour)
        if (get().queue.items.get(neighbour)?.state === 'done') preload(neighbour)
      }
    },
    renewDetails: () => {
      const details = [...get().details].map(([itemId, { detail }]): [ItemId, DetailEntry] => [
        itemId,
        detail === undefined ? {} : { detail },
      ])
      set({ details: new Map(details) })
      get().loadAroundActive()
    },
  }
}

const preloaded = new Map<ItemId, HTMLImageElement>()

/** Has the browser fetch and decode a photo before it is asked for. */
function preload(itemId: ItemId): void {
  if (preloaded.has(itemId)) return
  const image = new Image()
  image.decoding = 'async'
  image.src = pictureUrl.photo(itemId, previewEdgePx)
  preloaded.set(itemId, image)
  const oldest = preloaded.keys().next().value
  if (preloaded.size > 6 && oldest !== undefined) preloaded.delete(oldest)
}
