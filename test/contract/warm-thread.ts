/** A thread that serves one store after another, so that a test does not wait for a new one to load the program. Entry, tests. */
import { type MessagePort, parentPort } from 'node:worker_threads'
import { workerDataSchema } from '../../src-main/storage/threads/protocol'
import { serveStore } from '../../src-main/storage/threads/serve-store'

parentPort!.on('message', ({ port, data }: { readonly port: MessagePort; readonly data: unknown }) => {
  serveStore(port, workerDataSchema.parse(data))
})
