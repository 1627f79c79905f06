/** Groups of unknown faces: listed, looked into, ignored. Store worker thread. */
import { z } from 'zod'
import { VisorError } from '../../../../src-shared/errors'
import {
  type ClientId,
  type Domain,
  type FaceId,
  faceIdSchema,
  type ModelId,
  type PhotoId,
  photoIdSchema,
} from '../../../../src-shared/ids'
import {
  type UnknownCounts,
  type UnknownFace,
  unknownCountsSchema,
  unknownFaceSchema,
  unknownGroupSchema,
} from '../../../../src-shared/unknown'
import type { PersonRef } from '../../gallery-records'
import type { GroupFaces, GroupPage, UnknownGroups, UnknownGroupsQuery, UnknownId } from '../../unknown-store'
import type { Connection } from '../connection'
import { livePerson, selectPersonByName } from '../faces/assign-faces'
import { impossiblePairs } from '../faces/impossible-pairs'
import { InTheWay } from '../ledger/in-the-way'
import type { Done, WriteScope } from '../ledger/ledger'
import { boxColumns, faceIdRow, isoTime, personRow } from '../rows'

const groupedAtMost = 1000
const facesAtMost = 500

/** What the window sees of an unknown face `f`, kept as `u`, in its photo `ph`. */
export const unknownFaceColumns = `
  ph.id AS photoId, ph.path AS photoPath, ph.sha256 AS photoSha256, f.box_x AS x, f.box_y AS y, f.box_w AS w,
  f.box_h AS h, ph.width AS photoWidth, ph.height AS photoHeight, f.quality, u.kept_at AS keptAt`
export const unknownFaceFields = unknownFaceSchema
  .omit({ box: true })
  .extend({ keptAt: isoTime, ...boxColumns }).shape

/**
 * A page of the groups with two faces or more, ignored or not (those of which more than half are), largest first, with what
 * there is in all, in one pass over the faces of the scope. Where the page is empty there is one row, without a group.
 */
export const selectGroups = `
  WITH every AS MATERIALIZED (
    SELECT u.group_id AS groupId, max(f.domain) AS domain, count(*) AS faces, count(DISTINCT f.photo_id) AS photos,
      min(u.kept_at) AS oldestAt, max(u.kept_at) AS newestAt, count(*) FILTER (WHERE u.ignored) AS ignored
    FROM unknown_faces u CROSS JOIN faces f ON same_client(f, u) AND f.id = u.face_id
    WHERE u.client_id = ? AND u.model_id = ? AND (CAST(? AS text) IS NULL OR f.domain = ?)
      AND f.person_id IS NULL AND f.removed_by IS NULL
    GROUP BY u.group_id
  ),
  shown AS MATERIALIZED (
    SELECT groupId, domain, faces, photos, oldestAt, newestAt FROM every
    WHERE groupId IS NOT NULL AND faces >= 2 AND (2 * ignored > faces) = CAST(? AS boolean)
  )
  SELECT (SELECT count(*) FROM shown) AS total, (SELECT coalesce(sum(faces), 0) FROM every) AS allFaces, page.*
  FROM (SELECT 1) always LEFT JOIN (SELECT * FROM shown ORDER BY faces DESC, groupId LIMIT ? OFFSET ?) page ON TRUE`
export const countGroups = `
  WITH every AS MATERIALIZED (
    SELECT u.group_id AS groupId, count(*) AS faces, count(*) FILTER (WHERE u.ignored) AS ignored
    FROM unknown_faces u CROSS JOIN faces f ON same_client(f, u) AND f.id = u.face_id
    WHERE u.client_id = ? AND u.model_id = ? AND f.person_id IS NULL AND f.removed_by IS NULL
    GROUP BY u.group_id
  )
  SELECT coalesce(sum(faces), 0) AS faces,
    count(*) FILTER (WHERE groupId IS NOT NULL AND faces >= 2 AND 2 * ignored <= faces) AS groups,
    count(*) FILTER (WHERE groupId IS NOT NULL AND faces >= 2 AND 2 * ignored > faces) AS ignoredGroups
  FROM every`
