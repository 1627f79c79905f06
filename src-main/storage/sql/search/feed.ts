/** What others did to a client's gallery, as the caches in a store's memory follow it. Store's threads. */
import type { ClientId, FaceId, PhotoId } from '../../../../src-shared/ids'

/** What was made, changed or removed after a revision. */
export interface FeedChanges {
  /** The client's revision that this leads to. */
  readonly revision: number
  readonly faces: readonly FaceId[]
  readonly photos: readonly PhotoId[]
  /** Numbers of embeddings that are gone. */
  readonly goneEmbeddings: readonly number[]
}

/**
 * The change feed of a database that several consoles write to; where one alone writes there is none. Commits of a client have
 * rising revisions, so that what is asked for after one's own revision is all that was missed.
 */
export interface Feed {
  /** The client's revision as it is committed now; 0 where there is none. */
  head(clientId: ClientId): number
  /** `undefined` where the feed no longer goes back that far: read everything anew. */
  since(clientId: ClientId, revision: number): FeedChanges | undefined
}
