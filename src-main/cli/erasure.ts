/** `visor erase`: people or a whole client go for good, with a report. */
import { join } from 'node:path'
import { wholePercent } from '../../src-shared/amounts'
import {
  type ErasurePreview,
  type ErasureReport,
  erasureReasonSchema,
  removedText,
} from '../../src-shared/erasure'
import { VisorError } from '../../src-shared/errors'
import { type ErasureRequest, type Erasures, reportName } from '../services/erasure/erasures'
import type { Output } from './output'

interface EraseOptions {
  readonly request: ErasureRequest
  readonly why: string | undefined
  readonly dryRun: boolean
  readonly yes: boolean
  readonly signal: AbortSignal
  readonly reportsFolder: string
}

/** Says what would go; erases only where that is wanted and confirmed. Raises `invalid-argument`. */
export async function erase(erasures: Erasures, options: EraseOptions, output: Output): Promise<void> {
  const { request, dryRun, yes, signal, reportsFolder } = options
  const why = dryRun ? undefined : reasonOf(options.why)
  if (dryRun || !yes) {
    const preview = await erasures.preview(request)
    output.answer({ dry_run: true, ...preview }, previewText(preview))
    if (dryRun) return
    throw new VisorError('invalid-argument', 'Nothing was erased: there is no undo, so say --yes.')
  }
  const report = await erasures.erase(request, why!, {
    signal,
    onProgress: ({ done, total, detail }) => output.progress(`${detail} ${partDone(done, total)}`),
  })
  output.endProgress()
  output.answer(report, reportText(report, join(reportsFolder, reportName(report))))
}

/** Ends what an earlier run left in the middle. Where that fails again it is said, and the command goes on. */
export async function finishErasures(erasures: Erasures, output: Output): Promise<void> {
  if (!(await erasures.isDue())) return
  output.note('An erasure was interrupted; it is ended first.')
  try {
    await erasures.finish({
      onProgress: ({ done, total, detail }) => output.progress(`${detail} ${partDone(done, total)}`),
    })
  } catch (error) {
    if (!(error instanceof VisorError)) throw error
    output.note([error.message, error.consequence, error.remedy].join(' '))
  } finally {
    output.endProgress()
  }
}

function reasonOf(why: string | undefined): string {
  const reason = erasureReasonSchema.safeParse(why ?? '')
  if (reason.success) return reason.data
  throw new VisorError('invalid-argument', reason.error.issues[0]?.message ?? 'An erasure needs a reason.', {
    remedy: 'Say it with --why, without naming the person: it is kept.',
  })
}

function partDone(done: number, total: number): string {
  return total === 0 ? '' : wholePercent(done / total)
}

function previewText(preview: ErasurePreview): string {
  const { whole, clientId, people, names, removed, photoFiles, sharedPhotos, actsOfOthers, namesakes } =
    preview
  const others = people - names.length
  const who = `${names.join(', ')}${others > 0 ? ` and ${others} more` : ''}`
  return [
    whole ? `The client ${clientId} goes for good: ${who}` : `These people go for good: ${who}`,
    ...removed.map((one) => `  ${removedText(one)}`),
    `Photo files that stay where they are: ${photoFiles}.`,
    ...(sharedPhotos === 0 ? [] : [`Records of photos that stay for the others in them: ${sharedPhotos}.`]),
    ...(actsOfOthers === 0
      ? []
      : [
          `Acts that touched others, too, and can be undone no more: ${actsOfOthers}`,
          ...preview.someActs.map(({ at, summary }) => `  ${at}  ${summary}`),
        ]),
    ...(namesakes === 0 ? [] : [`Others who bear one of the names, which stays as theirs: ${namesakes}.`]),
    ...(preview.mentions === 0
      ? []
      : [`Details of others that name them, to be mended by hand: ${preview.mentionedBy.join(', ')}`]),
  ].join('\n')
}

function reportText({ subject, removed, cleared, notReached }: ErasureReport, path: string): string {
  const who =
    subject.kind === 'client'
      ? `a client with ${subject.people} people`
      : `${subject.people} ${subject.people === 1 ? 'person' : 'people'}`
  return [
    `Erased ${who}.`,
    ...removed.map((one) => `  ${removedText(one)}`),
    `The database file was cleared: ${cleared.bytesBefore} bytes before, ${cleared.bytesAfter} after.`,
    'Not reached:',
    ...notReached.map(({ what, count }) => `  ${what}${count === undefined ? '' : `: ${count}`}`),
    `The report: ${path}`,
  ].join('\n')
}
