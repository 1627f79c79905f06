/** `visor import inspect`, `run`, `resume`, `validate`, `report`, `undo`, `list`: another system’s faces that move over. */
import { VisorError } from '../../src-shared/errors'
import type { ClientId } from '../../src-shared/ids'
import type { Inspection } from '../../src-shared/import'
import type { ImportRun, RejectedRow, UnseenOfRun, Validation } from '../../src-shared/import-run'
import {
  accountText,
  type ReportFormat,
  reportFormats,
  reportJson,
  reportOf,
  reportText,
  sourceText,
  writeReport,
} from '../services/import/import-report'
import type { Imports, WantedImport } from '../services/import/imports'
import { lookText } from '../services/import/look-at-photos'
import type { ImportStore } from '../storage/import-store'
import { inSnakeCase, type Output } from './output'

/** Rejected rows that a text names; `--json` and reports name all. */
const namedRejects = 20

const progressTo = (output: Output) => (progress: { readonly done: number; readonly total: number }) =>
  output.progress(`${progress.done} of ${progress.total} rows`)

export async function inspectSource(
  imports: Imports,
  wanted: WantedImport,
  signal: AbortSignal,
  output: Output,
): Promise<void> {
  const onProgress = ({ rows }: { readonly rows: number }) => output.progress(`${rows} rows`)
  const inspection = await imports.inspect(wanted, { signal, onProgress })
  output.endProgress()
  output.answer(inSnakeCase(inspection), inspectionText(inspection))
}

export async function tryImport(
  imports: Imports,
  wanted: WantedImport,
  signal: AbortSignal,
  output: Output,
): Promise<void> {
  const tried = await imports.tryOut(wanted, { signal, onProgress: progressTo(output) })
  output.endProgress()
  const { read, imported, alreadyThere, rejected, rejects } = tried
  output.answer(
    {
      dry_run: true,
      read,
      imported,
      already_there: alreadyThere,
      rejected,
      rejects: rejects.map(rejectJson),
    },
    [`${accountText(tried)}. Nothing was written.`, ...rejectLines(rejects)].join('\n'),
  )
  if (rejected > 0) output.noteRejected()
}

export async function runImport(
  imports: Imports,
  wanted: WantedImport,
  signal: AbortSignal,
  output: Output,
): Promise<void> {
  const run = await imports.begin(wanted, { signal })
  output.note(`Run ${run.runId}`)
  await resumeRun(imports, run, signal, output, true)
}

export async function resumeRun(
  imports: Imports,
  { runId }: ImportRun,
  signal: AbortSignal,
  output: Output,
  justBegun = false,
): Promise<void> {
  const onProgress = progressTo(output)
  const run = await imports.resume(runId, { signal, onProgress }, { justBegun })
  output.endProgress()
  const report = await imports.report(runId)
  const next = run.rejected === 0 ? [] : [`Mend them, then: import run SOURCE --only-rejected ${runId}`]
  output.answer(
    reportJson(report),
    [`${accountText(run)}. Run ${runId}.`, ...rejectLines(report.rejects), ...next].join('\n'),
  )
  if (run.rejected > 0) output.noteRejected()
}

export async function validateRun(
  imports: Imports,
  { runId }: ImportRun,
  signal: AbortSignal,
  output: Output,
): Promise<void> {
  const { kind, state, validation } = await imports.validate(runId, {
    signal,
    onProgress: progressTo(output),
  })
  output.endProgress()
  if (validation === undefined) throw new Error('A comparison found nothing.')
  output.answer({ run: runId, state, ...inSnakeCase(validation) }, validationText(validation))
  if (!validation.passed) output.noteRejected()
  else if (kind === 'visor') output.note('Next: visor dual pair')
}

/** Exit code 3 where some were not found. */
export async function lookForPhotos(
  imports: Imports,
  { runId }: ImportRun,
  folder: string | null,
  signal: AbortSignal,
  output: Output,
): Promise<void> {
  const onProgress = ({ done, total }: { readonly done: number; readonly total: number }) =>
    output.progress(`${done} of ${total} photos`)
  output.note(waitingText(await imports.unseen(runId)))
  const outcome = await imports.look(runId, folder, { signal, onProgress })
  output.endProgress()
  const { unfound } = await imports.report(runId)
  const waiting = await imports.unseen(runId)
  const named = unfound.slice(0, namedRejects)
  const more = unfound.length - named.length
  output.answer(
    {
      run: runId,
      ...outcome,
      waiting: { photos: waiting.photos, faces: waiting.faces },
      faces: unfound.map(({ faceId, ...row }) => ({ face: faceId, ...row })),
    },
    [
      `${lookText(outcome)}.`,
      waitingText(waiting),
      ...named.map(({ person, photo, reason, detail }) => `  ${person}  ${photo}  ${reason}: ${detail}`),
      ...(more === 0 ? [] : [`  and ${more} more: see “import report”`]),
    ].join('\n'),
  )
  if (outcome.unfound > 0) output.noteRejected()
}

