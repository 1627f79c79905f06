/** What the gallery is asked for: lists, details, known faces, reference pictures. Store worker thread. */
import { z } from 'zod'
import { VisorError } from '../../../src-shared/errors'
import { bytesSchema } from '../../../src-shared/face'
import type { ClientSummary, DomainSummary, PersonDetail } from '../../../src-shared/gallery'
import {
  type ClientId,
  clientIdSchema,
  type Domain,
  domainSchema,
  type FaceId,
  faceIdSchema,
  type ModelId,
  modelIdSchema,
  type PersonId,
  personIdSchema,
  photoIdSchema,
  type Sha256,
  sha256Schema,
} from '../../../src-shared/ids'
import type { KnownFace } from '../gallery-records'
import type { Connection } from './connection'
import { summaryColumns, summaryOf, summaryRowColumns } from './people/persons-list'
import { boxColumns, faceSourceSchema, flag, isoTime, jsonList } from './rows'

const optionalText = z.string().nullable()

const place = { clientId: clientIdSchema, domain: domainSchema }
const domainRow = z.object({ ...place, sample: z.number().int() })
const personsOfDomainRow = z.object({ ...place, persons: z.number().int() })
const facesOfDomainRow = z.object({ ...place, faces: z.number().int(), photos: z.number().int() })
const embeddingsOfDomainRow = z.object({ ...place, modelId: modelIdSchema, embeddings: z.number().int() })

/** As people count: *Domain 2* before *Domain 10*. */
const inOrder = new Intl.Collator('en', { numeric: true }).compare

export const selectDomains = `
  SELECT client_id AS clientId, name AS domain, sample FROM domains WHERE removed_by IS NULL
  ORDER BY client_id`
export const countPersonsByDomain = `
  SELECT client_id AS clientId, domain, count(*) AS persons FROM persons WHERE removed_by IS NULL
  GROUP BY client_id, domain`
export const countFacesByDomain = `
  SELECT client_id AS clientId, domain, count(*) AS faces, count(DISTINCT photo_id) AS photos FROM faces
  WHERE removed_by IS NULL AND person_id IS NOT NULL GROUP BY client_id, domain`
export const countEmbeddingsByDomain = `
  SELECT f.client_id AS clientId, f.domain, e.model_id AS modelId, count(*) AS embeddings
  FROM faces f JOIN embeddings e ON same_client(e, f) AND e.face_id = f.id
  WHERE f.removed_by IS NULL AND f.person_id IS NOT NULL GROUP BY f.client_id, f.domain, e.model_id`

/** Per client and domain: what it holds. Domains without people are listed, too. */
export function clientSummaries(connection: Connection): ClientSummary[] {
  const keyOf = (at: { clientId: ClientId; domain: Domain }) => JSON.stringify([at.clientId, at.domain])
  const persons = new Map(
    connection.rows(personsOfDomainRow, countPersonsByDomain).map((row) => [keyOf(row), row]),
  )
  const faces = new Map(connection.rows(facesOfDomainRow, countFacesByDomain).map((row) => [keyOf(row), row]))
  const embeddings = new Map<string, Record<string, number>>()
  for (const row of connection.rows(embeddingsOfDomainRow, countEmbeddingsByDomain)) {
    const key = keyOf(row)
    embeddings.set(key, { ...embeddings.get(key), [row.modelId]: row.embeddings })
  }
  const clients = new Map<ClientId, DomainSummary[]>()
  for (const row of connection.rows(domainRow, selectDomains)) {
    const key = keyOf(row)
    const domains = clients.get(row.clientId) ?? []
    domains.push({
      domain: row.domain,
      persons: persons.get(key)?.persons ?? 0,
      photos: faces.get(key)?.photos ?? 0,
      faces: faces.get(key)?.faces ?? 0,
      embeddingsByModel: embeddings.get(key) ?? {},
      sample: row.sample === 1,
    })
    clients.set(row.clientId, domains)
  }
  return [...clients].map(([clientId, domains]) => ({
    clientId,
    domains: domains.sort((a, b) => inOrder(a.domain, b.domain)),
  }))
}

const personDetailRow = z.object({
  ...summaryRowColumns,
  wikidataId: optionalText,
  occupation: optionalText,
  description: optionalText,
  aliases: jsonList(z.string()),
})

export const selectPersonDetail = `
  SELECT ${summaryColumns}, p.wikidata_id AS wikidataId, p.occupation, p.description,
    (SELECT json_group_array(name ORDER BY name) FROM person_aliases WHERE person_id = p.id) AS aliases
  FROM persons p WHERE p.id = ? AND p.removed_by IS NULL`
export const selectFacesOfPerson = `
  SELECT f.id AS faceId, f.photo_id AS photoId, ph.path AS photoPath, ph.sha256 AS photoSha256,
    ph.width AS photoWidth, ph.height AS photoHeight, f.box_x AS x, f.box_y AS y, f.box_w AS w, f.box_h AS h,
    f.quality, f.source, f.manual, f.measured, f.created_at AS createdAt,
    (SELECT json_group_array(model_id) FROM embeddings WHERE face_id = f.id) AS models
  FROM faces f JOIN photos ph ON same_client(ph, f) AND ph.id = f.photo_id
  WHERE f.person_id = ? AND f.removed_by IS NULL ORDER BY f.quality DESC, f.id`

