/** One server for all test files of a run: started when the first asks for it, ended with the run. Vitest's main process, and its workers. */
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { askMainProcess, serveWorkers } from '../run-wide'
import { chosenPostgres } from './program'
import { PostgresServer } from './server'

const address = z.object({ host: z.string(), port: z.number(), password: z.string() })

/** Where a server is, and the password of its superuser `postgres`. */
export type ServerAddress = z.infer<typeof address>

/** Workers find Vitest's main process under this address. */
const variable = 'VISOR_TEST_POSTGRES_AT'

/** A new folder for a server of this run. */
export const serverFolder = (): string => mkdtempSync(join(tmpdir(), 'visor-postgres-'))

async function startServer(): Promise<PostgresServer> {
  const chosen = chosenPostgres()
  if (chosen.kind !== 'server') throw new Error('There is no server here, only the stand-in.')
  return PostgresServer.make(chosen, serverFolder())
}

/** Vitest's global set-up: answers workers that ask where the server is. Resolves to what ends it. */
export default async function setUp(): Promise<() => Promise<void>> {
  let server: Promise<PostgresServer> | null = null
  const close = await serveWorkers(variable, async () => {
    server ??= startServer()
    const { host, port, password } = await server
    return { host, port, password }
  })
  return async () => {
    close()
    if (server !== null) await (await server).close()
  }
}

let own: Promise<ServerAddress> | null = null

/** Outside Vitest, in a benchmark, this process has a server to itself, which ends with it. */
async function ownServer(): Promise<ServerAddress> {
  const { host, port, password } = await startServer()
  return { host, port, password }
}

/** The server that all test files share. It must stay as it is: what stops or changes a server has one of its own. */
export async function sharedServer(): Promise<ServerAddress> {
  const answered = await askMainProcess(variable, 'where')
  if (answered !== undefined) return address.parse(answered)
  own ??= ownServer()
  return own
}
