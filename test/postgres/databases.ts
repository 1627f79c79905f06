/** Databases and servers for tests and benchmarks; `[Note: The tests' PostgreSQL]`. Electron's Node. */
import { randomBytes } from 'node:crypto'
import { Client } from 'pg'
import { chosenPostgres } from './program'
import { PostgresServer, type ServerOptions } from './server'
import { type ServerAddress, serverFolder, sharedServer } from './shared-server'

/**
 * [Note: The tests' PostgreSQL] Set-up finds or makes a server with pgvector and notes it in `.cache/postgresql.json`. The
 * first test of a run that asks for a database starts a server on a free port, in a folder of the run's own; all test files
 * share it, each database being a test's own. It ends with the run, also one that was killed: its keeper sees to it.
 */

/** A database of a test's own: empty, but for the extension `vector` where it was asked for. */
export interface TestDatabase {
  /** As its owner: no superuser, and so bound by row-level security, but may create roles. */
  readonly url: string
  readonly host: string
  readonly port: number
  readonly database: string
  readonly user: string
  readonly password: string
  readonly superuserUrl: string
  /** Ends every connection to it and removes it. */
  drop(): Promise<void>
}

/** The owner of every database: roles belong to the whole server, so that one who made them has to be the same in all. */
const owner = 'visor_owner'

async function asSuperuser<T>(
  { host, port, password }: ServerAddress,
  database: string,
  work: (client: Client) => Promise<T>,
): Promise<T> {
  const client = new Client({ host, port, user: 'postgres', password, database })
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

/** Where to make a database, and with what. */
export interface DatabaseOptions {
  /** The server; unless given the one that all tests share. */
  readonly server?: ServerAddress
  /** Is the extension to be there? Unless given it is not: only a superuser may create it, as on most servers of users. */
  readonly extension?: boolean
}

/** Makes a database: 50 ms, and a second for the first of a run. */
export async function testDatabase({
  server,
  extension = false,
}: DatabaseOptions = {}): Promise<TestDatabase> {
  const at = server ?? (await sharedServer())
  const { host, port, password } = at
  const database = `visor_${randomBytes(6).toString('hex')}`
  await asSuperuser(at, 'postgres', async (client) => {
    // Two test files may be the first at once.
    await client.query(`DO $$ BEGIN
      CREATE ROLE ${owner} LOGIN CREATEROLE CREATEDB PASSWORD '${password}';
    EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$`)
    await client.query(`CREATE DATABASE ${database} OWNER ${owner}`)
  })
  if (extension) await asSuperuser(at, database, (client) => client.query('CREATE EXTENSION vector'))
  const urlOf = (user: string) => `postgresql://${user}:${password}@${host}:${port}/${database}`
  return {
    url: urlOf(owner),
    host,
    port,
    database,
    user: owner,
    password,
    superuserUrl: urlOf('postgres'),
    drop: () =>
      asSuperuser(at, 'postgres', async (client) => {
        await client.query(`DROP DATABASE ${database} WITH (FORCE)`)
      }),
  }
}

/** A server of the caller's own, to stop, kill and change; about a second. The caller closes it. */
export async function privateServer(options: ServerOptions = {}): Promise<PostgresServer> {
  const chosen = chosenPostgres()
  if (chosen.kind !== 'server') throw new Error('The stand-in is no server of its own: see hasServer().')
  return PostgresServer.make(chosen, serverFolder(), options)
}

/** Is there a real server? Tests of roles, outages and chaos are skipped where only the stand-in is. */
export const hasServer = (): boolean => chosenPostgres().kind === 'server'
