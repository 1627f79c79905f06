/** What imports keep of people who are to be erased: rows that were rejected, and runs whose source names them. Store worker thread. */
import { setImmediate as nextTurn } from 'node:timers/promises'
import { z } from 'zod'
import { type ImportRunId, importRunIdSchema } from '../../../../src-shared/ids'
import { defaultPersonRule } from '../../../../src-shared/import'
import { importOptionsSchema } from '../../../../src-shared/import-run'
import type { Connection } from '../connection'
import type { ErasedPeople } from './erased-people'
import type { SoughtNames } from './named-places'

/** Rows read in one turn of the worker; others are served in between. */
const rowsPerTurn = 2000

const runRow = z.object({
  runId: importRunIdSchema,
  source: z.string().nullable(),
  options: z.string(),
  error: z.string().nullable(),
  validation: z.string().nullable(),
})
const rejectRow = z.object({
  position: z.number(),
  key: z.string(),
  person: z.string().nullable(),
  photo: z.string().nullable(),
  detail: z.string(),
})

export const selectRunsOfClient =
  'SELECT id AS runId, source, options, error, validation FROM import_runs WHERE client_id = ?'
export const selectRejectsOfRun = `
  SELECT position, key, person, photo, detail FROM import_rejects
  WHERE run_id = ? AND position > ? ORDER BY position LIMIT ${rowsPerTurn}`
export const deleteRejectsGone =
  'DELETE FROM import_rejects WHERE run_id = ? AND position IN (SELECT value FROM numbers(?))'
export const clearRun =
  'UPDATE import_runs SET source = NULL, error = NULL, validation = NULL, options = ? WHERE id = ?'

/** What is to go. */
export interface ImportsAbout {
  readonly rejects: ReadonlyMap<ImportRunId, readonly number[]>
  /** Runs that are to say less, and what of their options stays. */
  readonly runs: ReadonlyMap<ImportRunId, string>
}

/** Of a whole client nothing is looked for: all of its runs go. */
export async function importsAbout(
  connection: Connection,
  { clientId, whole }: ErasedPeople,
  { own, others }: SoughtNames,
): Promise<ImportsAbout> {
  const rejects = new Map<ImportRunId, number[]>()
  const runs = new Map<ImportRunId, string>()
  if (whole) return { rejects, runs }
  for (const { runId, source, options, error, validation } of connection.rows(
    runRow,
    selectRunsOfClient,
    clientId,
  )) {
    const texts = [source, options, error, validation].filter((text) => text !== null)
    if (texts.some((text) => own.isInJson(JSON.parse(text), others))) runs.set(runId, withoutNames(options))
    const found: number[] = []
    for (let last = -1; ; ) {
      const some = connection.rows(rejectRow, selectRejectsOfRun, runId, last)
      for (const { position, ...row } of some) {
        last = position
        if (Object.values(row).some((text) => text !== null && own.isIn(text, others))) found.push(position)
      }
      if (some.length < rowsPerTurn) break
      await nextTurn()
    }
    if (found.length > 0) rejects.set(runId, found)
  }
  return { rejects, runs }
}

/** Takes it; gives how many rejected rows went. */
export function clearImports(connection: Connection, { rejects, runs }: ImportsAbout): number {
  let gone = 0
  for (const [runId, positions] of rejects) {
    gone += connection.run(deleteRejectsGone, runId, JSON.stringify(positions))
  }
  for (const [runId, options] of runs) connection.run(clearRun, options, runId)
  return gone
}

/** Rules name files and folders; a reason is anybody's words. */
function withoutNames(options: string): string {
  const { modelReason: _, ...known } = importOptionsSchema.parse(JSON.parse(options))
  return JSON.stringify({ ...known, personRule: defaultPersonRule, mapping: null })
}
