/** Requests about enrolments that wait for somebody to look at them. Runs in main. */
import type { Act } from '../../../src-shared/act'
import type { Handlers } from '../register'
import type { Services } from './services'

export function reviewHandlers({
  reviews,
  review,
  gallery,
  settings,
  actor,
  recentActs,
  galleriesChanged,
}: Services) {
  const done = (act: Act): Act => {
    const { clientId } = settings.current.search
    recentActs.add({
      clientId,
      id: act.ledgerId,
      undo: async () => {
        const undone = await gallery.undo(act.ledgerId, { actor })
        galleriesChanged(clientId)
        return undone
      },
    })
    galleriesChanged(clientId)
    return act
  }
  return {
    'review.waiting': async (query) => {
      const { total, reviews: waiting, byDomain, byKind } = await reviews.waiting(query)
      const listed = waiting.map(({ person, kinds, ...one }) => ({
        ...one,
        person: { ...person },
        kinds: [...kinds],
      }))
      return { total, reviews: listed, byDomain: [...byDomain], byKind: [...byKind] }
    },
    'review.detail': ({ reviewId }) => review.detail(reviewId),
    'review.accept': async ({ reviewId, ...acceptance }) => {
      const answer = await review.accept(reviewId, acceptance)
      if (answer.done) done(answer.act)
      return answer
    },
    'review.reject': async ({ reviewId }) => done(await review.reject(reviewId)),
  } satisfies Partial<Handlers>
}
