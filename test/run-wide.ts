/** What all test files of a run share: Vitest's main process makes it for whoever asks first. Vitest's main process, and its workers. */
import { randomBytes } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'

/**
 * Answers the workers of this run; they find this process under the environment's `variable`. Gives what ends that.
 *
 * @param answer a question in JSON to an answer in JSON; the first that asks something waits for its making, the others with it
 */
export async function serveWorkers(
  variable: string,
  answer: (question: unknown) => Promise<unknown>,
): Promise<() => void> {
  const path = `/${randomBytes(12).toString('hex')}`
  const answering = createServer(async (request, response) => {
    if (request.url !== path) {
      response.writeHead(404).end()
      return
    }
    try {
      response.end(JSON.stringify(await answer(JSON.parse(await text(request)))))
    } catch (error) {
      response.writeHead(500).end(error instanceof Error ? error.message : String(error))
    }
  })
  await new Promise<void>((resolve) => answering.listen(0, '127.0.0.1', resolve))
  answering.unref()
  process.env[variable] = `http://127.0.0.1:${(answering.address() as AddressInfo).port}${path}`
  return () => {
    answering.close()
  }
}

/** What the main process answers; `undefined` where there is none, as in a benchmark. */
export async function askMainProcess(variable: string, question: unknown): Promise<unknown> {
  const url = process.env[variable]
  if (url === undefined) return undefined
  const response = await fetch(url, { method: 'POST', body: JSON.stringify(question) })
  const answered = await response.text()
  if (!response.ok) throw new Error(answered)
  return JSON.parse(answered)
}