export const selectSomeFaces = `
  SELECT f.id FROM unknown_faces u CROSS JOIN faces f ON same_client(f, u) AND f.id = u.face_id
  WHERE u.group_id = ? AND f.person_id IS NULL AND f.removed_by IS NULL ORDER BY f.quality DESC, f.id LIMIT 12`
export const selectFacesOfGroup = `
  SELECT u.face_id AS faceId, u.ignored, f.photo_id AS photoId, ph.repeats_people AS repeats
  FROM unknown_faces u
  CROSS JOIN faces f ON same_client(f, u) AND f.id = u.face_id
  CROSS JOIN photos ph ON same_client(ph, f) AND ph.id = f.photo_id
  WHERE u.group_id = ? AND u.client_id = ? AND f.person_id IS NULL AND f.removed_by IS NULL
  ORDER BY f.quality DESC, f.id`
export const selectFacePage = `
  SELECT f.id AS faceId, ${unknownFaceColumns}
  FROM unknown_faces u
  CROSS JOIN faces f ON same_client(f, u) AND f.id = u.face_id
  CROSS JOIN photos ph ON same_client(ph, f) AND ph.id = f.photo_id
  WHERE u.group_id = ? AND u.client_id = ? AND f.person_id IS NULL AND f.removed_by IS NULL
  ORDER BY f.quality DESC, f.id LIMIT ? OFFSET ?`
export const selectGroupOf = `
  SELECT u.group_id AS groupId FROM unknown_faces u CROSS JOIN faces f ON same_client(f, u) AND f.id = u.face_id
  WHERE u.face_id = ? AND u.client_id = ? AND f.person_id IS NULL AND f.removed_by IS NULL AND u.group_id IS NOT NULL`

const groupRow = unknownGroupSchema.omit({ someFaces: true }).extend({ oldestAt: isoTime, newestAt: isoTime })
/** A page of no groups is one row without a group. */
const pageRow = z
  .looseObject({ total: z.number().int(), allFaces: z.number().int(), groupId: z.number().nullable() })
  .transform(({ total, allFaces, ...row }) => ({
    total,
    allFaces,
    ...(row.groupId === null ? {} : { group: groupRow.parse(row) }),
  }))
const countsRow = unknownCountsSchema.omit({ suggestions: true })
const flag = z.number().transform((value) => value === 1)
const memberRow = z.object({ faceId: faceIdSchema, ignored: flag, photoId: photoIdSchema, repeats: flag })
const groupIdRow = z.object({ groupId: z.number().int() })
const pagedFaceRow = z
  .object(unknownFaceFields)
  .transform(({ x, y, w, h, ...face }): UnknownFace => ({ ...face, box: { x, y, w, h } }))

/** The body of `UnknownStore.setGroups`. */
export function setGroups(
  connection: Connection,
  faces: readonly { readonly id: UnknownId; readonly group: UnknownId | null }[],
): void {
  if (faces.length > groupedAtMost) {
    throw new VisorError('invalid-argument', `At most ${groupedAtMost} faces are grouped at once.`)
  }
  connection.transaction(null, () => {
    for (const { id, group } of faces) {
      connection.run('UPDATE unknown_faces SET group_id = ? WHERE embedding_id = ?', group, id)
    }
  })
}

/** The body of `UnknownStore.counts`. */
export function countsOfUnknown(
  connection: Connection,
  clientId: ClientId,
  modelId: ModelId,
): Omit<UnknownCounts, 'suggestions'> {
  return connection.row(countsRow, countGroups, clientId, modelId)!
}

