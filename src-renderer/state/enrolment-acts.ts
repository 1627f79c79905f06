/** What a curator says of enrolments that wait: the next one is on screen at once, main is told meanwhile. Renderer. */
import type { Act, Joined } from '../../src-shared/act'
import { presetOverride } from '../../src-shared/gate'
import type { ReviewId } from '../../src-shared/ids'
import type { RequestInput } from '../../src-shared/ipc'
import { request } from '../api'
import { showNotice } from '../components/toasts'
import { done } from './acts'
import { currentDetail, currentEnrolment, faceToEnrol, undecided } from './enrolment-slice'
import type { State, Store } from './store'

type PersonRef = NonNullable<RequestInput<'review.accept'>['to']>

/** Decisions are told one after the other: each is judged by what those before it left. */
let last: Promise<unknown> = Promise.resolve()

/** The face joins the person it is for, or somebody else, maybe new, in spite of what is on screen. */
export function acceptEnrolment(store: Store, why = presetOverride, to?: PersonRef): void {
  const state = store.getState()
  const detail = currentDetail(state)
  const face = faceToEnrol(state)
  if (detail === undefined || face === undefined) return
  const reasons = detail.faces[face]?.reasons
  if (reasons === undefined) return
  const { reviewId } = detail
  // For somebody else other things may speak against it: those are shown before.
  const seen = to === undefined ? reasons.map(({ finding }) => finding.kind) : []
  const another = to === undefined ? {} : { to }
  decide(store, reviewId, async () => {
    const joined = await request('review.accept', { reviewId, face, why, seen, ...another })
    return joined.done || to === undefined ? joined : againFor(reviewId, face, to, why, joined)
  })
}

/** The face is not the person. */
export function rejectEnrolment(store: Store): void {
  const current = currentEnrolment(store.getState())
  if (current === undefined) return
  const { reviewId } = current
  decide(store, reviewId, async () => ({ done: true, act: await request('review.reject', { reviewId }) }))
}

/** Whether Enter would do anything: it is known which face is meant, and nothing blocks it. */
export function canAccept(state: State): boolean {
  const face = faceToEnrol(state)
  const reasons = face === undefined ? undefined : currentDetail(state)?.faces[face]?.reasons
  return reasons?.every(({ action }) => action !== 'block') === true
}

/** Who gives a face to somebody by name has looked: what merely warns is overridden with the same word. */
async function againFor(
  reviewId: ReviewId,
  face: number,
  to: PersonRef,
  why: string,
  { reasons }: Extract<Joined, { done: false }>,
): Promise<Joined> {
  if (reasons.some(({ action }) => action === 'block')) return { done: false, reasons }
  const seen = reasons.map(({ finding }) => finding.kind)
  return request('review.accept', { reviewId, face, why, seen, to })
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
  store.setState({ enrolmentPlace: place, enrolmentFace: null })
  showNotice('Look again', 'Something else speaks against this face by now; it was not added.')
}
