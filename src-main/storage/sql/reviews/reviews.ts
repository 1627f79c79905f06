/** Enrolments that wait for somebody, in SQLite: `ReviewStore` as it runs in the store's writing thread. */
import { v7 as uuid } from 'uuid'
import { z } from 'zod'
import { VisorError } from '../../../../src-shared/errors'
import { type LedgerId, type ReviewId, reviewIdSchema } from '../../../../src-shared/ids'
import type { AssignedFace, PersonRef } from '../../gallery-records'
import type { NewReview, ReviewScope, ReviewStore } from '../../review-store'
import type { LedgerContext, Written } from '../../written'
import type { Connection } from '../connection'
import { photoValues } from '../faces/add-faces'
import { assignFaces, livePerson, rejectFace } from '../faces/assign-faces'
import { type Done, type WriteScope, write } from '../ledger/ledger'
import { selectDomain } from '../people/change-persons'
import type { FlatIndexes } from '../search/flat-indexes'
import type { Steps } from '../steps'
import { ReviewReader, selectReviewCrop, wholeReview } from './enrolment-reviews'

const anyRow = z.object({})
const jpegRow = z.object({ jpeg: z.instanceof(Uint8Array).nullable() })

export const selectSameReview = `
  SELECT 1 FROM enrolment_reviews
  WHERE client_id = ? AND domain = ? AND model_id = ? AND sha256 = ? AND person_name = ?`
export const settleReview = 'UPDATE enrolment_reviews SET settled_by = ? WHERE id = ?'
export const reopenReviews = 'UPDATE enrolment_reviews SET settled_by = NULL WHERE settled_by = ?'
export const deleteSettled = `
  DELETE FROM enrolment_reviews WHERE settled_by IS NOT NULL
    AND (SELECT at FROM ledger WHERE id = settled_by) < ?`

export class ReviewWriter extends ReviewReader implements ReviewStore {
  readonly #connection: Connection
  readonly #indexes: FlatIndexes

  constructor(connection: Connection, indexes: FlatIndexes) {
    super(connection)
    this.#connection = connection
    this.#indexes = indexes
  }

  async add(scope: ReviewScope, reviews: readonly NewReview[]): Promise<number> {
    return this.#connection.transaction(scope.clientId, () => {
      if (this.#connection.row(anyRow, selectDomain, scope.clientId, scope.domain) === undefined) return 0
      return reviews.filter((review) => addReview(this.#connection, scope, review)).length
    })
  }

  async accept(
    reviewId: ReviewId,
    position: number,
    person: PersonRef,
    context: LedgerContext,
  ): Promise<Written<AssignedFace>> {
    const { clientId } = wholeReview(this.#connection, reviewId)
    return write(this.#connection, this.#indexes, clientId, context, (scope) =>
      acceptReview(this.#connection, scope, reviewId, position, person),
    )
  }

  async reject(reviewId: ReviewId, context: LedgerContext): Promise<Written<void>> {
    const { clientId } = wholeReview(this.#connection, reviewId)
    return write(this.#connection, this.#indexes, clientId, context, (scope) =>
      rejectReview(this.#connection, scope, reviewId),
    )
  }

  async forget(before: number): Promise<number> {
    return this.#connection.run(deleteSettled, before)
  }
}

/** Whether the review is new. */
function addReview(
  connection: Connection,
  { clientId, domain, modelId }: ReviewScope,
  { person, photo, facesInPhoto, choice, kinds, faces }: NewReview,
): boolean {
  const same = [clientId, domain, modelId, photo.sha256, person.name]
  if (connection.row(anyRow, selectSameReview, ...same) !== undefined) return false
  const reviewId = reviewIdSchema.parse(uuid())
  const now = Date.now()
  connection.run('INSERT INTO models (id, created_at) VALUES (?, ?) ON CONFLICT DO NOTHING', modelId, now)
  connection.run(
    `INSERT INTO enrolment_reviews (id, client_id, domain, person_id, person_name, model_id, sha256, path, format,
       width, height, perceptual_hash, faces_in_photo, choice, kinds, created_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    reviewId,
    clientId,
    domain,
    person.personId ?? null,
    person.name,
    modelId,
    ...photoValues(photo),
    facesInPhoto,
    choice,
    JSON.stringify(kinds),
    now,
  )
  for (const [position, { embedding, crop, ...face }] of faces.entries()) {
    connection.run(
      'INSERT INTO enrolment_review_faces (review_id, position, face, vector, jpeg) VALUES (?, ?, ?, ?, ?)',
      reviewId,
      position,
      JSON.stringify(face),
      embedding,
      crop ?? null,
    )
  }
  return true
}

function* acceptReview(
  connection: Connection,
  scope: WriteScope,
  reviewId: ReviewId,
  position: number,
  person: PersonRef,
): Steps<Done<AssignedFace>> {
  // Read again: the caller's look was before this transaction.
  const { domain, modelId, photo, faces } = wholeReview(connection, reviewId)
  const face = faces[position]
  if (face === undefined) throw new VisorError('not-found', 'This photo has no such face.')
  const crop = connection.row(jpegRow, selectReviewCrop, reviewId, position)?.jpeg ?? undefined
  const { value, details } = yield* assignFaces(connection, scope, domain, modelId, [
    { person, photo, face: crop === undefined ? face : { ...face, crop }, source: 'enrolled' },
  ])
  connection.run(settleReview, scope.ledgerId, reviewId)
  return { value: value[0]!, details: details ?? { action: 'settle-review' } }
}

function rejectReview(connection: Connection, scope: WriteScope, reviewId: ReviewId): Done<void> {
  const { modelId, person, photo, faces } = wholeReview(connection, reviewId)
  connection.run(settleReview, scope.ledgerId, reviewId)
  const [face] = faces
  if (person.personId === undefined || face === undefined || faces.length > 1) {
    return { value: undefined, details: { action: 'settle-review' } }
  }
  const crop = connection.row(jpegRow, selectReviewCrop, reviewId, 0)?.jpeg ?? undefined
  const { details } = rejectFace(connection, scope, livePerson(connection, person.personId), modelId, {
    photo,
    face: crop === undefined ? face : { ...face, crop },
    personId: person.personId,
    source: 'enrolled',
  })
  return { value: undefined, details: details ?? { action: 'settle-review' } }
}

/** Has the reviews that an entry settled wait again. */
export function reopenSettled(connection: Connection, ledgerId: LedgerId): void {
  connection.run(reopenReviews, ledgerId)
}
