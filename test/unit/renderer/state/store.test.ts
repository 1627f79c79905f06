/** The window's state without main: selection, marks, what happens when photos go, settings that overtake each other. */
import { describe, expect, test, vi } from 'vitest'
import {
  activeFace,
  canConfirm,
  candidateInQuestion,
  canReject,
  itemsInQuestion,
} from '../../../../src-renderer/state/selection-slice'
import { mergedPatch, patched } from '../../../../src-renderer/state/settings-slice'
import { createStore } from '../../../../src-renderer/state/store'
import { defaultSettings } from '../../../../src-shared/settings'
import { candidate, face, item, itemId, items, personId, progress } from '../queue-items'

function storeWith(count: number) {
  const store = createStore(defaultSettings)
  store.getState().takeSnapshot({ items: items(count), progress: progress({ total: count, done: count }) })
  return store
}

describe('the photo in the loupe', () => {
  test('is the first one, and the keys go no further than the ends', () => {
    const store = storeWith(3)
    const { stepPhoto } = store.getState()
    expect(store.getState().activeId).toBe(itemId(0))
    stepPhoto(-1)
    expect(store.getState().activeId).toBe(itemId(0))
    stepPhoto(Number.POSITIVE_INFINITY)
    expect(store.getState().activeId).toBe(itemId(2))
    stepPhoto(1)
    expect(store.getState().activeId).toBe(itemId(2))
  })

  test('takes along what is asked about its face when it goes, and nothing else that is open', () => {
    const store = storeWith(3)
    const { openOverlay, takeChange } = store.getState()
    openOverlay('add-person')
    takeChange({ upserts: [], removed: [itemId(0)], progress: progress() })
    expect(store.getState()).toMatchObject({ activeId: itemId(1), overlay: null })
    openOverlay('erasure-report')
    takeChange({ upserts: [], removed: [itemId(1)], progress: progress() })
    expect(store.getState()).toMatchObject({ activeId: itemId(2), overlay: 'erasure-report' })
  })

  test('gives way to its neighbour when it is taken out', () => {
    const store = storeWith(4)
    store.getState().activate(itemId(1))
    store.getState().takeChange({ upserts: [], removed: [itemId(1)], progress: progress() })
    expect(store.getState().activeId).toBe(itemId(2))
    store.getState().takeChange({ upserts: [], removed: [itemId(2), itemId(3)], progress: progress() })
    expect(store.getState().activeId).toBe(itemId(0))
    store.getState().takeChange({ upserts: [], removed: [itemId(0)], progress: progress() })
    expect(store.getState().activeId).toBeNull()
  })

  test('another photo starts at its first face, with nobody chosen', () => {
    const store = storeWith(2)
    store.getState().selectFace(3)
    store.setState({ chosenPerson: personId(2) })
    store.getState().stepPhoto(1)
    expect(store.getState()).toMatchObject({ faceIndex: 0, chosenPerson: null })
  })
})

describe('marks', () => {
  test('Ctrl and a click join the active photo, and take back', () => {
    const store = storeWith(4)
    const { toggleMark } = store.getState()
    toggleMark(itemId(2))
    expect(itemsInQuestion(store.getState())).toEqual([itemId(0), itemId(2)])
    toggleMark(itemId(0))
    expect(itemsInQuestion(store.getState())).toEqual([itemId(2)])
  })

  test('Shift extends from where it began', () => {
    const store = storeWith(5)
    store.getState().activate(itemId(1))
    store.getState().stepPhoto(1, true)
    store.getState().stepPhoto(1, true)
    expect(itemsInQuestion(store.getState())).toEqual([1, 2, 3].map(itemId))
    store.getState().stepPhoto(-1, true)
    expect(itemsInQuestion(store.getState())).toEqual([1, 2].map(itemId))
  })

  test('photos that go are not marked any more', () => {
    const store = storeWith(3)
    store.getState().markAll()
    store.getState().takeChange({ upserts: [], removed: [itemId(1)], progress: progress() })
    expect(itemsInQuestion(store.getState())).toEqual([itemId(0), itemId(2)])
  })
})

