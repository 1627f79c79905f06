/** PGlite behind a socket, where no PostgreSQL can be had; `[Note: The stand-in]`. Tests, Electron's Node. */
import { PGlite } from '@electric-sql/pglite'
import { vector } from '@electric-sql/pglite-pgvector'
import { PGLiteSocketServer } from '@electric-sql/pglite-socket'

/**
 * [Note: The stand-in] PGlite is PostgreSQL compiled to WebAssembly, with pgvector, in the test's own process. Many connections
 * share its one session, one statement or transaction after the other: parameters, transactions, constraints, triggers, plans and
 * vectors are PostgreSQL's own. What a session has for itself is common to all (settings, named statements, advisory locks),
 * notifications reach no other connection, whoever connects is the superuser, and there is one database. So it serves
 * the contract suite, and nothing that is about roles, outages or two connections at once.
 */
export interface StandIn {
  readonly host: string
  readonly port: number
  close(): Promise<void>
}

const host = '127.0.0.1'
const extensions = { vector }

let empty: Promise<Blob | File> | null = null

/** A second's work once a process; every further database is a copy, in a quarter of that. */
async function emptyFiles(): Promise<Blob | File> {
  const database = await PGlite.create({ extensions })
  const files = await database.dumpDataDir('none')
  await database.close()
  return files
}

/** Starts a database of its own, without the extension, on a free port. */
export async function startStandIn(): Promise<StandIn> {
  empty ??= emptyFiles()
  const database = await PGlite.create({ extensions, loadDataDir: await empty })
  const server = new PGLiteSocketServer({ db: database, host, port: 0, maxConnections: 100 })
  await server.start()
  return {
    host,
    port: Number(server.getServerConn().split(':').at(-1)),
    async close() {
      await server.stop()
      await database.close()
    },
  }
}
