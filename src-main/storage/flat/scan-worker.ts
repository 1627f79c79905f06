/** A scan thread: takes its share of every scan of the store worker, and sleeps in between. Entry, a thread of main. */
import { receiveMessageOnPort, workerData } from 'node:worker_threads'
import { bindKernel, type Kernel } from './kernel'
import { awaitJob, type ScanThreadData, type ScanThreadMessage, work } from './scan-job'

const { control: shared, port } = workerData as ScanThreadData
const control = new Int32Array(shared)
const kernels = new Map<number, Kernel>()

/** The thread sleeps in `Atomics.wait`, so no event brings its messages: it reads them itself. */
function readMessages(): void {
  for (;;) {
    const received = receiveMessageOnPort(port) as { readonly message: ScanThreadMessage } | undefined
    if (received === undefined) return
    const { message } = received
    if (message.type === 'attach') kernels.set(message.number, bindKernel(message.memory, message.kind))
    else kernels.delete(message.number)
  }
}

function kernelOf(memoryNumber: number): Kernel {
  // A job that began while the last one was at work: the thread did not sleep in between.
  if (!kernels.has(memoryNumber)) readMessages()
  const kernel = kernels.get(memoryNumber)
  if (kernel === undefined) throw new Error('The scan thread was not given the memory of its job.')
  return kernel
}

for (let waking = awaitJob(control, 0); waking !== undefined; waking = awaitJob(control, waking)) {
  readMessages()
  work(control, kernelOf)
}
port.close()
