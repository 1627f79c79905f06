/** A database of a test's own to migrate, and to look at past the program. Tests. */
import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { expect } from 'vitest'
import { postgresMigrations } from '../../../../src-main/storage/postgres/postgres-migrations'
import { PostgresSchema } from '../../../../src-main/storage/postgres/postgres-schema'
import { type Migration, parseMigrations } from '../../../../src-main/storage/schema/migrations'
import { VisorError } from '../../../../src-shared/errors'
import { type TestDatabase, testDatabase } from '../../../postgres/databases'
import { targetOf } from './target'

export const first = { '0010-first.sql': 'CREATE TABLE one (x integer);\n' }
export const slow = { ...first, '0020-slow.sql': 'CREATE TABLE two (x integer);\nSELECT pg_sleep(60);\n' }
export const failing = {
  ...first,
  '0020-second.sql': 'CREATE TABLE two (x integer);\nINSERT INTO two VALUES (1 / 0);\n',
}
/** Not in a transaction. */
export const alone = {
  ...first,
  '0020-index.sql':
    '-- Outside of a transaction.\nCREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS one_x ON one (x);\n',
}

export class DatabaseToMigrate {
  /** As the superuser, to look and to arrange. */
  readonly client: pg.Client
  readonly database: TestDatabase
  readonly #open = new Set<PostgresSchema>()

  private constructor(database: TestDatabase) {
    this.database = database
    this.client = new pg.Client(database.superuserUrl)
  }

  /** `extension`: whether pgvector is created in it. */
  static async make(options: { readonly extension: boolean }): Promise<DatabaseToMigrate> {
    const made = new DatabaseToMigrate(await testDatabase(options))
    await made.client.connect()
    return made
  }

  async drop(): Promise<void> {
    for (const schema of this.#open) await schema.close()
    await this.client.end()
    await this.database.drop()
  }

  /** The schema as a program with these migrations sees it. */
  async schemaOf(
    migrations: Readonly<Record<string, string>> | readonly Migration[] = postgresMigrations,
    url = this.database.url,
  ): Promise<PostgresSchema> {
    const known = Array.isArray(migrations)
      ? migrations
      : parseMigrations(migrations as Record<string, string>)
    const schema = await PostgresSchema.connect(await targetOf(url), known)
    this.#open.add(schema)
    return schema
  }

  /** The tables and indexes of the schema, the runner's own left out. */
  async things(): Promise<string[]> {
    const { rows } = await this.client.query<{ name: string }>(
      `SELECT relname AS name FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
       WHERE nspname = 'visor' AND relkind IN ('r', 'i') AND relname NOT LIKE 'schema_migrations%' ORDER BY relname`,
    )
    return rows.map(({ name }) => name)
  }

  async schemaIsThere(): Promise<boolean> {
    return (await this.client.query("SELECT FROM pg_namespace WHERE nspname = 'visor'")).rowCount === 1
  }

  /** A user who owns nothing. */
  async guest(): Promise<{ readonly name: string; readonly url: string }> {
    const { url, user, password } = this.database
    const name = `guest_${randomBytes(4).toString('hex')}`
    await this.client.query(`CREATE ROLE ${name} LOGIN PASSWORD '${password}'`)
    return { name, url: url.replace(`//${user}:`, `//${name}:`) }
  }

  /** Closes what the guest has open, and drops the guest. */
  async dismiss(name: string, schema: PostgresSchema): Promise<void> {
    await schema.close()
    this.#open.delete(schema)
    await this.client.query(`DROP OWNED BY ${name}; DROP ROLE ${name}`)
  }
}

/** The `VisorError` that `work` is rejected with. */
export async function errorOf(work: Promise<unknown>): Promise<VisorError> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  expect(error).toBeInstanceOf(VisorError)
  return error as VisorError
}
