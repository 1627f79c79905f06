/** How far an import is: its four steps, the sentence that says so, and the one next step. Pure. Renderer. */
import type { ErrorCode } from '../../../../src-shared/errors'
import type { ImportRun } from '../../../../src-shared/import-run'
import type { Job } from '../../../../src-shared/status'
import { foundNow, type ImportDraft, triedNow, whatIsMissing } from '../../../state/import-draft'
import type { ImportLook, ListedRun } from '../../../state/import-slice'
import { count, counted, fileName, isolated } from '../../../wording'
import { type Account, sourceText } from './import-words'

export const moveStepIds = ['inspect', 'try', 'run', 'validate'] as const
export type MoveStepId = (typeof moveStepIds)[number]

export interface MoveStep {
  readonly id: MoveStepId
  readonly state: 'done' | 'now' | 'busy' | 'failed' | 'later'
  /** What it found. */
  readonly figure: string
}

/** What is looked at: a run, or a draft that is to become one, or neither. */
export interface MoveView {
  /** Of the run too, where it was begun here and now. */
  readonly draft: ImportDraft | undefined
  readonly look: ImportLook | undefined
  /** Why the last thing that was asked for was not done. */
  readonly problem: ErrorCode | undefined
  readonly listed: ListedRun | undefined
  /** The work on the run. */
  readonly job: Job | undefined
  /** The newest run of all. */
  readonly last: ListedRun | undefined
}

/** `visor` left it, or was killed. */
export const isInterrupted = ({ run, jobId }: ListedRun): boolean => run.state === 'running' && jobId === null

export const isOver = ({ state }: ImportRun): boolean =>
  state === 'done' || state === 'validated' || state === 'undone'

/** The step that is to be done, or is being done. */
export function currentStep({ draft, listed }: MoveView): MoveStepId {
  if (listed !== undefined)
    return listed.run.state === 'validated' || listed.run.validation !== undefined ? 'validate' : 'run'
  if (draft === undefined || foundNow(draft) === undefined) return 'inspect'
  return triedNow(draft) === undefined ? 'inspect' : 'try'
}

/** Rows that are behind a run: its work begins to count once it has read what was behind it before. */
const doneOf = ({ position }: ImportRun, job: Job | undefined): number => Math.max(position, job?.done ?? 0)

export function stepsOf(view: MoveView): readonly MoveStep[] {
  const run = view.listed?.run
  return [inspectStep(view), tryStep(view), runStep(view), validateStep(run, view.job)]
}

function inspectStep({ draft, look, listed }: MoveView): MoveStep {
  const id = 'inspect'
  if (listed !== undefined) {
    const { total } = listed.run
    return { id, state: 'done', figure: total === 0 ? '' : counted(total, 'row') }
  }
  if (look?.what === 'inspect') {
    const rows = look.progress?.rows
    return { id, state: 'busy', figure: rows === undefined ? 'reading …' : `${counted(rows, 'row')} read` }
  }
  const found = draft === undefined ? undefined : foundNow(draft)
  if (found !== undefined)
    return {
      id,
      state: 'done',
      figure: `${counted(found.rows, 'row')}, ${counted(found.persons, 'person', 'people')}`,
    }
  return { id, state: 'now', figure: draft?.found === undefined ? 'what is in it' : 'to be read anew' }
}

function tryStep({ draft, look, listed }: MoveView): MoveStep {
  const id = 'try'
  if (look?.what === 'try') return { id, state: 'busy', figure: progressOf(look) }
  const tried = draft === undefined ? undefined : triedNow(draft)
  if (tried !== undefined) return { id, state: 'done', figure: broughtOf(tried, 'would come') }
  if (listed !== undefined) return { id, state: 'later', figure: 'not kept' }
  const ready = draft !== undefined && foundNow(draft) !== undefined
  return { id, state: ready ? 'now' : 'later', figure: 'nothing is written' }
}

