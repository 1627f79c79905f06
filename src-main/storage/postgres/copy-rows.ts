/** Many rows into a table at once, by binary COPY. Server thread. */
import { finished } from 'node:stream/promises'
import type pg from 'pg'
import { from } from 'pg-copy-streams'
import type { CopiedRows } from './server-protocol'

/**
 * PostgreSQL copies into no table whose rows are bound to clients (row-level security), so the rows go into a table of the
 * session's own first, and from there they are inserted: by that, each is checked. All of it is one message and its rows.
 * `toast_tuple_target`: a vector stays in its row. `again`: rows from earlier in the transaction are still there.
 */
function statements({ table, columns }: CopiedRows, again: boolean, then = ''): string {
  const staging = `pg_temp.many_${table}`
  const list = columns.join(', ')
  return `
    CREATE TEMPORARY TABLE IF NOT EXISTS many_${table} WITH (toast_tuple_target = 8160) ON COMMIT DELETE ROWS
      AS SELECT ${list} FROM ${table} WITH NO DATA;
    ${again ? `TRUNCATE ${staging};` : ''}
    COPY ${staging} (${list}) FROM STDIN WITH (FORMAT binary);
    INSERT INTO ${table} (${list}) SELECT ${list} FROM ${staging}; ${then}`
}

/** For the planner; a statement that gives no rows. */
const keepStatistics = (tables: readonly CopiedRows[]) => `
  DO $$ BEGIN PERFORM keep_statistics('{${tables.map(({ table }) => table).join(',')}}'); END $$`

/** With fewer bytes, no table becomes another one to the planner. */
const manyBytes = 64 * 1024

/**
 * Raises what the server raises; within a transaction, which then has to be rolled back. `copied`: the tables that this was done
 * for before in the transaction; these are added.
 */
export async function copyTables(
  client: pg.ClientBase,
  tables: readonly CopiedRows[],
  copied: Set<string>,
): Promise<void> {
  const areMany = tables.some(({ bytes }) => bytes.byteLength >= manyBytes)
  for (const rows of tables) {
    const then = areMany && rows === tables.at(-1) ? keepStatistics(tables) : ''
    await copyRows(client, rows, statements(rows, copied.has(rows.table), then))
    copied.add(rows.table)
  }
}

async function copyRows(client: pg.ClientBase, rows: CopiedRows, sql: string): Promise<void> {
  const stream = client.query(from(sql))
  const { buffer, byteOffset, byteLength } = rows.bytes
  stream.end(Buffer.from(buffer, byteOffset, byteLength))
  await finished(stream)
}
