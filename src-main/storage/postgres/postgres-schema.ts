/** The schema `visor` of a database on a server, to look at and to migrate. Schema worker thread. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { QueryResult } from 'pg'
import { z } from 'zod'
import type { AppliedMigration } from '../../../src-shared/schema'
import { ServerError } from '../../../src-shared/server-failure'
import type { Migratable } from '../schema/migrate'
import { indexStatements, type Migration } from '../schema/migrations'
import { clientFor, type ServerClient } from './connect'
import { placeOf, type ServerTarget } from './conninfo'
import { serverErrorOf } from './failures'
import { appliedOnServer, postgresMigrations } from './postgres-migrations'
import { retrying } from './retry'
import { type Look, lookQuestion, lookRow, preparationAfter } from './schema-needs'

/** How often a console that waits for another looks whether it is done. */
const waitMs = 250
/** A migration does not wait longer than this for those who use a table: everybody else would wait behind it. */
const lockTimeoutMs = 10_000

/**
 * One to a database. It is asked for again and again and not waited for: a statement that waits is a transaction, for whose end
 * `CREATE INDEX CONCURRENTLY` waits in turn.
 */
const tryLock = "SELECT pg_try_advisory_lock(hashtextextended('visor.schema_migrations', 0)) AS alone"

/**
 * A console that was killed lets go of its lock within a second, whatever its statement was at. A server on Windows does not
 * know how to see that, and refuses.
 */
export const watchClient = `DO $$ BEGIN
  SET client_connection_check_interval = '1s';
EXCEPTION WHEN invalid_parameter_value THEN NULL;
END $$`

const aloneRow = z.object({ alone: z.boolean() })
const processRow = z.object({ pid: z.number() })
const indexRow = z.object({ name: z.string(), valid: z.boolean() })

/**
 * All that is made belongs to the owner of the schema: whoever makes it, or the role that it was given to. Whoever is a member of
 * that role may migrate.
 */
export class PostgresSchema implements Migratable {
  readonly engine = 'postgres'
  readonly place: string
  readonly migrations: readonly Migration[]
  readonly #target: ServerTarget
  readonly #client: ServerClient
  /** The server's process behind our connection. */
  readonly #process: number

  private constructor(
    target: ServerTarget,
    client: ServerClient,
    process: number,
    migrations: readonly Migration[],
  ) {
    this.#target = target
    this.#client = client
    this.#process = process
    this.migrations = migrations
    this.place = `${placeOf(target.hosts[0])}/${target.database}`
  }

  /** Connects; the caller closes. Raises what connecting raises. */
  static async connect(target: ServerTarget, migrations = postgresMigrations): Promise<PostgresSchema> {
    // An index over a million faces takes as long as it takes.
    const client = await clientFor(target, { vector: 'optional', statementTimeoutMs: 0 })
    await client.query(watchClient)
    const { rows } = await client.query('SELECT pg_backend_pid() AS pid')
    return new PostgresSchema(target, client, processRow.parse(rows[0]).pid, migrations)
  }

  close(): Promise<void> {
    return this.#client.end()
  }

