/** Where a face that was searched for can still be seen; of a comparison only the hash of its photo is kept. Runs in main. */
import type { ProbePicture } from '../../../src-shared/dual'
import type { ClientId, FaceId, ItemId, Sha256 } from '../../../src-shared/ids'
import type { GalleryStore } from '../../storage/gallery-store'

interface Places {
  readonly queue: { itemOf(photo: Sha256): ItemId | undefined }
  readonly gallery: Pick<GalleryStore, 'knownFaces'>
}

interface Probe {
  readonly clientId: ClientId
  readonly sha256: Sha256
  /** Enrolled faces that were found at no distance from it. */
  readonly same: readonly FaceId[]
}

/** In the queue or, where its photo is there, in the gallery; nothing where it is gone. */
export async function probePicture(
  { queue, gallery }: Places,
  { clientId, sha256, same }: Probe,
): Promise<ProbePicture | undefined> {
  const itemId = queue.itemOf(sha256)
  if (itemId !== undefined) return { kind: 'queued', itemId }
  const known = (await gallery.knownFaces(clientId, [sha256])).get(sha256) ?? []
  const itself = known.find(({ faceId }) => same.includes(faceId))
  if (itself !== undefined) return { kind: 'enrolled', faceId: itself.faceId }
  const [other] = known
  return other === undefined ? undefined : { kind: 'photo', photoId: other.photoId }
}
