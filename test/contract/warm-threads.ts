/** Threads of the store that are kept warm from one test to the next; each store is a new one all the same. Tests. */
import { EventEmitter } from 'node:events'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { MessageChannel, type MessagePort, type Transferable, Worker } from 'node:worker_threads'
import { afterAll, beforeAll } from 'vitest'
import type { StartThread, Thread } from '../../src-main/storage/threads/store-thread'
import { type BuiltStore, buildStore } from './built-store'

/** One store's use of a warm thread: it ends as a thread would, and the thread goes on. */
class Lent extends EventEmitter implements Thread {
  readonly #worker: Worker
  readonly #port: MessagePort
  #broken = false

  /** `giveBack`: told when the store has closed, and its thread may serve the next one. */
  constructor(worker: Worker, data: unknown, transfer: readonly Transferable[], giveBack: () => void) {
    super()
    this.#worker = worker
    const { port1, port2 } = new MessageChannel()
    this.#port = port1
    const fail = (cause: unknown) => {
      this.#broken = true
      this.emit('error', cause)
    }
    worker.once('error', fail)
    port1.on('message', (message: unknown) => this.emit('message', message))
    port1.on('close', () => {
      worker.off('error', fail)
      if (!this.#broken) giveBack()
      this.emit('exit', this.#broken ? 1 : 0)
    })
    worker.postMessage({ port: port2, data }, [port2, ...transfer])
  }

  postMessage(message: unknown, transfer: readonly Transferable[] = []): void {
    this.#port.postMessage(message, transfer)
  }

  terminate(): Promise<number> {
    this.#broken = true
    return this.#worker.terminate()
  }
}

/** Builds the store's threads before a file's tests, and ends them after; gives what a store is opened with. */
export function warmThreads(): () => { readonly builtFolder: string; readonly startThread: StartThread } {
  let built: BuiltStore
  const all = new Set<Worker>()
  const idle: Worker[] = []
  beforeAll(async () => {
    built = await buildStore({ warm: 'test/contract/warm-thread.ts' })
  })
  afterAll(async () => {
    await Promise.all([...all].map((worker) => worker.terminate()))
    built.remove()
  })
  const startThread: StartThread = (_entry, { workerData, transferList = [] }) => {
    const worker = idle.pop() ?? new Worker(pathToFileURL(join(built.folder, 'warm.js')))
    all.add(worker)
    return new Lent(worker, workerData, transferList, () => idle.push(worker))
  }
  return () => ({ builtFolder: built.folder, startThread })
}
