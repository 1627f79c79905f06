/** Unknown faces: kept, linked to their nearest, gone when their time is over. Store worker thread. */
import { setImmediate as nextTurn } from 'node:timers/promises'
import { z } from 'zod'
import { VisorError } from '../../../../src-shared/errors'
import { bytesSchema, type EmbeddedFace } from '../../../../src-shared/face'
import { mostOverlapping, sameFaceIou } from '../../../../src-shared/geometry'
import {
  type ClientId,
  clientIdSchema,
  type Domain,
  domainSchema,
  type FaceId,
  faceIdSchema,
  type PhotoId,
  photoIdSchema,
} from '../../../../src-shared/ids'
import type { PhotoRecord } from '../../gallery-records'
import type { LinkedFace, LinkQuery, UnknownId, UnknownScope } from '../../unknown-store'
import type { LedgerContext } from '../../written'
import type { Connection } from '../connection'
import { addEmbedding, addFace, selectEmbeddingOfFace } from '../faces/add-faces'
import { photoOf, sameFace, selectPhoto } from '../faces/assign-faces'
import { type WriteScope, write } from '../ledger/ledger'
import { deleteEmptyPhoto } from '../ledger/revert-changes'
import { selectDomain } from '../people/change-persons'
import { beforeAllIds, boxColumns } from '../rows'
import type { FlatIndexes } from '../search/flat-indexes'

/** Probes of one scan, about 6 ms among 100,000 faces; others are served in between. */
const probesAtOnce = 8
/** Faces listed, linked and removed in one call. */
const idsAtMost = 10_000
const linkedAtMost = 256
const expiredAtMost = 1000
/** Bytes of a neighbour: its number and its distance. */
const neighbourBytes = 8

const idRow = z.object({ id: z.number().int() })
const domainRow = z.object({ domain: domainSchema })
const anyRow = z.object({})
const boxRow = z.object(boxColumns)
const photoIdRow = z.object({ id: photoIdSchema })

export const selectUnknownDomains = `
  SELECT DISTINCT f.domain FROM unknown_faces u CROSS JOIN faces f ON same_client(f, u) AND f.id = u.face_id
  WHERE u.client_id = ? AND u.model_id = ? AND f.person_id IS NULL AND f.removed_by IS NULL ORDER BY f.domain`
export const selectUnknownIds = `
  SELECT u.embedding_id AS id FROM unknown_faces u CROSS JOIN faces f ON same_client(f, u) AND f.id = u.face_id
  WHERE u.client_id = ? AND u.model_id = ? AND u.embedding_id > ?
    AND f.domain = ? AND f.person_id IS NULL AND f.removed_by IS NULL
  ORDER BY u.embedding_id LIMIT ${idsAtMost}`
export const selectLinked = `
  SELECT u.embedding_id AS id, f.photo_id AS photo, u.group_id AS "group", u.neighbours, u.linked_within AS within
  FROM numbers(?) asked CROSS JOIN unknown_faces u ON u.embedding_id = asked.value
  CROSS JOIN faces f ON same_client(f, u) AND f.id = u.face_id
  WHERE u.client_id = ? AND u.model_id = ? AND f.domain = ? AND f.person_id IS NULL AND f.removed_by IS NULL`
/** Places of these bytes, in whichever domain, of which somebody said that there is no face: until that is undone, or gone from the bin. */
export const selectNoFaces = `
  SELECT f.box_x AS x, f.box_y AS y, f.box_w AS w, f.box_h AS h
  FROM photos p CROSS JOIN faces f ON same_client(f, p) AND f.photo_id = p.id
  CROSS JOIN ledger e ON same_client(e, f) AND e.id = f.removed_by
  WHERE p.client_id = ? AND p.sha256 = ? AND e.action = 'delete-faces'`
const goingColumns = `
  u.embedding_id AS id, u.face_id AS faceId, u.client_id AS clientId, f.photo_id AS photoId,
  f.manual = TRUE OR EXISTS (SELECT 1 FROM rejections r WHERE r.face_id = u.face_id) AS stays`
export const selectOverdue = `
  SELECT ${goingColumns} FROM unknown_faces u CROSS JOIN faces f ON same_client(f, u) AND f.id = u.face_id
  WHERE u.kept_at < ? AND f.person_id IS NULL AND f.removed_by IS NULL LIMIT ${expiredAtMost}`
export const selectAllOfClient = `
  SELECT ${goingColumns} FROM unknown_faces u CROSS JOIN faces f ON same_client(f, u) AND f.id = u.face_id
  WHERE u.client_id = ? AND f.person_id IS NULL AND f.removed_by IS NULL LIMIT ${expiredAtMost}`
/** Where there is no unknown face, none is compared: a face that comes later was compared with everybody of then. */
export const deleteBareMarks = `
  DELETE FROM suggestion_marks WHERE client_id = ? AND NOT EXISTS (
    SELECT 1 FROM unknown_faces u
    WHERE u.client_id = suggestion_marks.client_id AND u.model_id = suggestion_marks.model_id)`
export const selectLastEmbedding = 'SELECT max(id) AS id FROM embeddings'

