/**
 * The store: owns the SQLite connection, the folder's lock and the flat indexes. Entry, a worker thread of main (and of
 * the command line).
 */
import { mkdirSync } from 'node:fs'
import { parentPort, workerData } from 'node:worker_threads'
import { toWireError, VisorError } from '../../../src-shared/errors'
import { ScanPool } from '../flat/scan-pool'
import { Connection } from './connection'
import { FlatIndexes } from './flat-indexes'
import { lockFolder } from './folder-lock'
import { SqliteGallery } from './gallery'
import { databaseFile, openDatabase } from './open-database'
import { type FromStore, methods, type ToStore, toStoreSchema, workerDataSchema } from './protocol'
import { SqliteQueue } from './queue'
import { explainStorageError } from './sqlite-errors'
import { SqliteUnknown } from './unknown'

type Call = Extract<ToStore, { type: 'call' }>

const port = parentPort
if (port === null) throw new Error('The store runs in a worker thread.')
const { folder, scanWorkerUrl, threads, int8FromRows } = workerDataSchema.parse(workerData)

function send(message: FromStore): void {
  port!.postMessage(message)
}

function wire(error: unknown): ReturnType<typeof toWireError> {
  return toWireError(explainStorageError(error, folder))
}

/** Opens everything, in the order in which it can fail without harm. */
function open() {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const lock = lockFolder(folder)
  try {
    const database = openDatabase(databaseFile(folder))
    const connection = new Connection(database)
    const pool = new ScanPool(threads, new URL(scanWorkerUrl))
    const version = String(database.prepare('SELECT sqlite_version()').pluck().get())
    const indexes = new FlatIndexes(connection, pool, int8FromRows)
    const parts = {
      gallery: new SqliteGallery(`SQLite ${version}`, connection, indexes),
      queue: new SqliteQueue(connection),
      unknown: new SqliteUnknown(connection, indexes),
    }
    const close = async () => {
      await pool.close()
      database.close()
      lock.release()
    }
    return { parts, close }
  } catch (error) {
    lock.release()
    throw error
  }
}

function serve({ parts, close }: ReturnType<typeof open>): void {
  const call = async ({ id, part, method, args }: Call): Promise<void> => {
    try {
      if (!Object.hasOwn(methods[part], method)) {
        throw new VisorError('invalid-argument', `The store has no method ${part}.${method}.`)
      }
      const target = parts[part] as unknown as Record<string, (...args: unknown[]) => Promise<unknown>>
      send({ type: 'value', id, value: await target[method]!(...args) })
    } catch (error) {
      send({ type: 'error', id, error: wire(error) })
    }
  }
  /** Calls in work: a close lets them end. */
  const working = new Set<Promise<void>>()
  port!.on('message', async (raw: unknown) => {
    const message = toStoreSchema.parse(raw)
    if (message.type === 'call') {
      const work = call(message).finally(() => working.delete(work))
      working.add(work)
      return
    }
    await Promise.all(working)
    try {
      await close()
      send({ type: 'value', id: message.id, value: undefined })
    } catch (error) {
      send({ type: 'error', id: message.id, error: wire(error) })
    }
    port!.close()
  })
  send({ type: 'opened', engine: parts.gallery.engine })
}

try {
  serve(open())
} catch (error) {
  send({ type: 'failed', error: wire(error) })
}
