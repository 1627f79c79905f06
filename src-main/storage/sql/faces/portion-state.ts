/** What is there of the people and photos that many assignments name, read with a few statements. Store worker thread. */
import { z } from 'zod'
import type { EmbeddedFace } from '../../../../src-shared/face'
import {
  type ClientId,
  type Domain,
  domainSchema,
  type FaceId,
  type ModelId,
  type PersonId,
  type PhotoId,
  photoIdSchema,
  type Sha256,
  sha256Schema,
} from '../../../../src-shared/ids'
import type { FaceSource, PhotoRecord } from '../../gallery-records'
import type { Connection } from '../connection'
import { faceIdRow, faceRow, flag, type PersonRow, personRow } from '../rows'
import { rejectsOfFaces } from './rejections'

export const selectPersonsById = `
  SELECT p.id, p.client_id AS clientId, p.domain, p.name FROM ids(?) asked CROSS JOIN persons p ON p.id = asked.value
  WHERE p.removed_by IS NULL`
export const selectPersonsByName = `
  SELECT p.id, p.client_id AS clientId, p.domain, p.name FROM texts(?) asked
  CROSS JOIN persons p ON p.client_id = ? AND p.domain = ? AND p.name = asked.value
  WHERE p.removed_by IS NULL`
/** In all domains. */
export const selectPhotosOfBytes = `
  SELECT ph.id, ph.domain, ph.sha256, ph.path, ph.perceptual_hash AS perceptualHash, ph.repeats_people AS repeats
  FROM texts(?) asked CROSS JOIN photos ph ON ph.client_id = ? AND ph.sha256 = asked.value`
export const selectFacesOfPortion = `
  SELECT f.id, f.photo_id AS photoId, f.person_id AS personId, f.domain, f.source,
    f.box_x AS x, f.box_y AS y, f.box_w AS w, f.box_h AS h
  FROM ids(?) asked CROSS JOIN faces f ON f.photo_id = asked.value
  WHERE f.removed_by IS NULL ORDER BY f.id`
export const selectEmbeddedFaces = `
  SELECT e.face_id AS id FROM ids(?) asked CROSS JOIN embeddings e ON e.face_id = asked.value
  WHERE e.model_id = ?`
export const selectFacesWithCrop =
  'SELECT c.face_id AS id FROM ids(?) asked CROSS JOIN crops c ON c.face_id = asked.value'

const photoRow = z.object({
  id: photoIdSchema,
  domain: domainSchema,
  sha256: sha256Schema,
  path: z.string(),
  perceptualHash: z.string().nullable(),
  repeats: flag,
})
const faceInPhotoRow = faceRow.extend({ photoId: photoIdSchema })

/** Live faces of photos, by photo, in the order in which they were made. */
export function liveFacesOf(
  connection: Connection,
  photoIds: readonly PhotoId[],
): Map<PhotoId, z.infer<typeof faceInPhotoRow>[]> {
  const rows = listed([...new Set(photoIds)], (list) =>
    connection.rows(faceInPhotoRow, selectFacesOfPortion, list),
  )
  return Map.groupBy(rows, ({ photoId }) => photoId)
}

/** A photo's record in the domain. */
export interface PhotoState {
  readonly id: PhotoId
  path: string
  perceptualHash: string | null
  repeats: boolean
  /** Where it is new. */
  readonly made: PhotoRecord | undefined
  /** In the order in which they were made. */
  readonly faces: FaceState[]
}

/** A live face. */
export interface FaceState {
  readonly id: FaceId
  readonly photoId: PhotoId
  readonly box: EmbeddedFace['box']
  personId: PersonId | null
  source: FaceSource
  /** Has an embedding of the model. */
  embedded: boolean
  hasCrop: boolean
  readonly rejected: Set<PersonId>
  /** Where it is new. */
  readonly made: EmbeddedFace | undefined
}

/** What is there; those who decide write into it what is to be. */
export interface PortionState {
  /** Those named by id or by name. */
  readonly persons: Map<PersonId, PersonRow>
  /** In the domain. */
  readonly byName: Map<string, PersonId>
  readonly photos: Map<Sha256, PhotoState>
  /** Known as mirrors or collages, in whatever domain. */
  readonly repeating: ReadonlySet<Sha256>
}

/** What a portion names; names as they are stored. */
interface Named {
  readonly persons: readonly PersonId[]
  readonly names: readonly string[]
  readonly photos: readonly Sha256[]
}

/** Reads it; statements for what is not named are left out. */
export function readPortion(
  connection: Connection,
  clientId: ClientId,
  domain: Domain,
  modelId: ModelId,
  { persons, names, photos }: Named,
): PortionState {
  const byId = listed(persons, (list) => connection.rows(personRow, selectPersonsById, list))
  const named = listed(names, (list) =>
    connection.rows(personRow, selectPersonsByName, list, clientId, domain),
  )
  const records = listed(photos, (list) => connection.rows(photoRow, selectPhotosOfBytes, list, clientId))
  const here = records.filter((record) => record.domain === domain)
  const faces = facesOf(
    connection,
    modelId,
    here.map(({ id }) => id),
  )
  return {
    persons: new Map([...byId, ...named].map((person) => [person.id, person])),
    byName: new Map(named.map(({ name, id }) => [name, id])),
    photos: new Map(
      here.map(({ id, sha256, path, perceptualHash, repeats }) => [
        sha256,
        { id, path, perceptualHash, repeats, made: undefined, faces: faces.get(id) ?? [] },
      ]),
    ),
    repeating: new Set(records.filter(({ repeats }) => repeats).map(({ sha256 }) => sha256)),
  }
}

function facesOf(
  connection: Connection,
  modelId: ModelId,
  photoIds: readonly PhotoId[],
): Map<PhotoId, FaceState[]> {
  const rows = listed(photoIds, (list) => connection.rows(faceInPhotoRow, selectFacesOfPortion, list))
  const ids = rows.map(({ id }) => id)
  const embedded = idsOf(ids, (list) => connection.rows(faceIdRow, selectEmbeddedFaces, list, modelId))
  const withCrop = idsOf(ids, (list) => connection.rows(faceIdRow, selectFacesWithCrop, list))
  const faces = new Map<PhotoId, FaceState[]>()
  const byId = new Map<FaceId, FaceState>()
  for (const { id, photoId, personId, source, x, y, w, h } of rows) {
    const face: FaceState = {
      id,
      photoId,
      box: { x, y, w, h },
      personId,
      source,
      embedded: embedded.has(id),
      hasCrop: withCrop.has(id),
      rejected: new Set(),
      made: undefined,
    }
    byId.set(id, face)
    const others = faces.get(photoId)
    if (others === undefined) faces.set(photoId, [face])
    else others.push(face)
  }
  for (const { faceId, personId } of rejectsOfFaces(connection, ids)) {
    byId.get(faceId)?.rejected.add(personId)
  }
  return faces
}

const idsOf = (faceIds: readonly FaceId[], read: (list: string) => { readonly id: FaceId }[]) =>
  new Set(listed(faceIds, read).map(({ id }) => id))

/** What `read` gives for a list; nothing is asked for an empty one. */
function listed<T>(items: readonly string[], read: (list: string) => T[]): T[] {
  return items.length === 0 ? [] : read(JSON.stringify(items))
}