const linkedRow = z.object({
  id: z.number().int(),
  photo: photoIdSchema,
  group: z.number().int().nullable(),
  neighbours: bytesSchema.nullable(),
  within: z.number().nullable(),
})
type LinkedRow = z.infer<typeof linkedRow>

const goingRow = z.object({
  id: z.number().int(),
  faceId: faceIdSchema,
  clientId: clientIdSchema,
  photoId: photoIdSchema,
  stays: z.number().transform((value) => value === 1),
})
type Going = z.infer<typeof goingRow>
const lastRow = z.object({ id: z.number().int().nullable() })

/** Housekeeping writes no ledger entry, so nobody is named. */
export const nobody = { actor: '', summary: '' }

/** The body of `UnknownStore.keep`. */
export async function keepFaces(
  connection: Connection,
  indexes: FlatIndexes,
  { clientId, domain, modelId }: UnknownScope,
  photos: readonly { readonly photo: PhotoRecord; readonly faces: readonly EmbeddedFace[] }[],
): Promise<number> {
  const { value } = await write(connection, indexes, clientId, nobody, (scope) => {
    let kept = 0
    if (connection.row(anyRow, selectDomain, clientId, domain) === undefined) {
      return { value: kept, details: undefined }
    }
    for (const { photo, faces } of photos) {
      const keeping = withoutNoFaces(connection, scope, domain, photo, faces)
      if (keeping.length === 0) continue
      const { photoId } = photoOf(connection, scope, domain, photo, [])
      for (const face of keeping) if (keepFace(connection, scope, domain, modelId, photoId, face)) kept++
    }
    return { value: kept, details: undefined }
  })
  return value
}

/** Those of a photo that nobody said are none, or that somebody drew there since. */
function withoutNoFaces(
  connection: Connection,
  { clientId }: WriteScope,
  domain: Domain,
  { sha256 }: PhotoRecord,
  faces: readonly EmbeddedFace[],
): readonly EmbeddedFace[] {
  const noFaces = connection.rows(boxRow, selectNoFaces, clientId, sha256).map((box) => ({ box }))
  if (noFaces.length === 0) return faces
  const there = connection.row(photoIdRow, selectPhoto, clientId, sha256, domain)
  return faces.filter(
    (face) =>
      mostOverlapping(noFaces, face.box, sameFaceIou) === undefined ||
      (there !== undefined && sameFace(connection, there.id, face) !== undefined),
  )
}

/** Keeps a face of a photo, by `givenId` if one is given and it is new; whether it is newly unknown. */
export function keepFace(
  connection: Connection,
  scope: WriteScope,
  domain: Domain,
  modelId: UnknownScope['modelId'],
  photoId: PhotoId,
  face: EmbeddedFace,
  givenId?: FaceId,
): boolean {
  const there = sameFace(connection, photoId, face)
  if (there !== undefined && there.personId !== null) return false
  // As a face that somebody was ruled out for; it is a person's only when it is given to one.
  const faceId =
    there?.id ?? addFace(connection, scope, domain, modelId, photoId, null, face, 'manual', givenId)
  addEmbedding(connection, scope, faceId, modelId, face)
  const { id } = connection.row(idRow, selectEmbeddingOfFace, faceId, modelId)!
  scope.touchEmbedding(id, modelId)
  const added = connection.run(
    `INSERT INTO unknown_faces (embedding_id, face_id, client_id, model_id, kept_at) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT DO NOTHING`,
    id,
    faceId,
    scope.clientId,
    modelId,
    scope.at,
  )
  // From now on: whoever was enrolled before was compared with the face when it was searched for.
  connection.run(
    `INSERT INTO suggestion_marks (client_id, model_id, updated_at, person_id) VALUES (?, ?, ?, '${beforeAllIds}')
     ON CONFLICT DO NOTHING`,
    scope.clientId,
    modelId,
    scope.at,
  )
  return added === 1
}

export function unknownDomains(
  connection: Connection,
  clientId: UnknownScope['clientId'],
  modelId: UnknownScope['modelId'],
): Domain[] {
  return connection.rows(domainRow, selectUnknownDomains, clientId, modelId).map(({ domain }) => domain)
}

export function unknownIds(
  connection: Connection,
  { clientId, domain, modelId }: UnknownScope,
  after: UnknownId,
): UnknownId[] {
  return connection.rows(idRow, selectUnknownIds, clientId, modelId, after, domain).map(({ id }) => id)
}

