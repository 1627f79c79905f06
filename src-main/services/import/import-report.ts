/** The report of an import: as JSON, as CSV of the rejected rows, and as a page to read or print. Main, command line. */
import { stringify } from 'csv-stringify/sync'
import writeFileAtomic from 'write-file-atomic'
import type { RejectReason } from '../../../src-shared/import'
import type { ImportRun, RejectedRow, UnfoundFace, Validation } from '../../../src-shared/import-run'
import { placeOf } from '../../../src-shared/server'
import type { ImportStore } from '../../storage/import-store'
import { writeError } from '../photo-files'

export const reportFormats = ['json', 'csv', 'html'] as const
export type ReportFormat = (typeof reportFormats)[number]

/** A run with all rows that it rejected, as far as no erasure took them. */
export interface ImportReport {
  readonly run: ImportRun
  readonly rejects: readonly RejectedRow[]
  /** Of the last look for its photos. */
  readonly unfound: readonly UnfoundFace[]
}

const rowsAtOnce = 1000

/** Raises `not-found`. */
export async function reportOf(
  imports: Pick<ImportStore, 'run' | 'rejects' | 'unfound'>,
  runId: ImportRun['runId'],
): Promise<ImportReport> {
  const run = await imports.run(runId)
  const rejects = await allOf(async (page) => (await imports.rejects(runId, page)).rejects)
  const unfound = await allOf(async (page) => (await imports.unfound(runId, page)).unfound)
  return { run, rejects, unfound }
}

async function allOf<T>(
  read: (page: { readonly offset: number; readonly limit: number }) => Promise<readonly T[]>,
): Promise<T[]> {
  const all: T[] = []
  for (;;) {
    const page = await read({ offset: all.length, limit: rowsAtOnce })
    all.push(...page)
    if (page.length < rowsAtOnce) return all
  }
}

/** The report as a text. JSON keeps to the names of the command line. */
export function reportText(report: ImportReport, format: ReportFormat): string {
  if (format === 'json') return `${JSON.stringify(reportJson(report), null, 2)}\n`
  return format === 'csv' ? csvOf(report) : pageOf(report)
}

/** Writes it whole or not at all; readable by its owner only. Raises `disk-full`, `read-only`. */
export async function writeReport(path: string, report: ImportReport, format: ReportFormat): Promise<void> {
  try {
    await writeFileAtomic(path, reportText(report, format), { mode: 0o600 })
  } catch (error) {
    throw writeError(path, error)
  }
}

/** How many rows were rejected for each reason, the most first. */
export function reasonsOf(rejects: readonly RejectedRow[]): { reason: RejectReason; rows: number }[] {
  const rows = new Map<RejectReason, number>()
  for (const { reason } of rejects) rows.set(reason, (rows.get(reason) ?? 0) + 1)
  return [...rows].map(([reason, count]) => ({ reason, rows: count })).sort((a, b) => b.rows - a.rows)
}

export function reportJson({ run, rejects, unfound }: ImportReport) {
  return {
    run: run.runId,
    state: run.state,
    kind: run.kind,
    source: sourceText(run),
    fingerprint: run.fingerprint,
    client: run.clientId,
    domain: run.options.domain,
    ...(run.options.domains === undefined ? {} : { domains: run.options.domains }),
    read: run.read,
    imported: run.imported,
    already_there: run.alreadyThere,
    rejected: run.rejected,
    started_at: run.startedAt,
    changed_at: run.changedAt,
    actor: run.actor,
    ...(run.error === undefined ? {} : { error: run.error }),
    ...(run.validation === undefined ? {} : { validation: run.validation }),
    rejects: rejects.map(({ position, ...row }) => ({ row: position + 1, ...row })),
    unfound: unfound.map(({ faceId, ...row }) => ({ face: faceId, ...row })),
  }
}

/** Where the rows came from, for people. */
export function sourceText({ source }: Pick<ImportRun, 'source'>): string {
  if (source === null) return 'a source that was forgotten'
  return source.at === 'path' ? source.path : placeOf(source.connection)
}

/** `23,661 read = 23,640 imported + 0 already there + 21 rejected` */
export function accountText({
  read,
  imported,
  alreadyThere,
  rejected,
}: Pick<ImportRun, 'read' | 'imported' | 'alreadyThere' | 'rejected'>): string {
  const [r, i, a, x] = [read, imported, alreadyThere, rejected].map((count) => count.toLocaleString('en'))
  return `${r} read = ${i} imported + ${a} already there + ${x} rejected`
}

