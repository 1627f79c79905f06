/** What leaves a gallery whole, and comes into one: a person with all there is. Store worker thread. */
import { z } from 'zod'
import { type DetectedFace, parseUnitEmbedding, type UnitEmbedding } from '../../../../src-shared/face'
import {
  type Domain,
  type FaceId,
  faceIdSchema,
  type ModelId,
  modelIdSchema,
  type PersonId,
  personNameSchema,
  sha256Schema,
} from '../../../../src-shared/ids'
import { perceptualHashSchema } from '../../../../src-shared/perceptual-hash'
import type { PersonAddition, PhotoRecord, WholeFace, WholePerson } from '../../gallery-records'
import { argument } from '../argument'
import type { Connection } from '../connection'
import { personDetail } from '../gallery-reads'
import { apartFrom, ChangeRecorder } from '../ledger/changes'
import type { Done, WriteScope } from '../ledger/ledger'
import { validDetails } from '../people/curate-persons'
import { orderedAliases } from '../people/person-state'
import { boxColumns, faceSourceSchema, flag, personRow, vectorRow } from '../rows'
import { ensureDomain, selectPersonByName } from './assign-faces'

/** Faces of a person as they are, and those that the person was ruled out for. */
const faceColumns = `
  f.id AS faceId, f.box_x AS x, f.box_y AS y, f.box_w AS w, f.box_h AS h, f.landmarks, f.detection_score AS score,
  f.quality, f.quality_size AS size, f.quality_sharpness AS sharpness, f.quality_pose AS pose,
  f.quality_exposure AS exposure, f.size_px AS sizePx, f.yaw_degrees AS yawDegrees, f.roll_degrees AS rollDegrees,
  f.source, f.manual, f.measured, ph.sha256, ph.path, ph.format, ph.width, ph.height,
  ph.perceptual_hash AS perceptualHash, ph.repeats_people AS repeatsPeople, ph.seen`
export const selectWholeFaces = `
  SELECT ${faceColumns} FROM faces f CROSS JOIN photos ph ON same_client(ph, f) AND ph.id = f.photo_id
  WHERE f.person_id = ? AND f.removed_by IS NULL ORDER BY f.quality DESC, f.id`
export const selectWholeRejects = `
  SELECT ${faceColumns} FROM rejections r
  CROSS JOIN faces f ON same_client(f, r) AND f.id = r.face_id
  CROSS JOIN photos ph ON same_client(ph, f) AND ph.id = f.photo_id
  WHERE r.person_id = ? AND f.removed_by IS NULL ORDER BY r.created_at DESC, r.face_id`
export const selectEmbeddingsOfFace =
  'SELECT model_id AS modelId, floats(vector) AS vector FROM embeddings WHERE face_id = ? ORDER BY model_id'
export const selectCropOfFace = 'SELECT 1 AS there FROM crops WHERE face_id = ?'

const coordinates = z.tuple([z.number(), z.number()]).transform(([x, y]) => ({ x, y }))
const landmarksColumn = z
  .string()
  .transform((text) =>
    z.tuple([coordinates, coordinates, coordinates, coordinates, coordinates]).parse(JSON.parse(text)),
  )
const parts = {
  size: z.number(),
  sharpness: z.number(),
  pose: z.number(),
  exposure: z.number(),
  sizePx: z.number(),
  yawDegrees: z.number(),
  rollDegrees: z.number(),
}
const photoColumns = {
  sha256: sha256Schema,
  path: z.string(),
  format: z.string(),
  width: z.number().int(),
  height: z.number().int(),
  perceptualHash: perceptualHashSchema.nullable().transform((hash) => hash ?? undefined),
  repeatsPeople: z.number().transform((value) => (value === 1 ? true : undefined)),
  seen: z.number().transform((value) => (value === 1 ? undefined : false)),
}
const wholeFaceRow = z.object({
  faceId: faceIdSchema,
  ...boxColumns,
  landmarks: landmarksColumn,
  score: z.number(),
  quality: z.number(),
  ...parts,
  source: faceSourceSchema,
  manual: flag,
  measured: flag,
  ...photoColumns,
})
const embeddingRow = vectorRow.extend({ modelId: modelIdSchema })
const thereRow = z.object({ there: z.literal(1) })

