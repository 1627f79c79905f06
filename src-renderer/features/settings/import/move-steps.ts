/** How far an import is: its steps, and what each found. Pure. Renderer. */
import type { ErrorCode } from '../../../../src-shared/errors'
import type { ImportRun, UnseenOfRun } from '../../../../src-shared/import-run'
import type { Job } from '../../../../src-shared/status'
import { foundNow, type ImportDraft, triedNow, whatIsMissing } from '../../../state/import-draft'
import type { ImportLook, ListedRun } from '../../../state/import-slice'
import { count, counted, wholePercent } from '../../../wording'
import type { Account } from './import-words'

export const moveStepIds = ['inspect', 'try', 'run', 'validate', 'photos'] as const
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
  /** The last work on it that ended. */
  readonly ended: Job | undefined
  /** What of its photos is still to be looked at; `undefined` where nobody knows yet, or nothing can be. */
  readonly unseen: UnseenOfRun | undefined
  /** The newest run of all. */
  readonly last: ListedRun | undefined
}

export const isOver = ({ state }: ImportRun): boolean =>
  state === 'done' || state === 'validated' || state === 'undone'

/** Of the jobs on a run only a look at its photos counts photos; a comparison counts rows. */
export const isLook = (job: Job | undefined): boolean => job?.unit === 'photos'
export const isComparison = (job: Job | undefined): boolean => job?.state === 'running' && job.unit === 'rows'

/** Whether its rows are being brought: not compared, looked at, or taken back. */
export const isBrought = ({ run, jobId }: ListedRun, job: Job | undefined): boolean =>
  jobId !== null && !isOver(run) && (job === undefined || job.unit === 'rows')

/** Whether photos wait that no look was taken at. */
export const waitsForPhotos = (unseen: UnseenOfRun | undefined): boolean =>
  unseen !== undefined && unseen.faces > unseen.unfound

/** The step that is to be done, or is being done. */
export function currentStep({ draft, listed, job }: MoveView): MoveStepId {
  if (listed !== undefined) {
    if (isLook(job)) return 'photos'
    return listed.run.state === 'validated' || listed.run.validation !== undefined ? 'validate' : 'run'
  }
  const found = draft === undefined ? undefined : foundNow(draft)
  if (draft === undefined || found === undefined || whatIsMissing(draft, found) !== undefined)
    return 'inspect'
  return triedNow(draft) === undefined ? 'inspect' : 'try'
}

/** Rows that are behind a run: its work begins to count once it has read what was behind it before. */
export const doneOf = ({ position }: ImportRun, job: Job | undefined): number =>
  Math.max(position, job?.done ?? 0)

export function stepsOf(view: MoveView): readonly MoveStep[] {
  const run = view.listed?.run
  const steps = [inspectStep(view), tryStep(view), runStep(view), validateStep(run, view.job)]
  return hasPhotosStep(view) ? [...steps, photosStep(view)] : steps
}

/** Photos of a folder are looked at by the run itself, those of another Visor were before. */
function hasPhotosStep({ draft, listed, unseen }: MoveView): boolean {
  const kind = listed?.run.kind ?? (draft === undefined ? undefined : foundNow(draft)?.kind)
  return (
    (kind !== 'folder' && kind !== 'visor') || (unseen !== undefined && unseen.faces + unseen.unfound > 0)
  )
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
  if (listed !== undefined) return { id, state: 'later', figure: 'before the run' }
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
  if (isBrought(listed, job)) return { id, state: 'busy', figure: at }
  if (run.state === 'failed') return { id, state: 'failed', figure: `stopped at ${at}` }
  return { id, state: 'now', figure: `stands at ${at}` }
}

function validateStep(run: ImportRun | undefined, job: Job | undefined): MoveStep {
  const id = 'validate'
  if (run === undefined || !isOver(run)) return { id, state: 'later', figure: 'compare with the source' }
  if (run.state === 'undone') return { id, state: 'later', figure: '' }
  if (job !== undefined && isComparison(job))
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

function photosStep({ listed, job, unseen }: MoveView): MoveStep {
  const id = 'photos'
  if (job !== undefined && isLook(job)) {
    return { id, state: 'busy', figure: `${count(job.done)} of ${count(job.total)}` }
  }
  if (listed?.run.state === 'undone') return { id, state: 'later', figure: '' }
  if (listed === undefined || unseen === undefined) {
    return { id, state: 'later', figure: 'measure the faces' }
  }
  const { faces, unfound } = unseen
  if (waitsForPhotos(unseen)) {
    const isNext = listed.run.state === 'validated'
    return { id, state: isNext ? 'now' : 'later', figure: `${counted(faces, 'face')} not measured` }
  }
  return { id, state: 'done', figure: unfound === 0 ? 'all measured' : `${count(unfound)} not found` }
}

const broughtOf = ({ imported, alreadyThere, rejected }: Account, word: string) =>
  [
    `${count(imported)} ${word}`,
    alreadyThere > 0 ? `${count(alreadyThere)} there` : '',
    rejected > 0 ? `${count(rejected)} not` : '',
  ]
    .filter((part) => part !== '')
    .join(', ')

/** How far a look is. */
export function progressOf({ what, progress }: ImportLook): string {
  if (progress === null) return 'reading …'
  if (what === 'check') return `${counted(progress.rows, 'face')} compared`
  return progress.share === null ? `${counted(progress.rows, 'row')}` : wholePercent(progress.share)
}