function runStep({ draft, look, listed, job }: MoveView): MoveStep {
  const id = 'run'
  if (listed === undefined) {
    if (look?.what === 'begin') return { id, state: 'busy', figure: 'begins …' }
    const ready = ((draft && triedNow(draft))?.imported ?? 0) > 0
    return { id, state: ready ? 'now' : 'later', figure: 'can be taken back' }
  }
  const { run } = listed
  if (run.state === 'undone') return { id, state: 'done', figure: 'taken back' }
  if (isOver(run)) return { id, state: 'done', figure: broughtOf(run, 'brought') }
  const at = `${count(doneOf(run, job))} of ${count(run.total)}`
  if (listed.jobId !== null) return { id, state: 'busy', figure: at }
  if (run.state === 'failed') return { id, state: 'failed', figure: `stopped at ${at}` }
  return { id, state: 'now', figure: `stands at ${at}` }
}

function validateStep(run: ImportRun | undefined, job: Job | undefined): MoveStep {
  const id = 'validate'
  if (run === undefined || !isOver(run)) return { id, state: 'later', figure: 'compare with the source' }
  if (run.state === 'undone') return { id, state: 'later', figure: '' }
  if (job?.state === 'running')
    return { id, state: 'busy', figure: `${count(job.done)} of ${count(job.total)}` }
  const { validation } = run
  if (validation === undefined) return { id, state: 'now', figure: 'compare with the source' }
  const { equal, kept, missing, different } = validation.rows
  if (validation.passed) return { id, state: 'done', figure: `${count(equal + kept)} as in the source` }
  const odd = missing + different
  return {
    id,
    state: 'failed',
    figure: odd > 0 ? `${counted(odd, 'row differs', 'rows differ')}` : 'not the same',
  }
}

const broughtOf = ({ imported, alreadyThere, rejected }: Account, word: string) =>
  [
    `${count(imported)} ${word}`,
    alreadyThere > 0 ? `${count(alreadyThere)} there` : '',
    rejected > 0 ? `${count(rejected)} not` : '',
  ]
    .filter((part) => part !== '')
    .join(', ')

function progressOf({ progress }: ImportLook): string {
  if (progress === null) return 'reading …'
  return progress.share === null
    ? `${counted(progress.rows, 'row')}`
    : `${Math.floor(100 * progress.share)} %`
}

/** The one next step, as the button of the first line. */
export type NextStep =
  | 'choose'
  | 'inspect'
  | 'stop'
  | 'try'
  | 'begin'
  | 'pause'
  | 'resume'
  | 'validate'
  | 'cancel-job'
  | 'open-last'
  | 'another'
  | 'none'

export interface MoveLineText {
  readonly tone: 'good' | 'wait' | 'bad'
  readonly text: string
  readonly next: NextStep
}

/** In what state things are. */
export function lineOf(view: MoveView): MoveLineText {
  if (view.listed !== undefined) return lineOfRun(view.listed, view.job)
  if (view.draft !== undefined) return lineOfDraft(view.draft, view)
  const { last } = view
  if (last === undefined || last.run.state === 'undone') {
    return { tone: 'wait', text: 'Nothing has been moved over yet. Choose what to move.', next: 'choose' }
  }
  const { tone, text } = lineOfRun(last, undefined)
  const said = isOver(last.run) && last.jobId === null ? `The last import: ${text}` : text
  return { tone, text: said, next: 'open-last' }
}

