/** Which faces of a photo are those that another system had of it. Pure, any process. */
import { cosineDistance } from '../../../src-shared/cosine-distance'
import type { EmbeddedFace, UnitEmbedding } from '../../../src-shared/face'
import { type Box, faceInBox } from '../../../src-shared/geometry'
import type { FaceId } from '../../../src-shared/ids'
import type { RejectReason } from '../../../src-shared/import'
import type { AnalyseResult } from '../../../src-shared/vision-protocol'
import type { SeenPhoto } from '../../storage/gallery-records'
import type { StandIn } from '../../storage/import-store'
import { choosePhotos } from '../enrolment/whose-face'

export interface NoFace {
  readonly faceId: FaceId
  readonly reason: RejectReason
  /** One sentence. */
  readonly detail: string
}

/** Each face as it was found, or why it was not. */
export function standInFaces(
  { photoId, faces }: StandIn,
  path: string,
  analysis: AnalyseResult,
): { readonly seen: SeenPhoto; readonly unfound: readonly NoFace[] } {
  const found: SeenPhoto['faces'][number][] = []
  const unfound: NoFace[] = []
  for (const { faceId, ...known } of faces) {
    const face = standInFaceOf(known, path, analysis)
    if ('reason' in face) unfound.push({ faceId, ...face })
    else found.push({ faceId, face })
  }
  const { sha256, format, width, height, perceptualHash } = analysis
  const photo = { sha256, path, format, width, height, perceptualHash }
  return { seen: { photoId, photo, faces: found }, unfound }
}

/** By the box; without one (`null`, or 0 × 0) the only face or the one that dominates, or the nearest where the source's embedding is of the same model. */
export function standInFaceOf(
  { box, embedding }: { readonly box: Box | null; readonly embedding: UnitEmbedding | null },
  path: string,
  analysis: AnalyseResult,
): EmbeddedFace | Omit<NoFace, 'faceId'> {
  const { faces, width, height } = analysis
  if (faces.length === 0) return { reason: 'no-face', detail: 'No face was found in the photo.' }
  if (box !== null && box.w > 0) {
    if (box.x + box.w / 2 > width || box.y + box.h / 2 > height) {
      return { reason: 'no-face', detail: 'The photo is smaller than it was: the box is outside of it.' }
    }
    return (
      faceInBox(faces, box) ?? { reason: 'no-face', detail: 'No face was found where the source has one.' }
    )
  }
  if (embedding !== null) {
    return faces.reduce((best, face) =>
      cosineDistance(face.embedding, embedding) < cosineDistance(best.embedding, embedding) ? face : best,
    )
  }
  const [chosen] = choosePhotos([{ path, analysis }], 0, () => false)
  const [face] = chosen?.faces ?? []
  if (face !== undefined && chosen?.choice === 'largest') return face
  return {
    reason: 'several-faces',
    detail: `The photo has ${faces.length} faces, and none that dominates it.`,
  }
}
