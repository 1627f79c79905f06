/** Databases of tests with Visor's schema in them. Electron's Node. */
import pg from 'pg'
import { resolveServer } from '../../src-main/storage/postgres/conninfo'
import { PostgresSchema } from '../../src-main/storage/postgres/postgres-schema'
import { migrateUp } from '../../src-main/storage/schema/migrate'
import { type DatabaseOptions, hasServer, serverAt, type TestDatabase, testDatabase } from './databases'

export interface MigratedDatabase extends TestDatabase {
  /** Rows of a statement in the schema, as the database's owner. */
  query(text: string, values?: readonly unknown[]): Promise<readonly Record<string, unknown>[]>
}

/** The first database of each server, which the others of this process are copies of: migrating takes ten times as long. */
const templates = new Map<string, Promise<TestDatabase>>()

async function migrate(server: DatabaseOptions['server']): Promise<TestDatabase> {
  const database = await testDatabase({ ...(server === undefined ? {} : { server }), extension: true })
  const { connection, password } = serverAt(database.url)
  const schema = await PostgresSchema.connect(await resolveServer(connection, password))
  await migrateUp(schema, {})
  await schema.close()
  return database
}

async function copyOfTemplate(server: DatabaseOptions['server']): Promise<TestDatabase> {
  const where = server === undefined ? 'shared' : `${server.host}:${server.port}`
  const template = templates.get(where) ?? migrate(server)
  templates.set(where, template)
  const { database } = await template
  return testDatabase({ ...(server === undefined ? {} : { server }), copyOf: database })
}

/** A database of a test's own, with the extension and this program's schema. */
export async function migratedDatabase({ server }: DatabaseOptions = {}): Promise<MigratedDatabase> {
  const database = await (hasServer() ? copyOfTemplate(server) : migrate(server))
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
