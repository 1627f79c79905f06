/** A run's position: where a portion may begin, and what is noted of it. Store worker thread; called within a write. */
import { VisorError } from '../../../../src-shared/errors'
import type { ImportRunId } from '../../../../src-shared/ids'
import type { ImportRun } from '../../../../src-shared/import-run'
import type { PortionOutcome } from '../../import-store'
import type { Connection } from '../connection'
import type { WriteScope } from '../ledger/ledger'
import { importRejectsTable } from '../tables'
import { advanceRun, insertStep, runOf, runRow } from './runs'

interface Part {
  readonly from: number
  readonly to: number
}

/**
 * The run; `isBehind`: the portion was brought before, by a try whose answer was lost. Raises `not-found`, `conflict` where the run is
 * somewhere else.
 */
export function runAt(
  connection: Connection,
  runId: ImportRunId,
  { from, to }: Part,
): { readonly run: ImportRun; readonly isBehind: boolean } {
  const run = runOf(connection, runId)
  if (run.position >= to) return { run, isBehind: true }
  if (run.position === from) return { run, isBehind: false }
  throw new VisorError('conflict', 'This import went on elsewhere.', {
    consequence: 'Nothing was written twice; this attempt ends.',
    remedy: 'Look at the run, and resume it if it stands still.',
    detail: `The run is at row ${run.position}, this portion begins at ${from}.`,
  })
}

/** Keeps what became of a portion's rows, and puts the run behind it: as it is then. `changed`: it leaves an entry in the ledger. */
export function advance(
  connection: Connection,
  { at, ledgerId }: WriteScope,
  runId: ImportRunId,
  { from, to }: Part,
  { imported, alreadyThere, rejects }: PortionOutcome,
  changed: boolean,
): ImportRun {
  const rows = rejects.map(({ position, key, person, photo, reason, detail }) => [
    runId,
    position,
    key,
    person,
    photo,
    reason,
    detail,
  ])
  if (rows.length > 0) connection.insertMany([{ table: importRejectsTable, rows }])
  const counts = [imported, alreadyThere, rejects.length] as const
  const run = connection.row(runRow, advanceRun, to, ...counts, at, runId, from)
  if (run === undefined) throw new VisorError('not-found', 'The import is not there any more.')
  if (changed) connection.run(insertStep, runId, from, ledgerId)
  return run
}
