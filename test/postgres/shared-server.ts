/** One server for all test files of a run: started when the first asks for it, ended with the run. Vitest's main process, and its workers. */
import { randomBytes } from 'node:crypto'
import { mkdtempSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
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
  const path = `/${randomBytes(12).toString('hex')}`
  const answering = createServer(async (request, response) => {
    if (request.url !== path) {
      response.writeHead(404).end()
      return
    }
    server ??= startServer()
    try {
      const { host, port, password } = await server
      response.end(JSON.stringify({ host, port, password }))
    } catch (error) {
      response.writeHead(500).end(error instanceof Error ? error.message : String(error))
    }
  })
  await new Promise<void>((resolve) => answering.listen(0, '127.0.0.1', resolve))
  answering.unref()
  process.env[variable] = `http://127.0.0.1:${(answering.address() as AddressInfo).port}${path}`
  return async () => {
    answering.close()
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
  const url = process.env[variable]
  if (url === undefined) {
    own ??= ownServer()
    return own
  }
  const response = await fetch(url)
  const text = await response.text()
  if (!response.ok) throw new Error(text)
  return address.parse(JSON.parse(text))
}
