/** The local store as the rest of Visor sees it: starts the store's threads and passes calls to them. Main, command line. */
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { VisorError } from '../../../src-shared/errors'
import type { ErasureStore } from '../erasure-store'
import type { GalleryStore } from '../gallery-store'
import type { HealthStore } from '../health-store'
import type { QueueStore } from '../queue-store'
import type { ReviewStore } from '../review-store'
import type { UnknownStore } from '../unknown-store'
import type { WriteControl } from '../written'
import { type Method, type MethodKind, methods, type Part, type StoreParts } from './protocol'
import { StoreThread, unavailable } from './store-thread'
import { defaultSliceMs } from './write-gate'

/** More threads than this do not make memory faster. */
const maximumThreads = 4

/** Embeddings of one client and model from which they are kept as int8 codes; see `docs/search.md`. */
const defaultInt8FromRows = 250_000

export interface LocalStoreOptions {
  /** The data folder, made where there is none. One Visor at a time. */
  readonly folder: string
  /** Where the built `store.js`, `scan.js` and `scrub.js` lie. */
  readonly builtFolder: string
  /** Threads that search, 1 … ; one for each core up to four by default. */
  readonly threads?: number
  readonly int8FromRows?: number
  /** Longer than this, a write pauses, so that searches are answered in between; see [Note: Long writes]. */
  readonly sliceMs?: number
  /** Told once, should the worker die; every later call rejects with the same `store-unavailable`. */
  readonly onFailure?: (error: VisorError) => void
}

export interface LocalStore {
  readonly gallery: GalleryStore
  readonly queue: QueueStore
  readonly reviews: ReviewStore
  readonly unknown: UnknownStore
  readonly erasure: ErasureStore
  readonly health: HealthStore
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
  const threads = new StoreThreads(options)
  const engine = await threads.opened
  const close = () => threads.close()
  return {
    gallery: { engine, ...galleryOf(threads), close },
    queue: queueOf(threads),
    reviews: reviewsOf(threads),
    unknown: unknownOf(threads),
    erasure: erasureOf(threads),
    health: healthOf(threads),
    close,
  }
}

/** Gives each call to the thread that answers its kind; see [Note: Threads of the store]. */
class StoreThreads {
  readonly opened: Promise<string>
  readonly #writing: StoreThread
  readonly #reading = new Map<MethodKind, StoreThread>()
  readonly #startReading: () => StoreThread
  #failure: VisorError | undefined
  #closed: Promise<void> | undefined

