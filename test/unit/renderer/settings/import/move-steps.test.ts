/** The path of an import, its sentence and its next step, for every state that there is. */
import { expect, it, test } from 'vitest'
import { accountWords, lineOf } from '../../../../../src-renderer/features/settings/import/move-sentence'
import {
  currentStep,
  type MoveView,
  stepsOf,
} from '../../../../../src-renderer/features/settings/import/move-steps'
import { readKey, triedKey } from '../../../../../src-renderer/state/import-draft'
import { modelIdSchema } from '../../../../../src-shared/ids'
import type { ImportRun } from '../../../../../src-shared/import-run'
import type { Job } from '../../../../../src-shared/status'
import { draft, found, inspected, listed, run, slovenia, tried } from './made-import'

const view = (some: Partial<MoveView> = {}): MoveView => ({
  draft: undefined,
  look: undefined,
  problem: undefined,
  listed: undefined,
  job: undefined,
  ended: undefined,
  unseen: undefined,
  last: undefined,
  ...some,
})
const states = (some: MoveView) => stepsOf(some).map(({ state }) => state)
const next = (some: MoveView) => lineOf(some).next

test('nothing was moved, or only what was taken back', () => {
  expect(next(view())).toBe('choose')
  expect(next(view({ last: { run: { ...run, state: 'undone' }, jobId: null } }))).toBe('choose')
  expect(lineOf(view({ last: { run: { ...run, state: 'undone' }, jobId: null } })).text).toContain(
    'taken back',
  )
  expect(lineOf(view({ last: { run, jobId: null } }))).toMatchObject({ tone: 'wait', next: 'open-last' })
  expect(lineOf(view({ last: { run: { ...run, state: 'validated' }, jobId: null } }))).toMatchObject({
    tone: 'good',
  })
})

it('says that an import goes on, or was interrupted, whatever is looked at', () => {
  const half = { ...run, state: 'running' as const, position: 200 }
  const goesOn = view({ last: { run: half, jobId: listed.jobId } })
  expect(lineOf(goesOn)).toMatchObject({ text: 'Moving over: 200 of 501 rows.', next: 'open-last' })
  const interrupted = view({ last: { run: half, jobId: null } })
  expect(lineOf(interrupted)).toMatchObject({
    text: expect.stringContaining('interrupted at row 200'),
    next: 'open-last',
  })
})

test('a draft goes from inspection to trial to run', () => {
  const chosen = view({ draft })
  expect([next(chosen), currentStep(chosen)]).toEqual(['inspect', 'inspect'])
  expect(states(chosen)).toEqual(['now', 'later', 'later', 'later', 'later'])

  const looked = view({ draft: inspected })
  expect([next(looked), currentStep(looked)]).toEqual(['try', 'inspect'])
  expect(states(looked)).toEqual(['done', 'now', 'later', 'later', 'later'])

  const homeless = view({ draft: { ...inspected, targets: new Map([[null, '']]) } })
  expect(lineOf(homeless)).toMatchObject({ next: 'none', text: expect.stringContaining('Say which domain') })

  const attempted = view({ draft: { ...inspected, tried: { key: triedKey(inspected), value: tried } } })
  expect([next(attempted), currentStep(attempted)]).toEqual(['begin', 'try'])
  expect(states(attempted)).toEqual(['done', 'done', 'now', 'later', 'later'])
})

it('asks to read and to try anew what is asked for otherwise', () => {
  const attempted = { ...inspected, tried: { key: triedKey(inspected), value: tried } }
  const renamed = { ...attempted, targets: new Map([[null, 'serbia']]) }
  expect(next(view({ draft: renamed }))).toBe('try')
  const reread = {
    ...attempted,
    options: { ...draft.options, personRule: { by: 'parent-folder' as const, up: 2 } },
  }
  expect(next(view({ draft: reread }))).toBe('inspect')
  expect(lineOf(view({ draft: reread })).text).toContain('former reading')
})

it('offers to stop while it looks, and says how far it is', () => {
  const looking = view({ draft, look: { what: 'inspect', progress: { rows: 1200, share: 0.25 } } })
  expect(lineOf(looking)).toMatchObject({ next: 'stop', text: expect.stringContaining('25 %') })
  expect(states(looking)[0]).toBe('busy')
})

test('where no table was recognised, somebody has to say which', () => {
  expect(next(view({ draft, problem: 'tables-unknown' }))).toBe('none')
  expect(next(view({ draft, problem: 'server-unreachable' }))).toBe('inspect')
})

test('nothing is begun that would add nothing', () => {
  const nothing = { ...tried, imported: 0, alreadyThere: 480 }
  expect(next(view({ draft: { ...inspected, tried: { key: triedKey(inspected), value: nothing } } }))).toBe(
    'none',
  )
})

const ofRun = (patch: Partial<ImportRun>, jobId = null as typeof listed.jobId) =>
  view({ listed: { run: { ...run, ...patch }, jobId } })

test.each([
  ['running', 'resume', 'wait'],
  ['paused', 'resume', 'wait'],
  ['cancelled', 'resume', 'wait'],
  ['failed', 'resume', 'bad'],
  ['done', 'validate', 'wait'],
  ['validated', 'another', 'good'],
  ['undone', 'another', 'wait'],
] as const)('a run that is %s asks to %s', (state, wanted, tone) => {
  expect(lineOf(ofRun({ state }))).toMatchObject({ next: wanted, tone })
})

