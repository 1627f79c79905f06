/** What the steps of a synchronisation work with. Store worker thread. */
import type { SyncReport } from '../../../src-shared/cache'
import type { ClientId, ModelId } from '../../../src-shared/ids'
import type { FlatIndexes } from '../sql/search/flat-indexes'
import type { SqliteConnection } from '../sqlite/sqlite-connection'
import type { WriteControl } from '../written'
import type { Copied, ServerSnapshot } from './server-snapshot'
import type { CachedTable, OwnerKind } from './tables'

/** Ids by whose they are. */
export type Owners = { readonly [kind in OwnerKind]: ReadonlySet<string> }

/** Whose rows changed of what waits for a curator: faces that may be unknown, reviews of enrolments. */
export type Waiting = { readonly [kind in 'unknown' | 'review']: ReadonlySet<string> }

type Writable<T> = { -readonly [K in keyof T]: T[K] }

/** One write of the server's rows: all of it, or none. */
export interface ServerRows {
  /** Embeddings that came or went, for the indexes. */
  readonly touched: ReadonlyMap<ModelId, ReadonlySet<number>>
  /** Rows of owners that were put there. */
  readonly owners: number
  /** Takes the rows of a table that were asked for. */
  take(table: CachedTable, copied: Copied): Promise<void>
  /** Before rows of these people, photos and faces are copied: those that are here are in nobody's way. */
  remove(owners: Owners): void
  /**
   * After that: sees to those of them that the server does not have live; gives how many. `told`: those of whom its feed said
   * that they were changed there.
   */
  settle(owners: Owners, told: Owners): Promise<number>
  /** Says that an embedding came, went or changed hands. */
  touch(id: number, modelId: ModelId): void
}

/** What is kept of the server's rows, and how: as a cache keeps them, or a gallery that is paired. */
export interface Kept {
  readonly tables: readonly CachedTable[]
  /** The ids of a kind in a domain here: of client and domain. */
  localOwners(kind: OwnerKind): string
  /** The rows of owners (a JSON list of ids) here, the owner before the columns. */
  localRows(table: CachedTable): string
  /** Values are checked here again: they are not only for reading. */
  readonly checksRows: boolean
  begin(syncing: Syncing, clientId: ClientId): ServerRows
  /** Where more is said of people than the server's rows: takes that of those whom an erasure there took. */
  readonly forgetErased?: (syncing: Syncing, clientId: ClientId, told: ReadonlySet<string>) => Promise<void>
  /** Where the history of what was edited here is kept only for what still waits: takes the rest of it. */
  readonly forgetEntries?: (connection: SqliteConnection, clientId: ClientId) => void
  /**
   * Where what waits for a curator is kept as well: brings it to what the server has, after the faces. `all`: nobody was told what
   * changed.
   */
  readonly renewWaiting?: (
    syncing: Syncing,
    rows: ServerRows,
    clientId: ClientId,
    waiting: Waiting | 'all',
  ) => Promise<void>
}

export interface Syncing {
  /** The cache. */
  readonly connection: SqliteConnection
  readonly indexes: FlatIndexes
  readonly server: ServerSnapshot
  readonly kept: Kept
  readonly control: WriteControl
  /** Counted up as it goes. */
  readonly report: Writable<SyncReport>
}
