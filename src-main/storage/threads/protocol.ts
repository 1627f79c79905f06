/**
 * What main and its store worker thread say to each other. Both sides.
 *
 * [Note: Store protocol] A thread first says `opened` or `failed`. Then every request has an id and gets exactly one
 * response, after any number of `progress`. `close` is a request like the others, and the last one.
 *
 * [Note: Threads of the store] One thread writes and has the flat indexes; others only read, each with a connection of its
 * own, and see what was last committed. So a list, a person or a picture never waits for a write, however long it takes.
 * A reading thread is started when it is first needed.
 */
import { z } from 'zod'
import { sentErrorSchema } from '../../../src-shared/server-failure'
import type { CacheStore } from '../cache/cache-store'
import type { DualStore } from '../dual-store'
import type { ErasureStore } from '../erasure-store'
import type { GalleryStore } from '../gallery-store'
import type { HealthStore } from '../health-store'
import type { ImportStore } from '../import-store'
import type { OutboxStore } from '../outbox-store'
import { serverLineSchema } from '../postgres/server-protocol'
import type { QueueStore } from '../queue-store'
import type { ReviewStore } from '../review-store'
import type { UnknownStore } from '../unknown-store'

/** The methods of an interface: those that give a promise. */
type MethodsOf<S> = {
  [M in keyof S]: S[M] extends (...args: never[]) => Promise<unknown> ? M : never
}[keyof S] &
  string

/** The interfaces that the worker implements; its own `close` takes the place of the gallery's. */
export interface StoreParts {
  readonly gallery: Omit<GalleryStore, 'close' | 'engine'>
  readonly queue: QueueStore
  readonly reviews: ReviewStore
  readonly unknown: UnknownStore
  readonly erasure: ErasureStore
  readonly health: HealthStore
  readonly imports: ImportStore
  readonly outbox: OutboxStore
  /** Of a cache, and of a local gallery that is paired. */
  readonly cache: CacheStore
  /** Of a local gallery. */
  readonly dual: DualStore
}
export type Part = keyof StoreParts
export type Method<P extends Part> = MethodsOf<StoreParts[P]>

/**
 * Who answers a method:
 * - `write`: the writing thread; not while a long write has the store to itself.
 * - `search`: the writing thread, from its indexes and what was last committed; also between the steps of a long write.
 * - `read`: a reading thread, in milliseconds.
 * - `background`: the writing thread, for minutes: it writes now and then, when it may; with progress, and cancelled between.
 * - `slow-read`: another reading thread; what reads much of the gallery, so that nobody waits for it.
 */
export type MethodKind = 'write' | 'background' | 'search' | 'read' | 'slow-read'

