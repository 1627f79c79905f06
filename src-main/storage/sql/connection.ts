/** A database as the store's statements see it, whatever the engine. Store's threads. */
import type { z } from 'zod'
import type { ClientId, LedgerId } from '../../../src-shared/ids'
import type { StoreRights } from '../../../src-shared/store-rights'
import type { StoreSizes } from '../../../src-shared/store-sizes'
import type { StepRows } from './row-steps'
import type { WriteGate } from './write-gate'

/** What a statement takes. */
export type SqlValue = string | number | null | Uint8Array | Float32Array

/** What a column holds, whatever the engine. `flag`: 0 or 1; `integer`: 32 bits; `id`: a UUID; `vector`: a Float32Array. */
export type ColumnType = 'text' | 'id' | 'integer' | 'bigint' | 'float' | 'flag' | 'bytes' | 'vector'

/** A table that is written many rows at once. */
export interface Table {
  readonly name: string
  /** By name, in the order in which rows have their values. */
  readonly columns: Readonly<Record<string, ColumnType>>
  /** Columns that only a server has, after the others: nulls are filled in by it, at the cost of looking for each row. */
  readonly onServer?: Readonly<Record<string, ColumnType>>
}

/** Rows of a table, their values in the order of its columns. */
export interface TableRows {
  readonly table: Table
  readonly rows: readonly (readonly SqlValue[])[]
}

/**
 * Statements, their rows parsed. Synchronous: the thread that calls does nothing else meanwhile; see [Note: Two engines].
 * Statements are written in what `dialect.ts` renders for each engine.
 */
export interface Connection {
  /** Who may write through it; see [Note: Long writes]. */
  readonly gate: WriteGate
  /** Whether a write tells the indexes which embeddings it touched; where others write too, they read the feed instead. */
  readonly tellsIndexes: boolean
  /** Whether the number of an embedding that went may be given to another one. */
  readonly reusesNumbers: boolean
  /** All rows, each parsed. */
  rows<T>(row: z.ZodType<T>, sql: string, ...values: SqlValue[]): T[]
  /** The first row, parsed. */
  row<T>(row: z.ZodType<T>, sql: string, ...values: SqlValue[]): T | undefined
  /** All rows as arrays of columns, unparsed: for the caller that reads hundreds of thousands. */
  columns(sql: string, ...values: SqlValue[]): unknown[]
  /**
   * All rows of a statement that gives one column of ids, as they were when they were written: parsing hundreds of thousands
   * would take longer than reading them.
   */
  ids<T extends string>(sql: string, ...values: SqlValue[]): T[]
  /** Runs a statement; the number of rows it changed. */
  run(sql: string, ...values: SqlValue[]): number
  /**
   * Adds many rows at once, a table after the other. Within a transaction. May return before they are there: whatever is asked
   * next waits for that, and raises what went wrong. By table: the numbers that its rows got, where {@link tellsIndexes}.
   */
  insertMany(tables: readonly TableRows[]): readonly (readonly number[])[]
  /** In which steps many rows are best written; see [Note: Steps of many rows]. */
  readonly stepRows: StepRows
  /**
   * Runs `work` in one transaction: on disk when this returns, nothing changed when it throws. Whoever else writes for the client
   * waits meanwhile (`null`: nobody does); `work` is given the chain of the ledger that the client's entries are added to.
   *
   * A server may have others in the way, and connections are lost: then `work` is run again from its start. `entry`: the entry
   * of the ledger that it leaves where it changes anything, by which is told whether a commit whose answer was lost was carried
   * out. Without one, doing it twice must be as doing it once.
   */
  transaction<T>(clientId: ClientId | null, work: (chain: string) => T, entry?: LedgerId): T
  /**
   * The same over several turns, for a write that is alone (`gate`). `commit`, to be called by `work` at its end, puts it on
   * disk.
   */
  longTransaction<T>(
    clientId: ClientId,
    work: (chain: string, commit: () => void) => Promise<T>,
    entry?: LedgerId,
  ): Promise<T>
  /** Another number after every commit of any other connection. */
  version(): number
  /** What whoever is logged in may do. */
  rights(): StoreRights
  /** How much room the store takes. */
  sizes(): StoreSizes
}
