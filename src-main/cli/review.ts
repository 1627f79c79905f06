/** `visor review`: enrolments that wait for somebody to look at them. */

import { VisorError } from '../../src-shared/errors'
import { overrideSchema, presetOverride } from '../../src-shared/gate'
import { kindTitles, sentenceOf } from '../../src-shared/gate-sentences'
import { type PersonId, type ReviewId, reviewIdSchema } from '../../src-shared/ids'
import type { EnrolmentReview } from '../services/gate/enrolment-review'
import type { ReviewStore } from '../storage/review-store'
import type { Output } from './output'
import type { PersonScope } from './persons'

const pageSize = 500

/** Lists what waits, oldest first, with what speaks against each now. */
export async function listReviews(
  reviews: Pick<ReviewStore, 'waiting'>,
  review: EnrolmentReview,
  { clientId, domain }: PersonScope,
  output: Output,
): Promise<void> {
  let listed = 0
  for (;;) {
    const page = await reviews.waiting({ clientId, domain, kind: null, offset: listed, limit: pageSize })
    for (const { reviewId, kinds, ...one } of page.reviews) {
      const { faces } = await review.detail(reviewId)
      const reasons = faces.map((face) => face.reasons.map(({ finding }) => sentenceOf(finding)))
      const text = reasons.length === 1 ? reasons[0]!.join(' ') : `choose one of ${reasons.length} faces.`
      output.answer(
        {
          review: reviewId,
          domain: one.domain,
          name: one.person.name,
          person_id: one.person.personId ?? null,
          path: one.path,
          kinds,
          faces: faces.map(({ box, quality }, face) => ({ face, box, quality, reasons: reasons[face] })),
          at: one.createdAt,
        },
        `${reviewId}  ${one.domain} · ${one.person.name}  ${one.path}  ${text}`,
      )
    }
    listed += page.reviews.length
    if (listed >= page.total || page.reviews.length === 0) break
  }
  if (listed === 0) output.note('Nothing waits for a look.')
}

/** Raises `not-found`; `invalid-argument` where a face has to be chosen; `conflict` where the policy blocks it. */
export async function acceptReview(
  review: EnrolmentReview,
  text: string,
  {
    face,
    why,
    personId,
  }: { face: number | undefined; why: string | undefined; personId: PersonId | undefined },
  output: Output,
): Promise<void> {
  const word = overrideSchema.safeParse(why ?? presetOverride)
  if (!word.success) throw new VisorError('invalid-argument', word.error.issues[0]?.message ?? 'No reason.')
  const to = personId === undefined ? undefined : { personId }
  const answer = await review.accept(reviewIdOf(text), { face, to, why: word.data })
  if (!answer.done) {
    const blocking = answer.reasons.filter(({ action }) => action === 'block')
    throw new VisorError('conflict', blocking.map(({ finding }) => sentenceOf(finding)).join(' '), {
      consequence: 'It keeps waiting; nothing was changed.',
      remedy: `The domain’s policy blocks it: ${blocking.map(({ finding }) => kindTitles[finding.kind]).join(', ')}.`,
    })
  }
  output.answer(
    { ledger_id: answer.act.ledgerId, summary: answer.act.summary },
    `${answer.act.summary}. Take it back with: visor ledger undo ${answer.act.ledgerId}`,
  )
}

/** Raises `not-found`. */
export async function rejectReview(review: EnrolmentReview, text: string, output: Output): Promise<void> {
  const act = await review.reject(reviewIdOf(text))
  output.answer(
    { ledger_id: act.ledgerId, summary: act.summary },
    `${act.summary}. Take it back with: visor ledger undo ${act.ledgerId}`,
  )
}

function reviewIdOf(text: string): ReviewId {
  const id = reviewIdSchema.safeParse(text)
  if (id.success) return id.data
  throw new VisorError('invalid-argument', `"${text}" is no id of a review.`, {
    remedy: 'visor review list has them.',
  })
}
