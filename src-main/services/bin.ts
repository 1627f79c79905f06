/** How long deleted people can be restored. Main and the command line. */
import type { GalleryStore } from '../storage/gallery-store'
import type { ReviewStore } from '../storage/review-store'

/** Days that what was decided in review is known: until then an enrolment leaves the photo alone. */
const decidedDays = 30
const dayMs = 24 * 60 * 60 * 1000

/** What was deleted more than `days` ago, or decided in review long ago, goes for good; curators' work. Called at the start. */
export async function emptyOldBins(
  gallery: Pick<GalleryStore, 'rights' | 'clients' | 'emptyBin'>,
  reviews: Pick<ReviewStore, 'forget'>,
  days: number,
  actor: string,
): Promise<void> {
  if (!(await gallery.rights()).curate) return
  const before = Date.now() - days * dayMs
  const summary = `Removed what was deleted over ${days} ${days === 1 ? 'day' : 'days'} ago`
  for (const { clientId } of await gallery.clients())
    await gallery.emptyBin(clientId, before, { actor, summary })
  await reviews.forget(Date.now() - decidedDays * dayMs)
}
