/** Why a database refused a row, whatever the engine: SQLite's extended result codes, and the kinds of a server's failures. Store's threads. */
import { systemCodeOf } from '../../../src-shared/errors'
import { ServerError } from '../../../src-shared/server-failure'

/** Whether a write was refused because such a row is there already. */
export function isUniqueViolation(error: unknown): boolean {
  if (error instanceof ServerError) return constraintOf(error) === 'unique'
  return ['SQLITE_CONSTRAINT_UNIQUE', 'SQLITE_CONSTRAINT_PRIMARYKEY'].includes(systemCodeOf(error) ?? '')
}

/** Whether a delete or a restore was refused because other rows refer to the row, or the row to one that is gone. */
export function isForeignKeyViolation(error: unknown): boolean {
  if (error instanceof ServerError) return constraintOf(error) === 'foreign-key'
  return systemCodeOf(error) === 'SQLITE_CONSTRAINT_FOREIGNKEY'
}

/** Whether a server said it, and not the gallery's own rules. */
export const isServerFailure = (error: unknown): boolean => error instanceof ServerError

function constraintOf({ failure }: ServerError): string | undefined {
  return failure.kind === 'constraint' ? failure.type : undefined
}
