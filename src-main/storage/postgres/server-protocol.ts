/**
 * What the store's threads and the server thread say to each other. Both sides.
 *
 * [Note: Server thread] One thread of a console has the pool of connections to PostgreSQL; those that run the store's
 * statements wait for it. A store thread posts a request on its line and sleeps until the counter that both see has grown;
 * then exactly one reply lies in its port. A line has one request at a time, and while it is in a transaction, one connection
 * of the pool to itself.
 */
import type { MessagePort } from 'node:worker_threads'

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
