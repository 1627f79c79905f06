/** A database on a server as the store's statements see it: waits for the server thread. Store's threads. */

import { receiveMessageOnPort } from 'node:worker_threads'
import { z } from 'zod'
import { VisorError } from '../../../src-shared/errors'
import type { ClientId, LedgerId } from '../../../src-shared/ids'
import { fromSentError, ServerError } from '../../../src-shared/server-failure'
import type { StoreRights } from '../../../src-shared/store-rights'
import type { StoreSizes } from '../../../src-shared/store-sizes'
import type { Connection, SqlValue, TableRows } from '../sql/connection'
import { readsVectors, toPostgres } from '../sql/dialect'
import { defaultSliceMs, WriteGate } from '../sql/write-gate'
import { binaryRows } from './binary-rows'
import { mayTryAgain, pauseMsAfter } from './retry'
import { rightsOf } from './rights'
import type { ServerLine, ServerReply, ServerRequest, WireValue } from './server-protocol'
import { sizesOf } from './sizes'
import { decodeVector, encodeVector } from './vectors'

interface Statement {
  readonly sql: string
  readonly readsVectors: boolean
}

type Row = Record<string, unknown>

const selectEntry = 'SELECT id FROM ledger WHERE id = ?'
const foundRow = z.object({ id: z.string() })

/** See [Note: Two engines] and [Note: Server thread]. */
export class PostgresConnection implements Connection {
  readonly gate: WriteGate
  readonly tellsIndexes = false
  readonly reusesNumbers = false
  readonly stepRows = [1500, 2500, 3000, 3000] as const
  readonly #line: ServerLine
  readonly #statements = new Map<string, Statement>()
  #inTransaction = false
  /** The server has rows of this transaction to copy, and has not said how that went. */
  #copying = false
  /** Of the transaction in work, or the last one. */
  #outcome: 'not done' | 'done' | 'unknown' = 'not done'

  constructor(line: ServerLine, sliceMs = defaultSliceMs) {
    this.gate = new WriteGate(sliceMs)
    this.#line = line
  }

  rows<T>(row: z.ZodType<T>, sql: string, ...values: SqlValue[]): T[] {
    return this.#read(sql, values, 'object').rows.map((raw) => row.parse(raw))
  }

  row<T>(row: z.ZodType<T>, sql: string, ...values: SqlValue[]): T | undefined {
    const [raw] = this.#read(sql, values, 'object').rows
    return raw === undefined ? undefined : row.parse(raw)
  }

  columns(sql: string, ...values: SqlValue[]): unknown[] {
    return [...this.#read(sql, values, 'array').rows]
  }

  ids<T extends string>(sql: string, ...values: SqlValue[]): T[] {
    return this.#read(sql, values, 'array').rows.map((row) => (row as T[])[0]!)
  }

  run(sql: string, ...values: SqlValue[]): number {
    return this.#query(sql, values, 'array', false).changed
  }

  insertMany(tables: readonly TableRows[]): readonly (readonly number[])[] {
    const copied = tables
      .filter(({ rows }) => rows.length > 0)
      .map(({ table: { name, columns, onServer }, rows }) => {
        const all = { ...columns, ...onServer }
        return { table: name, columns: Object.keys(all), bytes: binaryRows(Object.values(all), rows) }
      })
    this.#settle()
    this.#post(
      { type: 'copy', tables: copied },
      copied.map(({ bytes }) => bytes.buffer),
    )
    this.#copying = true
    return []
  }

