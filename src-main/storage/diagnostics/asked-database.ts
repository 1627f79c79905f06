/** A database of either engine as the checks ask it. Diagnostics worker thread. */
import type { z } from 'zod'

type Value = string | number | null

/** Statements are written in what `dialect.ts` renders for each engine, and with pgvector's `vector_dims` and `vector_norm`. */
export interface AskedDatabase {
  readonly engine: 'sqlite' | 'postgres'
  /** All rows, each parsed. */
  rows<T>(row: z.ZodType<T>, sql: string, ...values: Value[]): Promise<T[]>
}

/** The first row. Throws where there is none: for statements that always give one. */
export async function oneRow<T>(
  database: AskedDatabase,
  row: z.ZodType<T>,
  sql: string,
  ...values: Value[]
): Promise<T> {
  const [first] = await database.rows(row, sql, ...values)
  if (first === undefined) throw new Error(`No row: ${sql}`)
  return first
}
