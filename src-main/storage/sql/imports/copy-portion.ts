/** A part of another store's gallery as it comes in: with its ids, where they are free. Store worker thread; called within a write. */
import type { ClientId, ImportRunId, PersonId } from '../../../../src-shared/ids'
import type { ImportRun } from '../../../../src-shared/import-run'
import type { CopyPage, PortionOutcome } from '../../import-store'
import type { Connection } from '../connection'
import { type Done, WriteScope } from '../ledger/ledger'
import { advance, runAt } from './advance'
import { wholePersonsTable } from './copied-rows'
import { copyPersons } from './copy-persons'
import { copyPhotos } from './copy-photos'
import { Copying } from './copying'
import { runOf } from './runs'

/** The body of `ImportStore.copyPortion`. */
export function copyPortion(
  connection: Connection,
  scope: WriteScope,
  runId: ImportRunId,
  { from, page }: { readonly from: number; readonly page: CopyPage },
): Done<ImportRun> {
  const to = from + page.count
  const { run, isBehind } = runAt(connection, runId, { from, to })
  if (isBehind || page.count === 0) return { value: run, details: undefined }
  const { details, outcome } = copied(new Copying(connection, scope, page, from, undefined))
  const changed = details.persons.length + details.faces.length > 0
  advance(connection, scope, runId, { from, to }, outcome, changed)
  return { value: runOf(connection, runId), details: changed ? details : undefined }
}

/** The body of `ImportStore.tryCopy`. */
export function tryCopy(
  connection: Connection,
  clientId: ClientId,
  { from, page }: { readonly from: number; readonly page: CopyPage },
  brought: readonly PersonId[],
): PortionOutcome {
  const scope = new WriteScope(connection, clientId, '')
  return copied(new Copying(connection, scope, page, from, new Set(brought))).outcome
}

function copied(copying: Copying): Copying {
  if (copying.has(wholePersonsTable)) copyPersons(copying)
  else copyPhotos(copying)
  return copying
}
