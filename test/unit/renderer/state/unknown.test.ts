/** Unknown faces in the window: what is chosen, what stays open while main groups anew, suggestions passed over. Main is a stand-in. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createStore, type Store } from '../../../../src-renderer/state/store'
import { suggestionInQuestion, suggestionsOfPerson } from '../../../../src-renderer/state/suggestions-slice'
import { facesChosen } from '../../../../src-renderer/state/unknown-slice'
import { defaultSettings } from '../../../../src-shared/settings'
import {
  type Suggestion,
  suggestionSchema,
  type UnknownFace,
  type UnknownGroup,
  unknownFaceSchema,
  unknownGroupSchema,
} from '../../../../src-shared/unknown'

const id = (number: number) => `00000000-0000-7000-8000-${String(number).padStart(12, '0')}`
const at = '2026-11-03T10:00:00.000Z'

const unknownFace = (number: number): UnknownFace =>
  unknownFaceSchema.parse({
    faceId: id(number),
    photoId: id(100 + number),
    photoPath: `/photos/${number}.jpg`,
    photoSha256: String(number).padStart(64, '0'),
    box: { x: 0, y: 0, w: 10, h: 10 },
    photoWidth: 100,
    photoHeight: 100,
    quality: 0.5,
    keptAt: at,
  })
const group: UnknownGroup = unknownGroupSchema.parse({
  groupId: 7,
  domain: 'street',
  faces: 5,
  photos: 5,
  someFaces: [id(0)],
  oldestAt: at,
  newestAt: at,
})
const suggestion = (number: number, person: number): Suggestion =>
  suggestionSchema.parse({
    ...unknownFace(number),
    person: {
      personId: id(200 + person),
      name: `Person ${person}`,
      domain: 'street',
      distance: 0.2,
      referenceFaceId: id(300 + person),
    },
  })

/** What main has: the faces of the one group, and its number. */
let faces: UnknownFace[]
let groupId: number | null

beforeEach(() => {
  faces = [0, 1, 2, 3, 4].map(unknownFace)
  groupId = 7
  const ok = (value: unknown) => Promise.resolve({ ok: true, value })
  const request = {
    'unknown.groups': () => ok({ total: 1, groups: [group] }),
    'unknown.faces': () => ok({ total: faces.length, faces }),
    'unknown.groupOf': ({ faceId }: { faceId: string }) =>
      ok(faces.some((face) => face.faceId === faceId) ? groupId : null),
    'unknown.counts': () => ok({ faces: faces.length, groups: 1, ignoredGroups: 0, suggestions: 0 }),
  }
  vi.stubGlobal('window', { visor: { request } })
})
afterEach(() => vi.unstubAllGlobals())

const settle = () => new Promise((resolve) => setTimeout(resolve, 5))
const opened = (store: Store) => store.getState().openGroup?.faces?.map(({ faceId }) => faceId)

async function storeWithGroup() {
  const store = createStore(defaultSettings)
  store.getState().loadStacks(0, 0)
  await settle()
  store.getState().openStack(0)
  await settle()
  return store
}

test('faces are chosen as in a file manager: one, a range, some more, all', async () => {
  const store = await storeWithGroup()
  const { chooseFace, chooseAllFaces, chooseNoFace } = store.getState()
  chooseFace(1, 'only')
  chooseFace(3, 'range')
  expect(facesChosen(store.getState())).toEqual([id(1), id(2), id(3)])
  chooseFace(2, 'toggle')
  expect(facesChosen(store.getState())).toEqual([id(1), id(3)])
  chooseAllFaces()
  expect(facesChosen(store.getState())).toHaveLength(5)
  chooseFace(99, 'only')
  expect(store.getState().facePlace).toBe(4)
  chooseNoFace()
  expect(facesChosen(store.getState())).toEqual([])
})

test('the open group stays open under another number, without what left it', async () => {
  const store = await storeWithGroup()
  store.getState().chooseFace(0, 'only')
  store.getState().chooseFace(2, 'toggle')
  faces = faces.slice(1)
  groupId = 8
  store.getState().takeUnknownChange()
  await settle()
  expect(store.getState().openGroup?.group.groupId).toBe(8)
  expect(opened(store)).toEqual([id(1), id(2), id(3), id(4)])
  expect(facesChosen(store.getState())).toEqual([id(2)])
})

test('and is closed when it is a group no more', async () => {
  const store = await storeWithGroup()
  faces = faces.slice(4)
  store.getState().takeUnknownChange()
  await settle()
  expect(store.getState().openGroup).toBeNull()
})

test('a suggestion that is passed over comes back when the queue is left', () => {
  const store = createStore(defaultSettings)
  const some = [suggestion(0, 1), suggestion(1, 1), suggestion(2, 2)]
  store.setState({ suggestions: { total: 9, some } })
  const { skipSuggestion, dropSuggestions, unskipSuggestions } = store.getState()
  expect(suggestionsOfPerson(store.getState())).toEqual(some.slice(0, 2))
  skipSuggestion()
  expect(suggestionInQuestion(store.getState())).toEqual(some[1])
  dropSuggestions([some[1]!.faceId])
  expect(store.getState().suggestions?.total).toBe(8)
  expect(suggestionInQuestion(store.getState())).toEqual(some[2])
  skipSuggestion()
  expect(suggestionInQuestion(store.getState())).toBeUndefined()
  unskipSuggestions()
  expect(suggestionInQuestion(store.getState())).toEqual(some[0])
})
