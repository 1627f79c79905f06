/** Makes the machine busy with nothing, for as long as something is measured. Benchmarks, Electron's Node. */
import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'

/** Runs `work` while each core has one thread more that counts; at most so long. */
export async function withBusyCores<T>(atMostMs: number, work: () => Promise<T>): Promise<T> {
  const counting = 'const { workerData } = require("node:worker_threads"); while (Date.now() < workerData);'
  const threads = Array.from(
    { length: availableParallelism() },
    () => new Worker(counting, { eval: true, workerData: Date.now() + atMostMs }),
  )
  try {
    return await work()
  } finally {
    await Promise.all(threads.map((thread) => thread.terminate()))
  }
}
