/** Opens what a thread of the store answers for, and answers; see [Note: Threads of the store]. Store's threads. */
import type { MessagePort } from 'node:worker_threads'
import { toSentError } from '../../../src-shared/server-failure'
import { CacheReader } from '../cache/cache-reader'
import { CacheWriter } from '../cache/cache-writer'
import { keptInCache } from '../cache/cached-rows'
import { noteEdits } from '../cache/local-edits'
import { keptInPair } from '../cache/paired-rows'
import { ScanPool } from '../flat/scan-pool'
import { PostgresConnection } from '../postgres/postgres-connection'
import { openPostgresEngine } from '../postgres/postgres-engine'
import type { Connection } from '../sql/connection'
import type { Engine } from '../sql/engine'
import type { Desk } from '../sql/erasure/desk'
import { ErasureWriter } from '../sql/erasure/erasure'
import { GalleryWriter } from '../sql/gallery'
import { HealthReader, HealthWriter } from '../sql/health/health'
import { ImportReader, ImportWriter } from '../sql/imports/imports'
import { GalleryReader } from '../sql/reader'
import { ReviewReader } from '../sql/reviews/enrolment-reviews'
import { ReviewWriter } from '../sql/reviews/reviews'
import { FlatIndexes } from '../sql/search/flat-indexes'
import { UnknownWriter } from '../sql/unknown/unknown'
import { UnknownReader } from '../sql/unknown/unknown-reader'
import { DualWriter } from '../sqlite/dual'
import { DualReader } from '../sqlite/dual-reader'
import { Outbox } from '../sqlite/outbox'
import { SqliteQueue } from '../sqlite/queue'
import { QueueDesk } from '../sqlite/queue-desk'
import { openSqliteEngine, openSqliteReader } from '../sqlite/sqlite-engine'
import { explainStorageError } from '../sqlite/sqlite-errors'
import type { FromStore, WorkerData } from './protocol'
import { type Served, serve } from './serve'

function openForWrites({
  engine: opened,
  scanWorkerUrl,
  threads,
  int8FromRows,
  sliceMs,
}: WorkerData & { role: 'write' }): Served {
  const pool = new ScanPool(threads, new URL(scanWorkerUrl))
  if (opened.kind === 'postgres') {
    const [write, read] = opened.lines
    const engine = openPostgresEngine(write!, read!, sliceMs)
    return servedBy(engine, pool, new FlatIndexes(engine.reads, pool, int8FromRows, engine.feed))
  }
  const { folder, isCache, scrubWorkerUrl } = opened
  const engine = openSqliteEngine(folder, isCache ? 'cache' : 'gallery', new URL(scrubWorkerUrl), sliceMs)
  const { connection } = engine
  const indexes = new FlatIndexes(engine.reads, pool, int8FromRows)
  const served = servedBy(engine, pool, indexes, new QueueDesk(connection))
  const queue = new SqliteQueue(connection)
  const dual = new DualWriter(connection)
  // From here on, what is written is noted as an edit of the cache; of a gallery of its own, where it is paired.
  if (opened.isCache) noteEdits(connection)
  const kept = opened.isCache ? keptInCache : keptInPair
  const cache = new CacheWriter(connection, indexes, engine.scrub, kept)
  return { ...served, parts: { ...served.parts, queue, outbox: new Outbox(connection), cache, dual } }
}

/** `desk`: the Identify queue, where it lies in the same database. */
function servedBy(engine: Engine, pool: ScanPool, indexes: FlatIndexes, desk?: Desk): Served {
  const { connection, reads, feed } = engine
  return {
    engine: engine.name,
    parts: {
      gallery: new GalleryWriter(engine.name, connection, reads, indexes),
      reviews: new ReviewWriter(connection, indexes),
      unknown: new UnknownWriter(connection, reads, indexes),
      erasure: new ErasureWriter(connection, indexes, engine, desk),
      health: new HealthWriter(connection, reads, indexes, feed),
      imports: new ImportWriter(connection, indexes),
    },
    gate: connection.gate,
    async close() {
      await pool.close()
      engine.close()
    },
  }
}

function openForReads({ engine: opened }: WorkerData): Served {
  if (opened.kind === 'postgres') {
    const [line] = opened.lines
    return readBy(new PostgresConnection(line!), () => line!.port.close())
  }
  const { connection, close } = openSqliteReader(opened.folder)
  const served = readBy(connection, close)
  const queue = new SqliteQueue(connection)
  const [cache, dual] = [new CacheReader(connection), new DualReader(connection)]
  return { ...served, parts: { ...served.parts, queue, cache, dual } }
}

function readBy(connection: Connection, close: () => void): Served {
  return {
    engine: '',
    parts: {
      gallery: new GalleryReader(connection),
      reviews: new ReviewReader(connection),
      unknown: new UnknownReader(connection),
      health: new HealthReader(connection),
      imports: new ImportReader(connection),
    },
    gate: connection.gate,
    close: async () => close(),
  }
}

/**
 * Opens the database that `data` names: with connections for writing and the flat indexes, or only to read; says so on `port`, and
 * answers there until it is closed.
 */
export function serveStore(port: MessagePort, data: WorkerData): void {
  const { engine } = data
  const sent = (error: unknown) =>
    toSentError(engine.kind === 'sqlite' ? explainStorageError(error, engine.folder) : error)
  try {
    serve(port, data.role === 'write' ? openForWrites(data) : openForReads(data), sent)
  } catch (error) {
    port.postMessage({ type: 'failed', error: sent(error) } satisfies FromStore)
  }
}
