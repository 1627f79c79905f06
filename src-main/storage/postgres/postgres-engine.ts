/** The PostgreSQL engine: connections over lines to the server thread. Store worker thread. */
import { z } from 'zod'
import type { ErasureReport } from '../../../src-shared/erasure'
import type { Connection } from '../sql/connection'
import type { Engine } from '../sql/engine'
import { changeFeed } from './change-feed'
import { PostgresConnection } from './postgres-connection'
import type { ServerLine } from './server-protocol'

/** Tables that rows of people are in. */
const heldPeople = [
  ...['persons', 'person_tags', 'person_aliases', 'people_apart', 'name_keys', 'photos', 'faces', 'crops'],
  ...['embeddings', 'rejections', 'unknown_faces', 'told_apart', 'suggestions', 'findings', 'ledger'],
  ...['ledger_persons', 'enrolment_reviews', 'enrolment_review_faces', 'changes'],
]

const sizeRow = z.object({ bytes: z.number().int() })

/**
 * Lets the server use the place of what was deleted again. Its files, its log and its backups hold the old bytes until it does: the
 * report says so.
 */
async function vacuum(connection: Connection): Promise<ErasureReport['cleared']> {
  const size = () => connection.row(sizeRow, 'SELECT pg_database_size(current_database()) AS bytes')!.bytes
  const bytesBefore = size()
  connection.run(`VACUUM ${heldPeople.join(', ')}`)
  return { at: new Date().toISOString(), bytesBefore, bytesAfter: size() }
}

const versionRow = z.object({ version: z.string() })

/** `sliceMs`: longer than this, a write pauses. Raises what the server raises. */
export function openPostgresEngine(write: ServerLine, read: ServerLine, sliceMs: number): Engine {
  const connection = new PostgresConnection(write, sliceMs)
  const reads = new PostgresConnection(read)
  const { version } = connection.row(versionRow, "SELECT current_setting('server_version') AS version")!
  return {
    name: `PostgreSQL ${version}`,
    connection,
    reads,
    feed: changeFeed(reads),
    scrub: () => vacuum(connection),
    outOfReach: [
      'Backups and copies of the server, and its write-ahead log',
      'Old bytes in the server’s files, until it uses their place again',
      'Photos in the Identify queues of other consoles',
    ],
    close() {
      write.port.close()
      read.port.close()
    },
  }
}
