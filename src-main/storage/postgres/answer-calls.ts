/** Answers what main asks of the server thread itself; see [Note: Server thread]. Server thread. */
import type { MessagePort } from 'node:worker_threads'
import { VisorError } from '../../../src-shared/errors'
import { toSentError } from '../../../src-shared/server-failure'
import type { FromServerThread, ServerCall, ServerCalls, ToServerThread } from './server-protocol'

type Call = Extract<ToServerThread, { type: 'call' }>

/** Those that tell their progress, and are cancelled by it. */
const controlled: ReadonlySet<ServerCall> = new Set(['rebuildIndex', 'indexRecall'])

export class CallAnswers {
  readonly #port: MessagePort
  readonly #calls: ServerCalls
  readonly #cancels = new Map<number, AbortController>()

  constructor(port: MessagePort, calls: ServerCalls) {
    this.#port = port
    this.#calls = calls
  }

  async answer({ id, method, args }: Call): Promise<void> {
    try {
      const run = this.#calls[method] as (...args: unknown[]) => Promise<unknown>
      const given = controlled.has(method) ? [args[0], this.#control(id)] : args
      this.#send({ type: 'value', id, value: await run(...given) })
    } catch (error) {
      this.#send({ type: 'error', id, error: toSentError(error) })
    } finally {
      this.#cancels.delete(id)
    }
  }

  cancel(id: number): void {
    this.#cancels.get(id)?.abort(new VisorError('cancelled', 'Cancelled. Nothing was changed.'))
  }

  /** Of all that are in work. */
  cancelAll(): void {
    for (const id of this.#cancels.keys()) this.cancel(id)
  }

  #control(id: number) {
    const cancel = new AbortController()
    this.#cancels.set(id, cancel)
    const onProgress = (progress: unknown) => this.#send({ type: 'progress', id, progress })
    return { signal: cancel.signal, onProgress }
  }

  #send(message: FromServerThread): void {
    this.#port.postMessage(message)
  }
}
