/** A legacy PostgreSQL database, read-only, over a connection made as Visor's own. Import worker thread. */
import { z } from 'zod'
import { VisorError } from '../../../src-shared/errors'
import type { ServerConnection } from '../../../src-shared/server'
import { clientFor, type ServerClient } from '../../storage/postgres/connect'
import { placeOf, resolveServer, type ServerTarget } from '../../storage/postgres/conninfo'
import { serverErrorOf } from '../../storage/postgres/failures'
import type { LegacyTable } from './layout'
import type { LegacyDatabase, LegacyRow } from './legacy-reader'

/** Sorting a large table for its first rows takes a while. */
const statementTimeoutMs = 600_000

const columnRow = z.object({ schema: z.string(), table: z.string(), column: z.string(), type: z.string() })

export class PostgresLegacyDatabase implements LegacyDatabase {
  readonly kind = 'legacy-postgres'
  readonly engine: string
  readonly #target: ServerTarget
  readonly #place: string
  readonly #client: ServerClient

  private constructor(target: ServerTarget, client: ServerClient) {
    this.#target = target
    this.#place = `${placeOf(target.hosts[0])}/${target.database}`
    this.#client = client
    this.engine = `PostgreSQL ${client.told.get('server_version')?.split(' ')[0] ?? ''}`
  }

  /** Raises {@link ServerError}, and as {@link resolveServer}. */
  static async open(
    connection: ServerConnection,
    password: string | undefined,
  ): Promise<PostgresLegacyDatabase> {
    const target = await resolveServer(connection, password)
    return new PostgresLegacyDatabase(target, await connected(target))
  }

  async tables(): Promise<LegacyTable[]> {
    const rows = await this.all(`
      SELECT n.nspname AS schema, c.relname AS table, a.attname AS column, format_type(a.atttypid, a.atttypmod) AS type
      FROM pg_catalog.pg_class c
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
      WHERE c.relkind IN ('r', 'p', 'f', 'm', 'v') AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'visor')
        AND n.nspname NOT LIKE 'pg\\_t%' AND has_table_privilege(c.oid, 'SELECT')
      ORDER BY n.nspname <> 'public', n.nspname, c.relname, a.attnum`)
    const tables = new Map<string, { name: string; sql: string; columns: { name: string; type: string }[] }>()
    for (const raw of rows) {
      const { schema, table, column, type } = columnRow.parse(raw)
      const sql = `${quoted(schema)}.${quoted(table)}`
      const name = schema === 'public' ? table : `${schema}.${table}`
      const found = tables.get(sql) ?? { name, sql, columns: [] }
      found.columns.push({ name: column, type })
      tables.set(sql, found)
    }
    return [...tables.values()]
  }

  async all(sql: string): Promise<LegacyRow[]> {
    return ask(this.#client, this.#place, sql)
  }

  async *stream(sql: string, rowsAtATime: number): AsyncGenerator<readonly LegacyRow[]> {
    // A connection of its own: whoever asks meanwhile is not in its transaction, and a reading given up ends with it.
    const client = await connected(this.#target)
    try {
      await ask(client, this.#place, 'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY')
      await ask(client, this.#place, `DECLARE visor_rows NO SCROLL CURSOR FOR ${sql}`)
      for (;;) {
        const rows = await ask(client, this.#place, `FETCH ${rowsAtATime} FROM visor_rows`)
        if (rows.length === 0) return
        yield rows
      }
    } finally {
      await client.end()
    }
  }

  async close(): Promise<void> {
    await this.#client.end()
  }
}

async function connected(target: ServerTarget): Promise<ServerClient> {
  const client = await clientFor(target, { vector: 'optional', statementTimeoutMs }).catch(
    (error: unknown) => {
      throw ofSource(error)
    },
  )
  // Between two portions nobody knows how long the target takes; times without a zone are UTC.
  await client.query(
    "SET idle_in_transaction_session_timeout = 0; SET default_transaction_read_only = on; SET TIME ZONE 'UTC'",
  )
  return client
}

async function ask(client: ServerClient, place: string, sql: string): Promise<LegacyRow[]> {
  try {
    const { rows } = await client.query<LegacyRow>(sql)
    return rows
  } catch (error) {
    throw ofSource(client.brokenBy ?? serverErrorOf(error, place))
  }
}

/** What it means for a source that a server is away: nobody answers from a cache instead. */
function ofSource(error: unknown): unknown {
  if (!(error instanceof VisorError)) return error
  const { code, message, remedy, detail } = error
  return new VisorError(code, message, {
    cause: error,
    consequence: 'The source cannot be read.',
    ...(remedy === undefined ? {} : { remedy }),
    ...(detail === undefined ? {} : { detail }),
  })
}

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`
