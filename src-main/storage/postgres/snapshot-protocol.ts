/**
 * What a thread that keeps a cache and the server thread say to each other. Both sides.
 *
 * [Note: Snapshots] The reader has the database as it was at one moment (a read-only transaction, repeatable read) from `begin` to
 * `end`. What it asks is answered in the order in which it was asked, also where it did not wait: so the server works on one portion
 * while the reader writes another. A copy comes in chunks of whole rows, then `done`; the reader gives each back, so that only some
 * megabytes are on their way. After an error the snapshot is gone. Main sees none of it.
 */
import type { SentError } from '../../../src-shared/server-failure'

export type SnapshotRequest =
  | { readonly type: 'begin' }
  | { readonly type: 'rows'; readonly sql: string; readonly values: readonly (string | number)[] }
  /** For the rest of the snapshot: what a COPY, which takes no parameters, reads them from. */
  | { readonly type: 'set'; readonly settings: Readonly<Record<string, string>> }
  | { readonly type: 'copy'; readonly sql: string }
  | { readonly type: 'taken'; readonly bytes: Uint8Array<ArrayBuffer> }
  | { readonly type: 'end' }

export type SnapshotReply =
  | { readonly type: 'done' }
  | { readonly type: 'rows'; readonly rows: readonly unknown[][] }
  | { readonly type: 'chunk'; readonly bytes: Uint8Array<ArrayBuffer> }
  | { readonly type: 'error'; readonly error: SentError }