  async applied(): Promise<AppliedMigration[] | null> {
    return appliedOnServer(this.#client)
  }

  async preparation(): Promise<string | null> {
    return preparationAfter(await this.#look(), this.place)
  }

  async invalidIndexes(): Promise<string[]> {
    return (await this.#indexes()).filter(({ valid }) => !valid).map(({ name }) => name)
  }

  async alone<T>(work: () => Promise<T>, onWait: () => void, signal: AbortSignal | undefined): Promise<T> {
    for (let told = false; ; told = true) {
      signal?.throwIfAborted()
      const { rows } = await this.#query(tryLock)
      if (aloneRow.parse(rows[0]).alone) break
      if (!told) onWait()
      await sleep(waitMs, undefined, signal === undefined ? {} : { signal })
    }
    try {
      return await work()
    } finally {
      // A connection that is gone holds no lock; its end is told by what `work` raised.
      if (this.#client.brokenBy === undefined) await this.#query('SELECT pg_advisory_unlock_all()')
    }
  }

  async apply(migration: Migration, signal: AbortSignal | undefined): Promise<AppliedMigration> {
    return this.#cancelledBy(signal, () =>
      migration.inTransaction
        ? retrying(() => this.#inTransaction(migration), {
            repeatable: false,
            ...(signal === undefined ? {} : { signal }),
          })
        : this.#outsideOfTransactions(migration),
    )
  }

  /** A transaction with what has to be there before, the migration and its record. */
  #inTransaction(migration: Migration): Promise<AppliedMigration> {
    return this.#transaction(async (look) => {
      const startedAt = performance.now()
      const home = await this.#makeReady(look)
      await this.#query(withVectorsOf(home, migration.sql))
      return this.#record(migration, performance.now() - startedAt)
    })
  }

  /** What is left of an attempt that was killed goes first. */
  async #outsideOfTransactions(migration: Migration): Promise<AppliedMigration> {
    const statements = indexStatements(migration)
    const made = statements.filter(({ makes }) => makes).map(({ index }) => index)
    const startedAt = performance.now()
    await this.#transaction((look) => this.#makeReady(look))
    const look = await this.#look()
    await this.#query(`SET ROLE ${look.owner}`)
    try {
      const before = (await this.#indexes()).filter(({ name }) => made.includes(name))
      await this.#dropIndexes(before.filter(({ valid }) => !valid).map(({ name }) => name))
      const kept = before.filter(({ valid }) => valid).map(({ name }) => name)
      try {
        for (const { sql } of statements) await this.#query(sql)
      } catch (error) {
        if (this.#client.brokenBy === undefined)
          await this.#dropIndexes(made.filter((name) => !kept.includes(name)))
        throw error
      }
      return await this.#transaction(() => this.#record(migration, performance.now() - startedAt))
    } finally {
      if (this.#client.brokenBy === undefined) await this.#query('RESET ROLE')
    }
  }

  async #transaction<T>(work: (look: Look) => Promise<T>): Promise<T> {
    await this.#query('BEGIN')
    try {
      const value = await work(await this.#look())
      await this.#query('COMMIT')
      return value
    } catch (error) {
      if (this.#client.brokenBy === undefined) await this.#query('ROLLBACK')
      throw error
    }
  }

  /**
   * Within a transaction: extension, schema and table are there, and what is made is the schema's owner's. A statement that would see
   * the rows of some clients only fails: a migration changes all or none. Gives pgvector's schema, quoted.
   */
  async #makeReady(look: Look): Promise<string> {
    const preparation = preparationAfter(look, this.place)
    if (preparation !== null) await this.#prepare(preparation, look)
    const { owner, vectorSchema } = preparation === null ? look : await this.#look()
    await this.#query(`
      SET LOCAL ROLE ${owner};
      SET LOCAL search_path = visor, pg_temp;
      SET LOCAL row_security = off;
      SET LOCAL lock_timeout = ${lockTimeoutMs}`)
    return vectorSchema!
  }

  async #prepare(preparation: string, { vectorVersion, database, user }: Look): Promise<void> {
    try {
      await this.#query(preparation)
    } catch (error) {
      if (!(error instanceof ServerError) || error.failure.kind !== 'rights') throw error
      const { failure, detail } = error
      throw new ServerError(
        failure,
        vectorVersion === null
          ? {
              code: 'rights-missing',
              message: 'The extension pgvector is not in this database, and this user may not create it.',
              consequence: 'Nothing was changed on the server.',
              remedy: `Let a superuser run in the database ${database}: CREATE EXTENSION vector;`,
              ...(detail === undefined ? {} : { detail }),
            }
          : {
              code: 'rights-missing',
              message: 'This user may not create the schema.',
              consequence: 'Nothing was changed on the server.',
              remedy: `Let whoever owns the database run: GRANT CREATE ON DATABASE ${database} TO ${user};`,
              ...(detail === undefined ? {} : { detail }),
            },
      )
    }
  }

  async #record({ version, name, checksum }: Migration, durationMs: number): Promise<AppliedMigration> {
    const appliedAt = Date.now()
    await this.#query(
      'INSERT INTO visor.schema_migrations (version, name, checksum, applied_at, duration_ms) VALUES ($1, $2, $3, $4, $5)',
      [version, name, checksum, appliedAt, durationMs],
    )
    return { version, name, checksum, appliedAt, durationMs }
  }

  async #look(): Promise<Look> {
    const { rows } = await this.#query(lookQuestion)
    return lookRow.parse(rows[0])
  }

  async #indexes(): Promise<z.infer<typeof indexRow>[]> {
    const { rows } = await this.#query(
      `SELECT relname AS name, indisvalid AS valid FROM pg_index
       JOIN pg_class ON pg_class.oid = indexrelid JOIN pg_namespace ON pg_namespace.oid = relnamespace
       WHERE nspname = 'visor' ORDER BY relname`,
    )
    return z.array(indexRow).parse(rows)
  }

  async #dropIndexes(names: readonly string[]): Promise<void> {
    for (const name of names) await this.#query(`DROP INDEX CONCURRENTLY IF EXISTS visor.${name}`)
  }

  /** Runs `work`; what the server does meanwhile is ended by `signal`, through a connection of its own. */
  async #cancelledBy<T>(signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
    let cancelling: Promise<void> | undefined
    const cancel = () => {
      cancelling = this.#cancelStatement()
    }
    signal?.addEventListener('abort', cancel)
    try {
      return await work()
    } catch (error) {
      // Cancelled is cancelled, for the reason that the caller gave.
      signal?.throwIfAborted()
      throw error
    } finally {
      signal?.removeEventListener('abort', cancel)
      await cancelling
    }
  }

  async #cancelStatement(): Promise<void> {
    const other = await clientFor(this.#target, { vector: 'optional' })
    try {
      await other.query('SELECT pg_cancel_backend($1)', [this.#process])
    } finally {
      await other.end()
    }
  }

  #query(sql: string, values?: readonly unknown[]): Promise<QueryResult<Record<string, unknown>>> {
    return this.#explained(() => this.#client.query(sql, values === undefined ? undefined : [...values]))
  }

  async #explained<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work()
    } catch (error) {
      throw serverErrorOf(error, this.place)
    }
  }
}

/** The type of vectors is all that migrations name of pgvector: in its schema others may make what fits better than what is meant. */
const withVectorsOf = (schema: string, sql: string) =>
  sql.replaceAll(/\bvector\(512\)/g, (type) => `${schema}.${type}`)
