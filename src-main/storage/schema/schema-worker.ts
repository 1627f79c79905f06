/** Looks at the schema of one database, or migrates it, and ends. Entry, worker thread of main (and of the command line). */
import { parentPort, workerData } from 'node:worker_threads'
import { toWireError, VisorError } from '../../../src-shared/errors'
import { ServerError } from '../../../src-shared/server-failure'
import { resolveServer } from '../postgres/conninfo'
import { PostgresSchema } from '../postgres/postgres-schema'
import { SqliteSchema } from '../sqlite/sqlite-schema'
import { type Migratable, migrateUp, schemaPlan, schemaStatus, verifySchema } from './migrate'
import { cancelWork, type FromSchemaWork, type SchemaWork, schemaWorkSchema } from './schema-protocol'

const port = parentPort
if (port === null) throw new Error('A schema is looked at in a worker thread.')
const send = (message: FromSchemaWork) => port.postMessage(message)
const cancel = new AbortController()

async function opened({ place }: SchemaWork): Promise<{ database: Migratable; close(): Promise<void> }> {
  if (place.kind === 'sqlite') {
    return { database: new SqliteSchema(place.folder), close: async () => undefined }
  }
  const database = await PostgresSchema.connect(await resolveServer(place.connection, place.password))
  return { database, close: () => database.close() }
}

function run(work: SchemaWork['work'], database: Migratable): Promise<unknown> {
  switch (work) {
    case 'status':
      return schemaStatus(database)
    case 'plan':
      return schemaPlan(database)
    case 'verify':
      return verifySchema(database)
    case 'up':
      return migrateUp(database, {
        signal: cancel.signal,
        onProgress: (progress) => send({ type: 'progress', progress }),
      })
  }
}

port.on('message', (message: unknown) => {
  if (message === cancelWork) {
    cancel.abort(
      new VisorError('cancelled', 'Cancelled.', { consequence: 'What was applied before stays applied.' }),
    )
  }
})

try {
  const wanted = schemaWorkSchema.parse(workerData)
  const { database, close } = await opened(wanted)
  try {
    send({ type: 'value', value: await run(wanted.work, database) })
  } finally {
    await close()
  }
} catch (error) {
  send({
    type: 'error',
    error: toWireError(error),
    ...(error instanceof ServerError ? { failure: error.failure } : {}),
  })
}
port.close()
