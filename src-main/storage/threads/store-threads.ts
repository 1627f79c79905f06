/** The threads of one store: each call goes to the one that answers its kind. Main, command line. */
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { VisorError } from '../../../src-shared/errors'
import { defaultSliceMs } from '../sql/write-gate'
import type { WriteControl } from '../written'
import {
  type EngineData,
  type Method,
  type MethodKind,
  methods,
  type Part,
  type StoreParts,
} from './protocol'
import { type StartThread, StoreThread, unavailable } from './store-thread'

/** More threads than this do not make memory faster. */
const maximumThreads = 4

/** Embeddings of one client and model from which they are kept as int8 codes; see `docs/search.md`. */
const defaultInt8FromRows = 250_000

export interface StoreOptions {
  /** Where the built `store.js`, `scan.js`, `scrub.js` and `server.js` lie. */
  readonly builtFolder: string
  /** Threads that search, 1 … ; one for each core up to four by default. */
  readonly threads?: number
  readonly int8FromRows?: number
  /** Longer than this, a write pauses, so that searches are answered in between; see [Note: Long writes]. */
  readonly sliceMs?: number
  /** Where the threads that write and read come from; each is started anew unless given. */
  readonly startThread?: StartThread
  /** Told once, should a thread die; every later call rejects with the same `store-unavailable`. */
  readonly onFailure?: (error: VisorError) => void
}

/** Gives each call to the thread that answers its kind; see [Note: Threads of the store]. */
export class StoreThreads {
  readonly opened: Promise<string>
  readonly #writing: StoreThread
  readonly #reading = new Map<MethodKind, StoreThread>()
  readonly #startReading: () => StoreThread
  #failure: VisorError | undefined
  #closed: Promise<void> | undefined

  /** `engineFor`: the database, as the thread of a role is told of it. */
  constructor(engineFor: (role: 'write' | 'read') => EngineData, options: StoreOptions) {
    const { builtFolder, int8FromRows = defaultInt8FromRows } = options
    const url = pathToFileURL(join(builtFolder, 'store.js'))
    // One of them dead, the store is.
    const onFailure = (error: VisorError) => {
      if (this.#failure !== undefined) return
      this.#failure = error
      options.onFailure?.(error)
    }
    const scanWorkerUrl = pathToFileURL(join(builtFolder, 'scan.js')).href
    const { sliceMs = defaultSliceMs, startThread } = options
    const threads = options.threads ?? Math.min(maximumThreads, availableParallelism())
    this.#writing = new StoreThread(
      url,
      { role: 'write', engine: engineFor('write'), scanWorkerUrl, threads, int8FromRows, sliceMs },
      onFailure,
      startThread,
    )
    this.#startReading = () =>
      new StoreThread(url, { role: 'read', engine: engineFor('read') }, onFailure, startThread)
    this.opened = this.#writing.opened
  }

  call<P extends Part, M extends Method<P>>(
    part: P,
    method: M,
    ...args: StoreParts[P][M] extends (...args: infer A) => unknown ? A : never
  ): StoreParts[P][M] extends (...args: never[]) => infer R ? R : never
  async call(part: Part, method: string, ...args: unknown[]): Promise<unknown> {
    if (this.#failure !== undefined) throw this.#failure
    if (this.#closed !== undefined) throw unavailable(new Error('The store was closed.'))
    const kinds: Readonly<Record<string, MethodKind>> = methods[part]
    const kind = kinds[method] ?? 'write'
    if (kind !== 'write' && kind !== 'background')
      return this.#threadOf(kind).call(part, method, args, undefined)
    const { plain, control } = withoutControl(args)
    return this.#writing.call(part, method, plain, control)
  }

  close(): Promise<void> {
    this.#closed ??= this.#closeAll()
    return this.#closed
  }

  #threadOf(kind: MethodKind): StoreThread {
    if (kind === 'search') return this.#writing
    const thread = this.#reading.get(kind) ?? this.#startReading()
    this.#reading.set(kind, thread)
    return thread
  }

  async #closeAll(): Promise<void> {
    await Promise.all([...this.#reading.values()].map((thread) => thread.close()))
    await this.#writing.close()
  }
}

/** A write's arguments as they can be sent, and what its context holds besides. */
function withoutControl(args: readonly unknown[]): {
  readonly plain: readonly unknown[]
  readonly control: WriteControl | undefined
} {
  const context = args.at(-1)
  const isContext = typeof context === 'object' && context !== null
  if (!isContext || !('signal' in context || 'onProgress' in context))
    return { plain: args, control: undefined }
  const { signal, onProgress, ...plain } = context as WriteControl
  return {
    plain: [...args.slice(0, -1), plain],
    control: {
      ...(signal === undefined ? {} : { signal }),
      ...(onProgress === undefined ? {} : { onProgress }),
    },
  }
}
