/** The local store as the rest of Visor sees it: starts the store worker thread and passes calls to it. Main, command line. */
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { Worker } from 'node:worker_threads'
import { fromWireError, VisorError, type WireError } from '../../../src-shared/errors'
import type { GalleryStore } from '../gallery-store'
import type { QueueStore } from '../queue-store'
import type { UnknownStore } from '../unknown-store'
import {
  fromStoreSchema,
  type Method,
  type Part,
  type StoreParts,
  type ToStore,
  type WorkerData,
} from './protocol'

/** More threads than this do not make memory faster. */
const maximumThreads = 4

/** Embeddings of one client and model from which they are kept as int8 codes; see `docs/search.md`. */
const defaultInt8FromRows = 250_000

export interface LocalStoreOptions {
  /** The data folder, made where there is none. One Visor at a time. */
  readonly folder: string
  /** Where the built `store.js` and `scan.js` lie. */
  readonly builtFolder: string
  /** Threads that search, 1 … ; one for each core up to four by default. */
  readonly threads?: number
  readonly int8FromRows?: number
  /** Told once, should the worker die; every later call rejects with the same `store-unavailable`. */
  readonly onFailure?: (error: VisorError) => void
}

export interface LocalStore {
  readonly gallery: GalleryStore
  readonly queue: QueueStore
  readonly unknown: UnknownStore
  /** Ends what is in work, then lets the folder go. */
  close(): Promise<void>
}

/**
 * Opens the data folder's database, migrates it and starts its threads.
 *
 * Raises `data-folder-in-use`, `read-only`, `disk-full`, `database-newer`, `database-corrupt`, `migration-tampered`,
 * `store-unavailable`.
 */
export async function openLocalStore(options: LocalStoreOptions): Promise<LocalStore> {
  const { folder, builtFolder, int8FromRows = defaultInt8FromRows } = options
  const workerData: WorkerData = {
    folder,
    scanWorkerUrl: pathToFileURL(join(builtFolder, 'scan.js')).href,
    threads: options.threads ?? Math.min(maximumThreads, availableParallelism()),
    int8FromRows,
  }
  const client = new StoreClient(
    new Worker(pathToFileURL(join(builtFolder, 'store.js')), { workerData, name: 'store' }),
    options.onFailure,
  )
  const engine = await client.opened
  const close = () => client.close()
  return {
    gallery: { engine, ...galleryOf(client), close },
    queue: queueOf(client),
    unknown: unknownOf(client),
    close,
  }
}

interface Owed {
  readonly resolve: (value: unknown) => void
  readonly reject: (error: VisorError) => void
}

/** Sends calls and settles their promises; the worker's death rejects all that it owes. */
class StoreClient {
  readonly opened: Promise<string>
  readonly #worker: Worker
  readonly #owed = new Map<number, Owed>()
  readonly #onFailure: ((error: VisorError) => void) | undefined
  #lastId = 0
  #closed: Promise<void> | undefined
  #failure: VisorError | undefined

