/**
 * What the store's threads and the server thread say to each other. Both sides.
 *
 * [Note: Server thread] One thread of a console has the pool of connections to PostgreSQL; those that run the store's
 * statements wait for it. A store thread posts a request on its line and sleeps until the counter that both see has grown;
 * then exactly one reply lies in its port. A line has one request at a time, and while it is in a transaction, one connection
 * of the pool to itself. Every request has its end: what the server does not answer within the time-outs of the settings is
 * given up, and so is the connection.
 */
import { MessagePort } from 'node:worker_threads'
import { z } from 'zod'
import type { LedgerId } from '../../../src-shared/ids'
import { serverConnectionSchema } from '../../../src-shared/server'
import { type SentError, sentErrorSchema } from '../../../src-shared/server-failure'
import type { SoughtAct } from '../act'
import type { GalleryStore } from '../gallery-store'
import type { IndexStore } from '../index-store'

/** A line of a store thread to the server thread. */
export interface ServerLine {
  readonly port: MessagePort
  /** Two Int32 in shared memory: how many replies were posted; and 1 once nobody answers any more. */
  readonly replies: Int32Array<SharedArrayBuffer>
}

export const serverLineSchema = z.object({
  port: z.instanceof(MessagePort),
  replies: z.custom<Int32Array<SharedArrayBuffer>>((value) => value instanceof Int32Array),
}) satisfies z.ZodType<ServerLine>

/** What the server thread starts with. */
export const serverThreadDataSchema = z.object({
  connection: serverConnectionSchema,
  /** Typed, or from the key store; without one, it is looked for as psql does. */
  password: z.string().optional(),
  /** {@link SearchBounds} other than those that were measured. */
  searchBounds: z
    .object({
      smallUpToRows: z.number().nonnegative(),
      indexFromRows: z.number().nonnegative(),
      doubtsIndex: z.boolean(),
    })
    .optional(),
})
export type ServerThreadData = z.infer<typeof serverThreadDataSchema>

/**
 * What main asks of the server thread itself, past the store's threads: many at once, each on a connection of the pool. Those of
 * `IndexStore` may tell their progress and be cancelled.
 */
export interface ServerCalls extends Pick<GalleryStore, 'search' | 'gallerySize'> {
  /** Of a console: all before the oldest that it still waits with. */
  readonly forgetActs: (console: string, oldest: LedgerId | undefined) => Promise<void>
  /** Of acts in an outbox: those about somebody who was erased. */
  readonly erasedAmong: (acts: readonly SoughtAct[]) => Promise<readonly LedgerId[]>
  readonly indexState: IndexStore['state']
  readonly rebuildIndex: IndexStore['rebuild']
  readonly widenSearch: IndexStore['widen']
  readonly indexRecall: IndexStore['recall']
}
export const serverCalls = [
  'search',
  'gallerySize',
  'forgetActs',
  'erasedAmong',
  'indexState',
  'rebuildIndex',
  'widenSearch',
  'indexRecall',
] as const satisfies readonly (keyof ServerCalls)[]
export type ServerCall = (typeof serverCalls)[number]

const callId = z.number().int().nonnegative()

/** What the server thread is told besides. */
export const toServerThreadSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('line'), line: serverLineSchema }),
  /** For a thread that keeps a cache; see [Note: Snapshots]. */
  z.object({ type: z.literal('snapshots'), port: z.instanceof(MessagePort) }),
  /** For whoever follows what consoles change; see [Note: Change feed]. */
  z.object({ type: z.literal('feed'), port: z.instanceof(MessagePort) }),
  /** Whether the server answers on a new connection; told on `port`, which is closed then. */
  z.object({ type: z.literal('probe'), port: z.instanceof(MessagePort) }),
  /** The same after an outage: if it does, none of the connections from before is asked any more. */
  z.object({ type: z.literal('renew'), port: z.instanceof(MessagePort) }),
  z.object({ type: z.literal('call'), id: callId, method: z.enum(serverCalls), args: z.array(z.unknown()) }),
  /** Of a call; nothing where it is over. */
  z.object({ type: z.literal('cancel'), id: callId }),
  /** The store ends: nobody waits long for an answer any more. */
  z.object({ type: z.literal('closing') }),
  z.object({ type: z.literal('close') }),
  /** Nobody waits for anything of it any more. */
  z.object({ type: z.literal('abandon') }),
])
export type ToServerThread = z.infer<typeof toServerThreadSchema>

/** What main hears of its calls: exactly one `value` or `error` of each, after any number of `progress`. */
export const fromServerThreadSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('progress'), id: callId, progress: z.unknown() }),
  z.object({ type: z.literal('value'), id: callId, value: z.unknown() }),
  z.object({ type: z.literal('error'), id: callId, error: sentErrorSchema }),
])
export type FromServerThread = z.infer<typeof fromServerThreadSchema>

/** A parameter as PostgreSQL is sent it: bytes in the binary format, all else as text. */
export type WireValue = string | number | null | Uint8Array

/** Rows of a table in the binary format of COPY. */
export interface CopiedRows {
  readonly table: string
  readonly columns: readonly string[]
  readonly bytes: Uint8Array<ArrayBuffer>
}

export type ServerRequest =
  | {
      readonly type: 'query'
      readonly sql: string
      readonly values: readonly WireValue[]
      readonly rowMode: 'object' | 'array'
      /** It changes nothing: outside a transaction, it is asked once more where the connection was lost. */
      readonly reads: boolean
    }
  /** In a transaction. */
  | { readonly type: 'copy'; readonly tables: readonly CopiedRows[] }
  /** `client`: whose writes wait meanwhile, `null` for nobody's. */
  | { readonly type: 'begin'; readonly client: string | null }
  | { readonly type: 'commit' }
  | { readonly type: 'rollback' }

export type ServerReply =
  | { readonly type: 'rows'; readonly rows: readonly unknown[]; readonly changed: number }
  /** `chain`: of the client's ledger; null where there is no such client. */
  | { readonly type: 'begun'; readonly chain: string | null }
  | { readonly type: 'done' }
  | { readonly type: 'error'; readonly error: SentError }