  transaction<T>(clientId: ClientId | null, work: (chain: string) => T, entry?: LedgerId): T {
    for (let attempt = 1; ; attempt++) {
      try {
        const value = work(this.#begin(clientId))
        this.#commit(clientId, entry)
        return value
      } catch (error) {
        this.#rollBack()
        if (!this.#mayRepeat(error, attempt)) throw error
      }
      pause(attempt)
    }
  }

  async longTransaction<T>(
    clientId: ClientId,
    work: (chain: string, commit: () => void) => Promise<T>,
    entry?: LedgerId,
  ): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await work(this.#begin(clientId), () => this.#commit(clientId, entry))
      } catch (error) {
        this.#rollBack()
        if (!this.#mayRepeat(error, attempt)) throw error
      }
      pause(attempt)
    }
  }

  version(): number {
    const [row] = this.#read('SELECT coalesce(sum(revision), 0)::bigint FROM clients', [], 'array').rows
    return Number((row as unknown[])[0])
  }

  rights(): StoreRights {
    return rightsOf(this)
  }

  sizes(): StoreSizes {
    return sizesOf(this)
  }

  #begin(client: ClientId | null): string {
    if (this.#inTransaction) throw new Error('Another write has the store to itself.')
    this.#outcome = 'not done'
    const reply = this.#ask({ type: 'begin', client })
    if (reply.type !== 'begun') throw unexpected(reply)
    this.#inTransaction = true
    return reply.chain ?? ''
  }

  /** Where the answer is lost, the ledger says whether it was done. Raises what the server raised where it was not. */
  #commit(clientId: ClientId | null, entry: LedgerId | undefined): void {
    this.#settle()
    this.#inTransaction = false
    try {
      this.#ask({ type: 'commit' })
      this.#outcome = 'done'
    } catch (error) {
      const lost = error instanceof ServerError && error.failure.retry === 'unknown'
      if (!lost || entry === undefined) throw error
      this.#outcome = 'unknown'
      this.#outcome = this.#isThere(clientId, entry, error) ? 'done' : 'not done'
      if (this.#outcome === 'not done') throw error
    }
  }

  /** Whether an entry is in the ledger, once whoever writes for the client is through. Raises `lost` where nobody can tell. */
  #isThere(clientId: ClientId | null, entry: LedgerId, lost: ServerError): boolean {
    try {
      this.#ask({ type: 'begin', client: clientId })
      this.#inTransaction = true
      return this.row(foundRow, selectEntry, entry) !== undefined
    } catch (error) {
      throw error instanceof ServerError ? lost : error
    } finally {
      this.#rollBack()
    }
  }

  #rollBack(): void {
    if (!this.#inTransaction) return
    this.#inTransaction = false
    // How it went no longer matters.
    if (this.#copying) this.#reply()
    this.#copying = false
    this.#ask({ type: 'rollback' })
  }

  #mayRepeat(error: unknown, attempt: number): boolean {
    return (
      this.#outcome === 'not done' &&
      error instanceof ServerError &&
      mayTryAgain(error.failure, attempt, true)
    )
  }

  #read(sql: string, values: readonly SqlValue[], rowMode: 'object' | 'array') {
    return this.#query(sql, values, rowMode, true)
  }

  #query(sql: string, values: readonly SqlValue[], rowMode: 'object' | 'array', reads: boolean) {
    const statement = this.#statement(sql)
    const reply = this.#ask({
      type: 'query',
      sql: statement.sql,
      values: values.map(wireValue),
      rowMode,
      reads,
    })
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

  /** Waits until what is being copied is there. Raises what PostgreSQL raised. */
  #settle(): void {
    if (!this.#copying) return
    this.#copying = false
    refuseError(this.#reply())
  }

  /** Asks and sleeps until the answer is there. Raises what PostgreSQL raised. */
  #ask(request: ServerRequest): Exclude<ServerReply, { type: 'error' }> {
    this.#settle()
    this.#post(request)
    return refuseError(this.#reply())
  }

  /** `given`: memory that goes with it. */
  #post(request: ServerRequest, given: readonly ArrayBuffer[] = []): void {
    this.#line.port.postMessage(request, given)
  }

  #reply(): ServerReply {
    const { port, replies } = this.#line
    for (;;) {
      const before = Atomics.load(replies, 0)
      const received = receiveMessageOnPort(port) as { message: ServerReply } | undefined
      if (received !== undefined) return received.message
      if (Atomics.load(replies, 1) !== 0) throw gone()
      Atomics.wait(replies, 0, before)
    }
  }
}

function refuseError(reply: ServerReply): Exclude<ServerReply, { type: 'error' }> {
  if (reply.type === 'error') throw fromSentError(reply.error)
  return reply
}

/** In this thread nothing else is done meanwhile. */
function pause(attempt: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, pauseMsAfter(attempt))
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

function gone(): VisorError {
  return new VisorError('store-unavailable', 'The connections to the server ended.', {
    consequence: 'What was asked was not done.',
    remedy: 'Start Visor again.',
  })
}

function unexpected({ type }: ServerReply): VisorError {
  return new VisorError('internal', `The server thread answered ${type}.`)
}
