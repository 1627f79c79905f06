/** The server as a cache reads it; see [Note: Snapshots]. Store worker thread. */
import type { MessagePort } from 'node:worker_threads'
import { z } from 'zod'
import { VisorError } from '../../../src-shared/errors'
import { fromSentError } from '../../../src-shared/server-failure'
import type { SnapshotReply, SnapshotRequest } from '../postgres/snapshot-protocol'

/** Gives a copy that was asked for to `take`, in pieces of whole rows, each of which is good until `take` returns. */
export type Copied = (take: (piece: Uint8Array) => void) => Promise<void>

/** One reader. */
export class ServerSnapshot {
  readonly #port: MessagePort
  readonly #replies: SnapshotReply[] = []
  #arrived = Promise.withResolvers<void>()
  #closed: unknown

  /** Aborted, everything that is asked raises what `signal` says. */
  constructor(port: MessagePort, signal: AbortSignal | undefined) {
    this.#port = port
    port.on('message', (reply: SnapshotReply) => {
      this.#replies.push(reply)
      this.#arrived.resolve()
    })
    port.on('close', () =>
      this.#close(new VisorError('cancelled', 'The connection to the server was closed.')),
    )
    signal?.addEventListener('abort', () => {
      this.#close(signal.reason)
      port.close()
    })
    if (signal?.aborted === true) this.#close(signal.reason)
  }

  /** Runs `work` on the database as it is now. Raises {@link ServerError}. */
  async at<T>(work: () => Promise<T>): Promise<T> {
    await this.#ask({ type: 'begin' })
    const value = await work()
    await this.#ask({ type: 'end' })
    return value
  }

  /** The rows of a statement, each parsed from its columns. */
  async rows<T>(row: z.ZodType<T>, sql: string, ...values: (string | number)[]): Promise<T[]> {
    return this.rowsAhead(row, sql, ...values)()
  }

  /** Sets `visor.cache_…`, until the end of the snapshot. */
  async set(settings: Readonly<Record<string, string>>): Promise<void> {
    return this.setAhead(settings)()
  }

  /** Asks now; what it gives takes the answer. All answers are to be taken in the order in which was asked. */
  rowsAhead<T>(row: z.ZodType<T>, sql: string, ...values: (string | number)[]): () => Promise<T[]> {
    this.#send({ type: 'rows', sql, values })
    return async () => {
      const reply = await this.#next()
      return z.array(row).parse(reply.type === 'rows' ? reply.rows : undefined)
    }
  }

  /** {@link set}, as {@link rowsAhead} asks. */
  setAhead(settings: Readonly<Record<string, string>>): () => Promise<void> {
    const named = Object.entries(settings).map(([name, value]) => [`visor.cache_${name}`, value])
    this.#send({ type: 'set', settings: Object.fromEntries(named) })
    return async () => {
      await this.#next()
    }
  }

  /** Asks for a binary COPY, as {@link rowsAhead} asks. */
  copy(sql: string): Copied {
    this.#send({ type: 'copy', sql })
    return async (take) => {
      for (;;) {
        const reply = await this.#next()
        if (reply.type !== 'chunk') return
        take(reply.bytes)
        this.#port.postMessage({ type: 'taken', bytes: reply.bytes } satisfies SnapshotRequest, [
          reply.bytes.buffer,
        ])
      }
    }
  }

  close(): void {
    this.#port.close()
  }

  async #ask(request: SnapshotRequest): Promise<SnapshotReply> {
    this.#send(request)
    return this.#next()
  }

  #send(request: SnapshotRequest): void {
    if (this.#closed !== undefined) throw this.#closed
    this.#port.postMessage(request)
  }

  async #next(): Promise<SnapshotReply> {
    for (;;) {
      if (this.#closed !== undefined) throw this.#closed
      const reply = this.#replies.shift()
      if (reply === undefined) {
        this.#arrived = Promise.withResolvers<void>()
        await this.#arrived.promise
        continue
      }
      if (reply.type === 'error') throw fromSentError(reply.error)
      return reply
    }
  }

  #close(reason: unknown): void {
    this.#closed ??= reason
    this.#arrived.resolve()
  }
}
