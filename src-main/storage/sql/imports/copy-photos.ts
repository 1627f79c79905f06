/** Photos of another store's gallery as they come in, with all their faces. Store worker thread; called within a write. */
import { z } from 'zod'
import { mostOverlapping, sameFaceIou } from '../../../../src-shared/geometry'
import {
  domainSchema,
  type FaceId,
  faceIdSchema,
  type PhotoId,
  personIdSchema,
  photoIdSchema,
  sha256Schema,
} from '../../../../src-shared/ids'
import type { SqlValue } from '../connection'
import { liveFacesOf } from '../faces/portion-state'
import { flag } from '../rows'
import { cropsTable, embeddingsTable, facesTable, photosTable } from '../tables'
import { rejectionsTable, unknownFacesTable } from './copied-rows'
import { type CopiedRow, type Copying, placeOf } from './copying'
import { copyRefusals } from './refusals'

export const selectFacesHere = `
  SELECT f.id, f.removed_by IS NOT NULL AS removed FROM ids(?) given CROSS JOIN faces f ON f.id = given.value`
/** `?`: hashes, client. */
export const selectSamePhotos = `
  SELECT p.id, p.domain, p.sha256 FROM texts(?) given
  CROSS JOIN photos p ON p.client_id = ? AND p.sha256 = given.value`
export const insertUnknown = `
  INSERT INTO unknown_faces (embedding_id, face_id, client_id, model_id, kept_at, ignored)
  SELECT e.id, e.face_id, e.client_id, e.model_id, CAST(json_extract(given.value, '$.keptAt') AS bigint),
    json_extract(given.value, '$.ignored') = '1'
  FROM texts(?) given CROSS JOIN embeddings e ON e.face_id = id_of(json_extract(given.value, '$.faceId'))
    AND e.model_id = json_extract(given.value, '$.modelId')`

const knownFaceRow = z.object({ id: faceIdSchema, removed: flag })
const samePhotoRow = z.object({ id: photoIdSchema, domain: domainSchema, sha256: sha256Schema })

/** Which photo of this store stands for one of the other: itself, where it is new. */
type PhotosHere = ReadonlyMap<SqlValue, { readonly id: PhotoId; readonly path: string }>

export function copyPhotos(copying: Copying): void {
  const photoHere = photosHere(copying)
  const faces = copying.rowsOf(facesTable)
  const [faceId, ofPhoto, person] = faces.columns('id', 'photo_id', 'person_id')
  const [x, y, w, h] = faces.columns('box_x', 'box_y', 'box_w', 'box_h')
  const live = liveFacesOf(
    copying.connection,
    [...photoHere.values()].map(({ id }) => id),
  )
  const list = JSON.stringify(faces.rows.map((row) => row[faceId]))
  const known = new Map<string, boolean>(
    copying.connection.rows(knownFaceRow, selectFacesHere, list).map((row) => [row.id, row.removed]),
  )
  const owners = copying.knownPersons(faces.rows.flatMap((row) => row[person] ?? []))
  const made: SqlValue[][] = []
  for (const [index, row] of faces.rows.entries()) {
    const photo = photoHere.get(row[ofPhoto]!)!
    const removed = known.get(String(row[faceId]))
    if (removed === false) {
      copying.alreadyThere += 1
      continue
    }
    const owner = row[person]!
    const ownerIsHere = owner === null || owners.get(String(owner))?.removed === false
    const box = { x: Number(row[x]), y: Number(row[y]), w: Number(row[w]), h: Number(row[h]) }
    const others = (live.get(photo.id) ?? []).map((face) => ({ face, box: face }))
    const refusal =
      removed === true
        ? copyRefusals.deleted
        : !ownerIsHere && !copying.wouldBeHere(owner)
          ? copyRefusals.nobody
          : mostOverlapping(others, box, sameFaceIou) !== undefined
            ? copyRefusals.otherFace
            : undefined
    if (refusal === undefined) made.push(row.map((value, place) => (place === ofPhoto ? photo.id : value)))
    else copying.reject(index, `face ${row[faceId]}`, null, photo.path, refusal)
  }
  writeFaces(copying, photoHere, made)
}

function photosHere(copying: Copying): PhotosHere {
  const { connection, scope } = copying
  const { rows, columns } = copying.rowsOf(photosTable)
  const [photoId, domain, sha256, path] = columns('id', 'domain', 'sha256', 'path')
  const hashes = JSON.stringify(rows.map((row) => row[sha256]))
  const same = new Map(
    connection
      .rows(samePhotoRow, selectSamePhotos, hashes, scope.clientId)
      .map((row) => [placeOf(row.domain, row.sha256), row.id]),
  )
  return new Map(
    rows.map((row) => {
      const id = same.get(placeOf(row[domain], row[sha256])) ?? photoIdSchema.parse(row[photoId])
      return [row[photoId]!, { id, path: String(row[path]) }]
    }),
  )
}

function writeFaces(copying: Copying, photoHere: PhotosHere, made: readonly CopiedRow[]): void {
  const { connection, scope, details } = copying
  const photos = copying.rowsOf(photosTable)
  const [photoId, domain] = photos.columns('id', 'domain')
  const [faceId, ofPhoto, person] = copying.rowsOf(facesTable).columns('id', 'photo_id', 'person_id')
  const used = new Set(made.map((row) => row[ofPhoto]))
  const newPhotos = photos.rows.filter((row) => {
    const id = row[photoId]!
    return photoHere.get(id)?.id === id && used.has(id)
  })
  const here = new Set<SqlValue>(made.map((row) => row[faceId]!))
  const embeddings = copying.ownedBy(embeddingsTable, here)
  copying.ensureDomains(newPhotos.map((row) => row[domain]))
  copying.ensureModels(embeddings.map(([, modelId]) => modelId))
  copying.write(photosTable, newPhotos)
  copying.write(facesTable, made)
  copying.write(embeddingsTable, embeddings)
  copying.write(cropsTable, copying.ownedBy(cropsTable, here))
  copying.write(rejectionsTable, ruledOut(copying, here))
  const unknown = copying.ownedBy(unknownFacesTable, here).map(([faceId, modelId, keptAt, ignored]) => ({
    faceId,
    modelId,
    keptAt,
    ignored: String(ignored),
  }))
  if (unknown.length > 0 && !copying.isTrial) connection.run(insertUnknown, JSON.stringify(unknown))
  details.photos.push(...newPhotos.map((row) => photoIdSchema.parse(row[photoId])))
  const faceIds: FaceId[] = []
  for (const row of made) {
    const id = faceIdSchema.parse(row[faceId])
    const personId = personIdSchema.nullable().parse(row[person])
    faceIds.push(id)
    details.faces.push({ faceId: id, personId })
    if (personId !== null) scope.people.add(personId)
  }
  scope.reserve += embeddings.length
  if (!copying.isTrial) scope.touchFaces(faceIds)
}

/** Only people who came, too. */
function ruledOut(copying: Copying, faces: ReadonlySet<SqlValue>): CopiedRow[] {
  const rows = copying.ownedBy(rejectionsTable, faces)
  if (rows.length === 0) return rows
  const there = copying.knownPersons(rows.map(([, personId]) => personId))
  return rows.filter(([, personId]) => there.has(String(personId)))
}
