/** Why a database refused a row, whatever the engine: SQLite's extended result codes and PostgreSQL's SQLSTATE. Store's threads. */

/** Whether a write was refused because such a row is there already. */
export function isUniqueViolation(error: unknown): boolean {
  return ['SQLITE_CONSTRAINT_UNIQUE', 'SQLITE_CONSTRAINT_PRIMARYKEY', '23505'].includes(codeOf(error))
}

/** Whether a delete or a restore was refused because other rows refer to the row, or the row to one that is gone. */
export function isForeignKeyViolation(error: unknown): boolean {
  return ['SQLITE_CONSTRAINT_FOREIGNKEY', '23503'].includes(codeOf(error))
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : ''
}
