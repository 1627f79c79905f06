/** Faces of a source as the gallery has them now, to be compared. Store's reading threads. */
import { z } from 'zod'
import { mostOverlapping, sameFaceIou } from '../../../../src-shared/geometry'
import {
  type ClientId,
  type Domain,
  domainSchema,
  type FaceId,
  faceIdSchema,
  type ModelId,
  personIdSchema,
} from '../../../../src-shared/ids'
import type { SoughtFace, StoredFace } from '../../import-store'
import type { Connection } from '../connection'
import { GalleryState } from '../faces/portion-state'
import { embeddingOf } from '../faces/transfer'
import { vectorRow } from '../rows'
import { knownAs } from './known-as'

/** What went into another face of the same person is there as that. */
export const selectStoredFaces = `
  SELECT given.id AS givenId, f.id AS faceId, f.person_id AS personId, p.name, f.domain, floats(e.vector) AS vector
  FROM ids(?) asked CROSS JOIN faces given ON given.id = asked.value
  CROSS JOIN faces f ON same_client(f, given) AND f.id = coalesce(given.former_of, given.id)
  CROSS JOIN embeddings e ON same_client(e, f) AND e.face_id = f.id AND e.model_id = ?
  LEFT JOIN persons p ON same_client(p, f) AND p.id = f.person_id WHERE f.removed_by IS NULL`

const storedRow = vectorRow.extend({
  givenId: faceIdSchema,
  faceId: faceIdSchema,
  personId: personIdSchema.nullable(),
  name: z.string().nullable(),
  domain: domainSchema,
})

/** The body of `ImportStore.stored`. */
export function storedFaces(
  connection: Connection,
  clientId: ClientId,
  domain: Domain,
  modelId: ModelId,
  sought: readonly SoughtFace[],
): (StoredFace | null)[] {
  const byId = facesById(
    connection,
    modelId,
    sought.map(({ faceId }) => faceId),
  )
  const missing = sought.filter(({ faceId }) => !byId.has(faceId))
  const known = knownAs(connection, missing)
  const others = missing.map((face, index) => {
    const now = known[index]
    return now === undefined ? face : { ...face, sha256: now.sha256, box: now.now }
  })
  if (others.length === 0) return sought.map(({ faceId }) => asStored(byId.get(faceId), false))
  const photos = [...new Set(others.map(({ sha256 }) => sha256))]
  const state = new GalleryState(connection, clientId, domain, modelId)
  state.read({ persons: [], names: [], photos })
  const places = new Map<FaceId, FaceId>()
  for (const { faceId, sha256, box } of others) {
    const there = mostOverlapping(state.photos.get(sha256)?.faces ?? [], box, sameFaceIou)
    if (there !== undefined) places.set(faceId, there.id)
  }
  const byPlace = facesById(connection, modelId, [...places.values()])
  return sought.map(({ faceId }) => {
    const own = byId.get(faceId)
    if (own !== undefined) return asStored(own, false)
    const place = places.get(faceId)
    return asStored(place === undefined ? undefined : byPlace.get(place), true)
  })
}

type Row = z.output<typeof storedRow>

function facesById(connection: Connection, modelId: ModelId, faceIds: readonly FaceId[]): Map<FaceId, Row> {
  if (faceIds.length === 0) return new Map()
  const rows = connection.rows(storedRow, selectStoredFaces, JSON.stringify(faceIds), modelId)
  return new Map(rows.map((row) => [row.givenId, row]))
}

function asStored(row: Row | undefined, byPlace: boolean): StoredFace | null {
  if (row === undefined) return null
  const { vector, givenId, ...face } = row
  return { ...face, byPlace: byPlace || givenId !== face.faceId, embedding: embeddingOf(vector) }
}
