/** Answers the requests of one store thread from the pool; see [Note: Server thread]. Server thread. */
import pg, { type Pool, type PoolClient } from 'pg'
import type { ServerFailure, ServerLine, ServerReply, ServerRequest } from './server-protocol'

/** Object ids of types, from PostgreSQL's catalogue (`pg_type.dat`). */
const typeIds = { bool: 16, bytea: 17, int8: 20, numeric: 1700 } as const

/** Rows as SQLite gives them: numbers for counts, 0 or 1 for flags, bytes for bytes; all else as text or number. */
const types: pg.CustomTypesConfig = {
  getTypeParser: (typeId: number, format?: 'text' | 'binary') => {
    switch (typeId) {
      case typeIds.bool:
        return (text: string) => (text === 't' ? 1 : 0)
      case typeIds.bytea:
        return (text: string) => new Uint8Array(Buffer.from(text.slice(2), 'hex'))
      case typeIds.int8:
      case typeIds.numeric:
        return Number
      default:
        return pg.types.getTypeParser(typeId, format)
    }
  },
}

/** Serves a line until its other end is closed. */
export function serveLine(pool: Pool, { port, replies }: ServerLine): void {
  /** While a transaction is open. */
  let own: PoolClient | undefined
  const answer = async (request: ServerRequest): Promise<ServerReply> => {
    switch (request.type) {
      case 'query': {
        const { sql, values, rowMode } = request
        const query = { text: sql, values: values.map(parameter), types }
        const on = own ?? pool
        const result = rowMode === 'array' ? await on.query({ ...query, rowMode }) : await on.query(query)
        return { type: 'rows', rows: result.rows, changed: result.rowCount ?? 0 }
      }
      case 'begin': {
        const client = await pool.connect()
        try {
          const chain = await begin(client, request.client)
          own = client
          return { type: 'begun', chain }
        } catch (error) {
          client.release(true)
          throw error
        }
      }
      case 'commit':
      case 'rollback': {
        const client = own
        own = undefined
        if (client === undefined) return { type: 'done' }
        try {
          await client.query(request.type === 'commit' ? 'COMMIT' : 'ROLLBACK')
          client.release()
        } catch (error) {
          // Nobody knows what state it is in.
          client.release(true)
          throw error
        }
        return { type: 'done' }
      }
    }
  }
  port.on('message', async (request: ServerRequest) => {
    const reply = await answer(request).catch(
      (error: unknown): ServerReply => ({ type: 'error', error: failureOf(error) }),
    )
    port.postMessage(reply)
    Atomics.add(replies, 0, 1)
    Atomics.notify(replies, 0)
  })
  port.on('close', () => own?.release(true))
}

/** Opens a transaction; the chain of the client that it writes for. */
async function begin(on: PoolClient, client: string | null): Promise<string | null> {
  await on.query('BEGIN')
  if (client === null) return null
  const { rows } = await on.query<{ chain: string }>('SELECT write_for($1) AS chain', [client])
  return rows[0]?.chain ?? null
}

/** Bytes go in the binary format, which for `bytea` is as they are and for `vector` its own. */
function parameter(value: string | number | null | Uint8Array): string | number | null | Buffer {
  return value instanceof Uint8Array ? Buffer.from(value.buffer, value.byteOffset, value.byteLength) : value
}

function failureOf(error: unknown): ServerFailure {
  if (!(error instanceof Error)) return { message: String(error), code: '', constraint: undefined }
  const { code, constraint } = error as { code?: unknown; constraint?: unknown }
  return {
    message: error.message,
    code: typeof code === 'string' ? code : '',
    constraint: typeof constraint === 'string' ? constraint : undefined,
  }
}
