/** Enrolments that wait for a look: the list, the one on screen, what is known of it, what was decided and not answered yet. Renderer. */
import type { StateCreator } from 'zustand'
import type { Act } from '../../src-shared/act'
import { hasCode } from '../../src-shared/errors'
import type { GateKind } from '../../src-shared/gate'
import type { ClientId, Domain, ReviewId } from '../../src-shared/ids'
import type { ReviewDetail, WaitingReview, WaitingReviews } from '../../src-shared/review'
import { request } from '../api'
import { isServerAway } from './server-away'
import type { State } from './store'

/** Reviews listed at once; the list is asked for again long before it is worked through. */
const listed = 200
/** Further reviews that are made ready beside the one on screen. */
const ahead = 3

interface EnrolmentFilter {
  /** `null` = every domain. */
  readonly domain: Domain | null
  /** `null` = whatever speaks against it. */
  readonly kind: GateKind | null
}

export interface EnrolmentSlice {
  /** `undefined` until main has answered the first time. */
  readonly enrolments: WaitingReviews | undefined
  /** How many wait, while the list was not asked for. */
  readonly countedEnrolments: number
  readonly enrolmentFilter: EnrolmentFilter
  /** Place among those that are not decided. */
  readonly enrolmentPlace: number
  /** The face somebody chose, among those to choose from; `null` = none yet. */
  readonly enrolmentFace: number | null
  readonly enrolmentDetails: ReadonlyMap<ReviewId, ReviewDetail>
  /** Decided here; main has not answered yet. */
  readonly decidedEnrolments: ReadonlySet<ReviewId>
  /** What was said last, with the way back. */
  readonly lastEnrolmentAct: Act | null
  /** A word of why is being typed. */
  readonly typingWhy: boolean
  readonly loadEnrolments: (clientId: ClientId) => Promise<void>
  /** The same again; where they were not asked for yet, only how many there are. */
  readonly renewEnrolments: () => Promise<void>
  readonly filterEnrolments: (patch: Partial<EnrolmentFilter>) => void
  readonly stepEnrolment: (delta: number) => void
  readonly chooseEnrolmentFace: (face: number) => void
  readonly typeWhy: (typing: boolean) => void
  /** What is known of the one on screen and of the next ones, asked anew. */
  readonly readyEnrolments: () => void
  /** Takes one off the list, until main says otherwise. */
  readonly markDecided: (reviewId: ReviewId) => void
  /** Main has answered: it is gone, or waits still. */
  readonly settleDecided: (reviewId: ReviewId, gone: boolean) => void
}

const none: ReadonlySet<ReviewId> = new Set()

