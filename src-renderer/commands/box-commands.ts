/** The commands of boxes on a photo, in Identify and in Galleries. They come first: while a box is made, the arrows are its. Renderer. */
import type { Nudge } from '../components/loupe/box-edit'
import { canDraw, deleteFace, editableFace, keepDraft, onPhoto } from '../state/box-acts'
import { chosenPhotoFace } from '../state/photo-slice'
import type { State, Store } from '../state/store'
import type { Command } from './registry'

const withDraft = (state: State) => state.draft !== null && canDraw(state)

export function boxCommands(store: Store): readonly Command[] {
  return [...draftCommands(store), ...photoCommands(store)]
}

function draftCommands(store: Store): Command[] {
  const { startDraft, dropDraft } = store.getState()
  return [
    {
      id: 'draw-box',
      title: 'Draw a box around a missed face',
      group: 'Boxes',
      keys: ['B'],
      keywords: 'missed add manual',
      enabled: canDraw,
      run: () => startDraft(null, null),
    },
    {
      id: 'edit-box',
      title: 'Change the box of the face',
      group: 'Boxes',
      keys: ['E'],
      keywords: 'move resize',
      enabled: (state) => editableFace(state) !== undefined,
      run: () => {
        const face = editableFace(store.getState())
        if (face !== undefined) startDraft(face.key, face.box)
      },
    },
    {
      id: 'keep-box',
      title: 'Keep the box',
      group: 'While a box is drawn',
      keys: ['Enter'],
      keyOnly: true,
      enabled: withDraft,
      run: () => void keepDraft(store),
    },
    {
      id: 'leave-box',
      title: 'Leave the box',
      group: 'While a box is drawn',
      keys: ['Escape'],
      keyOnly: true,
      enabled: withDraft,
      run: dropDraft,
    },
    {
      id: 'delete-drawn-face',
      title: 'Not a face: delete the box',
      group: 'Boxes',
      keys: ['Shift+Delete'],
      enabled: (state) => !onPhoto(state) && state.draft === null && editableFace(state) !== undefined,
      run: () => void deleteFace(store),
    },
    ...nudges(store),
  ]
}

const directions = [
  ['left', 'ArrowLeft', -1, 0],
  ['right', 'ArrowRight', 1, 0],
  ['up', 'ArrowUp', 0, -1],
  ['down', 'ArrowDown', 0, 1],
] as const

/** Arrows move the box, with Shift they pull its lower right corner; with Ctrl by ten pixels. */
function nudges(store: Store): Command[] {
  const { nudgeDraft } = store.getState()
  const ways: readonly { what: Nudge['what']; modifier: string; title: string }[] = [
    { what: 'move', modifier: '', title: 'Move the box' },
    { what: 'resize', modifier: 'Shift+', title: 'Resize the box' },
  ]
  return ways.flatMap(({ what, modifier, title }) =>
    [1, 10].flatMap((pixels) =>
      directions.map(
        ([name, key, x, y], place): Command => ({
          id: `box-${what}-${name}-${pixels}`,
          title: `${title} ${name}${pixels === 1 ? '' : ' by ten pixels'}`,
          group: 'While a box is drawn',
          keys: [`${pixels === 1 ? '' : 'Mod+'}${modifier}${key}`],
          keyOnly: true,
          unlisted: place > 0,
          listedAs: {
            title: `${title}${pixels === 1 ? '' : ' by ten pixels'}`,
            keys: [`${pixels === 1 ? '' : 'Mod+'}${modifier}ArrowLeft`, 'ArrowUp', 'ArrowRight', 'ArrowDown'],
          },
          enabled: withDraft,
          run: () => nudgeDraft({ what, x: x * pixels, y: y * pixels }),
        }),
      ),
    ),
  )
}

/** Of a photo that is open in Galleries. */
function photoCommands(store: Store): Command[] {
  const { stepGalleryPhoto, stepPhotoFace, openOverlay } = store.getState()
  const withPhoto = (state: State) => onPhoto(state) && state.galleryPhoto !== undefined
  const withFace = (state: State) => withPhoto(state) && chosenPhotoFace(state) !== undefined
  const step = (id: string, title: string, key: string, run: () => void): Command => ({
    id,
    title,
    group: 'Photo of a person',
    keys: [key],
    keyOnly: true,
    enabled: withPhoto,
    run,
  })
  return [
    step('gallery-photo-next', 'Next photo of the person', 'ArrowDown', () => stepGalleryPhoto(1)),
    step('gallery-photo-previous', 'Previous photo of the person', 'ArrowUp', () => stepGalleryPhoto(-1)),
    step('gallery-face-next', 'Next face of the photo', 'ArrowRight', () => stepPhotoFace(1)),
    step('gallery-face-previous', 'Previous face of the photo', 'ArrowLeft', () => stepPhotoFace(-1)),
    {
      id: 'name-face',
      title: 'Say whose face it is…',
      group: 'Photo of a person',
      keys: ['A'],
      right: 'curate',
      keywords: 'name person',
      enabled: withFace,
      run: () => openOverlay('name-face'),
    },
    {
      id: 'delete-face',
      title: 'Not a face: delete it',
      group: 'Photo of a person',
      keys: ['Delete'],
      right: 'curate',
      enabled: withFace,
      run: () => void deleteFace(store),
    },
  ]
}