function csvOf({ rejects, unfound }: ImportReport): string {
  const head = ['row', 'key', 'person', 'photo', 'reason', 'detail']
  const rows = rejects.map(({ position, key, person, photo, reason, detail }) => [
    position + 1,
    key,
    person ?? '',
    photo ?? '',
    reason,
    detail,
  ])
  for (const { faceId, person, photo, reason, detail } of unfound) {
    rows.push(['', faceId, person, photo, reason, detail])
  }
  // Written by Excel too, which takes a file for UTF-8 only where it begins with this mark.
  return `\uFEFF${stringify([head, ...rows], { escape_formulas: true })}`
}

/** Where the rows go, for people. */
function domainText({ domain, domains }: ImportRun['options']): string {
  if (domains === undefined) return domain ?? 'each row into its own domain'
  return domains.map(({ from, to }) => (from === null || from === to ? to : `${from} as ${to}`)).join(', ')
}

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
const escaped = (text: string) => text.replace(/[&<>"]/g, (one) => escapes[one] ?? one)

function pageOf({ run, rejects, unfound }: ImportReport): string {
  const facts: readonly (readonly [string, string])[] = [
    ['Source', sourceText(run)],
    ['Fingerprint', run.fingerprint],
    ...(run.kind === 'deepface-pkl' ? [rowsOfPickle] : []),
    ['Into', `${run.clientId}, ${domainText(run.options)}`],
    ['State', run.state],
    ['Begun', `${run.startedAt} by ${run.actor}`],
    ['Last change', run.changedAt],
    ...(run.error === undefined ? [] : [['Why it stopped', run.error.message] as const]),
  ]
  const lost = run.rejected - rejects.length
  return `<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Import of ${escaped(sourceText(run))}</title>
<style>
body { font: 14px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 60rem; padding: 0 1rem; color: #1a1a1a; }
h1 { font-size: 1.4rem; } h2 { font-size: 1.1rem; margin-top: 2rem; }
.account { font-size: 1.2rem; }
table { border-collapse: collapse; width: 100%; } th, td { text-align: left; vertical-align: top; padding: .25rem .75rem .25rem 0; border-bottom: 1px solid #ddd; overflow-wrap: anywhere; }
@media print { body { margin: 0; max-width: none; } tr { break-inside: avoid; } }
</style>
<h1>Import of ${escaped(sourceText(run))}</h1>
<p class="account">${accountText(run)}</p>
${table(undefined, facts)}
${run.validation === undefined ? '<p>It was not compared with its source yet.</p>' : validationOf(run.validation)}
<h2>Rejected rows</h2>
${rejects.length === 0 ? '<p>None.</p>' : table(['Row', 'Person', 'Photo', 'Why'], rejects.map(rejectCells))}
${lost > 0 ? `<p>${lost} more were taken by erasures.</p>` : ''}
${unfound.length === 0 ? '' : `<h2>Photos that were looked for and not found</h2>${table(['Person', 'Photo', 'Why'], unfound.map(unfoundCells))}`}
</html>
`
}

const rowsOfPickle = ['Rows', 'Counted from 0, as Python does: “row 12” is item 12 of the list.'] as const

const unfoundCells = ({ person, photo, reason, detail }: UnfoundFace) => [
  person,
  photo,
  `${reason}: ${detail}`,
]

const rejectCells = ({ key, person, photo, reason, detail }: RejectedRow) => [
  key,
  person ?? '',
  photo ?? '',
  `${reason}: ${detail}`,
]

function validationOf({ at, passed, rows, domains, persons, searches, differences }: Validation): string {
  const counts = `${rows.equal} rows are equal bit for bit, ${rows.kept} have an embedding that Visor made itself, ${rows.missing} are missing, ${rows.different} are different; ${searches.agreed} of ${searches.asked} searches agree.`
  const all = [...differences, ...searches.differences].map(({ key, detail }) => [key, detail])
  return `<h2>Compared with the source, ${at}: ${passed ? 'nothing is missing or different' : 'not the same'}</h2>
<p>${counts}</p>
${table(
  ['Domain', 'People in the source', 'here', 'Faces in the source', 'here'],
  domains.map((one) => [
    one.domain,
    ...[one.persons, one.foundPersons, one.faces, one.foundFaces].map(String),
  ]),
)}
${
  persons.length === 0
    ? ''
    : `<p>Faces that are not with their people any more:</p>${table(
        ['Person', 'Domain', 'Faces in the source', 'here'],
        persons.map((one) => [one.name, one.domain, String(one.faces), String(one.foundFaces)]),
      )}`
}
${all.length === 0 ? '' : table(['Row', 'Difference'], all)}`
}

function table(head: readonly string[] | undefined, rows: readonly (readonly string[])[]): string {
  const line = (cell: 'th' | 'td') => (cells: readonly string[]) =>
    `<tr>${cells.map((text) => `<${cell}>${escaped(text)}</${cell}>`).join('')}</tr>`
  return `<table>${head === undefined ? '' : line('th')(head)}${rows.map(line('td')).join('\n')}</table>`
}