/** The body of `UnknownStore.link`. */
export async function linkFaces(
  connection: Connection,
  indexes: FlatIndexes,
  query: LinkQuery,
): Promise<LinkedFace[]> {
  const { clientId, domain, modelId, ids, withinDistance, nearest } = query
  if (ids.length > linkedAtMost) {
    throw new VisorError('invalid-argument', `At most ${linkedAtMost} faces are linked at once.`)
  }
  const linked: LinkedFace[] = []
  const found: { readonly id: UnknownId; readonly neighbours: Uint8Array }[] = []
  for (let first = 0; first < ids.length; first += probesAtOnce) {
    // Asked for again in every turn: a write may have replaced it, or taken a face out.
    const index = await indexes.get(clientId, modelId, 'unknown')
    const some = JSON.stringify(ids.slice(first, first + probesAtOnce))
    const rows = connection.rows(linkedRow, selectLinked, some, clientId, modelId, domain)
    const open = rows.filter(({ within }) => within === null || within < withinDistance)
    const answers = index.search({
      domains: [domain],
      probes: open.map(({ id }) => index.vectorOf(id)),
      topPersons: 1,
      // The face itself is among them.
      topFaces: nearest + 1,
      withinDistance: 0,
    })
    for (const [position, { id }] of open.entries()) {
      const neighbours = answers[position]!.faces.filter(
        ({ embedding, distance }) => embedding !== id && distance <= withinDistance,
      ).map(({ embedding, distance }) => ({ id: embedding, distance }))
      found.push({ id, neighbours: bytesOf(neighbours.slice(0, nearest)) })
    }
    const bytes = new Map(found.map(({ id, neighbours }) => [id, neighbours]))
    linked.push(...rows.map((row) => linkedFace(row, bytes.get(row.id) ?? row.neighbours!)))
    await nextTurn()
  }
  if (found.length > 0) {
    connection.transaction(query.clientId, () => {
      for (const { id, neighbours } of found) {
        connection.run(
          'UPDATE unknown_faces SET neighbours = ?, linked_within = ? WHERE embedding_id = ?',
          neighbours,
          withinDistance,
          id,
        )
      }
    })
  }
  return linked
}

function linkedFace({ id, photo, group }: LinkedRow, neighbours: Uint8Array): LinkedFace {
  return { id, photo, group: group ?? undefined, neighbours: neighboursOf(neighbours) }
}

type Neighbours = LinkedFace['neighbours']

function bytesOf(neighbours: Neighbours): Uint8Array {
  const view = new DataView(new ArrayBuffer(neighbours.length * neighbourBytes))
  for (const [index, { id, distance }] of neighbours.entries()) {
    view.setInt32(index * neighbourBytes, id, true)
    view.setFloat32(index * neighbourBytes + 4, distance, true)
  }
  return new Uint8Array(view.buffer)
}

/** Read from bytes always, so that a distance is the same number today and after a restart. */
function neighboursOf(bytes: Uint8Array): Neighbours {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return Array.from({ length: bytes.byteLength / neighbourBytes }, (_, index) => ({
    id: view.getInt32(index * neighbourBytes, true),
    distance: view.getFloat32(index * neighbourBytes + 4, true),
  }))
}

/** The body of `UnknownStore.expire`. */
export async function expireFaces(
  connection: Connection,
  indexes: FlatIndexes,
  before: number,
): Promise<number> {
  const [first] = connection.rows(goingRow, selectOverdue, before)
  if (first === undefined) return 0
  const { value } = await write(connection, indexes, first.clientId, nobody, (scope) => {
    // Read again: the look before was another turn's.
    const overdue = connection.rows(goingRow, selectOverdue, before)
    const value = removeForGood(
      connection,
      scope,
      overdue.filter(({ clientId }) => clientId === scope.clientId),
    )
    return { value, details: undefined }
  })
  return value
}

/** The body of `UnknownStore.forget`: portion by portion, so that others are served in between; the last is in the ledger. */
export async function forgetFaces(
  connection: Connection,
  indexes: FlatIndexes,
  clientId: ClientId,
  context: LedgerContext,
): Promise<number> {
  let faces = 0
  for (let isLast = false; !isLast; await nextTurn()) {
    await write(connection, indexes, clientId, context, (scope) => {
      const removed = removeForGood(connection, scope, connection.rows(goingRow, selectAllOfClient, clientId))
      faces += removed
      isLast = removed < expiredAtMost
      const details = isLast && faces > 0 ? { action: 'forget-unknown' as const, faces } : undefined
      return { value: undefined, details }
    })
  }
  return faces
}

function removeForGood(connection: Connection, scope: WriteScope, going: readonly Going[]): number {
  scope.touchFaces(going.map(({ faceId }) => faceId))
  for (const { id, faceId, photoId, stays } of going) {
    connection.run('DELETE FROM unknown_faces WHERE embedding_id = ?', id)
    if (stays) continue
    connection.run('DELETE FROM faces WHERE id = ?', faceId)
    connection.run(deleteEmptyPhoto, photoId)
  }
  connection.run(deleteBareMarks, scope.clientId)
  clearReusedNumbers(
    connection,
    going.map(({ id }) => id),
  )
  return going.length
}

/** Call after embeddings were deleted. Where the numbers after the last one are given again, nobody may have one as neighbour. */
export function clearReusedNumbers(connection: Connection, deleted: readonly UnknownId[]): void {
  if (!connection.reusesNumbers) return
  const { id: last } = connection.row(lastRow, selectLastEmbedding)!
  if (deleted.some((id) => id > (last ?? 0))) {
    connection.run('UPDATE unknown_faces SET neighbours = NULL, linked_within = NULL')
  }
}
