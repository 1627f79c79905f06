/** What is chosen: the photo in the loupe, the photos marked in the queue, the face, the candidate. Renderer. */
import type { StateCreator } from 'zustand'
import type { ItemId, PersonId } from '../../src-shared/ids'
import type { QueueItem } from '../../src-shared/queue'
import type { Candidate, RecognisedFace } from '../../src-shared/recognition'
import type { Size } from '../components/loupe/viewport'
import { rangeOf } from './queue-model'
import { shownItems } from './queue-slice'
import type { Overlay } from './status-slice'
import type { State } from './store'

export interface SelectionSlice {
  /** The photo in the loupe. */
  readonly activeId: ItemId | null
  /** Photos marked for what is done to several; empty = just the active one. */
  readonly marked: ReadonlySet<ItemId>
  readonly anchorId: ItemId | null
  readonly faceIndex: number
  /** The candidate chosen, whatever place a newer answer gives them; `null` = whom the decision names. */
  readonly chosenPerson: PersonId | null
  readonly activate: (itemId: ItemId) => void
  readonly toggleMark: (itemId: ItemId) => void
  readonly extendMark: (itemId: ItemId) => void
  readonly markAll: () => void
  readonly unmarkAll: () => void
  readonly stepPhoto: (delta: number, extend?: boolean) => void
  readonly selectFace: (faceIndex: number) => void
  readonly stepFace: (delta: number) => void
  /** By place in the face's list of candidates. */
  readonly chooseCandidate: (place: number) => void
  /** Finds a photo for the loupe where the one that was there is gone; `before` = what was shown then. */
  readonly settleActive: (before: readonly ItemId[]) => void
}

const noMarks: ReadonlySet<ItemId> = new Set()

/** Asked about a face of the photo in the loupe; whatever else is open has nothing to do with which photo that is. */
const aboutFace: ReadonlySet<Overlay> = new Set(['new-person', 'add-person'])

export const createSelectionSlice: StateCreator<State, [], [], SelectionSlice> = (set, get) => {
  function show(itemId: ItemId | null): void {
    if (itemId === get().activeId) return
    get().leavePhoto()
    const { overlay } = get()
    set({
      activeId: itemId,
      faceIndex: 0,
      chosenPerson: null,
      objection: null,
      overlay: overlay !== null && aboutFace.has(overlay) ? null : overlay,
    })
  }

  return {
    activeId: null,
    marked: noMarks,
    anchorId: null,
    faceIndex: 0,
    chosenPerson: null,
    activate: (itemId) => {
      show(itemId)
      set({ marked: noMarks, anchorId: itemId })
    },
    toggleMark: (itemId) => {
      const { activeId, marked } = get()
      // The photo in the loupe counts as marked once another one joins.
      const joinsActive = marked.size === 0 && activeId !== null && activeId !== itemId
      const next = new Set(joinsActive ? [activeId] : marked)
      if (!next.delete(itemId)) next.add(itemId)
      show(itemId)
      set({ marked: next, anchorId: itemId })
    },
    extendMark: (itemId) => {
      const { anchorId, activeId } = get()
      const anchor = anchorId ?? activeId
      set({ marked: new Set(rangeOf(shownItems(get()), anchor, itemId)), anchorId: anchor })
      show(itemId)
    },
    markAll: () => set({ marked: new Set(shownItems(get())) }),
    unmarkAll: () => set({ marked: noMarks }),
    stepPhoto: (delta, extend = false) => {
      const shown = shownItems(get())
      const { activeId } = get()
      const index = activeId === null ? -1 : shown.indexOf(activeId)
      const next = shown[Math.min(Math.max(index + delta, 0), shown.length - 1)]
      if (next === undefined) return
      if (extend) get().extendMark(next)
      else get().activate(next)
    },
    selectFace: (faceIndex) =>
      set({ draft: null, faceIndex, chosenPerson: null, objection: null, overlay: null }),
    stepFace: (delta) => {
      const faces = activeFaces(get())
      const next = Math.min(Math.max(get().faceIndex + delta, 0), faces.length - 1)
      if (next >= 0 && next !== get().faceIndex) get().selectFace(next)
    },
    chooseCandidate: (place) => {
      const candidate = activeFace(get())?.candidates[place]
      if (candidate !== undefined) set({ chosenPerson: candidate.personId })
    },
    settleActive: (before) => {
      const { activeId, marked, queue } = get()
      if ([...marked].some((itemId) => !queue.items.has(itemId))) {
        set({ marked: new Set([...marked].filter((itemId) => queue.items.has(itemId))) })
      }
      if (activeId !== null && queue.items.has(activeId)) return
      const shown = shownItems(get())
      const place = activeId === null ? 0 : Math.max(before.indexOf(activeId), 0)
      show(shown[Math.min(place, shown.length - 1)] ?? null)
    },
  }
}

const noFaces: readonly RecognisedFace[] = []

/** The faces of the photo in the loupe; none until its answer is here. */
export function activeFaces(state: Pick<State, 'activeId' | 'details'>): readonly RecognisedFace[] {
  if (state.activeId === null) return noFaces
  return state.details.get(state.activeId)?.detail?.recognition?.faces ?? noFaces
}

/** The photo in the loupe. */
export function activeItem(state: Pick<State, 'activeId' | 'queue'>): QueueItem | undefined {
  return state.activeId === null ? undefined : state.queue.items.get(state.activeId)
}

/** Size of the photo in the loupe in its own pixels, once it is known. */
export function activePhoto(state: Pick<State, 'activeId' | 'details'>): Size | undefined {
  return state.activeId === null ? undefined : state.details.get(state.activeId)?.detail?.recognition
}

/** The chosen face. */
export function activeFace(
  state: Pick<State, 'activeId' | 'details' | 'faceIndex'>,
): RecognisedFace | undefined {
  return activeFaces(state)[state.faceIndex]
}

/**
 * The candidate that *confirm* and *not this person* mean: the one chosen, else whom the decision names. An unknown
 * face has none until one is chosen, so that Enter alone never names it.
 */
export function candidateInQuestion(
  face: RecognisedFace | undefined,
  chosenPerson: PersonId | null,
): Candidate | undefined {
  if (face === undefined) return undefined
  const inQuestion = chosenPerson ?? face.person?.personId
  return face.candidates.find((candidate) => candidate.personId === inQuestion)
}

/** Whether *confirm* would change anything: there is a candidate, and nobody confirmed just that one. */
export function canConfirm(face: RecognisedFace | undefined, candidate: Candidate | undefined): boolean {
  if (face === undefined || candidate === undefined) return false
  return !(face.confirmed && face.person?.personId === candidate.personId)
}

/** Whether *not this person* would change anything. */
export function canReject(candidate: Candidate | undefined): boolean {
  return candidate !== undefined && !candidate.rejected
}

/** The photos an act on the queue means: those marked, else the one in the loupe. */
export function itemsInQuestion(state: Pick<State, 'activeId' | 'marked'>): readonly ItemId[] {
  if (state.marked.size > 0) return [...state.marked]
  return state.activeId === null ? [] : [state.activeId]
}
