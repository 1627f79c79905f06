/** The commands of the Identify screen: photos, queue, face, loupe. Renderer. */
import { request } from '../api'
import { candidateInView, confirmFace, rejectFace, sayRepeats, withdrawReject } from '../state/acts'
import { onPhoto } from '../state/box-acts'
import { shownPhoto } from '../state/loupe-slice'
import { shownItems } from '../state/queue-slice'
import { activeFace, activeFaces, canConfirm, canReject, itemsInQuestion } from '../state/selection-slice'
import type { State, Store } from '../state/store'
import { focusNamed } from './focus'
import type { Command } from './registry'

const onIdentify = (state: State) => state.settings.screen === 'identify'
const withPhotos = (state: State) => onIdentify(state) && shownItems(state).length > 0
const withPhoto = (state: State) => onIdentify(state) && state.activeId !== null
const withLoupe = (state: State) => withPhoto(state) || (onPhoto(state) && shownPhoto(state) !== undefined)
const withFace = (state: State) => onIdentify(state) && activeFace(state) !== undefined

export function identifyCommands(store: Store): readonly Command[] {
  return [...photoCommands(store), ...queueCommands(store), ...faceCommands(store), ...viewCommands(store)]
}

function photoCommands(store: Store): Command[] {
  const { openPhotos, stepPhoto, markAll, unmarkAll } = store.getState()
  return [
    {
      id: 'open-files',
      title: 'Open photos…',
      group: 'Photos',
      keys: ['Mod+O'],
      keywords: 'add files',
      run: () => void openPhotos('files'),
    },
    {
      id: 'open-folder',
      title: 'Open a folder of photos…',
      group: 'Photos',
      keys: ['Mod+Shift+O'],
      run: () => void openPhotos('folder'),
    },
    ...step('photo-next', 'Next photo', 'ArrowDown', () => stepPhoto(1)),
    ...step('photo-previous', 'Previous photo', 'ArrowUp', () => stepPhoto(-1)),
    ...step('photo-page-down', 'Ten photos on', 'PageDown', () => stepPhoto(10)),
    ...step('photo-page-up', 'Ten photos back', 'PageUp', () => stepPhoto(-10)),
    ...step('photo-first', 'First photo', 'Home', () => stepPhoto(Number.NEGATIVE_INFINITY)),
    ...step('photo-last', 'Last photo', 'End', () => stepPhoto(Number.POSITIVE_INFINITY)),
    ...step('mark-next', 'Mark on to the next photo', 'Shift+ArrowDown', () => stepPhoto(1, true)),
    ...step('mark-previous', 'Mark back to the previous photo', 'Shift+ArrowUp', () => stepPhoto(-1, true)),
    {
      id: 'mark-all',
      title: 'Mark all photos shown',
      group: 'Photos',
      keys: ['Mod+A'],
      enabled: withPhotos,
      run: markAll,
    },
    {
      id: 'unmark-all',
      title: 'Mark no photo',
      group: 'Photos',
      keys: ['Escape'],
      enabled: (state) => onIdentify(state) && state.marked.size > 0,
      run: unmarkAll,
    },
  ]
}

function step(id: string, title: string, key: string, run: () => void): Command[] {
  return [{ id, title, group: 'Photos', keys: [key], keyOnly: true, enabled: withPhotos, run }]
}

function queueCommands(store: Store): Command[] {
  const { pauseOrResume, cancelItems, retryItems, removeItems, exportShown, openOverlay, attempt } =
    store.getState()
  const inWork = ({ progress }: State) => progress !== undefined && progress.waiting + progress.working > 0
  return [
    {
      id: 'filter',
      title: 'Filter the queue',
      group: 'Photos',
      keys: ['/'],
      enabled: onIdentify,
      run: () => {
        openOverlay(null)
        focusNamed('queue-filter')
      },
    },
    {
      id: 'pause',
      title: 'Pause or resume the queue',
      group: 'Photos',
      keys: ['P'],
      enabled: (state) => onIdentify(state) && (inWork(state) || state.progress?.paused === true),
      run: () => void pauseOrResume(),
    },
    {
      id: 'cancel-queue',
      title: 'Cancel what waits and what is in work',
      group: 'Photos',
      keys: [],
      enabled: inWork,
      run: () => void cancelItems(),
    },
    {
      id: 'retry-failed',
      title: 'Try failed photos again',
      group: 'Photos',
      keys: [],
      enabled: ({ progress }) => progress !== undefined && progress.failed + progress.cancelled > 0,
      run: () => void retryItems(),
    },
    {
      id: 'retry-marked',
      title: 'Try the marked photos again',
      group: 'Photos',
      keys: ['R'],
      enabled: withPhoto,
      run: () => void retryItems(itemsInQuestion(store.getState())),
    },
    {
      id: 'remove',
      title: 'Take the marked photos out of the queue',
      group: 'Photos',
      keys: ['Delete'],
      enabled: withPhoto,
      run: () => void removeItems(itemsInQuestion(store.getState())),
    },
    {
      id: 'clear-queue',
      title: 'Empty the queue…',
      group: 'Photos',
      keys: [],
      enabled: (state) => onIdentify(state) && state.queue.order.length > 0,
      run: () => openOverlay('clear'),
    },
    {
      id: 'reveal-file',
      title: 'Show the photo in its folder',
      group: 'Photos',
      keys: ['Mod+Shift+R'],
      enabled: withPhoto,
      run: () => {
        const { activeId } = store.getState()
        if (activeId !== null) void attempt(() => request('queue.revealFile', { itemId: activeId }))
      },
    },
    {
      id: 'export-json',
      title: 'Export what is shown as JSON…',
      group: 'Photos',
      keys: ['Mod+E'],
      enabled: withPhotos,
      run: () => void exportShown('json'),
    },
    {
      id: 'export-csv',
      title: 'Export what is shown as CSV…',
      group: 'Photos',
      keys: ['Mod+Shift+E'],
      enabled: withPhotos,
      run: () => void exportShown('csv'),
    },
  ]
}

