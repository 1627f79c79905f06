/** A SQLite connection whose statements are prepared once. Store's threads. */

import type BetterSqlite3 from 'better-sqlite3'
import type { z } from 'zod'
import type { ClientId } from '../../../src-shared/ids'
import { allRights, type StoreRights } from '../../../src-shared/store-rights'
import type { StoreSizes } from '../../../src-shared/store-sizes'
import type { Connection, SqlValue, TableRows } from '../sql/connection'
import { toSqlite } from '../sql/dialect'
import { defaultSliceMs, WriteGate } from '../sql/write-gate'
import { sizesOf } from './sizes'

/** One chain for all clients; see [Note: Ledger chain]. */
const onlyChain = ''

type SqliteValue = string | number | null | Uint8Array
type Statement = BetterSqlite3.Statement<SqliteValue[]>

/** Vectors are kept as their bytes; every platform of Visor is little-endian. */
function bindable(value: SqlValue): SqliteValue {
  if (!(value instanceof Float32Array)) return value
  return new Uint8Array(value.buffer, value.byteOffset, value.byteLength)
}

export class SqliteConnection implements Connection {
  /** Who may write through it; see [Note: Long writes]. */
  readonly gate: WriteGate
  readonly tellsIndexes = true
  /** The number after the last one is given, whatever was the last before. */
  readonly reusesNumbers = true
  readonly stepRows = [500, 500, 500, 500] as const
  readonly #database: BetterSqlite3.Database
  readonly #writer: BetterSqlite3.Database | undefined
  readonly #statements = new Map<string, Statement>()
  readonly #statementsOfWriter = new Map<string, Statement>()

  /**
   * `sliceMs`: longer than this, a write pauses. `writer`: whose commits this one reads, and nobody else's. It is asked itself while it
   * is in no transaction: its own commits leave its pages in memory as they are, and this one has to read all of its own anew.
   */
  constructor(
    database: BetterSqlite3.Database,
    sliceMs = defaultSliceMs,
    writer: BetterSqlite3.Database | undefined = undefined,
  ) {
    this.gate = new WriteGate(sliceMs)
    this.#database = database
    this.#writer = writer
  }

  rows<T>(row: z.ZodType<T>, sql: string, ...values: SqlValue[]): T[] {
    return this.#prepare(sql)
      .all(...values.map(bindable))
      .map((raw) => row.parse(raw))
  }

  row<T>(row: z.ZodType<T>, sql: string, ...values: SqlValue[]): T | undefined {
    const raw = this.#prepare(sql).get(...values.map(bindable))
    return raw === undefined ? undefined : row.parse(raw)
  }

  columns(sql: string, ...values: SqlValue[]): unknown[] {
    return this.#prepare(sql)
      .raw(true)
      .all(...values.map(bindable))
  }

  ids<T extends string>(sql: string, ...values: SqlValue[]): T[] {
    return this.#prepare(sql)
      .pluck(true)
      .all(...values.map(bindable)) as T[]
  }

  run(sql: string, ...values: SqlValue[]): number {
    return this.#prepare(sql).run(...values.map(bindable)).changes
  }

  insertMany(tables: readonly TableRows[]): readonly (readonly number[])[] {
    return tables.map(({ table, rows }) => {
      const names = Object.keys(table.columns)
      const statement = this.#prepare(
        `INSERT INTO ${table.name} (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})`,
      )
      return rows.map((row) =>
        Number(statement.run(...row.slice(0, names.length).map(bindable)).lastInsertRowid),
      )
    })
  }

  transaction<T>(_clientId: ClientId | null, work: (chain: string) => T): T {
    return this.inTransaction(() => work(onlyChain))
  }

  /** The same for what is of no client. */
  inTransaction<T>(work: () => T): T {
    if (this.#database.inTransaction) throw new Error('Another write has the store to itself.')
    return this.#database.transaction(work).immediate()
  }

  async longTransaction<T>(
    _clientId: ClientId,
    work: (chain: string, commit: () => void) => Promise<T>,
  ): Promise<T> {
    this.#database.exec('BEGIN IMMEDIATE')
    try {
      return await work(onlyChain, () => this.#database.exec('COMMIT'))
    } finally {
      if (this.#database.inTransaction) this.#database.exec('ROLLBACK')
    }
  }

  /**
   * A long transaction of rows that belong together where they come from: their keys are not checked, nor are their values unless
   * `checksRows`, and nothing goes along with what is deleted. It is whole or not at all, but a loss of power may take it back; the
   * next write of another kind is on disk with it.
   */
  async copying<T>(checksRows: boolean, work: (commit: () => void) => Promise<T>): Promise<T> {
    this.#database.pragma('foreign_keys = OFF')
    this.#database.pragma(`ignore_check_constraints = ${checksRows ? 'OFF' : 'ON'}`)
    this.#database.pragma('synchronous = NORMAL')
    try {
      this.#database.exec('BEGIN IMMEDIATE')
      return await work(() => this.#database.exec('COMMIT'))
    } finally {
      if (this.#database.inTransaction) this.#database.exec('ROLLBACK')
      this.#database.pragma('synchronous = FULL')
      this.#database.pragma('ignore_check_constraints = OFF')
      this.#database.pragma('foreign_keys = ON')
    }
  }

  /** Runs a statement for many rows: what {@link run} does, without looking for the statement each time. */
  each(sql: string): (values: readonly SqliteValue[]) => number {
    const statement = this.#prepare(sql)
    return (values) => statement.run(...values).changes
  }

  /** Runs several statements that take nothing and give nothing. */
  script(sql: string): void {
    this.#database.exec(sql)
  }

  version(): number {
    return Number(this.#database.pragma('data_version', { simple: true }))
  }

  rights(): StoreRights {
    return allRights
  }

  sizes(): StoreSizes {
    return sizesOf(this, this.#database.name)
  }

  #prepare(sql: string): Statement {
    const writer = this.#writer?.inTransaction === false ? this.#writer : undefined
    const statements = writer === undefined ? this.#statements : this.#statementsOfWriter
    const known = statements.get(sql)
    if (known !== undefined) return known
    const statement = (writer ?? this.#database).prepare<SqliteValue[]>(toSqlite(sql))
    statements.set(sql, statement)
    return statement
  }
}