const personFaceRow = z
  .object({
    faceId: faceIdSchema,
    photoId: photoIdSchema,
    photoPath: z.string(),
    photoSha256: sha256Schema,
    photoWidth: z.number().int(),
    photoHeight: z.number().int(),
    ...boxColumns,
    quality: z.number(),
    source: faceSourceSchema,
    manual: flag,
    measured: flag,
    models: jsonList(modelIdSchema),
    createdAt: isoTime,
  })
  .transform(({ x, y, w, h, ...face }) => ({ ...face, box: { x, y, w, h } }))

/** Raises `not-found`. */
export function personDetail(connection: Connection, personId: PersonId): PersonDetail {
  const row = connection.row(personDetailRow, selectPersonDetail, personId)
  if (row === undefined) throw new VisorError('not-found', 'That person is no longer in the gallery.')
  const { wikidataId, occupation, description, aliases, ...summary } = row
  return {
    ...summaryOf(summary),
    aliases,
    ...(wikidataId === null ? {} : { wikidataId }),
    ...(occupation === null ? {} : { occupation }),
    ...(description === null ? {} : { description }),
    facesList: connection.rows(personFaceRow, selectFacesOfPerson, personId),
  }
}

const knownFaceRow = z.object({
  sha256: sha256Schema,
  faceId: faceIdSchema,
  photoId: photoIdSchema,
  ...boxColumns,
  source: faceSourceSchema,
  personId: personIdSchema.nullable(),
  name: optionalText,
  domain: domainSchema,
  rejected: jsonList(personIdSchema),
  repeats: z.number().int(),
})

export const selectKnownFaces = `
  SELECT ph.sha256, f.id AS faceId, ph.id AS photoId, f.box_x AS x, f.box_y AS y, f.box_w AS w, f.box_h AS h, f.source,
    f.person_id AS personId, p.name, f.domain, ph.repeats_people AS repeats,
    (SELECT json_group_array(r.person_id) FROM rejections r
      JOIN persons q ON same_client(q, r) AND q.id = r.person_id
     WHERE r.face_id = f.id AND q.removed_by IS NULL) AS rejected
  FROM texts(?) asked
  CROSS JOIN photos ph ON ph.client_id = ? AND ph.sha256 = asked.value
  CROSS JOIN faces f ON same_client(f, ph) AND f.photo_id = ph.id AND f.removed_by IS NULL
  LEFT JOIN persons p ON same_client(p, f) AND p.id = f.person_id
  ORDER BY f.id`

export function knownFaces(
  connection: Connection,
  clientId: ClientId,
  photos: readonly Sha256[],
): Map<Sha256, KnownFace[]> {
  const known = new Map<Sha256, KnownFace[]>()
  const asked = JSON.stringify([...new Set(photos)])
  for (const row of connection.rows(knownFaceRow, selectKnownFaces, asked, clientId)) {
    const { sha256, faceId, photoId, x, y, w, h, source, personId, name, domain, rejected, repeats } = row
    const person = personId === null || name === null ? {} : { person: { personId, name, domain } }
    const faces = known.get(sha256) ?? []
    faces.push({
      faceId,
      photoId,
      box: { x, y, w, h },
      ...person,
      source,
      rejected,
      photoRepeats: repeats === 1,
    })
    known.set(sha256, faces)
  }
  return known
}

const enrolledPhotoRow = z.object({ sha256: sha256Schema, names: jsonList(z.string()) })

export const selectEnrolledPhotos = `
  SELECT ph.sha256, json_group_array(p.name) AS names
  FROM faces f
  CROSS JOIN photos ph ON same_client(ph, f) AND ph.id = f.photo_id
  CROSS JOIN persons p ON same_client(p, f) AND p.id = f.person_id
  CROSS JOIN embeddings e ON same_client(e, f) AND e.face_id = f.id AND e.model_id = ?
  WHERE f.client_id = ? AND f.domain = ? AND f.removed_by IS NULL AND f.person_id IS NOT NULL
  GROUP BY f.photo_id, ph.sha256`

export function enrolledPhotos(
  connection: Connection,
  clientId: ClientId,
  domain: Domain,
  modelId: ModelId,
): Map<Sha256, string[]> {
  const rows = connection.rows(enrolledPhotoRow, selectEnrolledPhotos, modelId, clientId, domain)
  return new Map(rows.map(({ sha256, names }) => [sha256, names]))
}

const cropRow = z.object({ jpeg: bytesSchema })

export const selectCrop = `
  SELECT jpeg FROM crops JOIN faces ON same_client(faces, crops) AND faces.id = crops.face_id
  WHERE crops.face_id = ? AND faces.removed_by IS NULL`

/** Raises `not-found`. */
export function crop(connection: Connection, faceId: FaceId): Uint8Array {
  const row = connection.row(cropRow, selectCrop, faceId)
  if (row === undefined) throw new VisorError('not-found', 'There is no picture of that face.')
  return row.jpeg
}
