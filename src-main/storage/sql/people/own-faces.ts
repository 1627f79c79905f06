/** How far faces are from one person's own. Store's reading threads. */
import { cosineDistance } from '../../../../src-shared/cosine-distance'
import { faceIdSchema, type PersonId, sha256Schema } from '../../../../src-shared/ids'
import { perceptualHashSchema } from '../../../../src-shared/perceptual-hash'
import type { OwnFaces, OwnFacesQuery } from '../../search-records'
import type { Connection } from '../connection'
import { vectorRow } from '../rows'
import { floatsOf } from '../search/flat-indexes'

const ownFaceRow = vectorRow.extend({
  faceId: faceIdSchema,
  photoSha256: sha256Schema,
  perceptualHash: perceptualHashSchema.nullable(),
})

export const selectOwnFaces = `
  SELECT f.id AS faceId, ph.sha256 AS photoSha256, ph.perceptual_hash AS perceptualHash, floats(e.vector) AS vector
  FROM faces f CROSS JOIN embeddings e ON same_client(e, f) AND e.face_id = f.id AND e.model_id = ?
  CROSS JOIN photos ph ON same_client(ph, f) AND ph.id = f.photo_id
  WHERE f.person_id = ? AND f.removed_by IS NULL ORDER BY f.id`

/** The body of `GalleryStore.ownFaces`, for a live person. */
export function ownFaces(
  connection: Connection,
  personId: PersonId,
  { modelId, probes, limit }: Omit<OwnFacesQuery, 'personId'>,
): OwnFaces[] {
  const own = connection
    .rows(ownFaceRow, selectOwnFaces, modelId, personId)
    .map(({ vector, ...face }) => ({ face, vector: floatsOf(vector) }))
  return probes.map((probe): OwnFaces => {
    const seen = own
      .map(({ face: { faceId, photoSha256, perceptualHash }, vector }) => ({
        faceId,
        photoSha256,
        ...(perceptualHash === null ? {} : { perceptualHash }),
        distance: cosineDistance(probe, vector),
      }))
      .sort((a, b) => a.distance - b.distance)
    const median = seen[Math.floor(seen.length / 2)]?.distance
    return {
      faces: seen.length,
      nearest: seen.slice(0, limit),
      ...(median === undefined ? {} : { medianDistance: median }),
    }
  })
}
