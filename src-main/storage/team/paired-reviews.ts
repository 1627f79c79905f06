/**
 * Decisions about enrolments in a gallery that is paired with a server: there they are edits of people. Main, command line.
 */
import { VisorError } from '../../../src-shared/errors'
import type { ReviewId } from '../../../src-shared/ids'
import { type ActCall, encodeArguments } from '../act'
import type { ReviewStore } from '../review-store'
import type { LedgerContext } from '../written'

/** Runs an edit here, and keeps the call for the server. */
type Edit = <T>(
  call: ActCall,
  context: LedgerContext,
  carryOut: (context: LedgerContext) => Promise<T>,
) => Promise<T>

/** `isPaired`: whether edits are kept at all. */
export function pairedReviews(local: ReviewStore, isPaired: () => boolean, edit: Edit): ReviewStore {
  async function withCrop<F extends object>(reviewId: ReviewId, position: number, faces: readonly F[]) {
    const face = faces[position]
    if (face === undefined) throw new VisorError('not-found', 'This photo has no such face.')
    return { ...face, crop: await local.crop(reviewId, position) }
  }

  /** On the server it is the enrolment that it becomes; where the review waits there as well, it is decided by that. */
  const accept: ReviewStore['accept'] = async (reviewId, position, person, context) => {
    if (!isPaired()) return local.accept(reviewId, position, person, context)
    const { clientId, domain, modelId, photo, faces } = await local.review(reviewId)
    const face = await withCrop(reviewId, position, faces)
    const assignment = { person, photo, face, source: 'enrolled' as const, review: reviewId }
    const call = {
      method: 'assignFaces',
      args: encodeArguments([clientId, domain, modelId, [assignment]]),
    }
    return edit(call, context, (own) => local.accept(reviewId, position, person, own))
  }

  const reject: ReviewStore['reject'] = async (reviewId, context) => {
    if (!isPaired()) return local.reject(reviewId, context)
    const { clientId, modelId, person, photo, faces } = await local.review(reviewId)
    const { personId } = person
    // Then nobody is ruled out.
    if (personId === undefined || faces.length !== 1) {
      const call = { method: 'settleReview', args: encodeArguments([clientId, reviewId]) }
      return edit(call, context, (own) => local.reject(reviewId, own))
    }
    const face = await withCrop(reviewId, 0, faces)
    const rejected = { photo, face, personId, source: 'enrolled' as const, review: reviewId }
    const call = { method: 'rejectFace', args: encodeArguments([clientId, modelId, rejected]) }
    return edit(call, context, (own) => local.reject(reviewId, own))
  }

  return { ...local, accept, reject }
}
