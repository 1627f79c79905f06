/**
 * The store: owns the SQLite connections, the folder's lock and the flat indexes, or only reads; see [Note: Threads of the
 * store]. Entry, worker threads of main (and of the command line).
 */
import { mkdirSync } from 'node:fs'
import { parentPort, workerData } from 'node:worker_threads'
import { toWireError } from '../../../src-shared/errors'
import { ScanPool } from '../flat/scan-pool'
import { Connection } from './connection'
import { ReviewReader } from './enrolment-reviews'
import { SqliteErasure } from './erasure/erasure'
import { type Scrub, scrubDatabase } from './erasure/scrub'
import { FlatIndexes } from './flat-indexes'
import { lockFolder } from './folder-lock'
import { SqliteGallery } from './gallery'
import { HealthReader, SqliteHealth } from './health'
import { databaseFile, openDatabase, openForReading } from './open-database'
import { type FromStore, type WorkerData, workerDataSchema } from './protocol'
import { SqliteQueue } from './queue'
import { GalleryReader } from './reader'
import { SqliteReviews } from './reviews'
import { type Served, serve } from './serve'
import { explainStorageError } from './sqlite-errors'
import { SqliteUnknown } from './unknown'
import { UnknownReader } from './unknown-reader'

const port = parentPort
if (port === null) throw new Error('The store runs in a worker thread.')
const data = workerDataSchema.parse(workerData)
const wire = (error: unknown) => toWireError(explainStorageError(error, data.folder))

/** Opens everything, in the order in which it can fail without harm. */
function openForWrites({
  folder,
  scanWorkerUrl,
  scrubWorkerUrl,
  threads,
  int8FromRows,
  sliceMs,
}: WorkerData & { role: 'write' }): Served {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const lock = lockFolder(folder)
  try {
    const database = openDatabase(databaseFile(folder))
    const committed = openForReading(databaseFile(folder))
    const connection = new Connection(database, sliceMs)
    const reads = new Connection(committed)
    const pool = new ScanPool(threads, new URL(scanWorkerUrl))
    const version = String(database.prepare('SELECT sqlite_version()').pluck().get())
    const indexes = new FlatIndexes(reads, pool, int8FromRows)
    const gallery = new SqliteGallery(`SQLite ${version}`, connection, reads, indexes)
    const scrub: Scrub = (control) =>
      scrubDatabase(databaseFile(folder), new URL(scrubWorkerUrl), folder, control)
    const close = async () => {
      await pool.close()
      committed.close()
      database.close()
      lock.release()
    }
    return {
      engine: gallery.engine,
      parts: {
        gallery,
        queue: new SqliteQueue(connection),
        reviews: new SqliteReviews(connection, indexes),
        unknown: new SqliteUnknown(connection, reads, indexes),
        erasure: new SqliteErasure(connection, indexes, scrub),
        health: new SqliteHealth(connection, reads, indexes),
      },
      gate: connection.gate,
      close,
    }
  } catch (error) {
    lock.release()
    throw error
  }
}

function openForReads({ folder }: WorkerData & { role: 'read' }): Served {
  const database = openForReading(databaseFile(folder))
  const connection = new Connection(database)
  return {
    engine: '',
    parts: {
      gallery: new GalleryReader(connection),
      queue: new SqliteQueue(connection),
      reviews: new ReviewReader(connection),
      unknown: new UnknownReader(connection),
      health: new HealthReader(connection),
    },
    gate: connection.gate,
    close: async () => {
      database.close()
    },
  }
}

try {
  serve(port, data.role === 'write' ? openForWrites(data) : openForReads(data), wire)
} catch (error) {
  port.postMessage({ type: 'failed', error: wire(error) } satisfies FromStore)
}
