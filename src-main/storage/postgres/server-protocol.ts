/**
 * What the store's threads and the server thread say to each other. Both sides.
 *
 * [Note: Server thread] One thread of a console has the pool of connections to PostgreSQL; those that run the store's
 * statements wait for it. A store thread posts a request on its line and sleeps until the counter that both see has grown;
 * then exactly one reply lies in its port. A line has one request at a time, and while it is in a transaction, one connection
 * of the pool to itself.
 */
import type { MessagePort } from 'node:worker_threads'
import { z } from 'zod'
import type { WireError } from '../../../src-shared/errors'
import { serverConnectionSchema } from '../../../src-shared/server'
import type { ServerFailure as ConnectFailure } from '../../../src-shared/server-failure'

/** What the server thread is started with. */
export const serverThreadDataSchema = z.object({
  connection: serverConnectionSchema,
  /** Typed, or from the key store; without one PostgreSQL's own places are asked. */
  password: z.string().optional(),
})
export type ServerThreadData = z.infer<typeof serverThreadDataSchema>

/** A new line to serve, or the end. */
export type ToServerThread = ServerLine | 'close'

/** Told once: that the server answers, or why it does not; then the thread has ended. */
export type FromServerThread =
  | { readonly type: 'connected' }
  | { readonly type: 'failed'; readonly error: WireError; readonly failure: ConnectFailure | null }

/** A line of a store thread to the server thread. */
export interface ServerLine {
  readonly port: MessagePort
  /** One Int32 in shared memory: how many replies were posted. */
  readonly replies: Int32Array<SharedArrayBuffer>
}

/** A parameter as PostgreSQL is sent it: bytes in the binary format, all else as text. */
export type WireValue = string | number | null | Uint8Array

export type ServerRequest =
  | {
      readonly type: 'query'
      readonly sql: string
      readonly values: readonly WireValue[]
      readonly rowMode: 'object' | 'array'
    }
  /** `client`: whose writes wait meanwhile, `null` for nobody's. */
  | { readonly type: 'begin'; readonly client: string | null }
  | { readonly type: 'commit' }
  | { readonly type: 'rollback' }

export type ServerReply =
  | { readonly type: 'rows'; readonly rows: readonly unknown[]; readonly changed: number }
  /** `chain`: of the client's ledger; null where there is no such client. */
  | { readonly type: 'begun'; readonly chain: string | null }
  | { readonly type: 'done' }
  | { readonly type: 'error'; readonly error: ServerFailure }

/** An error of PostgreSQL or of the way to it, as far as it can be sent. */
export interface ServerFailure {
  readonly message: string
  /** SQLSTATE, or Node's code of a network error. */
  readonly code: string
  readonly constraint: string | undefined
}
