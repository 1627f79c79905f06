/** The server thread, seen from outside; see [Note: Server thread]. Main, command line. */
import { once } from 'node:events'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { MessageChannel, type MessagePort, Worker } from 'node:worker_threads'
import type { VisorError } from '../../../src-shared/errors'
import { fromSentError, type SentError } from '../../../src-shared/server-failure'
import type { IndexControl } from '../index-store'
import {
  fromServerThreadSchema,
  type ServerCall,
  type ServerCalls,
  type ServerLine,
  type ServerThreadData,
  type ToServerThread,
} from '../postgres/server-protocol'
import { unavailable } from './store-thread'

interface Owed {
  readonly resolve: (value: unknown) => void
  readonly reject: (error: VisorError) => void
  readonly onProgress: ((progress: unknown) => void) | undefined
}

/** The thread's death rejects all that it owes. */
export class ServerWorker {
  readonly #worker: Worker
  readonly #exit: Promise<void>
  readonly #lines: ServerLine['replies'][] = []
  readonly #owed = new Map<number, Owed>()
  #lastId = 0
  #closed = false
  #failure: VisorError | undefined

  /** `onFailure` is told once, should the thread die. */
  constructor(
    builtFolder: string,
    workerData: ServerThreadData,
    onFailure: ((error: VisorError) => void) | undefined,
  ) {
    this.#worker = new Worker(pathToFileURL(join(builtFolder, 'server.js')), {
      workerData,
      name: 'store, server',
    })
    const exit = Promise.withResolvers<void>()
    this.#exit = exit.promise
    let cause: unknown
    this.#worker.on('message', (raw: unknown) => this.#hear(raw))
    this.#worker.on('error', (error) => {
      cause = error
    })
    this.#worker.on('exit', (code) => {
      // Whoever waits for an answer would wait for ever.
      for (const replies of this.#lines) {
        Atomics.store(replies, 1, 1)
        Atomics.add(replies, 0, 1)
        Atomics.notify(replies, 0)
      }
      this.#failure = unavailable(cause ?? new Error(`The server thread ended with ${code}.`))
      for (const { reject } of this.#owed.values()) reject(this.#failure)
      this.#owed.clear()
      if (!this.#closed) onFailure?.(this.#failure)
      exit.resolve()
    })
  }

  newLine(): ServerLine {
    const { port1, port2 } = new MessageChannel()
    const replies = new Int32Array(new SharedArrayBuffer(2 * Int32Array.BYTES_PER_ELEMENT))
    this.#lines.push(replies)
    this.#tell({ type: 'line', line: { port: port1, replies } }, [port1])
    return { port: port2, replies }
  }

  newPort(type: 'feed' | 'snapshots' | 'probe' | 'renew'): MessagePort {
    const { port1, port2 } = new MessageChannel()
    this.#tell({ type, port: port1 }, [port1])
    return port2
  }

  async ask(type: 'probe' | 'renew'): Promise<void> {
    const port = this.newPort(type)
    const answered = once(port, 'message') as Promise<[SentError | null]>
    const gone = this.#exit.then(() => {
      throw unavailable(new Error('The server thread ended.'))
    })
    const [error] = await Promise.race([answered, gone])
    port.close()
    if (error !== null) throw fromSentError(error)
  }

  /** One of the thread's own calls. Raises what it raises, `store-unavailable` once the thread is gone. */
  call<M extends ServerCall>(
    method: M,
    args: readonly unknown[],
    control?: IndexControl<never>,
  ): ReturnType<ServerCalls[M]>
  async call(
    method: ServerCall,
    args: readonly unknown[],
    control: IndexControl<never> = {},
  ): Promise<unknown> {
    const { signal, onProgress } = control as IndexControl<unknown>
    signal?.throwIfAborted()
    if (this.#failure !== undefined) throw this.#failure
    const id = ++this.#lastId
    const { promise, resolve, reject } = Promise.withResolvers<unknown>()
    this.#owed.set(id, { resolve, reject, onProgress })
    const cancel = () => this.#tell({ type: 'cancel', id })
    signal?.addEventListener('abort', cancel)
    this.#tell({ type: 'call', id, method, args: [...args] })
    try {
      return await promise
    } catch (error) {
      // Cancelled is cancelled, for the reason that the caller gave.
      signal?.throwIfAborted()
      throw error
    } finally {
      signal?.removeEventListener('abort', cancel)
    }
  }

  /** What is in work may end, but a server that is silent is not waited for. */
  hurry(): void {
    this.#tell({ type: 'closing' })
  }

  /** Ends the thread at once, whatever it waits for. */
  abandon(): void {
    this.#closed = true
    this.#tell({ type: 'abandon' })
  }

  async close(): Promise<void> {
    this.#closed = true
    this.#tell({ type: 'close' })
    await this.#exit
  }

  #hear(raw: unknown): void {
    const message = fromServerThreadSchema.parse(raw)
    const owed = this.#owed.get(message.id)
    if (owed === undefined) throw new Error(`The server thread answered ${message.id}, which was not asked.`)
    if (message.type === 'progress') {
      owed.onProgress?.(message.progress)
      return
    }
    this.#owed.delete(message.id)
    if (message.type === 'value') owed.resolve(message.value)
    else owed.reject(fromSentError(message.error))
  }

  #tell(message: ToServerThread, transfer: MessagePort[] = []): void {
    this.#worker.postMessage(message, transfer)
  }
}
