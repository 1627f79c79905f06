/** `visor diagnose`: one answer a check. Runs on the command line. */
import { type CheckId, type Diagnosis, type DiagnosisCheck, titleOf } from '../../src-shared/diagnosis'
import {
  checkJson,
  diagnosisJson,
  diagnosisReport,
  tallyOf,
  verdictOf,
} from '../../src-shared/diagnosis-report'
import { VisorError } from '../../src-shared/errors'
import type { Output } from './output'

/** What is told while a diagnosis is made. */
interface Telling {
  readonly onProgress: (diagnosis: Diagnosis, next: CheckId | null) => void
  /** Of a check that goes round and round. */
  readonly onRounds: (done: number, total: number) => void
}

interface TellOptions {
  readonly output: Output
  /** The report at the end instead of a line a check. */
  readonly markdown: boolean
}

/** Checks that fail count as failures: the exit code tells. Raises `cancelled`. */
export async function tellDiagnosis(
  make: (telling: Telling) => Promise<Diagnosis>,
  { output, markdown }: TellOptions,
): Promise<void> {
  let told = 0
  let title = ''
  const diagnosis = await make({
    onProgress: ({ checks }, next) => {
      output.endProgress()
      if (!markdown) for (const check of checks.slice(told)) output.answer(checkJson(check), checkText(check))
      told = checks.length
      if (next === null) return
      title = titleOf(next)
      output.progress(`${title} …`)
    },
    onRounds: (done, total) => output.progress(`${title}: ${done} of ${total} rounds …`),
  })
  output.endProgress()
  if (diagnosis.cancelled) throw new VisorError('cancelled', 'Interrupted.')
  const { checks, ...summary } = diagnosisJson(diagnosis)
  if (markdown) output.answer({ ...summary, checks }, diagnosisReport(diagnosis))
  else output.answer(summary, `\n${verdictOf(diagnosis)} ${tallyOf(diagnosis.checks)}.`)
  output.countFailures(diagnosis.checks.filter(({ state }) => state === 'fail').length)
}

const marks = { pass: '✓', warn: '!', fail: '✗', unchecked: '–' } as const

function checkText(check: DiagnosisCheck): string {
  const { id, state, sentence, figure, next, table } = check
  const rows = state === 'warn' || state === 'fail' ? (table?.rows ?? []) : []
  return [
    `${marks[state]} ${titleOf(id)}${figure === null ? '' : `  ${figure}`}`,
    `    ${sentence}`,
    ...rows.map((row) => `      ${row.join('  ')}`),
    ...(next === null ? [] : [`    → ${next.text}`]),
    ...(next?.copy == null ? [] : next.copy.split('\n').map((line) => `        ${line}`)),
  ].join('\n')
}
