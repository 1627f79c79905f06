/**
 * What main and its store worker thread say to each other. Both sides.
 *
 * [Note: Store protocol] The worker first says `opened` or `failed`. Then every request has an id and gets exactly one
 * response. `close` is a request like the others, and the last one.
 */
import { z } from 'zod'
import { wireErrorSchema } from '../../../src-shared/errors'
import type { GalleryStore } from '../gallery-store'
import type { QueueStore } from '../queue-store'
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
  readonly unknown: UnknownStore
}
export type Part = keyof StoreParts
export type Method<P extends Part> = MethodsOf<StoreParts[P]>

/** Every method that may be called, by part: what is not named here is not callable from outside the worker. */
export const methods: { readonly [P in Part]: { readonly [M in Method<P>]: true } } = {
  gallery: {
    clients: true,
    ensureDomain: true,
    deleteDomain: true,
    persons: true,
    person: true,
    wholePerson: true,
    addPerson: true,
    updatePerson: true,
    tagPersons: true,
    tags: true,
    setCover: true,
    mergePersons: true,
    moveFaces: true,
    takeFaces: true,
    movePersons: true,
    renameDomain: true,
    lookalikes: true,
    withdrawReject: true,
    rejectsOf: true,
    ledger: true,
    verifyLedger: true,
    bin: true,
    emptyBin: true,
    deletePersons: true,
    assignFaces: true,
    rejectFace: true,
    knownFaces: true,
    enrolledPhotos: true,
    search: true,
    gallerySize: true,
    samplePersons: true,
    distances: true,
    crop: true,
    undo: true,
  },
  queue: {
    load: true,
    analyses: true,
    append: true,
    setState: true,
    complete: true,
    remove: true,
    restore: true,
    thumbnail: true,
    faceCrop: true,
    pasted: true,
  },
  unknown: {
    keep: true,
    domains: true,
    ids: true,
    link: true,
    setGroups: true,
    groups: true,
    groupFaces: true,
    ignore: true,
    suggestions: true,
    expire: true,
  },
}

/** What the worker starts with. */
export const workerDataSchema = z.object({
  folder: z.string(),
  /** URL of the built `scan-worker.ts`. */
  scanWorkerUrl: z.url(),
  /** Threads that scan, the worker's own included. */
  threads: z.number().int().min(1),
  int8FromRows: z.number().int().nonnegative(),
})
export type WorkerData = z.infer<typeof workerDataSchema>

const requestId = z.number().int().nonnegative()

export const toStoreSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('call'),
    id: requestId,
    part: z.enum(['gallery', 'queue', 'unknown']),
    method: z.string(),
    args: z.array(z.unknown()),
  }),
  z.object({ type: z.literal('close'), id: requestId }),
])
export type ToStore = z.infer<typeof toStoreSchema>

export const fromStoreSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('opened'), engine: z.string() }),
  z.object({ type: z.literal('failed'), error: wireErrorSchema }),
  z.object({ type: z.literal('value'), id: requestId, value: z.unknown() }),
  z.object({ type: z.literal('error'), id: requestId, error: wireErrorSchema }),
])
export type FromStore = z.infer<typeof fromStoreSchema>
