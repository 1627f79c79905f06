/** What the store's writing and searching thread needs of the engine under it. Store worker thread. */
import type { ErasureReport } from '../../../src-shared/erasure'
import type { WriteControl } from '../written'
import type { Connection } from './connection'
import type { Feed } from './search/feed'

/** Clears the database of what was deleted, so that none of its bytes are left. */
export type Scrub = (control: Pick<WriteControl, 'onProgress'>) => Promise<ErasureReport['cleared']>

export interface Engine {
  /** `SQLite 3.50.4`, for people. */
  readonly name: string
  readonly connection: Connection
  /** What was last committed, also between the steps of a long write. */
  readonly reads: Connection
  /** Of what others write to the database; absent where nobody else does. */
  readonly feed?: Feed
  readonly scrub: Scrub
  /** Where an erasure cannot reach what it took, as its report says it. */
  readonly outOfReach: readonly string[]
  close(): void
}
