/** Reviews of enrolments that are decided by an edit that came from elsewhere. Store's writing thread; called within a write. */
import type { ReviewId } from '../../../../src-shared/ids'
import type { Connection } from '../connection'
import type { Done, WriteScope } from '../ledger/ledger'

export const settleWaiting = `
  UPDATE enrolment_reviews SET settled_by = ? WHERE id = ? AND client_id = ? AND settled_by IS NULL`

/** The act decides these, where they wait; how many did. */
export function settleReviews(
  connection: Connection,
  { ledgerId, clientId }: WriteScope,
  reviews: readonly ReviewId[],
): number {
  let settled = 0
  for (const reviewId of reviews) settled += connection.run(settleWaiting, ledgerId, reviewId, clientId)
  return settled
}

/** The body of `GalleryStore.settleReview`. */
export function settleReview(connection: Connection, scope: WriteScope, reviewId: ReviewId): Done<void> {
  const settled = settleReviews(connection, scope, [reviewId])
  return { value: undefined, details: settled === 0 ? undefined : { action: 'settle-review' } }
}
