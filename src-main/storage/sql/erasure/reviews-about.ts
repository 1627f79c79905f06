/** Enrolments that wait or were decided, and are about people who are to be erased. Store worker thread. */
import { z } from 'zod'
import { personIdSchema, type ReviewId, reviewIdSchema, sha256Schema } from '../../../../src-shared/ids'
import type { Connection } from '../connection'
import type { ErasedPeople } from './erased-people'
import { type SoughtNames, selectPhotosOf } from './named-places'

const reviewRow = z.object({
  reviewId: reviewIdSchema,
  personId: personIdSchema.nullable(),
  name: z.string(),
  path: z.string(),
  sha256: sha256Schema,
})
const shaRow = z.object({ sha256: sha256Schema })

export const selectReviewsOfClient = `
  SELECT id AS reviewId, person_id AS personId, person_name AS name, path, sha256
  FROM enrolment_reviews WHERE client_id = ?`

/** Those for one of them, of a photo that shows one of them, or whose name or place names one; all for a whole client. */
export function reviewsAbout(
  connection: Connection,
  { clientId, whole, all }: ErasedPeople,
  { own, others }: SoughtNames,
): Set<ReviewId> {
  const gone = JSON.stringify([...all])
  const photos = new Set(connection.rows(shaRow, selectPhotosOf, gone).map(({ sha256 }) => sha256))
  const about = connection
    .rows(reviewRow, selectReviewsOfClient, clientId)
    .filter(
      ({ personId, name, path, sha256 }) =>
        whole ||
        (personId !== null && all.has(personId)) ||
        photos.has(sha256) ||
        own.isIn(name, others) ||
        own.isIn(path, others),
    )
  return new Set(about.map(({ reviewId }) => reviewId))
}
