/** What the steps of a synchronisation work with. Store worker thread. */
import type { SyncReport } from '../../../src-shared/cache'
import type { FlatIndexes } from '../sql/search/flat-indexes'
import type { SqliteConnection } from '../sqlite/sqlite-connection'
import type { WriteControl } from '../written'
import type { ServerSnapshot } from './server-snapshot'

type Writable<T> = { -readonly [K in keyof T]: T[K] }

export interface Syncing {
  /** The cache. */
  readonly connection: SqliteConnection
  readonly indexes: FlatIndexes
  readonly server: ServerSnapshot
  readonly control: WriteControl
  /** Counted up as it goes. */
  readonly report: Writable<SyncReport>
}
