/** Import runs as they are kept. Store's threads. */
import { z } from 'zod'
import { VisorError, wireErrorSchema } from '../../../../src-shared/errors'
import {
  type ClientId,
  clientIdSchema,
  type ImportRunId,
  importRunIdSchema,
  type LedgerId,
} from '../../../../src-shared/ids'
import { importKindSchema, rejectReasonSchema, sourcePlaceSchema } from '../../../../src-shared/import'
import {
  type ImportRun,
  type ImportState,
  importOptionsSchema,
  importStateSchema,
  type RejectedRow,
  validationSchema,
} from '../../../../src-shared/import-run'
import type { NewImportRun } from '../../import-store'
import type { Connection } from '../connection'
import { countRow, isoTime } from '../rows'

/** Runs that a list gives at most. */
const longestList = 200

/** Steps of portions are known by their first row; others come behind them, also where the run then goes on. */
const behindAllRows = 1_000_000_000

const columns = `
  id AS runId, client_id AS clientId, kind, source, fingerprint, options, state, total, position, imported,
  already_there AS alreadyThere, rejected, actor, started_at AS startedAt, changed_at AS changedAt, error, validation`
export const selectRun = `SELECT ${columns} FROM import_runs WHERE id = ?`
export const selectRuns = `
  SELECT ${columns} FROM import_runs WHERE client_id = ? ORDER BY started_at DESC LIMIT ${longestList}`
export const insertRun = `
  INSERT INTO import_runs (id, client_id, kind, source, fingerprint, options, state, total, actor, started_at, changed_at)
  VALUES (?, ?, ?, ?, ?, ?, 'running', ?, ?, ?, ?) ON CONFLICT DO NOTHING`
export const updateState =
  'UPDATE import_runs SET state = ?, error = ?, validation = ?, changed_at = ? WHERE id = ?'
export const advanceRun = `
  UPDATE import_runs SET position = ?, imported = imported + ?, already_there = already_there + ?, rejected = rejected + ?,
    changed_at = ? WHERE id = ? AND position = ? RETURNING ${columns}`
export const insertStep = 'INSERT INTO import_steps (run_id, position, ledger_id) VALUES (?, ?, ?)'
/** `?`: entry, run. Of what is no portion; nothing where this store has no such run. */
export const insertLaterStep = `
  INSERT INTO import_steps (run_id, position, ledger_id)
  SELECT r.id, 1 + (SELECT coalesce(max(s.position), ${behindAllRows}) FROM import_steps s
    WHERE s.run_id = r.id AND s.position > ${behindAllRows}), id_of(?)
  FROM import_runs r WHERE r.id = ?`
export const selectSteps = 'SELECT ledger_id AS id FROM import_steps WHERE run_id = ? ORDER BY position'
export const selectRejects = `
  SELECT position, key, person, photo, reason, detail FROM import_rejects
  WHERE run_id = ? ORDER BY position LIMIT ? OFFSET ?`
export const countRejects = 'SELECT count(*) AS count FROM import_rejects WHERE run_id = ?'
export const selectRejectedKeys = 'SELECT key FROM import_rejects WHERE run_id = ? ORDER BY position'

const json = <S extends z.ZodType>(schema: S) =>
  z.string().transform((text): z.output<S> => schema.parse(JSON.parse(text)))

/** A run as it is kept. */
export const runRow = z
  .object({
    runId: importRunIdSchema,
    clientId: clientIdSchema,
    kind: importKindSchema,
    source: json(sourcePlaceSchema).nullable(),
    fingerprint: z.string(),
    options: json(importOptionsSchema),
    state: importStateSchema,
    total: z.number(),
    position: z.number(),
    imported: z.number(),
    alreadyThere: z.number(),
    rejected: z.number(),
    actor: z.string(),
    startedAt: isoTime,
    changedAt: isoTime,
    error: json(wireErrorSchema).nullable(),
    validation: json(validationSchema).nullable(),
  })
  .transform(({ error, validation, ...run }): ImportRun => {
    const read = run.imported + run.alreadyThere + run.rejected
    return {
      ...run,
      read,
      ...(error === null ? {} : { error }),
      ...(validation === null ? {} : { validation }),
    }
  })
const rejectRow = z.object({
  position: z.number(),
  key: z.string(),
  person: z.string().nullable(),
  photo: z.string().nullable(),
  reason: rejectReasonSchema,
  detail: z.string(),
})
const keyRow = z.object({ key: z.string() })

/** Raises `not-found`. */
export function runOf(connection: Connection, runId: ImportRunId): ImportRun {
  const run = connection.row(runRow, selectRun, runId)
  if (run === undefined) throw new VisorError('not-found', 'There is no such import.')
  return run
}

export function runsOf(connection: Connection, clientId: ClientId): ImportRun[] {
  return connection.rows(runRow, selectRuns, clientId)
}

/** The body of `ImportStore.begin`. */
export function beginRun(connection: Connection, run: NewImportRun): void {
  const now = Date.now()
  connection.run(
    'INSERT INTO clients (id, created_at) VALUES (?, ?) ON CONFLICT DO NOTHING',
    run.clientId,
    now,
  )
  connection.run(
    insertRun,
    run.runId,
    run.clientId,
    run.kind,
    run.source === null ? null : JSON.stringify(run.source),
    run.fingerprint,
    JSON.stringify(run.options),
    run.total,
    run.actor,
    now,
    now,
  )
}

/** The body of `ImportStore.setState`. */
export function writeState(
  connection: Connection,
  runId: ImportRunId,
  state: ImportState,
  { error, validation }: Pick<ImportRun, 'error' | 'validation'>,
): void {
  const asJson = (value: unknown) => (value === undefined ? null : JSON.stringify(value))
  connection.run(updateState, state, asJson(error), asJson(validation), Date.now(), runId)
}

/** The body of `ImportStore.rejects`. */
export function rejectsOf(
  connection: Connection,
  runId: ImportRunId,
  { offset, limit }: { readonly offset: number; readonly limit: number },
): { total: number; rejects: RejectedRow[] } {
  return {
    total: connection.row(countRow, countRejects, runId)!.count,
    rejects: connection.rows(rejectRow, selectRejects, runId, limit, offset),
  }
}

export function rejectedKeys(connection: Connection, runId: ImportRunId): string[] {
  return connection.rows(keyRow, selectRejectedKeys, runId).map(({ key }) => key)
}

export function entriesOf(connection: Connection, runId: ImportRunId): LedgerId[] {
  return connection.ids(selectSteps, runId)
}