test('the end of the queue is announced once, with what failed', () => {
  const store = createStore(defaultSettings)
  const { takeChange } = store.getState()
  takeChange({ upserts: [item(0)], removed: [], progress: progress({ total: 2, waiting: 1, done: 1 }) })
  expect(store.getState().announcement).toBe('')
  takeChange({ upserts: [], removed: [], progress: progress({ total: 2, done: 1, failed: 1 }) })
  expect(store.getState().announcement).toBe('1 photos are done, 1 failed.')
})

describe('the candidate in question', () => {
  const near = candidate(1)
  const far = candidate(2, { decision: 'unknown', distance: 0.8 })

  test('is whom the decision names, or the one chosen', () => {
    const match = face({
      decision: 'match',
      person: { personId: near.personId, name: near.name, domain: near.domain },
      candidates: [near, far],
    })
    expect(candidateInQuestion(match, null)).toBe(match.candidates[0])
    expect(candidateInQuestion(match, far.personId)).toBe(match.candidates[1])
  })

  test('is nobody for an unknown face until somebody is chosen: Enter alone never names it', () => {
    const unknown = face({ candidates: [far] })
    expect(candidateInQuestion(unknown, null)).toBeUndefined()
    expect(canConfirm(unknown, candidateInQuestion(unknown, null))).toBe(false)
    expect(canConfirm(unknown, candidateInQuestion(unknown, far.personId))).toBe(true)
  })

  test('stays the one chosen when a newer answer lists others before them, and is nobody once they are gone', () => {
    const other = candidate(3, { distance: 0.1 })
    expect(candidateInQuestion(face({ candidates: [other, near, far] }), near.personId)?.name).toBe(near.name)
    expect(candidateInQuestion(face({ candidates: [other, far] }), near.personId)).toBeUndefined()
  })

  test('is not confirmed twice, nor ruled out twice', () => {
    const person = { personId: personId(1), name: near.name, domain: near.domain }
    const confirmed = face({ decision: 'match', person, confirmed: true, candidates: [near] })
    expect(canConfirm(confirmed, near)).toBe(false)
    expect(canConfirm(confirmed, far)).toBe(true)
    expect(canReject(near)).toBe(true)
    expect(canReject({ ...near, rejected: true })).toBe(false)
  })

  test('is nobody where there is no face', () => {
    const store = storeWith(1)
    expect(activeFace(store.getState())).toBeUndefined()
    expect(candidateInQuestion(undefined, near.personId)).toBeUndefined()
  })
})

describe('settings', () => {
  test('a patch changes the parts it names, also inside of the search', () => {
    const after = patched(defaultSettings, { theme: 'light', search: { topK: 9 } })
    expect(after.theme).toBe('light')
    expect(after.search).toEqual({ ...defaultSettings.search, topK: 9 })
    expect(after.panes).toBe(defaultSettings.panes)
  })

  test('of two patches the later wins, part by part', () => {
    const merged = mergedPatch(
      { theme: 'light', search: { topK: 9, flip: true } },
      { theme: 'dark', search: { topK: 3 } },
    )
    expect(merged).toEqual({ theme: 'dark', search: { topK: 3, flip: true } })
    expect(mergedPatch({ search: { topK: 9 } }, { theme: 'dark' })).toEqual({
      theme: 'dark',
      search: { topK: 9 },
    })
  })
})

test('what main tells while a change is on its way to it does not take the change back', async () => {
  const answers: (() => void)[] = []
  const update = (patch: object) =>
    new Promise((resolve) => {
      answers.push(() => resolve({ ok: true, value: { ...defaultSettings, theme: 'light', ...patch } }))
    })
  vi.stubGlobal('window', { visor: { request: { 'settings.update': update } } })
  const store = createStore(defaultSettings)
  store.getState().remember({ screen: 'galleries' })
  await vi.waitFor(() => expect(answers).toHaveLength(1))
  store.getState().takeSettings({ ...defaultSettings, theme: 'light' })
  expect(store.getState().settings).toMatchObject({ screen: 'galleries', theme: 'light' })
  for (const answer of answers) answer()
  await vi.waitFor(() => expect(store.getState().settings.theme).toBe('light'))
  // Main's word counts again: it has the change.
  await vi.waitFor(() => {
    store.getState().takeSettings({ ...defaultSettings, screen: 'review' })
    expect(store.getState().settings.screen).toBe('review')
  })
  vi.unstubAllGlobals()
})