/** Every method that may be called, by part: what is not named here is not callable from outside the worker. */
export const methods = {
  gallery: {
    clients: 'slow-read',
    ensureDomain: 'write',
    deleteDomain: 'write',
    persons: 'read',
    personIds: 'read',
    personsById: 'read',
    namesakes: 'read',
    person: 'read',
    wholePerson: 'slow-read',
    addPerson: 'write',
    updatePerson: 'write',
    tagPersons: 'write',
    tags: 'read',
    setCover: 'write',
    mergePersons: 'write',
    moveFaces: 'write',
    takeFaces: 'write',
    movePersons: 'write',
    renameDomain: 'write',
    tellApart: 'write',
    lookalikes: 'search',
    photo: 'read',
    addFace: 'write',
    changeBox: 'write',
    deleteFaces: 'write',
    locatePhoto: 'write',
    withdrawReject: 'write',
    rejectsOf: 'read',
    toldApart: 'read',
    ledger: 'read',
    rights: 'read',
    sizes: 'read',
    verifyLedger: 'slow-read',
    bin: 'read',
    emptyBin: 'write',
    recordMove: 'write',
    settleReview: 'write',
    deletePersons: 'write',
    assignFaces: 'write',
    rejectFace: 'write',
    seePhotos: 'write',
    rejectFaces: 'write',
    setRepeatsPeople: 'write',
    knownFaces: 'read',
    enrolledPhotos: 'slow-read',
    search: 'search',
    ownFaces: 'read',
    gallerySize: 'search',
    samplePersons: 'search',
    distances: 'search',
    crop: 'read',
    undo: 'write',
  },
  queue: {
    load: 'write',
    analyses: 'read',
    append: 'write',
    setState: 'write',
    complete: 'write',
    setFaces: 'write',
    remove: 'write',
    restore: 'write',
    desk: 'slow-read',
    forget: 'write',
    thumbnail: 'read',
    faceCrop: 'read',
    pasted: 'read',
  },
  reviews: {
    add: 'write',
    photos: 'slow-read',
    waiting: 'read',
    review: 'read',
    crop: 'read',
    accept: 'write',
    reject: 'write',
    forget: 'write',
  },
  unknown: {
    keep: 'write',
    bring: 'write',
    domains: 'slow-read',
    ids: 'slow-read',
    link: 'write',
    constraints: 'slow-read',
    setGroups: 'write',
    counts: 'slow-read',
    groups: 'slow-read',
    groupOf: 'read',
    faces: 'read',
    groupFaces: 'read',
    nearestPersons: 'search',
    takeOut: 'write',
    ignore: 'write',
    findSuggestions: 'write',
    suggestions: 'slow-read',
    expire: 'write',
    forget: 'write',
  },
  erasure: {
    checkReason: 'write',
    inQueue: 'write',
    preview: 'write',
    erase: 'write',
    due: 'write',
    addRemoved: 'write',
    scrub: 'write',
    unreported: 'write',
    reported: 'write',
    reports: 'write',
  },
  health: {
    look: 'search',
    lookAnew: 'write',
    counts: 'read',
    findings: 'read',
    dismiss: 'write',
  },
  imports: {
    begin: 'write',
    runs: 'read',
    run: 'read',
    setState: 'write',
    importPortion: 'write',
    copyPortion: 'write',
    copySize: 'slow-read',
    tryCopy: 'slow-read',
    copyPage: 'slow-read',
    tryPortion: 'slow-read',
    rejects: 'read',
    rejectedKeys: 'slow-read',
    entries: 'slow-read',
    stored: 'slow-read',
    countStandIns: 'slow-read',
    standIns: 'slow-read',
    standInsOf: 'slow-read',
    noteLook: 'write',
    unfound: 'slow-read',
  },
  outbox: {
    console: 'write',
    entries: 'write',
    ready: 'write',
    act: 'write',
    sought: 'write',
    strike: 'write',
    sent: 'write',
    hold: 'write',
    retry: 'write',
    drop: 'write',
    ownFaces: 'write',
    brought: 'write',
  },
  cache: {
    contents: 'slow-read',
    held: 'slow-read',
    choose: 'write',
    pair: 'background',
    compare: 'background',
    followErasures: 'background',
    renewSettled: 'background',
    sync: 'background',
    verify: 'background',
  },
  dual: {
    standing: 'read',
    beginPairing: 'write',
    endPairing: 'write',
    decide: 'write',
    moves: 'read',
    record: 'write',
    figures: 'slow-read',
    byDomain: 'slow-read',
    series: 'slow-read',
    disagreements: 'slow-read',
    strangers: 'slow-read',
    forgetPeople: 'write',
    forget: 'write',
  },
} as const satisfies { readonly [P in Part]: { readonly [M in Method<P>]: MethodKind } }

/** The methods of a part that are of these kinds. */
export type MethodsOfKind<P extends Part, K extends MethodKind> = {
  [M in keyof (typeof methods)[P]]: (typeof methods)[P][M] extends K ? M : never
}[keyof (typeof methods)[P]]

/** The database under the store, as a thread is told of it. */
export const engineDataSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('sqlite'),
    folder: z.string(),
    /** URL of the built `scrub-worker.ts`. */
    scrubWorkerUrl: z.url(),
    /** It is a cache of a server. */
    isCache: z.boolean(),
  }),
  /** Two lines for the thread that writes, one for one that reads; see [Note: Server thread]. */
  z.object({ kind: z.literal('postgres'), lines: z.array(serverLineSchema).min(1).max(2) }),
])
export type EngineData = z.infer<typeof engineDataSchema>

/** What a thread of the store starts with. */
export const workerDataSchema = z.discriminatedUnion('role', [
  z.object({
    role: z.literal('write'),
    engine: engineDataSchema,
    /** URL of the built `scan-worker.ts`. */
    scanWorkerUrl: z.url(),
    /** Threads that scan, the worker's own included. */
    threads: z.number().int().min(1),
    int8FromRows: z.number().int().nonnegative(),
    /** Longer than this, a write pauses. */
    sliceMs: z.number().nonnegative(),
  }),
  /** Started only once the writing thread has opened the database. */
  z.object({ role: z.literal('read'), engine: engineDataSchema }),
])
export type WorkerData = z.infer<typeof workerDataSchema>

const requestId = z.number().int().nonnegative()

export const toStoreSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('call'),
    id: requestId,
    part: z.enum(Object.keys(methods) as [Part, ...Part[]]),
    method: z.string(),
    args: z.array(z.unknown()),
    /** Whoever calls wants to hear of its progress, and may cancel it: the last of `args` is the write's context. */
    controlled: z.boolean(),
  }),
  /** Of a call that is controlled; nothing where it is over. */
  z.object({ type: z.literal('cancel'), id: requestId }),
  z.object({ type: z.literal('close'), id: requestId }),
])
export type ToStore = z.infer<typeof toStoreSchema>

export const fromStoreSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('opened'), engine: z.string() }),
  z.object({ type: z.literal('failed'), error: sentErrorSchema }),
  z.object({ type: z.literal('progress'), id: requestId, done: z.number(), total: z.number() }),
  z.object({ type: z.literal('value'), id: requestId, value: z.unknown() }),
  z.object({ type: z.literal('error'), id: requestId, error: sentErrorSchema }),
])
export type FromStore = z.infer<typeof fromStoreSchema>
