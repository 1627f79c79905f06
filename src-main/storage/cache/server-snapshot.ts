/** The server as a cache reads it; see [Note: Snapshots]. Store worker thread. */
import type { MessagePort } from 'node:worker_threads'
import { z } from 'zod'
import { VisorError } from '../../../src-shared/errors'
import { fromSentError } from '../../../src-shared/server-failure'
import type { SnapshotReply, SnapshotRequest } from '../postgres/snapshot-protocol'

/** One reader; asks one thing at a time. */
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
    const reply = await this.#ask({ type: 'rows', sql, values })
    return z.array(row).parse(reply.type === 'rows' ? reply.rows : undefined)
  }

  /** Sets `visor.cache_…`, until the end of the snapshot. */
  async set(settings: Readonly<Record<string, string>>): Promise<void> {
    const named = Object.entries(settings).map(([name, value]) => [`visor.cache_${name}`, value])
    await this.#ask({ type: 'set', settings: Object.fromEntries(named) })
  }

  /** Gives a binary COPY to `take`, piece by piece. */
  async copy(sql: string, take: (piece: Uint8Array) => void): Promise<void> {
    this.#send({ type: 'copy', sql })
    for (;;) {
      const reply = await this.#next()
      if (reply.type !== 'chunk') return
      const { bytes } = reply
      const { byteLength } = bytes
      take(bytes)
      this.#send({ type: 'taken', bytes: byteLength })
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
