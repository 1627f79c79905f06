/** `visor diagnose`: checks a store, one answer a check. Runs on the command line. */
import { type DiagnosisCheck, titleOf } from '../../src-shared/diagnosis'
import {
  checkJson,
  diagnosisJson,
  diagnosisReport,
  tallyOf,
  verdictOf,
} from '../../src-shared/diagnosis-report'
import { VisorError } from '../../src-shared/errors'
import { type DiagnosedStore, diagnose } from '../services/diagnostics/diagnose'
import type { Output } from './output'

interface TellOptions {
  readonly output: Output
  readonly version: string
  readonly signal: AbortSignal
  /** The report at the end instead of a line a check. */
  readonly markdown: boolean
}

/** Checks that fail count as failures: the exit code tells. Raises `cancelled`. */
export async function tellDiagnosis(
  store: DiagnosedStore,
  { output, version, signal, markdown }: TellOptions,
): Promise<void> {
  let told = 0
  const diagnosis = await diagnose(store, {
    version,
    signal,
    onProgress: ({ checks }, next) => {
      output.endProgress()
      if (!markdown) for (const check of checks.slice(told)) output.answer(checkJson(check), checkText(check))
      told = checks.length
      if (next !== null) output.progress(`${titleOf(next)} …`)
    },
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
