/** A SQLite connection whose rows are parsed and whose statements are prepared once. Store worker thread. */
import type BetterSqlite3 from 'better-sqlite3'
import type { z } from 'zod'
import { defaultSliceMs, WriteGate } from './write-gate'

/** What a statement takes. */
export type SqlValue = string | number | null | Uint8Array

export class Connection {
  /** Who may write through it; see [Note: Long writes]. */
  readonly gate: WriteGate
  readonly #database: BetterSqlite3.Database
  readonly #statements = new Map<string, BetterSqlite3.Statement<SqlValue[]>>()

  /** `sliceMs`: longer than this, a write pauses. */
  constructor(database: BetterSqlite3.Database, sliceMs = defaultSliceMs) {
    this.gate = new WriteGate(sliceMs)
    this.#database = database
  }

  /** All rows, each parsed. */
  rows<T>(row: z.ZodType<T>, sql: string, ...values: SqlValue[]): T[] {
    return this.#prepare(sql)
      .all(...values)
      .map((raw) => row.parse(raw))
  }

  /** The first row, parsed. */
  row<T>(row: z.ZodType<T>, sql: string, ...values: SqlValue[]): T | undefined {
    const raw = this.#prepare(sql).get(...values)
    return raw === undefined ? undefined : row.parse(raw)
  }

  /** All rows as arrays of columns, unparsed: for the caller that reads hundreds of thousands. */
  columns(sql: string, ...values: SqlValue[]): unknown[] {
    return this.#prepare(sql)
      .raw(true)
      .all(...values)
  }

  /**
   * All rows of a statement that gives one column of ids, as they were when they were written: parsing hundreds of thousands
   * would take longer than reading them.
   */
  ids<T extends string>(sql: string, ...values: SqlValue[]): T[] {
    return this.#prepare(sql)
      .pluck(true)
      .all(...values) as T[]
  }

  /** Runs a statement; the number of rows it changed. */
  run(sql: string, ...values: SqlValue[]): number {
    return this.#prepare(sql).run(...values).changes
  }

  /** Runs an insert; the row id it made. */
  insert(sql: string, ...values: SqlValue[]): number {
    return Number(this.#prepare(sql).run(...values).lastInsertRowid)
  }

  /** Runs `work` in one transaction: on disk when this returns, nothing changed when it throws. */
  transaction<T>(work: () => T): T {
    if (this.#database.inTransaction) throw new Error('Another write has the store to itself.')
    return this.#database.transaction(work).immediate()
  }

  /**
   * The same over several turns, for a write that is alone (`gate`). `commit`, to be called by `work` at its end, puts it on
   * disk.
   */
  async longTransaction<T>(work: (commit: () => void) => Promise<T>): Promise<T> {
    this.#database.exec('BEGIN IMMEDIATE')
    try {
      return await work(() => this.#database.exec('COMMIT'))
    } finally {
      if (this.#database.inTransaction) this.#database.exec('ROLLBACK')
    }
  }

  #prepare(sql: string): BetterSqlite3.Statement<SqlValue[]> {
    const known = this.#statements.get(sql)
    if (known !== undefined) return known
    const statement = this.#database.prepare<SqlValue[]>(sql)
    this.#statements.set(sql, statement)
    return statement
  }
}
