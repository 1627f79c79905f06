/** The commands of two queues of Review: groups of unknown faces, and suggestions. Renderer. */

import { openPhotoOfFace } from '../state/open-photo'
import type { State, Store } from '../state/store'
import { suggestionInQuestion, suggestionsOfPerson } from '../state/suggestions-slice'
import {
  acceptSuggestion,
  ignoreGroup,
  nameGroup,
  rejectSuggestion,
  takeFacesOut,
} from '../state/unknown-acts'
import { activeStack } from '../state/unknown-slice'
import type { Command } from './registry'

const onQueue = (queue: string) => (state: State) =>
  state.settings.screen === 'review' && state.queueOnScreen === queue && state.overlay === null
const withStacks = (state: State) =>
  onQueue('unknown')(state) && state.openGroup === null && activeStack(state) !== undefined
const withGroup = (state: State) => onQueue('unknown')(state) && state.openGroup?.faces !== undefined
const withSuggestion = (state: State) =>
  onQueue('suggestions')(state) && suggestionInQuestion(state) !== undefined

/** People that a digit names. */
const digits = 8

export function unknownCommands(store: Store): readonly Command[] {
  return [
    ...stackCommands(store),
    ...groupCommands(store),
    ...suggestionCommands(store),
    {
      id: 'open-photo-of-face',
      title: 'Open the photo of the face',
      group: 'Review',
      keys: ['O'],
      enabled: (state) => withGroup(state) || withSuggestion(state),
      run: () => openPhotoOfFace(store),
    },
  ]
}

/** Arrow and page keys, over a grid of so many columns. */
function steps(columns: () => number): readonly Step[] {
  return [
    ['next', 'Next', 'ArrowRight', () => 1],
    ['previous', 'Previous', 'ArrowLeft', () => -1],
    ['below', 'One row on:', 'ArrowDown', columns],
    ['above', 'One row back:', 'ArrowUp', () => -columns()],
    ['page-down', 'Four rows on:', 'PageDown', () => 4 * columns()],
    ['page-up', 'Four rows back:', 'PageUp', () => -4 * columns()],
    ['first', 'First', 'Home', () => Number.NEGATIVE_INFINITY],
    ['last', 'Last', 'End', () => Number.POSITIVE_INFINITY],
  ]
}

type Step = readonly [id: string, words: string, key: string, delta: () => number]

function stackCommands(store: Store): Command[] {
  const { goToStack, openStack, showIgnored } = store.getState()
  return [
    ...steps(() => store.getState().stackColumns).map(
      ([id, words, key, delta], place): Command => ({
        id: `stack-${id}`,
        title: `${words} group of unknown faces`,
        group: 'Review',
        keys: [key],
        keyOnly: true,
        unlisted: place > 0,
        enabled: withStacks,
        run: () => goToStack(store.getState().stackPlace + delta()),
      }),
    ),
    {
      id: 'open-stack',
      title: 'Open the group',
      group: 'Review',
      keys: ['Enter', 'Space'],
      keyOnly: true,
      enabled: withStacks,
      run: () => openStack(store.getState().stackPlace),
    },
    {
      id: 'ignored-groups',
      title: 'Groups, or those that are ignored',
      group: 'Review',
      keys: ['V'],
      enabled: (state) => onQueue('unknown')(state) && state.openGroup === null,
      run: () => showIgnored(!store.getState().ignoredShown),
    },
    {
      id: 'ignore-group',
      title: 'Ignore the group, or bring it back',
      group: 'Review',
      keys: ['I'],
      right: 'curate',
      enabled: (state) => withStacks(state) || withGroup(state),
      run: () => void ignoreGroup(store),
    },
  ]
}

