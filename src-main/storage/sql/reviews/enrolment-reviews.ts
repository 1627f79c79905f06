/** What is known of enrolments that wait for somebody to look at them. Store's threads. */
import { z } from 'zod'
import { VisorError } from '../../../../src-shared/errors'
import { bytesSchema, detectedFaceSchema, unitEmbeddingSchema } from '../../../../src-shared/face'
import { faceChoiceSchema, gateKindSchema } from '../../../../src-shared/gate'
import {
  clientIdSchema,
  domainSchema,
  modelIdSchema,
  personIdSchema,
  type ReviewId,
  reviewIdSchema,
  type Sha256,
  sha256Schema,
} from '../../../../src-shared/ids'
import { perceptualHashSchema } from '../../../../src-shared/perceptual-hash'
import type { ReviewScope, ReviewStore, ReviewsQuery, WaitingReview, WholeReview } from '../../review-store'
import type { Connection } from '../connection'
import { countRow, isoTime, jsonList } from '../rows'
import { floatsOf } from '../search/flat-indexes'

/**
 * The live person whom a review is for: who has the id, else who has the name in the domain, else who was merged with
 * somebody of that name.
 */
const personOfReview = `
  coalesce(
    (SELECT p.id FROM persons p WHERE p.id = r.person_id AND p.removed_by IS NULL AND p.domain = r.domain),
    (SELECT p.id FROM persons p WHERE p.client_id = r.client_id AND p.domain = r.domain
       AND p.name = r.person_name AND p.removed_by IS NULL),
    (SELECT p.id FROM person_aliases a JOIN persons p ON same_client(p, a) AND p.id = a.person_id
     WHERE a.client_id = r.client_id AND a.name = r.person_name AND a.person_id IN
       (SELECT q.id FROM persons q WHERE q.client_id = r.client_id AND q.domain = r.domain AND q.removed_by IS NULL)
     LIMIT 1))`

const filtered = `
  FROM enrolment_reviews r
  JOIN domains d ON d.client_id = r.client_id AND d.name = r.domain AND d.removed_by IS NULL
  WHERE r.client_id = ? AND r.settled_by IS NULL AND (CAST(? AS text) IS NULL OR r.domain = ?)
    AND (CAST(? AS text) IS NULL OR EXISTS (SELECT 1 FROM texts(r.kinds) kind WHERE kind.value = ?))`
export const selectWaiting = `
  SELECT r.id AS reviewId, r.domain, r.path, r.kinds, r.created_at AS createdAt, r.person_name AS personName,
    ${personOfReview} AS personId,
    (SELECT count(*) FROM enrolment_review_faces f WHERE f.review_id = r.id) AS faces
  ${filtered} ORDER BY r.id LIMIT ? OFFSET ?`
export const countWaiting = `SELECT count(*) AS count ${filtered}`
const all = `
  FROM enrolment_reviews r
  JOIN domains d ON d.client_id = r.client_id AND d.name = r.domain AND d.removed_by IS NULL`
export const countByDomain = `
  SELECT r.domain, count(*) AS count ${all} WHERE r.client_id = ? AND r.settled_by IS NULL GROUP BY r.domain ORDER BY r.domain`
export const countByKind = `
  SELECT kind.value AS kind, count(*) AS count ${all} CROSS JOIN texts(r.kinds) kind
  WHERE r.client_id = ? AND r.settled_by IS NULL GROUP BY kind.value`
export const selectReview = `
  SELECT r.id AS reviewId, r.client_id AS clientId, r.domain, r.model_id AS modelId, r.path, r.kinds,
    r.created_at AS createdAt, r.person_name AS personName, ${personOfReview} AS personId, r.sha256, r.format,
    r.width, r.height, r.perceptual_hash AS perceptualHash, r.faces_in_photo AS facesInPhoto, r.choice
  FROM enrolment_reviews r WHERE r.id = ? AND r.settled_by IS NULL`
export const selectReviewFaces =
  'SELECT face, floats(vector) AS vector FROM enrolment_review_faces WHERE review_id = ? ORDER BY position'
export const selectReviewCrop = 'SELECT jpeg FROM enrolment_review_faces WHERE review_id = ? AND position = ?'
export const selectReviewedPhotos = `
  SELECT sha256, person_name AS name FROM enrolment_reviews WHERE client_id = ? AND domain = ? AND model_id = ?`