/** The body of `UnknownStore.groups`. */
export function groups(connection: Connection, query: UnknownGroupsQuery): UnknownGroups {
  const { clientId, modelId, domain, ignored, limit, offset } = query
  const shown = ignored ? 1 : 0
  const values = [clientId, modelId, domain, domain, shown, limit, offset]
  const rows = connection.rows(pageRow, selectGroups, ...values)
  const { total, allFaces } = rows[0]!
  const page = rows.flatMap(({ group }) => {
    if (group === undefined) return []
    const someFaces = connection.rows(faceIdRow, selectSomeFaces, group.groupId).map(({ id }) => id)
    return [{ ...group, someFaces }]
  })
  return { total, faces: allFaces, groups: page }
}

/** The body of `UnknownStore.groupOf`. */
export function groupOf(connection: Connection, clientId: ClientId, faceId: FaceId): UnknownId | undefined {
  return connection.row(groupIdRow, selectGroupOf, faceId, clientId)?.groupId
}

/** The body of `UnknownStore.faces`. */
export function groupPage(
  connection: Connection,
  clientId: ClientId,
  groupId: UnknownId,
  offset: number,
  limit: number,
): GroupPage {
  const total = membersOf(connection, clientId, groupId).length
  const most = Math.min(limit, facesAtMost)
  return { total, faces: connection.rows(pagedFaceRow, selectFacePage, groupId, clientId, most, offset) }
}

/** The body of `UnknownStore.groupFaces`. */
export function groupFaces(
  connection: Connection,
  clientId: ClientId,
  groupId: UnknownId,
  domain: Domain,
  to: PersonRef,
  wanted?: readonly FaceId[],
): GroupFaces {
  const all = membersOf(connection, clientId, groupId)
  const chosen = new Set(wanted ?? all.map(({ faceId }) => faceId))
  const members = all.filter(({ faceId }) => chosen.has(faceId))
  if (members.length < chosen.size) {
    throw new VisorError('not-found', 'One of the faces is no longer in this group.')
  }
  const person =
    'personId' in to
      ? livePerson(connection, to.personId)
      : connection.row(personRow, selectPersonByName, clientId, domain, to.name)
  const impossible =
    person === undefined
      ? new Set<number>()
      : impossiblePairs(
          connection,
          members.map(({ faceId }) => [faceId, person.id]),
        )
  const photos = new Set<PhotoId>()
  const possible = members.filter(({ photoId, repeats }, position) => {
    if (impossible.has(position) || (!repeats && photos.has(photoId))) return false
    photos.add(photoId)
    return true
  })
  return { faceIds: possible.map(({ faceId }) => faceId), leftOut: members.length - possible.length }
}

/** The body of `UnknownStore.ignore`. */
export function ignoreGroup(
  connection: Connection,
  { clientId }: WriteScope,
  groupId: UnknownId,
  ignored: boolean,
): Done<{ readonly faces: number }> {
  const faceIds = membersOf(connection, clientId, groupId)
    .filter((member) => member.ignored !== ignored)
    .map(({ faceId }) => faceId)
  setIgnored(connection, faceIds, ignored)
  return {
    value: { faces: faceIds.length },
    details: faceIds.length === 0 ? undefined : { action: 'ignore-unknown', faceIds, ignored },
  }
}

/** Sets unknown faces aside, or takes them back. Throws {@link InTheWay} where one is gone. */
export function setIgnored(connection: Connection, faceIds: readonly FaceId[], ignored: boolean): void {
  for (const faceId of faceIds) {
    const changed = connection.run(
      'UPDATE unknown_faces SET ignored = ? WHERE face_id = ?',
      ignored ? 1 : 0,
      faceId,
    )
    if (changed === 0) throw new InTheWay(faceId)
  }
}

/** The unknown faces of a group, best first. Raises `not-found` where there are none. */
export function membersOf(connection: Connection, clientId: ClientId, groupId: UnknownId) {
  const members = connection.rows(memberRow, selectFacesOfGroup, groupId, clientId)
  if (members.length > 0) return members
  throw new VisorError('not-found', `There is no group ${groupId} of unknown faces.`, {
    remedy: 'Groups change as faces come and go: look at those of now.',
  })
}
