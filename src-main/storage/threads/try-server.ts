/** The test of a connection as the rest of Visor sees it: in a thread of its own. Main, command line. */
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { Worker } from 'node:worker_threads'
import { fromWireError, VisorError } from '../../../src-shared/errors'
import type { ServerTestReport, ServerTestStep } from '../../../src-shared/server-test'
import type { ServerThreadData } from '../postgres/server-protocol'
import { fromTryWorkerSchema } from '../postgres/try-protocol'

export interface TryOptions extends ServerThreadData {
  /** Where the built `try.js` lies. */
  readonly builtFolder: string
  /** Told of each step when it is through. */
  readonly onStep?: (step: ServerTestStep) => void
  readonly signal?: AbortSignal
}

/** What is wrong with the server or the settings is the report. Raises what `signal` is aborted with. */
export async function tryServer({
  connection,
  password,
  builtFolder,
  onStep,
  signal,
}: TryOptions): Promise<ServerTestReport> {
  signal?.throwIfAborted()
  const workerData: ServerThreadData = { connection, ...(password === undefined ? {} : { password }) }
  const worker = new Worker(pathToFileURL(join(builtFolder, 'try.js')), { workerData, name: 'try a server' })
  const stop = () => void worker.terminate()
  signal?.addEventListener('abort', stop)
  try {
    return await new Promise<ServerTestReport>((resolve, reject) => {
      worker.on('message', (raw: unknown) => {
        const message = fromTryWorkerSchema.parse(raw)
        if (message.type === 'step') return onStep?.(message.step)
        if (message.type === 'report') return resolve(message.report)
        reject(fromWireError(message.error))
      })
      worker.on('error', reject)
      worker.on('exit', (code) =>
        reject(new VisorError('internal', `The thread that tried the connection ended with code ${code}.`)),
      )
    })
  } catch (error) {
    signal?.throwIfAborted()
    throw error
  } finally {
    signal?.removeEventListener('abort', stop)
  }
}
