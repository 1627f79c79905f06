/** Databases of tests with Visor's schema in them. Electron's Node. */
import pg from 'pg'
import { resolveServer } from '../../src-main/storage/postgres/conninfo'
import { PostgresSchema } from '../../src-main/storage/postgres/postgres-schema'
import { migrateUp } from '../../src-main/storage/schema/migrate'
import { type DatabaseOptions, hasServer, serverAt, type TestDatabase, testDatabase } from './databases'
import { sharedServer } from './shared-server'

export interface MigratedDatabase extends TestDatabase {
  /** Rows of a statement in the schema, as the database's owner. */
  query(text: string, values?: readonly unknown[]): Promise<readonly Record<string, unknown>[]>
}

/** The database of each server that the others there are copies of: migrating takes ten times as long. */
const template = 'visor_template'

async function migrate(server: DatabaseOptions['server']): Promise<TestDatabase> {
  const database = await testDatabase({ ...(server === undefined ? {} : { server }), extension: true })
  const { connection, password } = serverAt(database.url)
  const schema = await PostgresSchema.connect(await resolveServer(connection, password))
  await migrateUp(schema, {})
  await schema.close()
  return database
}

async function copyOfTemplate(server: DatabaseOptions['server']): Promise<TestDatabase> {
  const { host, port, password } = server ?? (await sharedServer())
  const client = new pg.Client({ host, port, password, user: 'postgres', database: 'postgres' })
  await client.connect()
  try {
    // One process makes it; those of other test files wait.
    await client.query("SELECT pg_advisory_lock(hashtext('visor_template'))")
    const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1', [template])
    if (rowCount === 0) {
      const { database } = await migrate(server)
      await client.query(`ALTER DATABASE ${database} RENAME TO ${template}`)
    }
  } finally {
    await client.end()
  }
  return testDatabase({ ...(server === undefined ? {} : { server }), copyOf: template })
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
