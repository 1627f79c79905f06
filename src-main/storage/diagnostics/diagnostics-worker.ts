/** Looks at one database for a diagnosis, check by check. Entry, worker thread of main (and of the command line). */
import { parentPort, workerData } from 'node:worker_threads'
import { toWireError } from '../../../src-shared/errors'
import { resolveServer } from '../postgres/conninfo'
import { ServerDatabase } from '../postgres/diagnostics/server-database'
import { ServerDiagnostics } from '../postgres/diagnostics/server-diagnostics'
import { SqliteDiagnostics } from '../sqlite/sqlite-diagnostics'
import { diagnosticsDataSchema, type FromDiagnostics, toDiagnosticsSchema } from './diagnostics-protocol'

const port = parentPort
if (port === null) throw new Error('A diagnosis is made in a worker thread.')

async function opened(): Promise<SqliteDiagnostics | ServerDiagnostics> {
  const { place, statementTimeoutMs } = diagnosticsDataSchema.parse(workerData)
  if (place.kind === 'sqlite') return new SqliteDiagnostics(place.folder)
  const { connection, password } = place
  const target = await resolveServer(connection, password)
  return new ServerDiagnostics(new ServerDatabase(target, statementTimeoutMs), connection, password)
}

const opening = opened()
// Told to whoever asks the first question.
opening.catch(() => undefined)

async function answer(raw: unknown): Promise<FromDiagnostics | undefined> {
  const asked = toDiagnosticsSchema.parse(raw)
  const diagnostics = await opening
  switch (asked.type) {
    case 'check':
      return { type: 'finding', finding: await diagnostics.check(asked.id) }
    case 'stored-faces':
      return { type: 'faces', faces: await diagnostics.storedFaces(asked.limit) }
    case 'close':
      await diagnostics.close()
      port?.close()
      return undefined
  }
}

port.on('message', async (raw: unknown) => {
  const reply = await answer(raw).catch(
    (error: unknown): FromDiagnostics => ({ type: 'error', error: toWireError(error) }),
  )
  if (reply !== undefined) port.postMessage(reply)
})
