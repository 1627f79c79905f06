/** Databases and servers for tests and benchmarks; `[Note: The tests' PostgreSQL]`. Electron's Node. */
import { randomBytes } from 'node:crypto'
import { Client } from 'pg'
import type { ServerConnection } from '../../src-shared/server'
import { asServerConnection } from '../../src-shared/server-parameters'
import { parseServerText } from '../../src-shared/server-url'
import { chosenPostgres } from './program'
import { databaseOwner, PostgresServer, type ServerOptions } from './server'
import { type ServerAddress, serverFolder, sharedServer } from './shared-server'

/**
 * [Note: The tests' PostgreSQL] Set-up finds or makes a server with pgvector and notes it in `.cache/postgresql.json`. The
 * first test of a run that asks for a database starts a server on a free port, in a folder of the run's own; all test files
 * share it, each database being a test's own. It ends with the run, also one that was killed: its keeper sees to it.
 */

/** A database of a test's own: empty, but for the extension `vector` where it was asked for. */
export interface TestDatabase {
  /** As its owner: no superuser, and so bound by row-level security, but may create roles. The stand-in knows superusers only. */
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

async function connected<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url })
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
  /** A database to be a copy of, that nobody is connected to; on a real server only. */
  readonly copyOf?: string
}

/** Makes a database: 50 ms, and a second for the first of a run; with the stand-in a quarter of a second. */
export async function testDatabase({
  server,
  extension,
  copyOf,
}: DatabaseOptions = {}): Promise<TestDatabase> {
  const made = server === undefined && !hasServer() ? await inStandIn() : await onServer(server, copyOf)
  if (extension === true) {
    await connected(made.superuserUrl, (client) => client.query('CREATE EXTENSION vector'))
  }
  return made
}

async function onServer(server?: ServerAddress, copyOf = 'template1'): Promise<TestDatabase> {
  const { host, port, password } = server ?? (await sharedServer())
  const database = `visor_${randomBytes(6).toString('hex')}`
  const urlOf = (user: string, name = database) => `postgresql://${user}:${password}@${host}:${port}/${name}`
  const inPostgres = (statement: string) =>
    connected(urlOf('postgres', 'postgres'), (client) => client.query(statement))
  await inPostgres(`CREATE DATABASE ${database} OWNER ${databaseOwner} TEMPLATE ${copyOf}`)
  return {
    url: urlOf(databaseOwner),
    host,
    port,
    database,
    user: databaseOwner,
    password,
    superuserUrl: urlOf('postgres'),
    drop: async () => {
      await inPostgres(`DROP DATABASE ${database} WITH (FORCE)`)
    },
  }
}

async function inStandIn(): Promise<TestDatabase> {
  // Only here: it is large.
  const { startStandIn } = await import('./stand-in')
  const { host, port, close } = await startStandIn()
  const [user, password, database] = ['postgres', 'any', 'postgres']
  const url = `postgresql://${user}:${password}@${host}:${port}/${database}`
  return { url, host, port, database, user, password, superuserUrl: url, drop: close }
}

/** A server of the caller's own, to stop, kill and change; about a second. The caller closes it. */
export async function privateServer(options: ServerOptions = {}): Promise<PostgresServer> {
  const chosen = chosenPostgres()
  if (chosen.kind !== 'server') throw new Error('The stand-in is no server of its own: see hasServer().')
  return PostgresServer.make(chosen, serverFolder(), options)
}

/** Is there a real server? Tests of roles, outages and chaos are skipped where only the stand-in is. */
export const hasServer = (): boolean => chosenPostgres().kind === 'server'

/** A URL with a password in it, as the store is told where to connect. */
export function serverAt(url: string): { connection: ServerConnection; password: string } {
  const { settings, password } = parseServerText(url)
  return { connection: asServerConnection(settings), password: password ?? '' }
}