  constructor({ folder, builtFolder, int8FromRows = defaultInt8FromRows, ...options }: LocalStoreOptions) {
    const url = pathToFileURL(join(builtFolder, 'store.js'))
    // One of them dead, the store is.
    const onFailure = (error: VisorError) => {
      if (this.#failure !== undefined) return
      this.#failure = error
      options.onFailure?.(error)
    }
    const scanWorkerUrl = pathToFileURL(join(builtFolder, 'scan.js')).href
    const scrubWorkerUrl = pathToFileURL(join(builtFolder, 'scrub.js')).href
    const { sliceMs = defaultSliceMs } = options
    const threads = options.threads ?? Math.min(maximumThreads, availableParallelism())
    this.#writing = new StoreThread(
      url,
      { role: 'write', folder, scanWorkerUrl, scrubWorkerUrl, threads, int8FromRows, sliceMs },
      onFailure,
    )
    this.#startReading = () => new StoreThread(url, { role: 'read', folder }, onFailure)
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
    if (kind !== 'write') return this.#threadOf(kind).call(part, method, args, undefined)
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

/**
 * `ask`, once at a time: whoever asks while it is being answered gets the next answer, all of them the same. Counting a large
 * gallery takes a while, and every act is followed by it.
 */
function coalesced<T>(ask: () => Promise<T>): () => Promise<T> {
  let running: Promise<T> | undefined
  let next: Promise<T> | undefined
  const start = () => {
    const answer = ask()
    running = answer
    const over = () => {
      if (running === answer) running = undefined
    }
    answer.then(over, over)
    return answer
  }
  const startNext = () => {
    next = undefined
    return start()
  }
  return () => {
    if (running === undefined) return start()
    next ??= running.then(startNext, startNext)
    return next
  }
}

function galleryOf(client: StoreThreads): Omit<GalleryStore, 'engine' | 'close'> {
  return {
    clients: coalesced(() => client.call('gallery', 'clients')),
    ensureDomain: (...args) => client.call('gallery', 'ensureDomain', ...args),
    deleteDomain: (...args) => client.call('gallery', 'deleteDomain', ...args),
    persons: (...args) => client.call('gallery', 'persons', ...args),
    personIds: (...args) => client.call('gallery', 'personIds', ...args),
    personsById: (...args) => client.call('gallery', 'personsById', ...args),
    namesakes: (...args) => client.call('gallery', 'namesakes', ...args),
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
    tellApart: (...args) => client.call('gallery', 'tellApart', ...args),
    lookalikes: (...args) => client.call('gallery', 'lookalikes', ...args),
    photo: (...args) => client.call('gallery', 'photo', ...args),
    addFace: (...args) => client.call('gallery', 'addFace', ...args),
    changeBox: (...args) => client.call('gallery', 'changeBox', ...args),
    deleteFaces: (...args) => client.call('gallery', 'deleteFaces', ...args),
    locatePhoto: (...args) => client.call('gallery', 'locatePhoto', ...args),
    withdrawReject: (...args) => client.call('gallery', 'withdrawReject', ...args),
    rejectsOf: (...args) => client.call('gallery', 'rejectsOf', ...args),
    ledger: (...args) => client.call('gallery', 'ledger', ...args),
    verifyLedger: () => client.call('gallery', 'verifyLedger'),
    bin: (...args) => client.call('gallery', 'bin', ...args),
    emptyBin: (...args) => client.call('gallery', 'emptyBin', ...args),
    deletePersons: (...args) => client.call('gallery', 'deletePersons', ...args),
    assignFaces: (...args) => client.call('gallery', 'assignFaces', ...args),
    rejectFace: (...args) => client.call('gallery', 'rejectFace', ...args),
    rejectFaces: (...args) => client.call('gallery', 'rejectFaces', ...args),
    setRepeatsPeople: (...args) => client.call('gallery', 'setRepeatsPeople', ...args),
    knownFaces: (...args) => client.call('gallery', 'knownFaces', ...args),
    enrolledPhotos: (...args) => client.call('gallery', 'enrolledPhotos', ...args),
    search: (...args) => client.call('gallery', 'search', ...args),
    ownFaces: (...args) => client.call('gallery', 'ownFaces', ...args),
    gallerySize: (...args) => client.call('gallery', 'gallerySize', ...args),
    samplePersons: (...args) => client.call('gallery', 'samplePersons', ...args),
    distances: (...args) => client.call('gallery', 'distances', ...args),
    crop: (...args) => client.call('gallery', 'crop', ...args),
    undo: (...args) => client.call('gallery', 'undo', ...args),
  }
}

function queueOf(client: StoreThreads): QueueStore {
  return {
    load: () => client.call('queue', 'load'),
    analyses: (...args) => client.call('queue', 'analyses', ...args),
    append: (...args) => client.call('queue', 'append', ...args),
    setState: (...args) => client.call('queue', 'setState', ...args),
    complete: (...args) => client.call('queue', 'complete', ...args),
    setFaces: (...args) => client.call('queue', 'setFaces', ...args),
    remove: (...args) => client.call('queue', 'remove', ...args),
    restore: (...args) => client.call('queue', 'restore', ...args),
    thumbnail: (...args) => client.call('queue', 'thumbnail', ...args),
    faceCrop: (...args) => client.call('queue', 'faceCrop', ...args),
    pasted: (...args) => client.call('queue', 'pasted', ...args),
  }
}

function reviewsOf(client: StoreThreads): ReviewStore {
  return {
    add: (...args) => client.call('reviews', 'add', ...args),
    photos: (...args) => client.call('reviews', 'photos', ...args),
    waiting: (...args) => client.call('reviews', 'waiting', ...args),
    review: (...args) => client.call('reviews', 'review', ...args),
    crop: (...args) => client.call('reviews', 'crop', ...args),
    accept: (...args) => client.call('reviews', 'accept', ...args),
    reject: (...args) => client.call('reviews', 'reject', ...args),
    forget: (...args) => client.call('reviews', 'forget', ...args),
  }
}

function unknownOf(client: StoreThreads): UnknownStore {
  return {
    keep: (...args) => client.call('unknown', 'keep', ...args),
    domains: (...args) => client.call('unknown', 'domains', ...args),
    ids: (...args) => client.call('unknown', 'ids', ...args),
    link: (...args) => client.call('unknown', 'link', ...args),
    constraints: (...args) => client.call('unknown', 'constraints', ...args),
    setGroups: (...args) => client.call('unknown', 'setGroups', ...args),
    counts: (...args) => client.call('unknown', 'counts', ...args),
    groups: (...args) => client.call('unknown', 'groups', ...args),
    groupOf: (...args) => client.call('unknown', 'groupOf', ...args),
    faces: (...args) => client.call('unknown', 'faces', ...args),
    groupFaces: (...args) => client.call('unknown', 'groupFaces', ...args),
    nearestPersons: (...args) => client.call('unknown', 'nearestPersons', ...args),
    takeOut: (...args) => client.call('unknown', 'takeOut', ...args),
    ignore: (...args) => client.call('unknown', 'ignore', ...args),
    findSuggestions: (...args) => client.call('unknown', 'findSuggestions', ...args),
    suggestions: (...args) => client.call('unknown', 'suggestions', ...args),
    expire: (...args) => client.call('unknown', 'expire', ...args),
    forget: (...args) => client.call('unknown', 'forget', ...args),
  }
}

function erasureOf(client: StoreThreads): ErasureStore {
  return {
    checkReason: (...args) => client.call('erasure', 'checkReason', ...args),
    preview: (...args) => client.call('erasure', 'preview', ...args),
    erase: (...args) => client.call('erasure', 'erase', ...args),
    due: () => client.call('erasure', 'due'),
    addRemoved: (...args) => client.call('erasure', 'addRemoved', ...args),
    scrub: (...args) => client.call('erasure', 'scrub', ...args),
    unreported: () => client.call('erasure', 'unreported'),
    reported: (...args) => client.call('erasure', 'reported', ...args),
    reports: () => client.call('erasure', 'reports'),
  }
}

function healthOf(client: StoreThreads): HealthStore {
  return {
    look: (...args) => client.call('health', 'look', ...args),
    lookAnew: () => client.call('health', 'lookAnew'),
    counts: (...args) => client.call('health', 'counts', ...args),
    findings: (...args) => client.call('health', 'findings', ...args),
    dismiss: (...args) => client.call('health', 'dismiss', ...args),
  }
}