export const createEnrolmentSlice: StateCreator<State, [], [], EnrolmentSlice> = (set, get) => {
  /** Counts what makes a list that was asked for before it old. */
  let round = 0
  /** On their way: asked for once. */
  const asked = new Set<ReviewId>()

  async function askDetail(reviewId: ReviewId): Promise<void> {
    if (asked.has(reviewId)) return
    asked.add(reviewId)
    await get().attempt(async () => {
      try {
        const detail = await request('review.detail', { reviewId })
        set({ enrolmentDetails: new Map(get().enrolmentDetails).set(reviewId, detail) })
      } catch (error) {
        // Decided elsewhere meanwhile: the next list is without it.
        if (!hasCode(error, 'not-found')) throw error
      }
    })
    asked.delete(reviewId)
  }

  return {
    enrolments: undefined,
    countedEnrolments: 0,
    enrolmentFilter: { domain: null, kind: null },
    enrolmentPlace: 0,
    enrolmentFace: null,
    enrolmentDetails: new Map(),
    decidedEnrolments: none,
    lastEnrolmentAct: null,
    typingWhy: false,
    renewEnrolments: async () => {
      if (isServerAway(get())) return
      const { clientId } = get().settings.search
      if (get().enrolments !== undefined) return get().loadEnrolments(clientId)
      await get().renew(async () => {
        const query = { clientId, domain: null, kind: null, offset: 0, limit: 1 }
        set({ countedEnrolments: ofAllDomains(await request('review.waiting', query)) })
      })
    },
    loadEnrolments: (clientId) =>
      get().renew(async () => {
        round += 1
        const asking = round
        const query = { clientId, ...get().enrolmentFilter, offset: 0, limit: listed }
        const enrolments = await request('review.waiting', query)
        if (asking !== round) return
        set({ enrolments })
        const last = Math.max(0, undecided(get()).length - 1)
        if (get().enrolmentPlace > last) set({ enrolmentPlace: last, enrolmentFace: null })
        const kept = new Set(enrolments.reviews.map(({ reviewId }) => reviewId))
        const details = [...get().enrolmentDetails].filter(([reviewId]) => kept.has(reviewId))
        set({ enrolmentDetails: new Map(details) })
        get().readyEnrolments()
      }),
    filterEnrolments: (patch) => {
      set({
        enrolmentFilter: { ...get().enrolmentFilter, ...patch },
        enrolmentPlace: 0,
        enrolmentFace: null,
        typingWhy: false,
      })
      void get().renewEnrolments()
    },
    stepEnrolment: (delta) => {
      const { length } = undecided(get())
      if (length === 0) return
      const place = (get().enrolmentPlace + delta + length) % length
      set({ enrolmentPlace: place, enrolmentFace: null, typingWhy: false })
      get().readyEnrolments()
    },
    chooseEnrolmentFace: (enrolmentFace) => set({ enrolmentFace, typingWhy: false }),
    typeWhy: (typingWhy) => set({ typingWhy }),
    readyEnrolments: () => {
      const { enrolmentPlace: place } = get()
      for (const { reviewId } of undecided(get()).slice(place, place + 1 + ahead)) void askDetail(reviewId)
    },
    markDecided: (reviewId) => {
      set({
        decidedEnrolments: new Set(get().decidedEnrolments).add(reviewId),
        enrolmentFace: null,
        typingWhy: false,
      })
      const { length } = undecided(get())
      if (get().enrolmentPlace >= length) set({ enrolmentPlace: 0 })
    },
    settleDecided: (reviewId, gone) => {
      round += 1
      const { enrolments, decidedEnrolments } = get()
      const decided = new Set(decidedEnrolments)
      decided.delete(reviewId)
      set({ decidedEnrolments: decided })
      if (gone && enrolments !== undefined) {
        const reviews = enrolments.reviews.filter((review) => review.reviewId !== reviewId)
        set({ enrolments: { ...enrolments, reviews, total: enrolments.total - 1 } })
      }
      void get().renewEnrolments()
    },
  }
}

const ofAllDomains = ({ byDomain }: WaitingReviews) => byDomain.reduce((sum, { count }) => sum + count, 0)

/** How many wait, of any domain and for any reason. */
export function waitingEnrolments({
  enrolments,
  countedEnrolments,
  decidedEnrolments,
}: Pick<State, 'enrolments' | 'countedEnrolments' | 'decidedEnrolments'>): number {
  return enrolments === undefined ? countedEnrolments : ofAllDomains(enrolments) - decidedEnrolments.size
}

/** The list without what was decided. */
export function undecided({
  enrolments,
  decidedEnrolments,
}: Pick<State, 'enrolments' | 'decidedEnrolments'>): readonly WaitingReview[] {
  return enrolments?.reviews.filter(({ reviewId }) => !decidedEnrolments.has(reviewId)) ?? []
}

/** The one on screen. */
export function currentEnrolment(state: State): WaitingReview | undefined {
  return undecided(state)[state.enrolmentPlace]
}

/** What is known of the one on screen. */
export function currentDetail(state: State): ReviewDetail | undefined {
  const current = currentEnrolment(state)
  return current === undefined ? undefined : state.enrolmentDetails.get(current.reviewId)
}

/** The face that would be enrolled; `undefined` where it has to be chosen first. */
export function faceToEnrol(state: State): number | undefined {
  return state.enrolmentFace ?? (currentDetail(state)?.unclear === true ? undefined : 0)
}
