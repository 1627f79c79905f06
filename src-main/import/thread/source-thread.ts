/** A source that is read in a thread of its own. Main, command line. */
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { Worker } from 'node:worker_threads'
import { VisorError } from '../../../src-shared/errors'
import type { Inspection, SourceSpec } from '../../../src-shared/import'
import { fromSentError } from '../../../src-shared/server-failure'
import type { Portion, Source, SourceControl } from '../source'
import { type FromImport, fromImportSchema, fromSent, type ImportData, type ToImport } from './protocol'

export interface SourceThreadOptions {
  /** Where the built processes and threads are. */
  readonly builtFolder: string
  /** Of a server: already resolved; absent: a password file or none. */
  readonly password?: string | undefined
}

interface Owed {
  readonly resolve: (message: FromImport) => void
  readonly reject: (error: unknown) => void
  readonly onProgress: SourceControl['onProgress']
}

type Asked =
  | { readonly type: 'inspect' | 'holdsImages' | 'next' }
  | { readonly type: 'rows'; from: number; withImages: boolean }

/** JavaScript objects of the thread, MB: what is read legitimately takes a tenth of it. */
const mostMegabytes = 1024
/** Of those that are new, MB: rows are many and short-lived, and left to itself the thread takes 100 MB more for no gain. */
const mostYoungMegabytes = 12
/** A thread that is silent for so long after it was closed is ended. */
const closeGraceMs = 2000

/** The thread's death rejects all that it owes. */
export class SourceThread implements Source {
  readonly #worker: Worker
  readonly #exit: Promise<void>
  readonly #owed = new Map<number, Owed>()
  #lastId = 0
  #failure: VisorError | undefined

  constructor(spec: SourceSpec, { builtFolder, password }: SourceThreadOptions) {
    const workerData: ImportData = { spec, ...(password === undefined ? {} : { password }) }
    this.#worker = new Worker(pathToFileURL(join(builtFolder, 'import.js')), {
      workerData,
      name: 'import',
      resourceLimits: { maxOldGenerationSizeMb: mostMegabytes, maxYoungGenerationSizeMb: mostYoungMegabytes },
    })
    this.#worker.on('message', (raw: unknown) => this.#hear(raw))
    this.#worker.on('error', (cause) => this.#end(deathOf(cause)))
    this.#exit = new Promise((resolve) => {
      this.#worker.on('exit', (code) => {
        this.#end(deathOf(new Error(`The thread ended with code ${code}.`)))
        resolve()
      })
    })
  }

  async inspect({ signal, onProgress }: SourceControl = {}): Promise<Inspection> {
    signal?.throwIfAborted()
    const cancel = () => this.#tell({ type: 'cancel' })
    signal?.addEventListener('abort', cancel)
    try {
      const answer = await this.#ask({ type: 'inspect' }, onProgress)
      // It may have been through already.
      signal?.throwIfAborted()
      if (answer.type !== 'inspection') throw new Error(`An inspection was answered by ${answer.type}.`)
      return answer.inspection
    } catch (error) {
      // Cancelled is cancelled, for the reason that the caller gave.
      signal?.throwIfAborted()
      throw error
    } finally {
      signal?.removeEventListener('abort', cancel)
    }
  }

  /** The thread reads one portion ahead of whoever takes them. */
  async *rows(from = 0, { withImages } = { withImages: false }): AsyncGenerator<Portion, void, void> {
    let asked = this.#portion({ type: 'rows', from, withImages })
    let isOver = false
    try {
      for (;;) {
        const portion = await asked
        isOver = portion === null
        if (portion === null) return
        asked = this.#portion({ type: 'next' })
        // Told when it is waited for, if it ever is.
        asked.catch(() => undefined)
        yield portion
      }
    } finally {
      if (!isOver) this.#tell({ type: 'stop' })
    }
  }

  async holdsImages(): Promise<boolean> {
    const answer = await this.#ask({ type: 'holdsImages' })
    if (answer.type !== 'holdsImages') throw new Error(`A question was answered by ${answer.type}.`)
    return answer.holds
  }

  async close(): Promise<void> {
    this.#failure ??= new VisorError('cancelled', 'The source was closed.')
    this.#tell({ type: 'close' })
    const late = setTimeout(() => void this.kill(), closeGraceMs)
    await this.#exit
    clearTimeout(late)
  }

  /** Ends the thread where it stands, as a crash would. */
  async kill(): Promise<void> {
    await this.#worker.terminate()
  }

  async #portion(asked: Asked): Promise<Portion | null> {
    const answer = await this.#ask(asked)
    if (answer.type !== 'portion') throw new Error(`A portion was answered by ${answer.type}.`)
    return answer.portion === null ? null : fromSent(answer.portion)
  }

  #ask(asked: Asked, onProgress?: SourceControl['onProgress']): Promise<FromImport> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure)
    const id = ++this.#lastId
    const { promise, resolve, reject } = Promise.withResolvers<FromImport>()
    this.#owed.set(id, { resolve, reject, onProgress })
    this.#tell({ ...asked, id })
    return promise
  }

  #hear(raw: unknown): void {
    const message = fromImportSchema.parse(raw)
    const owed = this.#owed.get(message.id)
    if (message.type === 'progress') {
      owed?.onProgress?.(message)
      return
    }
    this.#owed.delete(message.id)
    if (message.type === 'error') owed?.reject(fromSentError(message.error))
    else owed?.resolve(message)
  }

  #end(error: VisorError): void {
    this.#failure ??= error
    for (const { reject } of this.#owed.values()) reject(this.#failure)
    this.#owed.clear()
  }

  #tell(message: ToImport): void {
    this.#worker.postMessage(message)
  }
}

function deathOf(cause: Error): VisorError {
  const isTooLarge = 'code' in cause && cause.code === 'ERR_WORKER_OUT_OF_MEMORY'
  const consequence = 'It was not read to its end; what was imported before is kept.'
  return isTooLarge
    ? new VisorError(
        'capacity-exceeded',
        `Reading the source took more than ${mostMegabytes} MB of memory.`,
        {
          cause,
          consequence,
          remedy: 'Its rows are larger than those of any system that Visor knows: look at what it holds.',
        },
      )
    : new VisorError('internal', 'The thread that reads the source ended.', {
        cause,
        consequence,
        remedy: 'Resume.',
      })
}
