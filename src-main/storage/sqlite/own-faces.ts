/** Unknown faces of a gallery that is paired with a server, which does not know them; see [Note: Own faces]. Store's writing thread. */
import { bytesSchema } from '../../../src-shared/face'
import {
  domainSchema,
  type FaceId,
  faceIdSchema,
  modelIdSchema,
  photoIdSchema,
} from '../../../src-shared/ids'
import type { OwnFace } from '../outbox-store'
import type { Connection } from '../sql/connection'
import { embeddingOf, faceOf, wholeFaces } from '../sql/faces/transfer'
import type { FaceThere } from '../unknown-store'

const ownRow = wholeFaces.row.extend({
  photoId: photoIdSchema,
  domain: domainSchema,
  modelId: modelIdSchema,
  vector: bytesSchema,
  jpeg: bytesSchema.nullable(),
  there: faceIdSchema.nullable(),
})

const selectOwnFaces = `
  SELECT ${wholeFaces.columns}, f.photo_id AS photoId, f.domain, u.model_id AS modelId, e.vector, c.jpeg, own.there
  FROM json_each(?) asked CROSS JOIN own_faces own ON own.face_id = asked.value
  CROSS JOIN unknown_faces u ON u.face_id = own.face_id
  CROSS JOIN embeddings e ON e.id = u.embedding_id
  CROSS JOIN faces f ON f.id = own.face_id
  CROSS JOIN photos ph ON ph.id = f.photo_id
  LEFT JOIN crops c ON c.face_id = f.id`

/** The body of `OutboxStore.ownFaces`. */
export function ownFaces(connection: Connection, ids: readonly FaceId[]): OwnFace[] {
  return connection.rows(ownRow, selectOwnFaces, JSON.stringify(ids)).map((row) => {
    const { faceId, photoId, domain, modelId, vector, jpeg, there } = row
    const { photo, face } = faceOf(row)
    const crop = jpeg === null ? {} : { crop: jpeg }
    return {
      ...{ faceId, photoId, domain, modelId, photo, there },
      face: { ...face, embedding: embeddingOf(vector), ...crop },
    }
  })
}

/** The body of `OutboxStore.brought`. Call within a transaction. */
export function noteBrought(connection: Connection, faces: readonly FaceThere[]): void {
  for (const { faceId, there } of faces) {
    if (there === faceId) connection.run('DELETE FROM own_faces WHERE face_id = ?', faceId)
    else connection.run('UPDATE own_faces SET there = ? WHERE face_id = ?', there, faceId)
  }
}
