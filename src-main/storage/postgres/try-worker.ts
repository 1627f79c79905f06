/** Tries one connection step by step, and ends. Entry, worker thread of main (and of the command line). */
import { parentPort, workerData } from 'node:worker_threads'
import { toWireError } from '../../../src-shared/errors'
import { serverThreadDataSchema } from './server-protocol'
import { testConnection } from './test-connection'
import type { FromTryWorker } from './try-protocol'

const port = parentPort
if (port === null) throw new Error('A connection is tried in a worker thread.')
const send = (message: FromTryWorker) => port.postMessage(message)

try {
  const { connection, password } = serverThreadDataSchema.parse(workerData)
  const report = await testConnection(connection, {
    password,
    onStep: (step) => send({ type: 'step', step }),
  })
  send({ type: 'report', report })
} catch (error) {
  send({ type: 'error', error: toWireError(error) })
}
port.close()