function lineOfDraft(draft: ImportDraft, { look, problem }: MoveView): MoveLineText {
  const place = sourceText(draft.place)
  const name = isolated(draft.place.at === 'path' ? fileName(place) : place)
  if (look !== undefined) {
    const doing = {
      inspect: 'is read',
      try: 'is tried: nothing is written',
      begin: 'is read; then the import begins',
    }
    return { tone: 'wait', text: `${name} ${doing[look.what]}. ${progressOf(look)}`, next: 'stop' }
  }
  const found = foundNow(draft)
  if (found === undefined && problem === 'tables-unknown') {
    return {
      tone: 'wait',
      text: `In ${name} no tables were recognised. Say which hold the people.`,
      next: 'none',
    }
  }
  if (found === undefined) {
    const text =
      draft.found === undefined
        ? `${name} was chosen. Nothing was read or moved yet.`
        : `${name} is to be read otherwise than before: what stands below is of the former reading.`
    return { tone: 'wait', text, next: 'inspect' }
  }
  const missing = whatIsMissing(draft, found)
  const held = `${counted(found.rows, 'row')} of ${counted(found.persons, 'person', 'people')} found`
  if (missing !== undefined) return { tone: 'wait', text: `${held}. ${missing}`, next: 'none' }
  const tried = triedNow(draft)
  if (tried === undefined) return { tone: 'wait', text: `${held}. Nothing was moved yet.`, next: 'try' }
  if (tried.imported === 0) {
    return { tone: 'wait', text: `Nothing would be added: ${accountWords(tried, true)}`, next: 'none' }
  }
  return { tone: 'good', text: `Tried, and nothing was written: ${accountWords(tried, true)}`, next: 'begin' }
}

function lineOfRun(listed: ListedRun, job: Job | undefined): MoveLineText {
  const { run } = listed
  const at = `${count(run.position)} of ${counted(run.total, 'row')}`
  if (listed.jobId !== null && isOver(run)) {
    const text = run.state === 'undone' ? 'is taken back' : 'is worked on'
    return { tone: 'wait', text: `${job?.title ?? `The import ${text}`} …`, next: 'cancel-job' }
  }
  if (listed.jobId !== null) {
    const text =
      job?.total === 0
        ? `The source is read first; then the import goes on at row ${at}.`
        : `Moving over: ${count(doneOf(run, job))} of ${counted(run.total, 'row')}.`
    return { tone: 'wait', text, next: 'pause' }
  }
  switch (run.state) {
    case 'running':
      return {
        tone: 'wait',
        text: `The import was interrupted at row ${at}. It goes on exactly there.`,
        next: 'resume',
      }
    case 'paused':
      return { tone: 'wait', text: `Paused at row ${at}. What was brought is there.`, next: 'resume' }
    case 'cancelled':
      return {
        tone: 'wait',
        text: `Cancelled at row ${at}. What was brought stays; the rest can still follow.`,
        next: 'resume',
      }
    case 'failed':
      return {
        tone: 'bad',
        text: `The import stopped at row ${at}. It goes on there once that is mended.`,
        next: 'resume',
      }
    case 'undone':
      return { tone: 'wait', text: 'What this import brought was taken back.', next: 'another' }
    case 'validated':
      return { tone: 'good', text: broughtText(run), next: 'another' }
    case 'done':
      return run.validation === undefined
        ? { tone: 'wait', text: broughtText(run), next: 'validate' }
        : { tone: 'bad', text: broughtText(run), next: 'validate' }
  }
}

/** What a run brought that is over, and how it compares with its source. */
function broughtText(run: ImportRun): string {
  const brought = accountWords(run)
  if (run.state === 'validated') return `${brought} All that was brought is as the source has it.`
  return run.validation === undefined
    ? `${brought} It was not compared with its source yet.`
    : `${brought} The gallery is not what the source is: see what differs.`
}

/** `23,640 of 23,661 rows were brought, 21 were rejected.` */
export function accountWords({ read, imported, alreadyThere, rejected }: Account, would = false): string {
  const were = (rows: number) => (would ? 'would be' : rows === 1 ? 'was' : 'were')
  const parts = [
    `${count(imported)} of ${counted(read, 'row')} ${would ? 'would come' : `${were(imported)} brought`}`,
    alreadyThere > 0 ? `${count(alreadyThere)} ${alreadyThere === 1 ? 'is' : 'are'} already there` : '',
    rejected > 0
      ? `${count(rejected)} ${were(rejected)} rejected`
      : would
        ? 'none would be rejected'
        : 'none was rejected',
  ]
  return `${parts.filter((part) => part !== '').join(', ')}.`
}
