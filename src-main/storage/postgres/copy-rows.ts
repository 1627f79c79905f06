/** Many rows into a table at once, by binary COPY. Server thread. */
import { finished } from 'node:stream/promises'
import type pg from 'pg'
import { from } from 'pg-copy-streams'
import type { CopiedRows } from './server-protocol'

/** Tables of the session's own that a connection's transactions left there, by name. */
const madeIn = new WeakMap<pg.ClientBase, Set<string>>()

/**
 * A step of faces takes ten megabytes of the session's own tables: more than it has room for in memory, unless it is told before it has
 * used any. One that came from a pooler with what others left in it keeps what it has.
 */
const makeRoom = `
  DO $$ BEGIN PERFORM set_config('temp_buffers', '16MB', false); EXCEPTION WHEN invalid_parameter_value THEN NULL; END $$;`

/** For the planner; a statement that gives no rows. */
const keepStatistics = (tables: readonly CopiedRows[]) => `
  DO $$ BEGIN PERFORM keep_statistics('{${tables.map(({ table }) => table).join(',')}}'); END $$`

/** With fewer bytes, no table becomes another one to the planner. */
const manyBytes = 64 * 1024

/** What one transaction copies. */
export class TableCopies {
  readonly #client: pg.ClientBase
  /** Of the tables of the session's own those that have rows from earlier in the transaction. */
  readonly #filled = new Set<string>()

  constructor(client: pg.ClientBase) {
    this.#client = client
  }

  /** Raises what the server raises; the transaction has to be rolled back then. */
  async copy(tables: readonly CopiedRows[]): Promise<void> {
    const areMany = tables.some(({ bytes }) => bytes.byteLength >= manyBytes)
    for (const rows of tables) {
      const then = areMany && rows === tables.at(-1) ? keepStatistics(tables) : ''
      await this.#copyRows(rows, `${this.#statements(rows)} ${then}`)
    }
  }

  /** Once the transaction is committed. */
  committed(): void {
    const made = madeIn.get(this.#client) ?? new Set()
    for (const staging of this.#filled) made.add(staging)
    madeIn.set(this.#client, made)
  }

  /**
   * PostgreSQL copies into no table whose rows are bound to clients (row-level security), so the rows go into a table of the
   * session's own first, and from there they are inserted: by that, each is checked. All of it is one message and its rows.
   * `toast_tuple_target`: a vector stays in its row.
   */
  #statements({ table, columns }: CopiedRows): string {
    const list = columns.join(', ')
    // Some tables are written with more or with fewer columns.
    const name = `many_${table}_${columns.length}`
    const isFilled = this.#filled.has(name)
    const isThere = isFilled || madeIn.get(this.#client)?.has(name) === true
    this.#filled.add(name)
    const make = `${makeRoom}
      CREATE TEMPORARY TABLE IF NOT EXISTS ${name} WITH (toast_tuple_target = 8160) ON COMMIT DELETE ROWS
        AS SELECT ${list} FROM ${table} WITH NO DATA;`
    return `${isThere ? '' : make} ${isFilled ? `TRUNCATE pg_temp.${name};` : ''}
      COPY pg_temp.${name} (${list}) FROM STDIN WITH (FORMAT binary);
      INSERT INTO ${table} (${list}) SELECT ${list} FROM pg_temp.${name};`
  }

  async #copyRows({ bytes }: CopiedRows, sql: string): Promise<void> {
    const stream = this.#client.query(from(sql))
    stream.end(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength))
    await finished(stream)
  }
}
