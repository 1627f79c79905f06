/** The server's database as the checks of a diagnosis ask it. Diagnostics worker thread. */
import type { QueryResult } from 'pg'
import type { z } from 'zod'
import type { AskedDatabase } from '../../diagnostics/asked-database'
import type { Migration } from '../../schema/migrations'
import { toPostgres } from '../../sql/dialect'
import { clientFor, type ServerClient } from '../connect'
import { placeOf, type ServerTarget } from '../conninfo'
import { serverErrorOf } from '../failures'
import { appliedOnServer, postgresMigrations } from '../postgres-migrations'
import { watchClient } from '../postgres-schema'
import { decodeVector } from '../vectors'

/** One connection, made when it is first needed and again where it was lost; of sessions that can be read only one by one. */
export class ServerDatabase implements AskedDatabase {
  readonly engine = 'postgres'
  readonly target: ServerTarget
  readonly place: string
  /** What this program has. */
  readonly migrations: readonly Migration[]
  readonly #statementTimeoutMs: number
  #client: ServerClient | undefined

  /** `statementTimeoutMs`: the server ends what takes longer. */
  constructor(target: ServerTarget, statementTimeoutMs: number, migrations = postgresMigrations) {
    this.target = target
    this.place = `${placeOf(target.hosts[0])}/${target.database}`
    this.migrations = migrations
    this.#statementTimeoutMs = statementTimeoutMs
  }

  /** Raises {@link ServerError}. */
  async client(): Promise<ServerClient> {
    if (this.#client !== undefined && this.#client.brokenBy === undefined) return this.#client
    const client = await clientFor(this.target, {
      vector: 'optional',
      statementTimeoutMs: this.#statementTimeoutMs,
    })
    await client.query(watchClient)
    this.#client = client
    return client
  }

  /** In PostgreSQL's own words. Raises {@link ServerError}. */
  async query(sql: string, values: readonly unknown[] = []): Promise<QueryResult<Record<string, unknown>>> {
    const client = await this.client()
    try {
      return await client.query(sql, [...values])
    } catch (error) {
      throw client.brokenBy ?? serverErrorOf(error, this.place)
    }
  }

  /** The same, of one row. */
  async one<T>(row: z.ZodType<T>, sql: string, values: readonly unknown[] = []): Promise<T> {
    const { rows } = await this.query(sql, values)
    return row.parse(rows[0])
  }

  async rows<T>(
    row: z.ZodType<T>,
    sql: string,
    ...values: readonly (string | number | null)[]
  ): Promise<T[]> {
    const { rows } = await this.query(toPostgres(sql), values)
    return rows.map((raw) => row.parse(withVectors(raw)))
  }

  /** Runs `work` in a transaction that is always rolled back; `settings`: of this transaction alone. */
  async rolledBack<T>(work: () => Promise<T>, settings: Readonly<Record<string, string>> = {}): Promise<T> {
    await this.query('BEGIN')
    try {
      for (const [name, value] of Object.entries(settings)) {
        await this.query('SELECT set_config($1, $2, true)', [name, value])
      }
      return await work()
    } finally {
      // A connection that is gone has rolled back; why it is gone is told by what `work` raised.
      if (this.#client?.brokenBy === undefined) await this.query('ROLLBACK')
    }
  }

  /** The migrations of this program that were applied. */
  async applied(): Promise<Migration[]> {
    const there = new Set(((await appliedOnServer(await this.client())) ?? []).map(({ version }) => version))
    return this.migrations.filter(({ version }) => there.has(version))
  }

  async close(): Promise<void> {
    await this.#client?.end()
  }
}

/** Every column of bytes is a vector. */
function withVectors(row: Record<string, unknown>): unknown {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => [
      name,
      value instanceof Uint8Array ? decodeVector(new Uint8Array(value)) : value,
    ]),
  )
}
