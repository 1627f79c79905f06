/** A diagnosis as a text to send to somebody, in Markdown. Every process. */
import {
  type CheckFinding,
  type Diagnosis,
  type DiagnosisCheck,
  diagnosisGroups,
  groupOf,
  titleOf,
  worstOf,
} from './diagnosis'

const words: Readonly<Record<CheckFinding['state'], string>> = {
  pass: 'passed',
  warn: 'warning',
  fail: 'failed',
  unchecked: 'not checked',
}

/** `17 passed, 1 warning, 2 failed, 1 not checked`; what there is none of is left out, but for those that passed. */
export function tallyOf(checks: readonly Pick<CheckFinding, 'state'>[]): string {
  const plural = { pass: 'passed', warn: 'warnings', fail: 'failed', unchecked: 'not checked' }
  return (['pass', 'warn', 'fail', 'unchecked'] as const)
    .map((state) => ({ state, amount: checks.filter((check) => check.state === state).length }))
    .filter(({ state, amount }) => state === 'pass' || amount > 0)
    .map(({ state, amount }) => `${amount} ${amount === 1 ? words[state] : plural[state]}`)
    .join(', ')
}

const verdicts = {
  pass: 'Everything that was checked is in order.',
  warn: 'Nothing failed; some of it should be looked at.',
  fail: 'Something is wrong.',
} as const

/** The whole of a diagnosis in one sentence. */
export function verdictOf({ checks, cancelled }: Pick<Diagnosis, 'checks' | 'cancelled'>): string {
  const verdict = verdicts[worstOf(checks)]
  return cancelled ? `${verdict} It was stopped before its end.` : verdict
}

const headings = {
  local: 'Diagnosis of this machine’s store',
  server: 'Diagnosis of the server',
  isolation: 'Isolation check',
} as const

/** The report. Times are UTC. */
export function diagnosisReport(diagnosis: Diagnosis): string {
  const { diagnosed, place, version, startedAt, endedAt, checks } = diagnosis
  const took = endedAt === null ? 'still running' : `${((endedAt - startedAt) / 1000).toFixed(1)} s`
  const groups = Object.entries(diagnosisGroups).flatMap(([group, title]) => {
    const some = checks.filter(({ id }) => groupOf(id) === group)
    return some.length === 0 ? [] : [`## ${title}`, ...some.map(checkText)]
  })
  return `${[
    `# ${headings[diagnosed]}`,
    [
      `- Where: ${inline(place)}`,
      `- When: ${new Date(startedAt).toISOString()}, ${took}`,
      `- Visor: ${version}`,
      `- Result: ${tallyOf(checks)}`,
    ].join('\n'),
    verdictOf(diagnosis),
    ...groups,
  ].join('\n\n')}\n`
}

function checkText({ id, state, sentence, figure, next, table }: DiagnosisCheck): string {
  return [
    `**${titleOf(id)}: ${words[state]}**${figure === null ? '' : ` (${figure})`}. ${sentence}`,
    next === null ? undefined : `Next: ${next.text}`,
    next?.copy == null ? undefined : `\`\`\`\n${next.copy}\n\`\`\``,
    table === null ? undefined : tableText(table),
  ]
    .filter((part) => part !== undefined)
    .join('\n\n')
}

function tableText({ columns, rows }: NonNullable<CheckFinding['table']>): string {
  const line = (cells: readonly string[]) => `| ${cells.map(cellText).join(' | ')} |`
  return [line(columns), line(columns.map(() => '---')), ...rows.map(line)].join('\n')
}

const cellText = (text: string) => text.replaceAll('|', '\\|').replaceAll('\n', ' ')
const inline = (text: string) => `\`${text.replaceAll('`', "'")}\``

/** A check as the command line and a saved report give it. */
export const checkJson = ({ id, durationMs, ...check }: DiagnosisCheck) => ({
  check: id,
  title: titleOf(id),
  group: groupOf(id),
  ...check,
  duration_ms: Math.round(durationMs * 10) / 10,
})

/** A diagnosis for programs. Times are ISO 8601, UTC. */
export const diagnosisJson = ({
  diagnosed,
  place,
  version,
  startedAt,
  endedAt,
  cancelled,
  checks,
}: Diagnosis) => ({
  diagnosed,
  place,
  version,
  started_at: new Date(startedAt).toISOString(),
  ended_at: endedAt === null ? null : new Date(endedAt).toISOString(),
  cancelled,
  state: worstOf(checks),
  checks: checks.map(checkJson),
})
