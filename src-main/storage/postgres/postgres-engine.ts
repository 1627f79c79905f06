/** The PostgreSQL engine: connections over lines to the server thread. Store worker thread. */
import { z } from 'zod'
import type { Engine } from '../sql/engine'
import { PostgresConnection } from './postgres-connection'
import type { ServerLine } from './server-protocol'

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
    async scrub() {
      throw new Error('A server is cleared in its own way.')
    },
    close() {
      write.port.close()
      read.port.close()
    },
  }
}
