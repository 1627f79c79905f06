/** The commands of the enrolments that wait for a look. Renderer. */
import { acceptEnrolment, canAccept, rejectEnrolment } from '../state/enrolment-acts'
import { currentDetail, currentEnrolment, faceToEnrol } from '../state/enrolment-slice'
import type { State, Store } from '../state/store'
import type { Command } from './registry'

const onQueue = (state: State) =>
  state.settings.screen === 'review' && state.queueOnScreen === 'enrolment' && state.overlay === null
const withReview = (state: State) => onQueue(state) && currentEnrolment(state) !== undefined

export function enrolmentCommands(store: Store): readonly Command[] {
  const { stepEnrolment, chooseEnrolmentFace, typeWhy, openOverlay } = store.getState()
  const step = (id: string, title: string, keys: string[], delta: number): Command => ({
    id,
    title,
    group: 'Review',
    keys,
    enabled: withReview,
    run: () => stepEnrolment(delta),
  })
  return [
    {
      id: 'enrolment-accept',
      title: 'Enrol the face that waits',
      group: 'Review',
      keys: ['Enter'],
      right: 'curate',
      enabled: (state) => withReview(state) && canAccept(state),
      run: () => acceptEnrolment(store),
    },
    {
      id: 'enrolment-why',
      title: 'Enrol the face that waits, and say why…',
      group: 'Review',
      keys: ['W'],
      right: 'curate',
      enabled: (state) => withReview(state) && canAccept(state),
      run: () => typeWhy(true),
    },
    {
      id: 'enrolment-reject',
      title: 'The face that waits is not this person',
      group: 'Review',
      keys: ['X'],
      right: 'curate',
      enabled: withReview,
      run: () => rejectEnrolment(store),
    },
    {
      id: 'enrolment-give',
      title: 'Give the face that waits to somebody else…',
      group: 'Review',
      keys: ['G'],
      right: 'curate',
      enabled: (state) =>
        withReview(state) && currentDetail(state) !== undefined && faceToEnrol(state) !== undefined,
      run: () => openOverlay('give-enrolment'),
    },
    step('enrolment-skip', 'Leave the face that waits for later', ['S', 'ArrowRight'], 1),
    step('enrolment-back', 'Back to the face before', ['ArrowLeft'], -1),
    ...Array.from(
      { length: 9 },
      (_, face): Command => ({
        id: `enrolment-face-${face + 1}`,
        title: `Choose face ${face + 1} of the photo`,
        group: 'Review',
        keys: [String(face + 1)],
        keyOnly: true,
        unlisted: face > 0,
        listedAs: { title: 'Choose a face of the photo', keys: ['1 … 9'] },
        enabled: (state) => onQueue(state) && currentDetail(state)?.faces[face] !== undefined,
        run: () => chooseEnrolmentFace(face),
      }),
    ),
  ]
}