/** A face `f` and its photo `ph`, as a statement's columns and the row that they give. */
export const wholeFaces = { columns: faceColumns, row: wholeFaceRow } as const

/** The body of `GalleryStore.wholePerson`. */
export function wholePerson(connection: Connection, personId: PersonId): WholePerson {
  const detail = personDetail(connection, personId)
  const faces = (sql: string) =>
    connection.rows(wholeFaceRow, sql, personId).map((row) => wholeFace(connection, row))
  return {
    detail,
    faces: faces(selectWholeFaces),
    rejects: faces(selectWholeRejects),
    apart: [...apartFrom(connection, personId)],
  }
}

function wholeFace(connection: Connection, row: z.output<typeof wholeFaceRow>): WholeFace {
  const { faceId, source } = row
  const { photo, face } = faceOf(row)
  return {
    faceId,
    photo,
    ...face,
    source,
    hasCrop: connection.row(thereRow, selectCropOfFace, faceId) !== undefined,
    embeddings: embeddingsOf(connection, faceId),
  }
}

/** A face as it was found, and its photo. */
export function faceOf(row: z.output<typeof wholeFaceRow>): {
  readonly photo: PhotoRecord
  readonly face: DetectedFace
} {
  const { x, y, w, h, landmarks, score } = row
  const { size, sharpness, pose, exposure, sizePx, yawDegrees, rollDegrees } = row
  const { sha256, path, format, width, height, perceptualHash, repeatsPeople, seen } = row
  return {
    photo: { sha256, path, format, width, height, perceptualHash, repeatsPeople, seen },
    face: {
      box: { x, y, w, h },
      landmarks,
      score,
      quality: { value: row.quality, size, sharpness, pose, exposure, sizePx, yawDegrees, rollDegrees },
      ...(row.manual ? { manual: true as const } : {}),
      ...(row.measured ? {} : { measured: false as const }),
    },
  }
}

function embeddingsOf(connection: Connection, faceId: FaceId): Map<ModelId, UnitEmbedding> {
  const rows = connection.rows(embeddingRow, selectEmbeddingsOfFace, faceId)
  return new Map(rows.map(({ modelId, vector }) => [modelId, embeddingOf(vector)]))
}

/** The unit vector of a row's bytes. A copy: they need not lie where a float32 may. */
export function embeddingOf(bytes: Uint8Array): UnitEmbedding {
  const embedding = parseUnitEmbedding(new Float32Array(bytes.slice().buffer))
  if (embedding === undefined) throw new Error('A stored embedding is no unit vector.')
  return embedding
}

/** The body of `GalleryStore.addPerson`. */
export function addPerson(
  connection: Connection,
  scope: WriteScope,
  domain: Domain,
  name: string,
  addition: PersonAddition,
): Done<PersonId> {
  const recorder = new ChangeRecorder(connection, scope)
  const wanted = argument(personNameSchema, name)
  ensureDomain(connection, scope.clientId, domain, false)
  const there = connection.row(personRow, selectPersonByName, scope.clientId, domain, wanted)
  const personId = there?.id ?? recorder.createPerson(domain, wanted)
  const now = recorder.person(personId)
  const aliases = addition.aliases.map((alias) => argument(personNameSchema, alias))
  const {
    wikidataId = null,
    occupation = null,
    description = null,
    tags = [],
  } = validDetails({
    ...addition,
    tags: [...now.tags, ...(addition.tags ?? [])],
  })
  recorder.changePerson(personId, {
    wikidataId: now.wikidataId ?? wikidataId,
    occupation: now.occupation ?? occupation,
    description: now.description ?? description,
    tags,
    aliases: orderedAliases([...now.aliases, ...aliases].filter((alias) => alias !== wanted)),
  })
  return recorder.done('update-person', personId)
}
