/** Within which distance a face may be somebody's, for every model there is. Runs in main and on the command line. */
import type { ClientId, ModelId } from '../../../src-shared/ids'
import type { Settings } from '../../../src-shared/settings'
import type { GalleryStore } from '../../storage/gallery-store'
import type { ModelPacks } from '../model-packs'
import { thresholdsInForce } from '../thresholds'

/**
 * The distance of a *possible* answer in a search of all that the client has, or the widest that was chosen for one of its
 * domains: what somewhere would be offered as one of those who are to be erased.
 */
export async function possibleDistances(
  packs: ModelPacks,
  gallery: Pick<GalleryStore, 'gallerySize'>,
  { thresholds }: Pick<Settings, 'thresholds'>,
  clientId: ClientId,
): Promise<Map<ModelId, number>> {
  const distances = new Map<ModelId, number>()
  for (const pack of packs.manifest.packs) {
    const modelId = packs.modelIdOf(pack)
    const { embeddings } = await gallery.gallerySize(clientId, 'all', modelId)
    const chosen = thresholds
      .filter((one) => one.clientId === clientId && one.modelId === modelId)
      .map((one) => thresholdsInForce(pack.thresholds, embeddings, undefined, one).possible)
    distances.set(modelId, Math.max(thresholdsInForce(pack.thresholds, embeddings).possible, ...chosen))
  }
  return distances
}
