/** A thread of the store. Entry, worker threads of main (and of the command line). */
import { parentPort, workerData } from 'node:worker_threads'
import { workerDataSchema } from './protocol'
import { serveStore } from './serve-store'

if (parentPort === null) throw new Error('The store runs in a worker thread.')
serveStore(parentPort, workerDataSchema.parse(workerData))
