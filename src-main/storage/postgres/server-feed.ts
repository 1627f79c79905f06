/** The change feed as main follows it; see [Note: Change feed]. Main, command line. */
import type { MessagePort } from 'node:worker_threads'
import { VisorError } from '../../../src-shared/errors'
import type { ClientId } from '../../../src-shared/ids'
import { fromSentError } from '../../../src-shared/server-failure'
import type { FeedMessage, FeedNews, FeedQuestion } from './feed-protocol'

type Asked = FeedQuestion extends infer Q ? (Q extends FeedQuestion ? Omit<Q, 'id'> : never) : never

export class ServerFeed {
  /** Told of every change of any console, and whether changes are heard of as they happen. */
  readonly news = new Set<(news: FeedNews) => void>()
  readonly #port: MessagePort
  readonly #owed = new Map<number, PromiseWithResolvers<string | number>>()
  #lastId = 0
  #listening = false
  #closed = false

  constructor(port: MessagePort) {
    this.#port = port
    port.on('message', (message: FeedMessage) => {
      switch (message.type) {
        case 'told':
          return this.#take(message.id)?.resolve(message.value)
        case 'failed':
          return this.#take(message.id)?.reject(fromSentError(message.error))
        case 'listening':
          this.#listening = message.listening
      }
      for (const tell of this.news) tell(message)
    })
    port.on('close', () => this.#end())
  }

  /** Whether changes are heard of as they happen. */
  get listening(): boolean {
    return this.#listening
  }

  /** The client's revision on the server at this moment; 0 where there is none. Raises {@link ServerError}. */
  async revision(clientId: ClientId): Promise<number> {
    return Number(await this.#ask({ ask: 'revision', clientId }))
  }

  /** Which gallery this is: a UUID that its schema was made with. Raises {@link ServerError}. */
  async identity(): Promise<string> {
    return String(await this.#ask({ ask: 'identity' }))
  }

  close(): void {
    this.#port.close()
    this.#end()
  }

  #ask(question: Asked): Promise<string | number> {
    if (this.#closed) return Promise.reject(ended())
    const id = ++this.#lastId
    const owed = Promise.withResolvers<string | number>()
    this.#owed.set(id, owed)
    this.#port.postMessage({ id, ...question } satisfies FeedQuestion)
    return owed.promise
  }

  #take(id: number): PromiseWithResolvers<string | number> | undefined {
    const owed = this.#owed.get(id)
    this.#owed.delete(id)
    return owed
  }

  #end(): void {
    this.#closed = true
    this.#listening = false
    for (const { reject } of this.#owed.values()) reject(ended())
    this.#owed.clear()
  }
}

const ended = () => new VisorError('cancelled', 'The connection to the server was closed.')
