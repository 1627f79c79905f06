/** The path of an import, its sentence and its next step, for every state that there is. */
import { expect, it, test } from 'vitest'
import {
  accountWords,
  currentStep,
  lineOf,
  type MoveView,
  stepsOf,
} from '../../../../../src-renderer/features/settings/import/move-steps'
import { triedKey } from '../../../../../src-renderer/state/import-draft'
import type { ImportRun } from '../../../../../src-shared/import-run'
import { draft, found, inspected, listed, run, tried } from './made-import'

const view = (some: Partial<MoveView> = {}): MoveView => ({
  draft: undefined,
  look: undefined,
  problem: undefined,
  listed: undefined,
  job: undefined,
  last: undefined,
  ...some,
})
const states = (some: MoveView) => stepsOf(some).map(({ state }) => state)
const next = (some: MoveView) => lineOf(some).next

test('nothing was moved, or only what was taken back', () => {
  expect(next(view())).toBe('choose')
  expect(next(view({ last: { run: { ...run, state: 'undone' }, jobId: null } }))).toBe('choose')
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
  expect(states(chosen)).toEqual(['now', 'later', 'later', 'later'])

  const looked = view({ draft: inspected })
  expect([next(looked), currentStep(looked)]).toEqual(['try', 'inspect'])
  expect(states(looked)).toEqual(['done', 'now', 'later', 'later'])

  const homeless = view({ draft: { ...inspected, targets: new Map([[null, '']]) } })
  expect(lineOf(homeless)).toMatchObject({ next: 'none', text: expect.stringContaining('Say which domain') })

  const attempted = view({ draft: { ...inspected, tried: { key: triedKey(inspected), value: tried } } })
  expect([next(attempted), currentStep(attempted)]).toEqual(['begin', 'try'])
  expect(states(attempted)).toEqual(['done', 'done', 'now', 'later'])
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
