/** One thread of the store, seen from outside: sends calls and settles their promises. Main, command line. */
import { type Transferable, Worker, type WorkerOptions } from 'node:worker_threads'
import { VisorError } from '../../../src-shared/errors'
import { fromSentError, type SentError } from '../../../src-shared/server-failure'
import type { WriteControl } from '../written'
import { givenWith } from './given-memory'
import { fromStoreSchema, type Part, type ToStore, type WorkerData } from './protocol'

interface Owed {
  readonly resolve: (value: unknown) => void
  readonly reject: (error: VisorError) => void
  readonly control: WriteControl | undefined
}

/** As much of a `Worker` as a thread of the store is asked for. */
export interface Thread {
  on(event: 'message', listener: (message: unknown) => void): unknown
  on(event: 'error', listener: (cause: unknown) => void): unknown
  on(event: 'exit', listener: (code: number) => void): unknown
  once(event: 'exit', listener: (code: number) => void): unknown
  postMessage(message: unknown, transfer?: readonly Transferable[]): void
  terminate(): Promise<number>
}

/** Starts the thread of an entry with what `WorkerOptions` say: its data, and the ports that come with it. */
export type StartThread = (entry: URL, options: WorkerOptions) => Thread

const startWorker: StartThread = (entry, options) => new Worker(entry, options)

/** The thread's death rejects all that it owes. */
export class StoreThread {
  /** The engine's name, for people. */
  readonly opened: Promise<string>
  readonly #worker: Thread
  readonly #owed = new Map<number, Owed>()
  readonly #onFailure: ((error: VisorError) => void) | undefined
  #lastId = 0
  #closed: Promise<void> | undefined
  #failure: VisorError | undefined

  /** `onFailure` is told once, should the thread die. `start`: a thread of its own, unless given. */
  constructor(
    url: URL,
    workerData: WorkerData,
    onFailure: ((error: VisorError) => void) | undefined,
    start: StartThread = startWorker,
  ) {
    this.#worker = start(url, {
      workerData,
      transferList:
        workerData.engine.kind === 'postgres' ? workerData.engine.lines.map(({ port }) => port) : [],
      name: `store, ${workerData.role}`,
    })
    this.#onFailure = onFailure
    this.opened = new Promise((resolve, reject) => {
      this.#worker.on('message', (raw: unknown) => {
        const message = fromStoreSchema.parse(raw)
        switch (message.type) {
          case 'opened':
            return resolve(message.engine)
          case 'failed':
            return reject(this.#end(message.error))
          case 'progress':
            return this.#owed.get(message.id)?.control?.onProgress?.(message)
          case 'value':
            return this.#take(message.id).resolve(message.value)
          case 'error':
            return this.#take(message.id).reject(fromSentError(message.error))
        }
      })
      this.#worker.on('error', (cause) => reject(this.#fail(cause)))
      this.#worker.on('exit', (code) => {
        if (this.#closed === undefined)
          reject(this.#fail(new Error(`A thread of the store ended with code ${code}.`)))
      })
    })
    // Whoever calls is told as well.
    this.opened.catch(() => undefined)
  }

  async call(
    part: Part,
    method: string,
    args: readonly unknown[],
    control: WriteControl | undefined,
  ): Promise<unknown> {
    const id = ++this.#lastId
    const cancel = () => this.#worker.postMessage({ type: 'cancel', id } satisfies ToStore)
    control?.signal?.throwIfAborted()
    control?.signal?.addEventListener('abort', cancel)
    try {
      const controlled = control !== undefined
      return await this.#request({ type: 'call', id, part, method, args: [...args], controlled }, control)
    } catch (error) {
      // Cancelled is cancelled, for the reason that the caller gave.
      control?.signal?.throwIfAborted()
      throw error
    } finally {
      control?.signal?.removeEventListener('abort', cancel)
    }
  }

  close(): Promise<void> {
    this.#closed ??= this.#failure === undefined ? this.#closeWorker() : Promise.resolve()
    return this.#closed
  }

  async #closeWorker(): Promise<void> {
    const exit = new Promise<void>((resolve) => this.#worker.once('exit', () => resolve()))
    await this.#request({ type: 'close', id: ++this.#lastId })
    await exit
  }

  #request(message: Exclude<ToStore, { type: 'cancel' }>, control?: WriteControl): Promise<unknown> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure)
    return new Promise((resolve, reject) => {
      this.#owed.set(message.id, { resolve, reject, control })
      this.#worker.postMessage(message, message.type === 'call' ? givenWith(message) : [])
    })
  }

  #take(id: number): Owed {
    const owed = this.#owed.get(id)
    if (owed === undefined) throw new Error(`The store answered ${id}, which was not asked.`)
    this.#owed.delete(id)
    return owed
  }

  /** The thread could not open the folder, and ends by itself. */
  #end(sent: SentError): VisorError {
    this.#failure = fromSentError(sent)
    // Its pool of scanning threads would keep it, and the process.
    void this.#worker.terminate()
    this.#rejectAll(this.#failure)
    return this.#failure
  }

  #fail(cause: unknown): VisorError {
    if (this.#failure !== undefined) return this.#failure
    this.#failure = unavailable(cause)
    this.#rejectAll(this.#failure)
    this.#onFailure?.(this.#failure)
    return this.#failure
  }

  #rejectAll(error: VisorError): void {
    for (const { reject } of this.#owed.values()) reject(error)
    this.#owed.clear()
  }
}

/** The store cannot be asked any more. */
export function unavailable(cause: unknown): VisorError {
  return new VisorError('store-unavailable', 'The gallery stopped working.', {
    cause,
    consequence: 'What was asked of it was not done; everything that was stored before is still there.',
    remedy: 'Start Visor again.',
  })
}
