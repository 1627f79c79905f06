/** The queue of findings in the window's state: what was decided leaves at once, and comes back when it is taken back. */
import { afterEach, expect, test, vi } from 'vitest'
import { findingFixes } from '../../../../src-renderer/features/review/health/fixes'
import { findingInView, openFindings } from '../../../../src-renderer/state/health-slice'
import { createStore } from '../../../../src-renderer/state/store'
import {
  type Evidence,
  type Finding,
  findingIdSchema,
  findingKindSchema,
  findingSchema,
  findingSentence,
} from '../../../../src-shared/health'
import { clientIdSchema, domainSchema } from '../../../../src-shared/ids'
import type { Reply } from '../../../../src-shared/ipc'
import { defaultSettings } from '../../../../src-shared/settings'

const clientId = defaultSettings.search.clientId
const domain = domainSchema.parse('slovenia')
const uuid = (number: number) => `00000000-0000-7000-8000-${String(number).padStart(12, '0')}`
const findingId = (number: number) => findingIdSchema.parse(uuid(number))
const person = { personId: uuid(900), name: 'Ana', photos: 2, faces: 2 }
const faces = { faceId: uuid(1000), otherFaceId: uuid(1001) }

function finding(
  number: number,
  evidence: object = { kind: 'one-photo', faceId: uuid(1000) },
  rest = {},
): Finding {
  return findingSchema.parse({
    findingId: uuid(number),
    clientId,
    domain,
    harm: 0.5,
    evidence,
    person,
    faces: [],
    foundAt: '2026-11-20T08:00:00.000Z',
    dismissed: false,
    ...rest,
  })
}

/** Main, as far as the queue asks it. */
function main(all: Finding[]) {
  const state = { all }
  const answers: Record<string, (input: { dismissed: boolean; limit: number }) => unknown> = {
    'health.findings': ({ dismissed, limit }) => {
      const found = state.all.filter((one) => one.dismissed === dismissed)
      return { total: found.length, findings: found.slice(0, limit) }
    },
    'health.state': () => ({ looked: 1, persons: 1, finished: true, paused: false }),
    'health.counts': () => [],
  }
  const request = new Proxy(
    {},
    {
      get:
        (_, name: string) =>
        async (input: never): Promise<Reply> => ({
          ok: true,
          value: answers[name]?.(input),
        }),
    },
  )
  vi.stubGlobal('window', { visor: { request } })
  return state
}
afterEach(() => vi.unstubAllGlobals())

test('what was decided leaves at once, stays away while main is not told, and is back when it is taken back', async () => {
  main([finding(1), finding(2), finding(3)])
  const store = createStore(defaultSettings)
  const { loadFindings, stepFinding, settleFinding, unsettleFindings } = store.getState()
  await loadFindings()
  expect(store.getState()).toMatchObject({ findingsTotal: 3, findingPlace: 0 })
  stepFinding(1)
  settleFinding(findingId(2))
  expect(findingInView(store.getState())?.findingId).toBe(findingId(3))
  expect(store.getState().findingsTotal).toBe(2)
  // Main has not followed yet.
  await loadFindings()
  expect(store.getState().findingsTotal).toBe(2)
  expect(findingInView(store.getState())?.findingId).toBe(findingId(3))
  unsettleFindings()
  await vi.waitFor(() => expect(store.getState().findingsTotal).toBe(3))
  // What was taken back is what the next key is about.
  expect(findingInView(store.getState())?.findingId).toBe(findingId(2))
})

test('what was taken back and is found again later comes to the middle, but not once the queue is gone on with', async () => {
  const state = main([finding(1), finding(2), finding(3)])
  const store = createStore(defaultSettings)
  const { loadFindings, stepFinding, settleFinding, unsettleFindings } = store.getState()
  await loadFindings()
  settleFinding(findingId(1))
  state.all = [finding(2), finding(3)]
  await loadFindings()
  unsettleFindings()
  await loadFindings()
  expect(findingInView(store.getState())?.findingId).toBe(findingId(2))
  state.all = [finding(1), finding(2), finding(3)]
  await loadFindings()
  expect(findingInView(store.getState())?.findingId).toBe(findingId(1))
  settleFinding(findingId(1))
  state.all = [finding(2), finding(3)]
  await loadFindings()
  unsettleFindings()
  stepFinding(1)
  state.all = [finding(1), finding(2), finding(3)]
  await loadFindings()
  expect(findingInView(store.getState())?.findingId).toBe(findingId(3))
})

