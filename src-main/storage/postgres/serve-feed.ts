/** Tells main what consoles change, and what it asks of that; see [Note: Change feed]. Server thread. */
import type { MessagePort } from 'node:worker_threads'
import { z } from 'zod'
import { toSentError } from '../../../src-shared/server-failure'
import { clientFor, type ServerPool } from './connect'
import type { ServerTarget } from './conninfo'
import { serverErrorOf } from './failures'
import { FeedListener } from './feed-listener'
import type { FeedMessage, FeedQuestion } from './feed-protocol'
import { pooledQuery } from './pooled-query'

/** What is asked on the listener's connection is over in this time, or the connection is. */
const lookTimeoutMs = 3000

const answersSchema = z.tuple([z.object({ answer: z.union([z.string(), z.number()]) })])

/** Serves until the port is closed. Gives what to call when the server was found to let us in (again). */
export function serveFeed(
  target: Promise<ServerTarget>,
  pool: () => Promise<ServerPool>,
  port: MessagePort,
): () => void {
  const send = (message: FeedMessage) => port.postMessage(message)
  const listener = new FeedListener(
    async () => clientFor(await target, { statementTimeoutMs: lookTimeoutMs, vector: 'optional' }),
    send,
  )
  const answer = async (question: FeedQuestion): Promise<string | number> => {
    const query =
      question.ask === 'revision'
        ? {
            text: 'SELECT coalesce((SELECT revision FROM clients WHERE id = $1), 0)::float8 AS answer',
            values: [question.clientId],
          }
        : { text: 'SELECT id::text AS answer FROM server_identity', values: [] }
    const [{ answer }] = answersSchema.parse(await pooledQuery(pool, query))
    return answer
  }
  port.on('message', async (question: FeedQuestion) => {
    const { id } = question
    try {
      send({ type: 'told', id, value: await answer(question) })
    } catch (cause) {
      send({ type: 'failed', id, error: toSentError(serverErrorOf(cause)) })
    }
  })
  port.on('close', () => void listener.stop())
  listener.start()
  return () => listener.again()
}