export const selectNameOfPerson = 'SELECT name FROM persons WHERE id = ?'

const waitingRow = z.object({
  reviewId: reviewIdSchema,
  domain: domainSchema,
  path: z.string(),
  kinds: jsonList(gateKindSchema),
  createdAt: isoTime,
  personName: z.string(),
  personId: personIdSchema.nullable(),
  faces: z.number().int(),
})
const wholeRow = waitingRow.omit({ faces: true }).extend({
  clientId: clientIdSchema,
  modelId: modelIdSchema,
  sha256: sha256Schema,
  format: z.string(),
  width: z.number().int(),
  height: z.number().int(),
  perceptualHash: perceptualHashSchema.nullable(),
  facesInPhoto: z.number().int(),
  choice: faceChoiceSchema,
})
const reviewFaceRow = z.object({
  face: z.string().transform((text) => detectedFaceSchema.parse(JSON.parse(text))),
  vector: bytesSchema.transform((bytes) => unitEmbeddingSchema.parse(floatsOf(bytes))),
})
const jpegRow = z.object({ jpeg: bytesSchema.nullable() })
const nameRow = z.object({ name: z.string() })
const reviewedRow = z.object({ sha256: sha256Schema, name: z.string() })
const byDomainRow = countRow.extend({ domain: domainSchema })
const byKindRow = countRow.extend({ kind: gateKindSchema })

export class ReviewReader implements Pick<ReviewStore, 'photos' | 'waiting' | 'review' | 'crop'> {
  readonly #connection: Connection

  constructor(connection: Connection) {
    this.#connection = connection
  }

  async photos({ clientId, domain, modelId }: ReviewScope): Promise<Map<Sha256, string[]>> {
    const photos = new Map<Sha256, string[]>()
    const rows = this.#connection.rows(reviewedRow, selectReviewedPhotos, clientId, domain, modelId)
    for (const { sha256, name } of rows) photos.set(sha256, [...(photos.get(sha256) ?? []), name])
    return photos
  }

  async waiting({ clientId, domain, kind, offset, limit }: ReviewsQuery) {
    const filter = [clientId, domain, domain, kind, kind]
    const rows = this.#connection.rows(waitingRow, selectWaiting, ...filter, limit, offset)
    return {
      total: this.#connection.row(countRow, countWaiting, ...filter)!.count,
      reviews: rows.map((row): WaitingReview => {
        const { personId, personName, ...review } = row
        return { ...review, person: personOf(this.#connection, personId, personName) }
      }),
      byDomain: this.#connection.rows(byDomainRow, countByDomain, clientId),
      byKind: this.#connection.rows(byKindRow, countByKind, clientId),
    }
  }

  async review(reviewId: ReviewId): Promise<WholeReview> {
    return wholeReview(this.#connection, reviewId)
  }

  async crop(reviewId: ReviewId, position: number): Promise<Uint8Array> {
    const row = this.#connection.row(jpegRow, selectReviewCrop, reviewId, position)
    if (row === undefined || row.jpeg === null) {
      throw new VisorError('not-found', 'There is no picture of that face.')
    }
    return row.jpeg
  }
}

/** A review that waits. Raises `not-found`. */
export function wholeReview(connection: Connection, reviewId: ReviewId): WholeReview {
  const row = connection.row(wholeRow, selectReview, reviewId)
  if (row === undefined) {
    throw new VisorError('not-found', 'This face waits for no decision any more.')
  }
  const { personId, personName, sha256, path, format, width, height, perceptualHash, ...review } = row
  const faces = connection.rows(reviewFaceRow, selectReviewFaces, reviewId)
  const hash = perceptualHash === null ? {} : { perceptualHash }
  return {
    ...review,
    path,
    person: personOf(connection, personId, personName),
    photo: { sha256, path, format, width, height, ...hash },
    faces: faces.map(({ face, vector }) => ({ ...face, embedding: vector })),
  }
}

/** The name that somebody who is there has now. */
function personOf(
  connection: Connection,
  personId: z.output<typeof personIdSchema> | null,
  name: string,
): WaitingReview['person'] {
  if (personId === null) return { name }
  return { personId, name: connection.row(nameRow, selectNameOfPerson, personId)?.name ?? name }
}
