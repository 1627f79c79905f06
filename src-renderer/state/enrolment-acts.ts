/** What a curator says of enrolments that wait: the next one is on screen at once, main is told meanwhile. Renderer. */
import type { Act, Joined } from '../../src-shared/act'
import { presetOverride } from '../../src-shared/gate'
import type { PersonId, ReviewId } from '../../src-shared/ids'
import { request } from '../api'
import { showNotice } from '../components/toasts'
import { done } from './acts'
import { currentDetail, currentEnrolment, undecided } from './enrolment-slice'
import type { Store } from './store'

/** Decisions are told one after the other: each is judged by what those before it left. */
let last: Promise<unknown> = Promise.resolve()

/** The face joins the person it is for, or somebody else, in spite of what is on screen. */
export function acceptEnrolment(store: Store, why = presetOverride, personId?: PersonId): void {
  const state = store.getState()
  const detail = currentDetail(state)
  const face = state.enrolmentFace
  const reasons = detail?.faces[face]?.reasons
  if (detail === undefined || reasons === undefined) return
  const { reviewId } = detail
  // For somebody else other things may speak against it: those are shown before.
  const seen = personId === undefined ? reasons.map(({ finding }) => finding.kind) : []
  const another = personId === undefined ? {} : { personId }
  decide(store, reviewId, async () => {
    const joined = await request('review.accept', { reviewId, face, why, seen, ...another })
    return joined.done || personId === undefined ? joined : againFor(reviewId, face, personId, why, joined)
  })
}

/** The face is not the person. */
export function rejectEnrolment(store: Store): void {
  const current = currentEnrolment(store.getState())
  if (current === undefined) return
  const { reviewId } = current
  decide(store, reviewId, async () => ({ done: true, act: await request('review.reject', { reviewId }) }))
}

/** Whether Enter would do anything: the one on screen is known, and nothing blocks it. */
export function canAccept(state: Parameters<typeof currentDetail>[0]): boolean {
  const reasons = currentDetail(state)?.faces[state.enrolmentFace]?.reasons
  return reasons?.every(({ action }) => action !== 'block') === true
}

/** Who gives a face to somebody by name has looked: what merely warns is overridden with the same word. */
async function againFor(
  reviewId: ReviewId,
  face: number,
  personId: PersonId,
  why: string,
  { reasons }: Extract<Joined, { done: false }>,
): Promise<Joined> {
  if (reasons.some(({ action }) => action === 'block')) return { done: false, reasons }
  const seen = reasons.map(({ finding }) => finding.kind)
  return request('review.accept', { reviewId, face, why, seen, personId })
}

function decide(store: Store, reviewId: ReviewId, tell: () => Promise<Joined>): void {
  const { markDecided, settleDecided, readyEnrolments, attempt } = store.getState()
  markDecided(reviewId)
  readyEnrolments()
  const turn = last.then(() =>
    attempt(async () => {
      let act: Act | undefined
      try {
        const joined = await tell()
        if (joined.done) act = joined.act
        else comeBack(store, reviewId)
      } finally {
        settleDecided(reviewId, act !== undefined)
      }
      if (act !== undefined) tellDone(store, act)
    }),
  )
  last = turn
}

/** Above the next decision, where nothing hides its buttons; as a message where there is none. */
function tellDone(store: Store, act: Act): void {
  if (undecided(store.getState()).length === 0) {
    done(store, act)
    return
  }
  store.getState().announce(act.summary)
  store.setState({ lastEnrolmentAct: act })
}

/** Something else speaks against it by now: it is on screen again, with what does. */
function comeBack(store: Store, reviewId: ReviewId): void {
  const state = store.getState()
  const details = new Map(state.enrolmentDetails)
  details.delete(reviewId)
  store.setState({ enrolmentDetails: details })
  const reviews = state.enrolments?.reviews ?? []
  const before = reviews.slice(
    0,
    reviews.findIndex((review) => review.reviewId === reviewId),
  )
  const waiting = new Set(undecided(state).map((review) => review.reviewId))
  const place = before.filter((review) => waiting.has(review.reviewId)).length
  store.setState({ enrolmentPlace: place, enrolmentFace: 0 })
  showNotice('Look again', 'Something else speaks against this face by now; it was not added.')
}
