/** What people do with boxes on photos, in Identify and in Galleries: each act tells what it did and offers to undo it. Renderer. */
import { boxFault } from '../../src-shared/geometry'
import { request } from '../api'
import { showAct, showNotice } from '../components/toasts'
import { done, undoLast } from './acts'
import { type BoxDraft, shownPhoto } from './loupe-slice'
import { chosenPhotoFace } from './photo-slice'
import { mayDo } from './rights'
import { activeFace } from './selection-slice'
import type { State, Store } from './store'

/** Whether the photo in the loupe can be drawn on: in Identify by everybody, to search for a face that was missed. */
export function canDraw(state: State): boolean {
  if (shownPhoto(state) === undefined || state.draft?.saving === true) return false
  const { screen } = state.settings
  return (
    screen === 'identify' || (onPhoto(state) && state.photoTrouble === undefined && mayDo(state, 'curate'))
  )
}

/** Whether a photo of the gallery is what the window shows. */
export function onPhoto({ settings, galleriesView }: State): boolean {
  return settings.screen === 'galleries' && galleriesView === 'photo'
}

/** The face whose box can be changed: in Identify one that was drawn by hand, in Galleries any. */
export function editableFace(state: State) {
  if (!canDraw(state)) return undefined
  if (onPhoto(state)) {
    const face = chosenPhotoFace(state)
    return face === undefined ? undefined : { key: face.faceId as string, box: face.box }
  }
  const face = activeFace(state)
  return face?.manual === true && !face.confirmed ? { key: String(face.index), box: face.box } : undefined
}

/** Makes a face of the box, or gives a face the box. */
export async function keepDraft(store: Store): Promise<void> {
  const state = store.getState()
  const { draft, attempt } = state
  const photo = shownPhoto(state)
  if (draft === null || draft.box === null || draft.saving || photo === undefined) return
  if (boxFault(draft.box, photo) !== undefined) return
  const saving: BoxDraft = { ...draft, saving: true }
  store.setState({ draft: saving })
  let kept = false
  await attempt(async () => {
    await (onPhoto(state) ? keepOnPhoto(store, draft) : keepInQueue(store, draft))
    kept = true
  })
  // Left meanwhile: another box may be in the making by now.
  if (store.getState().draft === saving) store.setState({ draft: kept ? null : draft })
}

async function keepOnPhoto(store: Store, { face, box }: BoxDraft): Promise<void> {
  const { galleryPhoto, openedPhoto } = store.getState()
  if (galleryPhoto === undefined || box === null) return
  const { photoId, faces } = galleryPhoto
  const faceId = faces.find((one) => one.faceId === face)?.faceId
  const drawn =
    faceId === undefined
      ? await request('photo.drawFace', { photoId, box })
      : await request('photo.changeBox', { photoId, faceId, box })
  if (openedPhoto === store.getState().openedPhoto) store.setState({ photoFaceId: drawn.faceId })
  await store.getState().refreshPhoto()
  done(store, drawn.act)
  if (drawn.alignedBy === 'box') tellOfBox()
}

async function keepInQueue(store: Store, { face, box }: BoxDraft): Promise<void> {
  const { activeId: itemId, loadDetail } = store.getState()
  if (itemId === null || box === null) return
  const faceIndex = face === null ? null : Number(face)
  const drawn = await request('face.draw', { itemId, faceIndex, box })
  await loadDetail(itemId)
  if (store.getState().activeId === itemId) store.getState().selectFace(drawn.faceIndex)
  tellOfQueueAct(store, drawn.summary)
  if (drawn.alignedBy === 'box') tellOfBox()
}

function tellOfBox(): void {
  showNotice(
    'No face was seen in this box.',
    'It is compared by the box alone, which is worth little unless the box is tight and the face looks ahead.',
  )
}

/** The queue's own acts are not in the ledger: the newest is what *Undo* takes back. */
function tellOfQueueAct(store: Store, summary: string): void {
  store.getState().announce(summary)
  showAct({ summary }, () => void undoLast(store))
}

/** Says that the chosen face is none: in Identify of one that was drawn by hand. */
export async function deleteFace(store: Store): Promise<void> {
  const state = store.getState()
  const face = editableFace(state)
  if (face === undefined && !onPhoto(state)) return
  await state.attempt(async () => {
    if (onPhoto(state)) {
      const chosen = chosenPhotoFace(state)
      if (chosen === undefined || state.galleryPhoto === undefined) return
      const { photoId } = state.galleryPhoto
      done(store, await request('photo.deleteFace', { photoId, faceId: chosen.faceId }))
      await store.getState().refreshPhoto()
      return
    }
    const { activeId: itemId, faceIndex, loadDetail } = state
    if (itemId === null) return
    const { summary } = await request('face.removeDrawn', { itemId, faceIndex })
    if (store.getState().activeId === itemId) store.getState().selectFace(Math.max(0, faceIndex - 1))
    await loadDetail(itemId)
    tellOfQueueAct(store, summary)
  })
}

/** Asks where the open photo's file is now. */
export async function locatePhoto(store: Store): Promise<void> {
  const { galleryPhoto, attempt, askPhotoTrouble, refreshPhoto } = store.getState()
  if (galleryPhoto === undefined) return
  await attempt(async () => {
    const act = await request('photo.locate', { photoId: galleryPhoto.photoId })
    if (act === null) return
    await refreshPhoto()
    await askPhotoTrouble()
    done(store, act)
  })
}