test('what was said to be fine is found among those, and back after it is taken up again', async () => {
  const state = main([finding(1), finding(2)])
  const store = createStore(defaultSettings)
  const { loadFindings, settleFinding, filterFindings } = store.getState()
  await loadFindings()
  settleFinding(findingId(1))
  state.all = [finding(1, undefined, { dismissed: true }), finding(2)]
  filterFindings({ dismissed: true })
  await vi.waitFor(() => expect(store.getState().findings).toHaveLength(1))
  settleFinding(findingId(1))
  state.all = [finding(1), finding(2)]
  filterFindings({ dismissed: false })
  await vi.waitFor(() => expect(store.getState().findings).toHaveLength(2))
})

test('the keys go no further than the ends, and ask for more before the last one', async () => {
  main(Array.from({ length: 150 }, (_, number) => finding(number + 1)))
  const store = createStore(defaultSettings)
  const { loadFindings, stepFinding } = store.getState()
  await loadFindings()
  expect(store.getState().findings).toHaveLength(60)
  stepFinding(-1)
  expect(store.getState().findingPlace).toBe(0)
  stepFinding(55)
  await vi.waitFor(() => expect(store.getState().findings!.length).toBeGreaterThan(100))
  stepFinding(1000)
  expect(store.getState().findingPlace).toBe(store.getState().findings!.length - 1)
})

test('another client has another queue', async () => {
  main([finding(1), finding(2)])
  const store = createStore(defaultSettings)
  const { loadFindings, stepFinding } = store.getState()
  await loadFindings(clientId)
  stepFinding(1)
  const asking = loadFindings(clientIdSchema.parse('museum'))
  expect(store.getState()).toMatchObject({ findings: undefined, findingPlace: 0 })
  await asking
})

test('open findings are counted by client, domain and kind', () => {
  const count = (of: string, open: number, kind: 'outlier' | 'one-photo') => ({
    clientId,
    domain: domainSchema.parse(of),
    kind,
    open,
    dismissed: 7,
  })
  const findingCounts = [
    count('slovenia', 2, 'outlier'),
    count('slovenia', 3, 'one-photo'),
    count('serbia', 4, 'outlier'),
  ]
  expect(openFindings({ findingCounts }, clientId)).toBe(9)
  expect(openFindings({ findingCounts }, clientId, { domain })).toBe(5)
  expect(openFindings({ findingCounts }, clientId, { kind: 'outlier' })).toBe(6)
  expect(openFindings({ findingCounts }, clientIdSchema.parse('museum'))).toBe(0)
  expect(openFindings({ findingCounts: undefined }, clientId)).toBeUndefined()
})

const evidences: readonly Evidence[] = [
  { kind: 'outlier', ...faces, ownFaceId: uuid(1002), ownDistance: 0.9, otherDistance: 0.2 },
  { kind: 'look-alike', ...faces, distance: 0.2, near: 3, compared: 4, otherNear: 2, otherCompared: 2 },
  { kind: 'twice-in-photo', ...faces, photoId: uuid(1003) },
  { kind: 'near-duplicate', ...faces, bits: 2 },
  { kind: 'same-name' },
  { kind: 'older-model', faceId: uuid(1000), missing: 1, faces: 2 },
  { kind: 'no-photo' },
  { kind: 'one-photo', faceId: uuid(1000) },
  { kind: 'poor-photos', faceId: uuid(1000), quality: 0.3 },
].map((evidence) => finding(1, evidence).evidence)

test.each(evidences.map((evidence) => [evidence.kind, evidence] as const))(
  '%s has fixes, one a key, and a sentence',
  (_, evidence) => {
    for (const other of [undefined, { ...person, personId: uuid(901), name: 'Boris' }]) {
      const one = finding(1, evidence, other === undefined ? {} : { other })
      const fixes = findingFixes.filter(({ applies }) => applies(one))
      expect(fixes.length).toBeGreaterThanOrEqual(2)
      expect(new Set(fixes.map(({ keyName }) => keyName)).size).toBe(fixes.length)
      for (const fix of fixes) expect(fix.label(one)).not.toBe('')
      expect(findingSentence(one)).toMatch(/\.$/)
    }
  },
)

test('every kind is tried', () => {
  expect(evidences.map(({ kind }) => kind).sort()).toEqual([...findingKindSchema.options].sort())
})

test('what is said to be fine can only be taken up again, or looked at', () => {
  const one = finding(1, undefined, { dismissed: true })
  expect(findingFixes.filter(({ applies }) => applies(one)).map(({ id }) => id)).toEqual([
    'take-up',
    'open-person',
  ])
})
