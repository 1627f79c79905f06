/** The pool of connections to PostgreSQL; see [Note: Server thread]. Entry, worker thread of main (and of the command line). */
import { parentPort, workerData } from 'node:worker_threads'
import { toWireError } from '../../../src-shared/errors'
import { ServerError } from '../../../src-shared/server-failure'
import { poolFor } from './connect'
import { resolveServer } from './conninfo'
import { checkSchema } from './postgres-migrations'
import { serveLine } from './serve-line'
import { type FromServerThread, serverThreadDataSchema, type ToServerThread } from './server-protocol'

const port = parentPort
if (port === null) throw new Error('The server thread is a worker thread.')
const tell = (message: FromServerThread) => port.postMessage(message)

try {
  const { connection, password } = serverThreadDataSchema.parse(workerData)
  const pool = poolFor(await resolveServer(connection, password))
  // Whoever opens the store is told at once where there is no way to it, and why.
  await checkSchema(pool).catch(async (error: unknown) => {
    await pool.end()
    throw error
  })
  port.on('message', (message: ToServerThread) => {
    if (message !== 'close') return serveLine(pool, message)
    void pool.end().then(() => port.close())
  })
  tell({ type: 'connected' })
} catch (error) {
  const failure = error instanceof ServerError ? error.failure : null
  tell({ type: 'failed', error: toWireError(error), failure })
  port.close()
}
