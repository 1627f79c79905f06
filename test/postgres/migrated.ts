/** Databases of tests with Visor's schema in them. Electron's Node. */
import pg from 'pg'
import { resolveServer } from '../../src-main/storage/postgres/conninfo'
import { PostgresSchema } from '../../src-main/storage/postgres/postgres-schema'
import { migrateUp } from '../../src-main/storage/schema/migrate'
import { type DatabaseOptions, serverAt, type TestDatabase, testDatabase } from './databases'

export interface MigratedDatabase extends TestDatabase {
  /** Rows of a statement in the schema, as the database's owner. */
  query(text: string, values?: readonly unknown[]): Promise<readonly Record<string, unknown>[]>
}

/** A database of a test's own, with the extension and this program's schema. */
export async function migratedDatabase(options: DatabaseOptions = {}): Promise<MigratedDatabase> {
  const database = await testDatabase({ ...options, extension: true })
  const { connection, password } = serverAt(database.url)
  const schema = await PostgresSchema.connect(await resolveServer(connection, password))
  await migrateUp(schema, {})
  await schema.close()
  return {
    ...database,
    async query(text, values = []) {
      const client = new pg.Client(database.url)
      await client.connect()
      try {
        await client.query('SET search_path = visor, public')
        return (await client.query<Record<string, unknown>>(text, [...values])).rows
      } finally {
        await client.end()
      }
    },
  }
}