function groupCommands(store: Store): Command[] {
  const { chooseFace, chooseAllFaces, chooseNoFace, closeGroup, openOverlay } = store.getState()
  const columns = () => store.getState().faceColumns
  const ways = [
    { id: 'face', modifier: '', prefix: '', how: 'only' },
    { id: 'choose-face', modifier: 'Shift+', prefix: 'Choose up to: ', how: 'range' },
  ] as const
  return [
    ...ways.flatMap(({ id, modifier, prefix, how }) =>
      steps(columns).map(
        ([step, words, key, delta], place): Command => ({
          id: `group-${id}-${step}`,
          title: `${prefix}${prefix === '' ? words : words.toLowerCase()} face of the group`,
          group: 'Review',
          keys: [`${modifier}${key}`],
          keyOnly: true,
          unlisted: place > 0,
          enabled: withGroup,
          run: () => {
            const { facePlace, chosenFaces } = store.getState()
            // The first press shows where the keys are.
            const first = chosenFaces.chosen.size === 0 && how === 'only'
            chooseFace(first ? facePlace : facePlace + delta(), how)
          },
        }),
      ),
    ),
    {
      id: 'toggle-face',
      title: 'Choose the face, or not',
      group: 'Review',
      keys: ['Space'],
      keyOnly: true,
      enabled: withGroup,
      run: () => chooseFace(store.getState().facePlace, 'toggle'),
    },
    {
      id: 'choose-all-faces',
      title: 'Choose all faces of the group',
      group: 'Review',
      keys: ['Mod+A'],
      enabled: withGroup,
      run: chooseAllFaces,
    },
    {
      id: 'choose-no-face',
      title: 'Choose no face',
      group: 'Review',
      keys: ['Escape'],
      enabled: (state) => withGroup(state) && state.chosenFaces.chosen.size > 0,
      run: chooseNoFace,
    },
    {
      id: 'close-group',
      title: 'Back to all groups',
      group: 'Review',
      keys: ['Backspace', 'Escape'],
      enabled: (state) => onQueue('unknown')(state) && state.openGroup !== null,
      run: closeGroup,
    },
    {
      id: 'name-group',
      title: 'Name the group, or the faces chosen…',
      group: 'Review',
      keys: ['N'],
      right: 'curate',
      keywords: 'person merge enrol',
      enabled: withGroup,
      run: () => openOverlay('name-group'),
    },
    ...Array.from(
      { length: digits },
      (_, place): Command => ({
        id: `name-group-${place + 1}`,
        title: `They are person ${place + 1} of the nearest`,
        group: 'Review',
        keys: [String(place + 1)],
        right: 'curate',
        keyOnly: true,
        unlisted: place > 0,
        listedAs: { title: 'They are one of the nearest people', keys: ['1 … 8'] },
        enabled: (state) => withGroup(state) && state.nearestPeople?.[place] !== undefined,
        run: () => {
          const person = store.getState().nearestPeople?.[place]
          if (person !== undefined) {
            void nameGroup(store, person.domain, { personId: person.personId })
          }
        },
      }),
    ),
    {
      id: 'take-faces-out',
      title: 'Take the faces out of the group',
      group: 'Review',
      keys: ['X'],
      right: 'curate',
      enabled: (state) => {
        const chosen = state.chosenFaces.chosen.size
        return withGroup(state) && chosen > 0 && chosen < (state.openGroup?.faces?.length ?? 0)
      },
      run: () => void takeFacesOut(store),
    },
  ]
}

function suggestionCommands(store: Store): Command[] {
  const { skipSuggestion } = store.getState()
  return [
    {
      id: 'accept-suggestion',
      title: 'Yes, it is this person',
      group: 'Review',
      keys: ['Enter', 'Y'],
      right: 'curate',
      enabled: withSuggestion,
      run: () => void acceptSuggestion(store, false),
    },
    {
      id: 'reject-suggestion',
      title: 'No, it is not this person',
      group: 'Review',
      keys: ['X'],
      right: 'curate',
      enabled: withSuggestion,
      run: () => void rejectSuggestion(store),
    },
    {
      id: 'skip-suggestion',
      title: 'Pass the suggestion over',
      group: 'Review',
      keys: ['S'],
      enabled: withSuggestion,
      run: skipSuggestion,
    },
    {
      id: 'accept-suggestions',
      title: 'Yes to all faces shown of this person',
      group: 'Review',
      keys: ['A'],
      right: 'curate',
      enabled: (state) => withSuggestion(state) && suggestionsOfPerson(state).length > 1,
      run: () => void acceptSuggestion(store, true),
    },
  ]
}
