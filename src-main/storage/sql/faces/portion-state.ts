/** What is there of the people and photos that many assignments name, read with a few statements a portion. Store worker thread. */
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

/** Those that were removed, too. Asked for by texts, as in `import-portion.ts`. */
export const selectPersonsById = `
  WITH asked (id) AS MATERIALIZED (SELECT id_of(value) FROM texts(?))
  SELECT p.id, p.client_id AS clientId, p.domain, p.name, p.removed_by IS NOT NULL AS removed
  FROM asked CROSS JOIN persons p ON p.id = asked.id`
/**
 * Of a client that is new the server's statistics know nothing: it would read all of its rows once for each that is asked for,
 * were these not given whole, client and all.
 */
export const selectPersonsByName = `
  WITH asked (client_id, domain, name) AS MATERIALIZED (
    SELECT CAST(? AS text), CAST(? AS text), value FROM texts(?))
  SELECT p.id, p.client_id AS clientId, p.domain, p.name FROM asked
  CROSS JOIN persons p ON p.client_id = asked.client_id AND p.domain = asked.domain AND p.name = asked.name
  WHERE p.removed_by IS NULL`
/** In all domains. */
export const selectPhotosOfBytes = `
  WITH asked (client_id, sha256) AS MATERIALIZED (SELECT CAST(? AS text), value FROM texts(?))
  SELECT ph.id, ph.domain, ph.sha256, ph.path, ph.perceptual_hash AS perceptualHash, ph.repeats_people AS repeats
  FROM asked CROSS JOIN photos ph ON ph.client_id = asked.client_id AND ph.sha256 = asked.sha256`
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
const personOfIdRow = personRow.extend({ removed: flag })
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
  /** Until it is written. */
  made: PhotoRecord | undefined
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
  /** Until it is written. */
  made: EmbeddedFace | undefined
  /** Unix ms; of one that is not written yet, and only where it is not now. */
  readonly since?: number | undefined
}

/** What a portion names; names as they are stored. */
interface Named {
  readonly persons: readonly PersonId[]
  readonly names: readonly string[]
  readonly photos: readonly Sha256[]
}

/** What is there of all that was read; those who decide write into it what is to be. */
export class GalleryState {
  /** Those named by id or by name. */
  readonly persons = new Map<PersonId, PersonRow>()
  /** Of the ids that were read those that somebody has, also who was removed. */
  readonly taken = new Set<PersonId>()
  /** In the domain. */
  readonly byName = new Map<string, PersonId>()
  readonly photos = new Map<Sha256, PhotoState>()
  /** Known as mirrors or collages, in whatever domain. */
  readonly repeating = new Set<Sha256>()
  readonly #connection: Connection
  readonly #clientId: ClientId
  readonly #domain: Domain
  readonly #modelId: ModelId
  readonly #read = { persons: new Set<PersonId>(), names: new Set<string>(), photos: new Set<Sha256>() }

  constructor(connection: Connection, clientId: ClientId, domain: Domain, modelId: ModelId) {
    this.#connection = connection
    this.#clientId = clientId
    this.#domain = domain
    this.#modelId = modelId
  }

  /** Reads what is named for the first time. */
  read(named: Named): void {
    this.#readPersons(added(this.#read.persons, named.persons), added(this.#read.names, named.names))
    this.#readPhotos(added(this.#read.photos, named.photos))
  }

  #readPersons(ids: readonly PersonId[], names: readonly string[]): void {
    const connection = this.#connection
    const known = listed(ids, (list) => connection.rows(personOfIdRow, selectPersonsById, list))
    for (const { removed, ...person } of known) {
      this.taken.add(person.id)
      if (!removed) this.persons.set(person.id, person)
    }
    const named = listed(names, (list) =>
      connection.rows(personRow, selectPersonsByName, this.#clientId, this.#domain, list),
    )
    for (const person of named) {
      this.persons.set(person.id, person)
      this.byName.set(person.name, person.id)
    }
  }

  #readPhotos(photos: readonly Sha256[]): void {
    const connection = this.#connection
    const records = listed(photos, (list) =>
      connection.rows(photoRow, selectPhotosOfBytes, this.#clientId, list),
    )
    const here = records.filter(({ domain }) => domain === this.#domain)
    const faces = facesOf(
      connection,
      this.#modelId,
      here.map(({ id }) => id),
    )
    for (const { id, sha256, path, perceptualHash, repeats } of here) {
      const of = faces.get(id) ?? []
      this.photos.set(sha256, { id, path, perceptualHash, repeats, made: undefined, faces: of })
    }
    for (const { sha256, repeats } of records) if (repeats) this.repeating.add(sha256)
  }
}

/** Adds items to a set; gives those that were not in it. */
function added<T>(set: Set<T>, items: readonly T[]): T[] {
  return items.filter((item) => {
    const isNew = !set.has(item)
    set.add(item)
    return isNew
  })
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
