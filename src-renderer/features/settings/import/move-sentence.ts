/** In what state an import is, one sentence, and the one next step. Pure. Renderer. */
import type { ImportRun, UnseenOfRun } from '../../../../src-shared/import-run'
import type { Job } from '../../../../src-shared/status'
import { foundNow, type ImportDraft, triedNow, whatIsMissing } from '../../../state/import-draft'
import type { ListedRun } from '../../../state/import-slice'
import { count, counted, fileName, isolated } from '../../../wording'
import { type Account, sourceText } from './import-words'
import {
  doneOf,
  isBrought,
  isComparison,
  isLook,
  isOver,
  type MoveView,
  progressOf,
  waitsForPhotos,
} from './move-steps'

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
  | 'photos'
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
  if (view.listed !== undefined) return lineOfRun(view.listed, view.job, view.unseen)
  if (view.draft !== undefined) return lineOfDraft(view.draft, view)
  const { last } = view
  if (last === undefined) return { tone: 'wait', text: 'Nothing has been moved over yet.', next: 'choose' }
  if (last.run.state === 'undone' && last.jobId === null) {
    return { tone: 'wait', text: 'What the last import brought was taken back.', next: 'choose' }
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
      check: 'is compared with what the model in use makes of its photos',
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

function lineOfRun(listed: ListedRun, job: Job | undefined, unseen?: UnseenOfRun): MoveLineText {
  const { run } = listed
  const at = `${count(run.position)} of ${counted(run.total, 'row')}`
  if (listed.jobId !== null && !isBrought(listed, job)) {
    return { tone: 'wait', text: workText(job), next: 'cancel-job' }
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
      if (unseen !== undefined && waitsForPhotos(unseen)) {
        const text = `${broughtText(run)} ${notMeasuredText(unseen)}`
        return { tone: 'good', text, next: 'photos' }
      }
      return { tone: 'good', text: broughtText(run), next: 'another' }
    case 'done':
      return run.validation === undefined
        ? { tone: 'wait', text: broughtText(run), next: 'validate' }
        : { tone: 'bad', text: broughtText(run), next: 'validate' }
  }
}

/** What is done with a run whose rows are not being brought. */
function workText(job: Job | undefined): string {
  const far = job === undefined || job.total === 0 ? ' …' : `: ${count(job.done)} of ${count(job.total)}.`
  if (isLook(job)) return `Its photos are looked at${far}`
  if (isComparison(job)) return `It is compared with its source${far}`
  return job?.unit === 'steps' ? `It is taken back${far}` : `It is worked on${far}`
}

/** `480 faces are not measured: their photos were not looked at.` */
function notMeasuredText({ faces, unfound }: UnseenOfRun): string {
  const waiting = faces - unfound
  return `${counted(waiting, 'face is', 'faces are')} not measured: ${waiting === 1 ? 'its photo was' : 'their photos were'} not looked at.`
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
