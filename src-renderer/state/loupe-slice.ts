/**
 * Where the loupe is on its photo, and the box that is being drawn there. Of the one loupe that the screen shows: the queue's
 * photo in Identify, a photo of the gallery in Galleries. Renderer.
 */
import type { StateCreator } from 'zustand'
import type { Box } from '../../src-shared/geometry'
import { editedBox, type Nudge } from '../components/loupe/box-edit'
import { type Size, type Viewport, viewOf, type Zoom, zoomedAbout } from '../components/loupe/viewport'
import { chosenPhotoFace } from './photo-slice'
import { activeFace, activePhoto } from './selection-slice'
import type { State } from './store'

/** A box in the making. */
export interface BoxDraft {
  /** Pixels of the photo; `null` until it is drawn. */
  readonly box: Box | null
  /** Whose box it is to be, by the key of its mark; `null` = a face that is not there yet. */
  readonly face: string | null
  /** It is being made a face of. */
  readonly saving: boolean
}

export interface LoupeSlice {
  readonly zoom: Zoom
  /** Size of the loupe in CSS pixels, as it was last laid out. */
  readonly loupeSize: Size
  readonly draft: BoxDraft | null
  readonly setLoupeSize: (size: Size) => void
  readonly setZoom: (zoom: Zoom) => void
  /** Zooms by a factor about the middle of the loupe. */
  readonly zoomBy: (factor: number) => void
  /** Moves the photo under the loupe by CSS pixels. */
  readonly panBy: (x: number, y: number) => void
  /** Another photo comes into the loupe: a place on this one means nothing there. */
  readonly leavePhoto: () => void
  /** Begins a box: a new one that is still to be drawn, or that of a face. */
  readonly startDraft: (face: string | null, box: Box | null) => void
  readonly changeDraft: (box: Box) => void
  /** Moves or resizes the box by screen pixels; one that is not drawn yet appears in the middle of what is shown. */
  readonly nudgeDraft: (nudge: Nudge) => void
  readonly dropDraft: () => void
}

/** Share of the shown part's shorter side that a box has which comes by the keyboard. */
const middleShare = 0.25

export const createLoupeSlice: StateCreator<State, [], [], LoupeSlice> = (set, get) => ({
  zoom: 'fit',
  loupeSize: { width: 0, height: 0 },
  draft: null,
  setLoupeSize: (loupeSize) => set({ loupeSize }),
  setZoom: (zoom) => set({ zoom }),
  zoomBy: (factor) => {
    const photo = shownPhoto(get())
    const { loupeSize } = get()
    if (photo === undefined) return
    const middle = { x: loupeSize.width / 2, y: loupeSize.height / 2 }
    set({ zoom: zoomedAbout(loupeView(get(), photo), photo, loupeSize, factor, middle) })
  },
  panBy: (x, y) => {
    const photo = shownPhoto(get())
    if (photo === undefined) return
    const { scale, centre } = loupeView(get(), photo)
    set({ zoom: { scale, centre: { x: centre.x + x / scale, y: centre.y + y / scale } } })
  },
  leavePhoto: () => set({ zoom: get().zoom === 'actual' ? 'actual' : 'fit', draft: null }),
  startDraft: (face, box) => set({ draft: { face, box, saving: false }, overlay: null }),
  changeDraft: (box) => {
    const { draft } = get()
    if (draft !== null && !draft.saving) set({ draft: { ...draft, box } })
  },
  nudgeDraft: (nudge) => {
    const { draft, loupeSize, changeDraft } = get()
    const photo = shownPhoto(get())
    if (draft === null || photo === undefined) return
    const view = loupeView(get(), photo)
    changeDraft(draft.box === null ? middleBox(view, loupeSize) : editedBox(draft.box, nudge, view.scale))
  },
  dropDraft: () => set({ draft: null }),
})

type Shown = Pick<State, 'settings' | 'galleryPhoto' | 'activeId' | 'details' | 'faceIndex' | 'photoFaceId'>

/** Size of the photo in the loupe in its own pixels; `undefined` where there is none, or it is not here yet. */
export function shownPhoto(state: Shown): Size | undefined {
  return state.settings.screen === 'galleries' ? state.galleryPhoto : activePhoto(state)
}

/** Where the loupe is on the photo. */
export function loupeView(state: Shown & Pick<State, 'zoom' | 'loupeSize'>, photo: Size): Viewport {
  const face = state.settings.screen === 'galleries' ? chosenPhotoFace(state) : activeFace(state)
  return viewOf(state.zoom, photo, state.loupeSize, face?.box)
}

function middleBox({ scale, centre }: Viewport, loupe: Size): Box {
  const side = Math.round((middleShare * Math.min(loupe.width, loupe.height)) / scale)
  return { x: Math.round(centre.x - side / 2), y: Math.round(centre.y - side / 2), w: side, h: side }
}