it('tells a run that goes on from one that was interrupted', () => {
  expect(next(ofRun({ state: 'running' }, listed.jobId))).toBe('pause')
  expect(states(ofRun({ state: 'running' }, listed.jobId))[2]).toBe('busy')
  expect(lineOf(ofRun({ state: 'running', position: 200 })).text).toBe(
    'The import was interrupted at row 200 of 501 rows. It goes on exactly there.',
  )
})

it('says that the gallery is not what the source is', () => {
  const validation = { ...found.validation, passed: false, rows: { ...found.validation.rows, missing: 3 } }
  const odd = ofRun({ state: 'done', validation })
  expect(lineOf(odd)).toMatchObject({ tone: 'bad', next: 'validate' })
  expect(stepsOf(odd)[3]).toMatchObject({ state: 'failed', figure: '3 rows differ' })
  expect(currentStep(odd)).toBe('validate')
})

it('says what became of the rows so that they add up', () => {
  expect(accountWords({ read: 23_661, imported: 23_640, alreadyThere: 0, rejected: 21 })).toBe(
    '23,640 of 23,661 rows were brought, 21 were rejected.',
  )
  expect(accountWords({ read: 3, imported: 1, alreadyThere: 1, rejected: 1 }, true)).toBe(
    '1 of 3 rows would come, 1 is already there, 1 would be rejected.',
  )
})

const unseen = { domains: [slovenia], photos: 470, faces: 480, example: '/srv/1.jpg', unfound: 0 }
const job = (unit: Job['unit']): Job => ({
  jobId: listed.jobId!,
  kind: 'import',
  title: 'Looking for the photos of a source',
  unit,
  state: 'running',
  done: 12,
  total: 470,
})
const ofPhotos = (patch: Partial<ImportRun>, more: Partial<MoveView>) => ({ ...ofRun(patch), ...more })

test('what is compared, and not measured, is offered to be looked at', () => {
  const compared = ofPhotos({ state: 'validated', validation: found.validation }, { unseen })
  expect(lineOf(compared)).toMatchObject({
    tone: 'good',
    next: 'photos',
    text: expect.stringContaining('480 faces are not measured: their photos were not looked at.'),
  })
  expect(currentStep(compared)).toBe('validate')
  expect(stepsOf(compared)[4]).toMatchObject({ id: 'photos', state: 'now', figure: '480 faces not measured' })
  const notYet = ofPhotos({ state: 'done' }, { unseen })
  expect([next(notYet), stepsOf(notYet)[4]?.state]).toEqual(['validate', 'later'])
})

test('what was looked for in vain is told, and not asked for again', () => {
  const looked = ofPhotos({ state: 'validated' }, { unseen: { ...unseen, faces: 21, unfound: 21 } })
  expect([next(looked), stepsOf(looked)[4]]).toEqual([
    'another',
    { id: 'photos', state: 'done', figure: '21 not found' },
  ])
  const all = ofPhotos({ state: 'validated' }, { unseen: { ...unseen, photos: 0, faces: 0 } })
  expect(stepsOf(all)[4]?.figure).toBe('all measured')
  const one = ofPhotos({ state: 'validated' }, { unseen: { ...unseen, faces: 22, unfound: 21 } })
  expect(lineOf(one).text).toContain('1 face is not measured: its photo was not looked at.')
})

test('while photos are looked at nothing is compared, and nothing brought', () => {
  const { jobId } = listed
  const { validation } = found
  const looks = { ...ofRun({ state: 'validated', validation }, jobId), job: job('photos') }
  expect([currentStep(looks), next(looks)]).toEqual(['photos', 'cancel-job'])
  expect(lineOf(looks).text).toBe('Its photos are looked at: 12 of 470.')
  expect(states(looks).slice(3)).toEqual(['done', 'busy'])
  const halfway = { ...ofRun({ state: 'paused', position: 200 }, jobId), job: job('photos') }
  expect(next(halfway)).toBe('cancel-job')
  expect(states(halfway)).toEqual(['done', 'later', 'now', 'later', 'busy'])
  const takenBack = { ...ofRun({ state: 'done' }, jobId), job: job('steps') }
  expect(states(takenBack)[3]).toBe('now')
  expect(lineOf(takenBack).text).toBe('It is taken back: 12 of 470.')
  const compares = { ...ofRun({ state: 'done' }, jobId), job: job('rows') }
  expect(states(compares)[3]).toBe('busy')
  expect(lineOf(compares).text).toBe('It is compared with its source: 12 of 470.')
})

test('photos of a folder are no step: the run itself looked at them', () => {
  expect(stepsOf(ofRun({ kind: 'folder' }))).toHaveLength(4)
  expect(stepsOf(ofRun({ kind: 'visor' }))).toHaveLength(4)
  expect(stepsOf(ofPhotos({ kind: 'visor' }, { unseen }))).toHaveLength(5)
})

test('a check of the model counts faces, and a reason that is missing is asked for first', () => {
  const checks = view({ draft: inspected, look: { what: 'check', progress: { rows: 12, share: 0.6 } } })
  expect(lineOf(checks)).toMatchObject({ next: 'stop', text: expect.stringContaining('12 faces compared') })
  const modelId = modelIdSchema.parse('pack/arcface')
  const claimed = { ...inspected, options: { ...inspected.options, modelId } }
  const value = { modelId, compared: 20, medianCosine: 0.02, verdict: 'another' as const }
  const checked = { ...claimed, checked: { key: readKey(claimed), value } }
  const attempted = view({ draft: { ...checked, tried: { key: triedKey(checked), value: tried } } })
  expect([next(attempted), currentStep(attempted)]).toEqual(['none', 'inspect'])
})
