/** What an erasure is going to take: found in turns, before the transaction that takes it. Store worker thread. */
import { VisorError } from '../../../../src-shared/errors'
import type { FaceId, PhotoId, ReviewId } from '../../../../src-shared/ids'
import type { DeskFindings, ErasureQuery } from '../../erasure-store'
import type { Connection } from '../connection'
import type { FlatIndexes } from '../search/flat-indexes'
import type { Desk } from './desk'
import { type ErasedPeople, erasedPeople } from './erased-people'
import { type ImportsAbout, importsAbout } from './imports-about'
import { NameFinder } from './name-finder'
import { entriesAbout, placesNaming, queueItemsOf, type SoughtNames, soughtNames } from './named-places'
import { NearFaces } from './near-faces'
import { reviewsAbout } from './reviews-about'

export interface ErasurePlan {
  readonly people: ErasedPeople
  readonly sought: SoughtNames
  /** Ledger entries by sequence number. */
  readonly entries: readonly number[]
  /** Records of photos whose place names them. */
  readonly places: readonly PhotoId[]
  /** Faces of nobody that may be theirs. */
  readonly nameless: readonly FaceId[]
  /** Enrolments that wait or were decided. */
  readonly reviews: readonly ReviewId[]
  readonly imports: ImportsAbout
  readonly queue: DeskFindings
}

/** Raises `not-found`, `invalid-argument`. */
export async function planErasure(
  connection: Connection,
  indexes: FlatIndexes,
  desk: Desk,
  { target, possible }: ErasureQuery,
): Promise<ErasurePlan> {
  const people = erasedPeople(connection, target)
  const sought = await soughtNames(connection, people)
  const entries = await entriesAbout(connection, people, sought)
  const places = await placesNaming(connection, people, sought)
  const imports = await importsAbout(connection, people, sought)
  const near = await NearFaces.of(connection, indexes, people, possible)
  try {
    const nameless = people.whole ? [] : await near.nameless(connection, people.clientId)
    const { known, named } = queueItemsOf(connection, desk, people, sought)
    const taken = new Set([...known, ...named])
    const alike = (await near.inQueue(desk)).filter((itemId) => !taken.has(itemId))
    const reviews = reviewsAbout(connection, people, sought)
    for (const reviewId of await near.inReviews(connection, people.clientId)) reviews.add(reviewId)
    const queue = { known, alike, named }
    return { people, sought, entries, places, nameless, reviews: [...reviews], imports, queue }
  } finally {
    near.close()
  }
}

/** Refuses a reason that holds a name which goes. Raises `invalid-argument`. */
export function refuseNames({ names }: ErasedPeople, reason: string): void {
  if (!new NameFinder(names).isIn(reason)) return
  throw new VisorError('invalid-argument', 'The reason names somebody who is to be erased.', {
    consequence: 'It is kept, and the name would be kept with it. Nothing was erased.',
    remedy: 'Say it without the name: a case number, say.',
  })
}