function waitingText({ faces, photos }: Pick<UnseenOfRun, 'faces' | 'photos'>): string {
  if (faces === 0) return 'No face waits for its photo.'
  const [f, p] = [faces, photos].map((count) => count.toLocaleString('en'))
  return `Faces that wait for their photos to be looked at: ${f}, of ${p} photos.`
}

/** To a file where one is named, whose ending says the format where nothing else does; else to stdout. */
export async function saveReport(
  imports: ImportStore,
  { runId }: ImportRun,
  { format, to }: { readonly format: ReportFormat | undefined; readonly to: string | undefined },
  output: Output,
): Promise<void> {
  const report = await reportOf(imports, runId)
  const wanted = format ?? reportFormats.find((one) => to?.endsWith(`.${one}`))
  if (to === undefined) {
    const text = wanted === undefined ? textOf(report) : reportText(report, wanted)
    output.answer(reportJson(report), text.trimEnd())
    return
  }
  if (wanted === undefined) {
    throw new VisorError('invalid-argument', 'The format of the report is not said.', {
      remedy: 'Name a file that ends in .json, .csv or .html, or say --format.',
    })
  }
  await writeReport(to, report, wanted)
  output.answer({ run: runId, file: to, format: wanted }, `Written to ${to}.`)
}

export async function undoRun(
  imports: Imports,
  { runId }: ImportRun,
  signal: AbortSignal,
  output: Output,
): Promise<void> {
  const onProgress = ({ done, total }: { readonly done: number; readonly total: number }) =>
    output.progress(`${done} of ${total} steps`)
  const { summary } = await imports.undo(runId, { signal, onProgress })
  output.endProgress()
  output.answer({ run: runId, summary }, `${summary}.`)
}

export async function listRuns(imports: ImportStore, clientId: ClientId, output: Output): Promise<void> {
  for (const run of await imports.runs(clientId)) {
    const { rejects: _, unfound: __, ...json } = reportJson({ run, rejects: [], unfound: [] })
    const text = `${run.runId}  ${run.startedAt.slice(0, 16).replace('T', ' ')}  ${run.state}  ${sourceText(run)}: ${accountText(run)}`
    output.answer(json, text)
  }
}

function textOf({ run, rejects }: { readonly run: ImportRun; readonly rejects: readonly RejectedRow[] }) {
  const compared = run.validation === undefined ? [] : [validationText(run.validation)]
  return [
    `${sourceText(run)}, ${run.state}: ${accountText(run)}.`,
    ...compared,
    ...rejectLines(rejects, Infinity),
  ].join('\n')
}

function validationText({ passed, rows, searches, differences }: Validation): string {
  const told = [...differences, ...searches.differences]
  return [
    `${passed ? 'The gallery has what the source has' : 'The gallery is not what the source is'}: ${rows.equal} rows are equal bit for bit, ${rows.kept} have an embedding that Visor made itself, ${rows.missing} are missing, ${rows.different} are different; ${searches.agreed} of ${searches.asked} searches agree.`,
    ...told.map(({ key, detail }) => `  ${key}: ${detail}`),
  ].join('\n')
}

function inspectionText(inspection: Inspection): string {
  const { layout, rows, persons, domains, models, duplicateNames, problems, preview, notes, columns } =
    inspection
  return [
    `${layout}: ${rows} rows, ${persons} people.`,
    ...domains.map((one) => `  ${one.domain ?? 'no domain'}: ${one.persons} people, ${one.rows} rows`),
    ...models.map(
      ({ modelId, dimension, rows: own, norm }) =>
        `  ${modelId ?? 'no model named'}, ${dimension} numbers, lengths ${norm.least.toFixed(2)} – ${norm.greatest.toFixed(2)}: ${own} rows`,
    ),
    ...columns.flatMap(({ table, column, field }) =>
      field === null ? [`  not read: ${table}.${column}`] : [],
    ),
    ...duplicateNames.map((one) => `  ${one.persons} people are called ${one.name}`),
    ...problems.map((one) => `  ${one.rows} × ${one.reason}: ${one.example.key}: ${one.example.detail}`),
    ...preview.map((one) => `  ${one.key}  ${one.person ?? '–'}  ${one.photo ?? ''}`),
    ...notes.map((note) => `  ${note}`),
  ].join('\n')
}

const rejectJson = ({ position, ...row }: RejectedRow) => ({ row: position + 1, ...row })

function rejectLines(rejects: readonly RejectedRow[], most = namedRejects): string[] {
  const named = rejects.slice(0, most)
  const more = rejects.length - named.length
  return [
    ...named.map(({ key, person, reason, detail }) => `  ${key}  ${person ?? '–'}  ${reason}: ${detail}`),
    ...(more === 0 ? [] : [`  and ${more} more: see “import report”`]),
  ]
}
