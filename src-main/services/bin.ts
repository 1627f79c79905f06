/** How long deleted people can be restored. Main and the command line. */
import type { GalleryStore } from '../storage/gallery-store'
import type { ReviewStore } from '../storage/review-store'

/** Days that deleted people and domains stay in the bin. */
export const binRetentionDays = 30
const dayMs = 24 * 60 * 60 * 1000

/** What was deleted, or decided in review, longer ago than that goes for good; curators' work. Called at the start. */
export async function emptyOldBins(
  gallery: GalleryStore,
  reviews: Pick<ReviewStore, 'forget'>,
  actor: string,
): Promise<void> {
  if (!(await gallery.rights()).curate) return
  const before = Date.now() - binRetentionDays * dayMs
  const summary = `Removed what was deleted over ${binRetentionDays} days ago`
  for (const { clientId } of await gallery.clients())
    await gallery.emptyBin(clientId, before, { actor, summary })
  await reviews.forget(before)
}
