/** Answers the requests of one store thread from the pool; see [Note: Server thread]. Server thread. */
import pg from 'pg'
import { z } from 'zod'
import { toSentError } from '../../../src-shared/server-failure'
import { failureOn, giveUp, type ServerPool } from './connect'
import { TableCopies } from './copy-rows'
import { retrying } from './retry'
import type { ServerLine, ServerReply, ServerRequest } from './server-protocol'

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

type Request<T extends ServerRequest['type']> = Extract<ServerRequest, { readonly type: T }>

/** A line that is served. */
export interface ServedLine {
  /** Gives up the connection of a request that was asked before then (`performance.now()`) and has no answer. */
  giveUpBefore(askedAtMs: number): void
}

/** Serves a line until its other end is closed. `pool`: the one that is asked now, or why there is none. */
export function serveLine(pool: () => Promise<ServerPool>, { port, replies }: ServerLine): ServedLine {
  const server = new LineServer(pool)
  port.on('message', async (request: ServerRequest) => {
    const reply = await server.answer(request)
    port.postMessage(reply)
    Atomics.add(replies, 0, 1)
    Atomics.notify(replies, 0)
  })
  port.on('close', () => server.end())
  return server
}

class LineServer implements ServedLine {
  readonly #pool: () => Promise<ServerPool>
  /** While a transaction is open. */
  #own: { readonly client: pg.PoolClient; readonly copies: TableCopies } | undefined
  /** The connection that owes an answer, and since when (`performance.now()`). */
  #asked: { readonly client: pg.PoolClient; readonly sinceMs: number } | undefined

  constructor(pool: () => Promise<ServerPool>) {
    this.#pool = pool
  }

  async answer(request: ServerRequest): Promise<ServerReply> {
    try {
      switch (request.type) {
        case 'query':
          return await this.#query(request)
        case 'copy':
          return await this.#copy(request)
        case 'begin':
          return await this.#begin(request)
        case 'commit':
        case 'rollback':
          return await this.#end(request.type)
      }
    } catch (error) {
      // What the settings are to blame for is told as it is.
      return { type: 'error', error: toSentError(error) }
    }
  }

  giveUpBefore(askedAtMs: number): void {
    if (this.#asked !== undefined && this.#asked.sinceMs <= askedAtMs) giveUp(this.#asked.client)
  }

  /** Nobody asks any more. */
  end(): void {
    this.#own?.client.release(true)
    this.#own = undefined
  }

  async #query(request: Request<'query'>): Promise<ServerReply> {
    if (this.#own !== undefined) return this.#ask(this.#own.client, request)
    const once = async () => {
      const client = await this.#client()
      try {
        return await this.#ask(client, request)
      } finally {
        // A connection that was lost is known to the pool by then.
        client.release()
      }
    }
    return retrying(once, { repeatable: request.reads })
  }

  async #copy({ tables }: Request<'copy'>): Promise<ServerReply> {
    if (this.#own === undefined) throw new Error('Rows are copied within a transaction.')
    const { client, copies } = this.#own
    await this.#waited(client, copies.copy(tables))
    return { type: 'done' }
  }

  async #begin({ client: clientId }: Request<'begin'>): Promise<ServerReply> {
    // Nothing is done yet: a connection that died while it lay in the pool is nobody's trouble.
    return retrying(
      async () => {
        const client = await this.#client()
        try {
          const chain = await this.#waited(client, beginFor(client, clientId))
          this.#own = { client, copies: new TableCopies(client) }
          return { type: 'begun', chain }
        } catch (error) {
          client.release(true)
          throw error
        }
      },
      { repeatable: true },
    )
  }

  async #end(how: 'commit' | 'rollback'): Promise<ServerReply> {
    const own = this.#own
    this.#own = undefined
    if (own === undefined) return { type: 'done' }
    const { client, copies } = own
    try {
      const { command } = await this.#waited(client, client.query(how.toUpperCase()))
      if (command !== how.toUpperCase()) throw new Error(`The server answered ${how} with ${command}.`)
      if (how === 'commit') copies.committed()
      client.release()
    } catch (error) {
      // Nobody knows what state it is in; without the connection, the transaction is rolled back.
      client.release(true)
      if (how === 'commit') throw error
    }
    return { type: 'done' }
  }

  async #ask(
    client: pg.PoolClient,
    { sql, values, rowMode }: Omit<Request<'query'>, 'type'>,
  ): Promise<ServerReply> {
    const query = { text: sql, values: values.map(parameter), types }
    const asked = rowMode === 'array' ? client.query({ ...query, rowMode }) : client.query(query)
    const { rows, rowCount } = await this.#waited<pg.QueryResult | pg.QueryArrayResult>(client, asked)
    return { type: 'rows', rows, changed: rowCount ?? 0 }
  }

  async #client(): Promise<pg.PoolClient> {
    const pool = await this.#pool()
    return pool.connect()
  }

  async #waited<T>(client: pg.PoolClient, asked: Promise<T>): Promise<T> {
    this.#asked = { client, sinceMs: performance.now() }
    try {
      return await asked
    } catch (error) {
      throw failureOn(client, error)
    } finally {
      this.#asked = undefined
    }
  }
}

/**
 * Begins a write, and waits until the other writes of the client are over; the chain of its ledger. All in one message: each would
 * have to go to the server and back.
 */
async function beginFor(client: pg.PoolClient, clientId: string | null): Promise<string | null> {
  if (clientId === null) {
    await client.query('BEGIN')
    return null
  }
  const results: unknown = await client.query(
    `BEGIN; SELECT write_for(${pg.escapeLiteral(clientId)}) AS chain`,
  )
  return chainSchema.parse(results).at(-1)!.rows[0]?.chain ?? null
}
const chainSchema = z.array(z.object({ rows: z.array(z.object({ chain: z.string().nullable() }).partial()) }))

/** Bytes go in the binary format, which for `bytea` is as they are and for `vector` its own. */
function parameter(value: string | number | null | Uint8Array): string | number | null | Buffer {
  return value instanceof Uint8Array ? Buffer.from(value.buffer, value.byteOffset, value.byteLength) : value
}
