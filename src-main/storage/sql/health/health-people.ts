/** People with their faces and vectors, as a look at their health needs them. Store worker thread. */
import { z } from 'zod'
import {
  type ClientId,
  type Domain,
  domainSchema,
  type FaceId,
  faceIdSchema,
  type ModelId,
  type PersonId,
  personIdSchema,
  photoIdSchema,
} from '../../../../src-shared/ids'
import { perceptualHashSchema } from '../../../../src-shared/perceptual-hash'
import type { OwnFace } from '../../health/own-distances'
import type { Connection } from '../connection'
import { boxColumns, flag, personRow, vectorRow } from '../rows'
import { type FlatIndexes, floatsOf } from '../search/flat-indexes'

const lookedFaceRow = z.object({
  faceId: faceIdSchema,
  photoId: photoIdSchema,
  hash: perceptualHashSchema.nullable(),
  repeats: z.number().transform((value) => value === 1),
  ...boxColumns,
  width: z.number(),
  height: z.number(),
  quality: z.number(),
  measured: flag,
  /** Of the model in use; `null` where the face has none. */
  embedding: z.number().int().nullable(),
})
/** A person's face with the photo it is in, and its vector where it has one of the model in use. */
export type LookedFace = z.output<typeof lookedFaceRow> & { readonly vector: Float32Array | undefined }
/** One that can be compared. */
export type SeenFace = LookedFace & OwnFace

export interface LookedPerson {
  readonly personId: PersonId
  readonly clientId: ClientId
  readonly domain: Domain
  readonly name: string
  /** Best first. */
  readonly faces: readonly LookedFace[]
  /** Those of them that have an embedding of the model in use. */
  readonly seen: readonly SeenFace[]
}

export const selectLookedFaces = `
  SELECT f.id AS faceId, f.photo_id AS photoId, ph.perceptual_hash AS hash, ph.repeats_people AS repeats,
    f.box_x AS x, f.box_y AS y, f.box_w AS w, f.box_h AS h, ph.width, ph.height, f.quality, f.measured, e.id AS embedding
  FROM faces f CROSS JOIN photos ph ON same_client(ph, f) AND ph.id = f.photo_id
  LEFT JOIN embeddings e ON same_client(e, f) AND e.face_id = f.id AND e.model_id = ?
  WHERE f.person_id = ? AND f.removed_by IS NULL ORDER BY f.quality DESC, f.id`
export const selectLookedPerson =
  'SELECT id, client_id AS clientId, domain, name FROM persons WHERE id = ? AND removed_by IS NULL'

/** The person as they are now; `undefined` where they are gone. */
export async function lookedPerson(
  connection: Connection,
  indexes: FlatIndexes,
  modelId: ModelId,
  personId: PersonId,
): Promise<LookedPerson | undefined> {
  const { clientId } = connection.row(personRow, selectLookedPerson, personId) ?? {}
  if (clientId === undefined) return undefined
  // From here to the end in one turn, so that the index is that of the rows.
  const index = await indexes.get(clientId, modelId)
  const person = connection.row(personRow, selectLookedPerson, personId)
  if (person === undefined) return undefined
  const faces = connection.rows(lookedFaceRow, selectLookedFaces, modelId, personId).map((face) => ({
    ...face,
    vector: face.embedding === null ? undefined : index.vectorOf(face.embedding),
  }))
  const seen = faces.filter((face): face is SeenFace => face.vector !== undefined)
  return { personId, clientId, domain: person.domain, name: person.name, faces, seen }
}

const faceInPhotoRow = z.object({
  faceId: faceIdSchema,
  photoId: photoIdSchema,
  personId: personIdSchema,
  domain: domainSchema,
  name: z.string(),
  sameBytes: z.number().transform((value) => value === 1),
  ...boxColumns,
  width: z.number(),
  height: z.number(),
  quality: z.number(),
})
/** Somebody else's face in a copy of a photo. */
export type CopiedFace = z.output<typeof faceInPhotoRow>

/** Faces of people in photos, and whether those are the very bytes of another one. */
export const selectFacesInPhotos = `
  SELECT f.id AS faceId, f.photo_id AS photoId, p.id AS personId, p.domain, p.name, ph.sha256 = own.sha256 AS sameBytes,
    f.box_x AS x, f.box_y AS y, f.box_w AS w, f.box_h AS h, ph.width, ph.height, f.quality
  FROM photos own CROSS JOIN ids(?) asked CROSS JOIN photos ph ON same_client(ph, own) AND ph.id = asked.value
  CROSS JOIN faces f ON same_client(f, ph) AND f.photo_id = ph.id AND f.removed_by IS NULL
  CROSS JOIN persons p ON same_client(p, f) AND p.id = f.person_id AND p.removed_by IS NULL
  WHERE own.id = ?`

export function facesInPhotos(
  connection: Connection,
  photos: readonly string[],
  original: string,
): CopiedFace[] {
  return connection.rows(faceInPhotoRow, selectFacesInPhotos, JSON.stringify(photos), original)
}

export const selectVectorOfFace =
  'SELECT floats(vector) AS vector FROM embeddings WHERE face_id = ? AND model_id = ?'

/** A face's vector, where it has one of the model. */
export function vectorOfFace(
  connection: Connection,
  faceId: FaceId,
  modelId: ModelId,
): Float32Array | undefined {
  const row = connection.row(vectorRow, selectVectorOfFace, faceId, modelId)
  return row === undefined ? undefined : floatsOf(row.vector)
}

const namesakeRow = z.object({ id: personIdSchema })

export const selectSameNames = `
  SELECT p.id FROM name_keys k CROSS JOIN persons p ON same_client(p, k) AND p.id = k.person_id
  WHERE k.client_id = ? AND k.key = ? AND p.domain = ? AND p.removed_by IS NULL AND p.id <> ? LIMIT 20`

/** People of the domain whose names have this key. */
export function peopleOfKey(
  connection: Connection,
  { clientId, domain, personId }: LookedPerson,
  key: string,
) {
  return connection.rows(namesakeRow, selectSameNames, clientId, key, domain, personId).map(({ id }) => id)
}

/** Keeps what a person's name is compared by, where the person is still there. */
export function keepNameKey(connection: Connection, { personId }: LookedPerson, key: string): void {
  if (connection.run('UPDATE name_keys SET key = ? WHERE person_id = ?', key, personId) === 1) return
  connection.run(
    'INSERT INTO name_keys (person_id, client_id, key) SELECT id, client_id, CAST(? AS text) FROM persons WHERE id = ?',
    key,
    personId,
  )
}
