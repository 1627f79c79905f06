/** The threads that scan, and the memories they were given. Store worker thread. */
import { MessageChannel, type MessagePort, Worker } from 'node:worker_threads'
import { VisorError } from '../../../src-shared/errors'
import { bindKernel, type Kernel } from './kernel'
import type { IndexKind } from './layout'
import {
  awaitEnd,
  makeControl,
  type ScanJob,
  type ScanThreadMessage,
  startJob,
  stopThreads,
  wakeThreads,
  work,
} from './scan-job'

export class ScanPool {
  readonly #control: Int32Array
  readonly #threads: { readonly worker: Worker; readonly port: MessagePort }[] = []
  readonly #kernels = new Map<number, Kernel>()
  #lastNumber = 0

  /** `threads`, the calling one included, ≥ 1. The others run `workerUrl`. */
  constructor(threads: number, workerUrl: URL) {
    const control = makeControl()
    this.#control = new Int32Array(control)
    for (let i = 1; i < threads; i++) {
      const { port1, port2 } = new MessageChannel()
      const worker = new Worker(workerUrl, {
        workerData: { control, port: port2 },
        transferList: [port2],
        name: `scan ${i}`,
      })
      port1.unref()
      this.#threads.push({ worker, port: port1 })
    }
  }

  get threads(): number {
    return 1 + this.#threads.length
  }

  /** Makes a memory known to every thread; gives its number. */
  attach(memory: WebAssembly.Memory, kind: IndexKind): number {
    this.#lastNumber++
    this.#kernels.set(this.#lastNumber, bindKernel(memory, kind))
    this.#tell({ type: 'attach', number: this.#lastNumber, memory, kind })
    return this.#lastNumber
  }

  detach(number: number): void {
    this.#kernels.delete(number)
    this.#tell({ type: 'detach', number })
    // Else they would hold the memory until the next search.
    wakeThreads(this.#control)
  }

  /** The kernel over a memory, for the calling thread. */
  kernel(number: number): Kernel {
    return this.#kernels.get(number)!
  }

  /** Scores every row of the memory's segments against the probes in its header; returns when all is scored. */
  scan(job: ScanJob): void {
    startJob(this.#control, job)
    work(this.#control, (needed) => this.kernel(needed))
    if (!awaitEnd(this.#control)) {
      throw new VisorError('store-unavailable', 'A search thread stopped in the middle of a search.', {
        consequence: 'This search has no answer. The gallery is unharmed.',
        remedy: 'Start Visor again.',
      })
    }
  }

  async close(): Promise<void> {
    const ends = this.#threads.map(({ worker }) => new Promise((resolve) => worker.once('exit', resolve)))
    stopThreads(this.#control)
    await Promise.all(ends)
  }

  #tell(message: ScanThreadMessage): void {
    for (const { port } of this.#threads) port.postMessage(message)
  }
}