function faceCommands(store: Store): Command[] {
  const { stepFace, chooseCandidate, openOverlay } = store.getState()
  const withFaces = (state: State) => onIdentify(state) && activeFaces(state).length > 1
  const confirmable = (state: State) =>
    withFace(state) && canConfirm(activeFace(state), candidateInView(state))
  const isRuledOut = (state: State) => candidateInView(state)?.rejected === true
  const rejectable = (state: State) => withFace(state) && canReject(candidateInView(state))
  return [
    {
      id: 'face-next',
      title: 'Next face',
      group: 'Face',
      keys: ['ArrowRight'],
      keyOnly: true,
      enabled: withFaces,
      run: () => stepFace(1),
    },
    {
      id: 'face-previous',
      title: 'Previous face',
      group: 'Face',
      keys: ['ArrowLeft'],
      keyOnly: true,
      enabled: withFaces,
      run: () => stepFace(-1),
    },
    ...Array.from(
      { length: 9 },
      (_, place): Command => ({
        id: `candidate-${place + 1}`,
        title: `Choose candidate ${place + 1}`,
        group: 'Face',
        keys: [String(place + 1)],
        keyOnly: true,
        unlisted: place > 0,
        listedAs: { title: 'Choose a candidate', keys: ['1 … 9'] },
        enabled: (state) => onIdentify(state) && activeFace(state)?.candidates[place] !== undefined,
        run: () => chooseCandidate(place),
      }),
    ),
    {
      id: 'confirm',
      title: 'Confirm the person',
      group: 'Face',
      keys: ['Enter'],
      right: 'curate',
      enabled: confirmable,
      run: () => void confirmFace(store),
    },
    {
      id: 'reject',
      title: 'Not this person, or take that back',
      group: 'Face',
      keys: ['X'],
      right: 'curate',
      enabled: (state) => rejectable(state) || (withFace(state) && isRuledOut(state)),
      run: () => void (isRuledOut(store.getState()) ? withdrawReject(store) : rejectFace(store)),
    },
    {
      id: 'mirror',
      title: 'The photo is a mirror or a collage, or is none',
      group: 'Face',
      keys: [],
      right: 'curate',
      keywords: 'twice same person',
      enabled: (state) => withFace(state) && activeFaces(state).some(({ faceId }) => faceId !== undefined),
      run: () => {
        const { activeId, details } = store.getState()
        if (activeId === null) return
        void sayRepeats(store, details.get(activeId)?.detail?.recognition?.repeatsPeople !== true)
      },
    },
    {
      id: 'new-person',
      title: 'New person from this face…',
      group: 'Face',
      keys: ['N'],
      right: 'curate',
      keywords: 'enrol',
      enabled: withFace,
      run: () => openOverlay('new-person'),
    },
    {
      id: 'add-person',
      title: 'Add this face to a person…',
      group: 'Face',
      keys: ['A'],
      right: 'curate',
      enabled: withFace,
      run: () => openOverlay('add-person'),
    },
  ]
}

/** Of the loupe, whichever screen shows one. */
function viewCommands(store: Store): Command[] {
  const { setZoom, zoomBy, panBy } = store.getState()
  const panStepPx = 80
  const pan = (id: string, title: string, key: string, x: number, y: number): Command => ({
    id,
    title,
    group: 'View',
    keys: [key],
    keyOnly: true,
    enabled: withLoupe,
    run: () => panBy(x * panStepPx, y * panStepPx),
  })
  const zoom = (id: string, title: string, keys: string[], run: () => void): Command => ({
    id,
    title,
    group: 'View',
    keys,
    enabled: withLoupe,
    run,
  })
  return [
    zoom('zoom-toggle', 'Loupe: 100 % or the whole photo', ['Space'], () =>
      setZoom(store.getState().zoom === 'fit' ? 'actual' : 'fit'),
    ),
    zoom('zoom-in', 'Zoom in', ['+', '='], () => zoomBy(1.25)),
    zoom('zoom-out', 'Zoom out', ['-'], () => zoomBy(0.8)),
    zoom('zoom-fit', 'Show the whole photo', ['0'], () => setZoom('fit')),
    pan('pan-left', 'Move the loupe left', 'Alt+ArrowLeft', -1, 0),
    pan('pan-right', 'Move the loupe right', 'Alt+ArrowRight', 1, 0),
    pan('pan-up', 'Move the loupe up', 'Alt+ArrowUp', 0, -1),
    pan('pan-down', 'Move the loupe down', 'Alt+ArrowDown', 0, 1),
  ]
}
