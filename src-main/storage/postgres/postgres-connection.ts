/** A database on a server as the store's statements see it: waits for the server thread. Store's threads. */
import { receiveMessageOnPort } from 'node:worker_threads'
import type { z } from 'zod'
import { VisorError } from '../../../src-shared/errors'
import type { ClientId } from '../../../src-shared/ids'
import type { Connection, SqlValue } from '../sql/connection'
import { readsVectors, toPostgres } from '../sql/dialect'
import { defaultSliceMs, WriteGate } from '../sql/write-gate'
import { PostgresError } from './postgres-error'
import type { ServerLine, ServerReply, ServerRequest, WireValue } from './server-protocol'
import { decodeVector, encodeVector } from './vectors'

interface Statement {
  readonly sql: string
  readonly readsVectors: boolean
}

type Row = Record<string, unknown>

/** See [Note: Two engines] and [Note: Server thread]. */
export class PostgresConnection implements Connection {
  readonly gate: WriteGate
  readonly #line: ServerLine
  readonly #statements = new Map<string, Statement>()
  #inTransaction = false

  constructor(line: ServerLine, sliceMs = defaultSliceMs) {
    this.gate = new WriteGate(sliceMs)
    this.#line = line
  }

  rows<T>(row: z.ZodType<T>, sql: string, ...values: SqlValue[]): T[] {
    return this.#query(sql, values, 'object').rows.map((raw) => row.parse(raw))
  }

  row<T>(row: z.ZodType<T>, sql: string, ...values: SqlValue[]): T | undefined {
    const [raw] = this.#query(sql, values, 'object').rows
    return raw === undefined ? undefined : row.parse(raw)
  }

  columns(sql: string, ...values: SqlValue[]): unknown[] {
    return [...this.#query(sql, values, 'array').rows]
  }

  ids<T extends string>(sql: string, ...values: SqlValue[]): T[] {
    return this.#query(sql, values, 'array').rows.map((row) => (row as T[])[0]!)
  }

  run(sql: string, ...values: SqlValue[]): number {
    return this.#query(sql, values, 'array').changed
  }

  transaction<T>(clientId: ClientId | null, work: (chain: string) => T): T {
    const chain = this.#begin(clientId)
    try {
      const value = work(chain)
      this.#end('commit')
      return value
    } finally {
      if (this.#inTransaction) this.#end('rollback')
    }
  }

  async longTransaction<T>(
    clientId: ClientId,
    work: (chain: string, commit: () => void) => Promise<T>,
  ): Promise<T> {
    const chain = this.#begin(clientId)
    try {
      return await work(chain, () => this.#end('commit'))
    } finally {
      if (this.#inTransaction) this.#end('rollback')
    }
  }

  version(): number {
    const [row] = this.#query('SELECT coalesce(sum(revision), 0)::bigint FROM clients', [], 'array').rows
    return Number((row as unknown[])[0])
  }

  #begin(client: ClientId | null): string {
    if (this.#inTransaction) throw new Error('Another write has the store to itself.')
    const reply = this.#ask({ type: 'begin', client })
    if (reply.type !== 'begun') throw unexpected(reply)
    this.#inTransaction = true
    // A client that is made in this transaction gets its chain with it; see `ensureClient`.
    return reply.chain ?? ''
  }

  #end(type: 'commit' | 'rollback'): void {
    // Whatever comes of it, the connection is given back.
    this.#inTransaction = false
    this.#ask({ type })
  }

  #query(sql: string, values: readonly SqlValue[], rowMode: 'object' | 'array') {
    const statement = this.#statement(sql)
    const reply = this.#ask({ type: 'query', sql: statement.sql, values: values.map(wireValue), rowMode })
    if (reply.type !== 'rows') throw unexpected(reply)
    return statement.readsVectors ? { ...reply, rows: reply.rows.map(withVectors) } : reply
  }

  #statement(sql: string): Statement {
    const known = this.#statements.get(sql)
    if (known !== undefined) return known
    const statement = { sql: toPostgres(sql), readsVectors: readsVectors(sql) }
    this.#statements.set(sql, statement)
    return statement
  }

  /** Asks and sleeps until the answer is there. Raises what PostgreSQL raised. */
  #ask(request: ServerRequest): Exclude<ServerReply, { type: 'error' }> {
    const { port, replies } = this.#line
    const before = Atomics.load(replies, 0)
    port.postMessage(request)
    for (;;) {
      const received = receiveMessageOnPort(port) as { message: ServerReply } | undefined
      if (received === undefined) {
        Atomics.wait(replies, 0, before)
        continue
      }
      const reply = received.message
      if (reply.type === 'error') throw new PostgresError(reply.error)
      return reply
    }
  }
}

function wireValue(value: SqlValue): WireValue {
  return value instanceof Float32Array ? encodeVector(value) : value
}

/** Every column of bytes is a vector: a statement that reads vectors reads no pictures. */
function withVectors(row: unknown): unknown {
  if (Array.isArray(row)) return row.map(vectorOrSame)
  return Object.fromEntries(Object.entries(row as Row).map(([name, value]) => [name, vectorOrSame(value)]))
}

const vectorOrSame = (value: unknown) => (value instanceof Uint8Array ? decodeVector(value) : value)

function unexpected({ type }: ServerReply): VisorError {
  return new VisorError('internal', `The server thread answered ${type}.`)
}
