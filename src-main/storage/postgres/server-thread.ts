/** The pool of connections to PostgreSQL; see [Note: Server thread]. Entry, worker thread of main (and of the command line). */
import { type MessagePort, parentPort, workerData } from 'node:worker_threads'
import pg from 'pg'
import { z } from 'zod'
import { serveLine } from './serve-line'

const port = parentPort
if (port === null) throw new Error('The server thread is a worker thread.')

const { url } = z.object({ url: z.string() }).parse(workerData)
const pool = new pg.Pool({
  connectionString: url,
  onConnect: async (client) => {
    await client.query("SET search_path = visor, public; SET plan_cache_mode = 'force_custom_plan'")
  },
})

port.on('message', (message: { line: MessagePort; replies: Int32Array<SharedArrayBuffer> } | 'close') => {
  if (message !== 'close') return serveLine(pool, { port: message.line, replies: message.replies })
  void pool.end().then(() => {
    port.postMessage('closed')
    port.close()
  })
})
