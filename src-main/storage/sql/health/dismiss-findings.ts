/** Findings that somebody says are fine. Store worker thread. */
import { z } from 'zod'
import { VisorError } from '../../../../src-shared/errors'
import type { FindingId } from '../../../../src-shared/health'
import { personIdSchema } from '../../../../src-shared/ids'
import type { Connection } from '../connection'
import type { Done, WriteScope } from '../ledger/ledger'

/** Says that findings are fine, or takes that back. Those that are gone meanwhile need neither. */
export function setDismissed(
  connection: Connection,
  findingIds: readonly FindingId[],
  dismissed: boolean,
): void {
  for (const id of findingIds) {
    if (dismissed) {
      connection.run(
        `UPDATE findings SET dismissed_print = print,
           state = CASE state WHEN 'open' THEN 'dismissed' ELSE state END WHERE id = ?`,
        id,
      )
    } else {
      connection.run("DELETE FROM findings WHERE id = ? AND state = 'gone'", id)
      connection.run("UPDATE findings SET dismissed_print = NULL, state = 'open' WHERE id = ?", id)
    }
  }
}

const ownersRow = z.object({ personId: personIdSchema, otherId: personIdSchema.nullable() })

export const selectOwners = `
  SELECT person_id AS personId, other_id AS otherId FROM findings WHERE id = ? AND client_id = ? AND state <> 'gone'`

/** The body of `HealthStore.dismiss`. */
export function dismissFindings(
  connection: Connection,
  scope: WriteScope,
  findingIds: readonly FindingId[],
  dismissed: boolean,
): Done<void> {
  for (const id of findingIds) {
    const owners = connection.row(ownersRow, selectOwners, id, scope.clientId)
    if (owners === undefined) throw new VisorError('not-found', 'That finding is no longer in the queue.')
    scope.people.add(owners.personId)
    if (owners.otherId !== null) scope.people.add(owners.otherId)
  }
  setDismissed(connection, findingIds, dismissed)
  return {
    value: undefined,
    details:
      findingIds.length === 0
        ? undefined
        : { action: 'dismiss-findings', findingIds: [...findingIds], dismissed },
  }
}
