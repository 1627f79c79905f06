/** Adding a face to a photo, an embedding and a crop to a face. Store worker thread; called within a write. */
import { z } from 'zod'
import type { EmbeddedFace } from '../../../../src-shared/face'
import {
  type Domain,
  type FaceId,
  faceIdSchema,
  type ModelId,
  type PersonId,
  type PhotoId,
} from '../../../../src-shared/ids'
import type { FaceSource, PhotoRecord } from '../../gallery-records'
import type { Connection } from '../connection'
import type { WriteScope } from '../ledger/ledger'

const embeddingIdRow = z.object({ id: z.number().int() })

export const selectEmbeddingOfFace = 'SELECT id FROM embeddings WHERE face_id = ? AND model_id = ?'

/** A face's box, landmarks, detection score and quality, in the order in which statements name their columns. */
export function measuredValues({ box, landmarks, score, quality }: EmbeddedFace): (number | string)[] {
  return [
    box.x,
    box.y,
    box.w,
    box.h,
    JSON.stringify(landmarks.map(({ x, y }) => [x, y])),
    score,
    quality.value,
    quality.size,
    quality.sharpness,
    quality.pose,
    quality.exposure,
    quality.sizePx,
    quality.yawDegrees,
    quality.rollDegrees,
  ]
}

/** A photo's hash, path, format, size and perceptual hash, in that order. */
export function photoValues(photo: PhotoRecord): (number | string | null)[] {
  const { sha256, path, format, width, height, perceptualHash = null } = photo
  return [sha256, path, format, width, height, perceptualHash]
}

/** Adds a face with its embedding and crop to a photo; of nobody where `personId` is `null`; by `givenId`, if one is given. */
export function addFace(
  connection: Connection,
  scope: WriteScope,
  domain: Domain,
  modelId: ModelId,
  photoId: PhotoId,
  personId: PersonId | null,
  face: EmbeddedFace,
  source: FaceSource,
  givenId?: FaceId,
): FaceId {
  const faceId = givenId ?? faceIdSchema.parse(scope.newId())
  connection.run(
    `INSERT INTO faces (id, photo_id, client_id, domain, person_id, box_x, box_y, box_w, box_h, landmarks,
       detection_score, quality, quality_size, quality_sharpness, quality_pose, quality_exposure, size_px,
       yaw_degrees, roll_degrees, source, manual, measured, created_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    faceId,
    photoId,
    scope.clientId,
    domain,
    personId,
    ...measuredValues(face),
    source,
    face.manual === true ? 1 : 0,
    face.measured === false ? 0 : 1,
    scope.at,
  )
  addEmbedding(connection, scope, faceId, modelId, face)
  addCrop(connection, faceId, face)
  return faceId
}

/** Adds the model's embedding where the face has none; whether it did. */
export function addEmbedding(
  connection: Connection,
  scope: WriteScope,
  faceId: FaceId,
  modelId: ModelId,
  { embedding }: EmbeddedFace,
): boolean {
  if (connection.row(embeddingIdRow, selectEmbeddingOfFace, faceId, modelId) !== undefined) return false
  connection.run(
    'INSERT INTO models (id, created_at) VALUES (?, ?) ON CONFLICT DO NOTHING',
    modelId,
    scope.at,
  )
  const { id } = connection.row(
    embeddingIdRow,
    'INSERT INTO embeddings (face_id, model_id, client_id, vector) VALUES (?, ?, ?, ?) RETURNING id',
    faceId,
    modelId,
    scope.clientId,
    embedding,
  )!
  scope.touchEmbedding(id, modelId)
  scope.reserve++
  return true
}

/** Keeps the face's reference picture, where it has one and none is kept. */
export function addCrop(connection: Connection, faceId: FaceId, { crop }: EmbeddedFace): void {
  if (crop === undefined) return
  connection.run('INSERT INTO crops (face_id, jpeg) VALUES (?, ?) ON CONFLICT DO NOTHING', faceId, crop)
}
