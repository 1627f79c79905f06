/** The threads that scan, and the memories they were given. Store worker thread. */
import { MessageChannel, type MessagePort, Worker } from 'node:worker_threads'
import { VisorError } from '../../../src-shared/errors'
import { bindKernel, type Kernel } from './kernel'
import type { IndexKind } from './layout'
import {
  awaitEnd,
  isWorthWaking,
  makeControl,
  type ScanJob,
  type ScanThreadMessage,
  startJob,
  stopThreads,
  wakeThreads,
  work,
} from './scan-job'

interface ScannedMemory {
  readonly memory: WebAssembly.Memory
  readonly kind: IndexKind
  readonly kernel: Kernel
}

export class ScanPool {
  readonly #shared: SharedArrayBuffer
  readonly #control: Int32Array
  readonly #others: number
  readonly #workerUrl: URL
  /** None until a scan is worth them. */
  #threads: readonly { readonly worker: Worker; readonly port: MessagePort }[] = []
  readonly #memories = new Map<number, ScannedMemory>()
  #lastNumber = 0

  /** `threads`, the calling one included, ≥ 1. The others run `workerUrl`. */
  constructor(threads: number, workerUrl: URL) {
    this.#shared = makeControl()
    this.#control = new Int32Array(this.#shared)
    this.#others = threads - 1
    this.#workerUrl = workerUrl
  }

  /** Makes a memory known to every thread; gives its number. */
  attach(memory: WebAssembly.Memory, kind: IndexKind): number {
    const number = ++this.#lastNumber
    this.#memories.set(number, { memory, kind, kernel: bindKernel(memory, kind) })
    this.#tell({ type: 'attach', number, memory, kind })
    return number
  }

  detach(number: number): void {
    this.#memories.delete(number)
    this.#tell({ type: 'detach', number })
    // Else they would hold the memory until the next search.
    wakeThreads(this.#control)
  }

  /** The kernel over a memory, for the calling thread. */
  kernel(number: number): Kernel {
    return this.#memories.get(number)!.kernel
  }

  /** Scores every row of the memory's segments against the probes in its header; returns when all is scored. */
  scan(job: ScanJob): void {
    if (this.#threads.length < this.#others && isWorthWaking(job)) this.#startThreads()
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

  /** They take part as soon as they run; the scan that they are started for does not wait for them. */
  #startThreads(): void {
    this.#threads = Array.from({ length: this.#others }, (_, index) => {
      const { port1, port2 } = new MessageChannel()
      const worker = new Worker(this.#workerUrl, {
        workerData: { control: this.#shared, port: port2 },
        transferList: [port2],
        name: `scan ${index + 1}`,
      })
      port1.unref()
      return { worker, port: port1 }
    })
    for (const [number, { memory, kind }] of this.#memories)
      this.#tell({ type: 'attach', number, memory, kind })
  }

  #tell(message: ScanThreadMessage): void {
    for (const { port } of this.#threads) port.postMessage(message)
  }
}