  constructor(worker: Worker, onFailure: ((error: VisorError) => void) | undefined) {
    this.#worker = worker
    this.#onFailure = onFailure
    this.opened = new Promise((resolve, reject) => {
      worker.on('message', (raw: unknown) => {
        const message = fromStoreSchema.parse(raw)
        switch (message.type) {
          case 'opened':
            return resolve(message.engine)
          case 'failed':
            return reject(this.#end(message.error))
          case 'value':
            return this.#take(message.id).resolve(message.value)
          case 'error':
            return this.#take(message.id).reject(fromWireError(message.error))
        }
      })
      worker.on('error', (cause) => reject(this.#fail(cause)))
      worker.on('exit', (code) => {
        if (this.#closed === undefined)
          reject(this.#fail(new Error(`The store thread ended with code ${code}.`)))
      })
    })
  }

  call<P extends Part, M extends Method<P>>(
    part: P,
    method: M,
    ...args: StoreParts[P][M] extends (...args: infer A) => unknown ? A : never
  ): StoreParts[P][M] extends (...args: never[]) => infer R ? R : never
  call(part: Part, method: string, ...args: unknown[]): Promise<unknown> {
    if (this.#closed !== undefined) return Promise.reject(unavailable(new Error('The store was closed.')))
    return this.#request({ type: 'call', id: ++this.#lastId, part, method, args })
  }

  close(): Promise<void> {
    this.#closed ??= this.#failure === undefined ? this.#closeWorker() : Promise.resolve()
    return this.#closed
  }

  async #closeWorker(): Promise<void> {
    const exit = new Promise<void>((resolve) => this.#worker.once('exit', () => resolve()))
    await this.#request({ type: 'close', id: ++this.#lastId })
    await exit
  }

  #request(message: ToStore): Promise<unknown> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure)
    return new Promise((resolve, reject) => {
      this.#owed.set(message.id, { resolve, reject })
      this.#worker.postMessage(message)
    })
  }

  #take(id: number): Owed {
    const owed = this.#owed.get(id)
    if (owed === undefined) throw new Error(`The store answered ${id}, which was not asked.`)
    this.#owed.delete(id)
    return owed
  }

  /** The worker could not open the folder, and ends by itself. */
  #end(wire: WireError): VisorError {
    this.#failure = fromWireError(wire)
    return this.#failure
  }

  #fail(cause: unknown): VisorError {
    if (this.#failure !== undefined) return this.#failure
    const failure = unavailable(cause)
    this.#failure = failure
    for (const { reject } of this.#owed.values()) reject(failure)
    this.#owed.clear()
    this.#onFailure?.(failure)
    return failure
  }
}

function unavailable(cause: unknown): VisorError {
  return new VisorError('store-unavailable', 'The gallery stopped working.', {
    cause,
    consequence: 'What was asked of it was not done; everything that was stored before is still there.',
    remedy: 'Start Visor again.',
  })
}

function galleryOf(client: StoreClient): Omit<GalleryStore, 'engine' | 'close'> {
  return {
    clients: () => client.call('gallery', 'clients'),
    ensureDomain: (...args) => client.call('gallery', 'ensureDomain', ...args),
    deleteDomain: (...args) => client.call('gallery', 'deleteDomain', ...args),
    persons: (...args) => client.call('gallery', 'persons', ...args),
    person: (...args) => client.call('gallery', 'person', ...args),
    wholePerson: (...args) => client.call('gallery', 'wholePerson', ...args),
    addPerson: (...args) => client.call('gallery', 'addPerson', ...args),
    updatePerson: (...args) => client.call('gallery', 'updatePerson', ...args),
    tagPersons: (...args) => client.call('gallery', 'tagPersons', ...args),
    tags: (...args) => client.call('gallery', 'tags', ...args),
    setCover: (...args) => client.call('gallery', 'setCover', ...args),
    mergePersons: (...args) => client.call('gallery', 'mergePersons', ...args),
    moveFaces: (...args) => client.call('gallery', 'moveFaces', ...args),
    takeFaces: (...args) => client.call('gallery', 'takeFaces', ...args),
    movePersons: (...args) => client.call('gallery', 'movePersons', ...args),
    renameDomain: (...args) => client.call('gallery', 'renameDomain', ...args),
    lookalikes: (...args) => client.call('gallery', 'lookalikes', ...args),
    withdrawReject: (...args) => client.call('gallery', 'withdrawReject', ...args),
    rejectsOf: (...args) => client.call('gallery', 'rejectsOf', ...args),
    ledger: (...args) => client.call('gallery', 'ledger', ...args),
    verifyLedger: () => client.call('gallery', 'verifyLedger'),
    bin: (...args) => client.call('gallery', 'bin', ...args),
    emptyBin: (...args) => client.call('gallery', 'emptyBin', ...args),
    deletePersons: (...args) => client.call('gallery', 'deletePersons', ...args),
    assignFaces: (...args) => client.call('gallery', 'assignFaces', ...args),
    rejectFace: (...args) => client.call('gallery', 'rejectFace', ...args),
    knownFaces: (...args) => client.call('gallery', 'knownFaces', ...args),
    enrolledPhotos: (...args) => client.call('gallery', 'enrolledPhotos', ...args),
    search: (...args) => client.call('gallery', 'search', ...args),
    gallerySize: (...args) => client.call('gallery', 'gallerySize', ...args),
    samplePersons: (...args) => client.call('gallery', 'samplePersons', ...args),
    distances: (...args) => client.call('gallery', 'distances', ...args),
    crop: (...args) => client.call('gallery', 'crop', ...args),
    undo: (...args) => client.call('gallery', 'undo', ...args),
  }
}

function queueOf(client: StoreClient): QueueStore {
  return {
    load: () => client.call('queue', 'load'),
    analyses: (...args) => client.call('queue', 'analyses', ...args),
    append: (...args) => client.call('queue', 'append', ...args),
    setState: (...args) => client.call('queue', 'setState', ...args),
    complete: (...args) => client.call('queue', 'complete', ...args),
    remove: (...args) => client.call('queue', 'remove', ...args),
    restore: (...args) => client.call('queue', 'restore', ...args),
    thumbnail: (...args) => client.call('queue', 'thumbnail', ...args),
    faceCrop: (...args) => client.call('queue', 'faceCrop', ...args),
    pasted: (...args) => client.call('queue', 'pasted', ...args),
  }
}

function unknownOf(client: StoreClient): UnknownStore {
  return {
    keep: (...args) => client.call('unknown', 'keep', ...args),
    domains: (...args) => client.call('unknown', 'domains', ...args),
    ids: (...args) => client.call('unknown', 'ids', ...args),
    link: (...args) => client.call('unknown', 'link', ...args),
    setGroups: (...args) => client.call('unknown', 'setGroups', ...args),
    groups: (...args) => client.call('unknown', 'groups', ...args),
    groupFaces: (...args) => client.call('unknown', 'groupFaces', ...args),
    ignore: (...args) => client.call('unknown', 'ignore', ...args),
    suggestions: (...args) => client.call('unknown', 'suggestions', ...args),
    expire: (...args) => client.call('unknown', 'expire', ...args),
  }
}
