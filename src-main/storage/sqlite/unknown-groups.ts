/** Groups of unknown faces: listed, set aside, offered for people. Store worker thread. */
import { setImmediate as nextTurn } from 'node:timers/promises'
import { z } from 'zod'
import { VisorError } from '../../../src-shared/errors'
import { type ClientId, type Domain, type FaceId, faceIdSchema, type PersonId } from '../../../src-shared/ids'
import type { PersonRef } from '../gallery-store'
import type {
  GroupFaces,
  SuggestionsQuery,
  UnknownGroup,
  UnknownGroups,
  UnknownGroupsQuery,
  UnknownId,
  UnknownSuggestion,
} from '../unknown-store'
import { livePerson, selectPersonByName } from './assign-faces'
import type { Connection } from './connection'
import { type FlatIndexes, floatsOf } from './flat-indexes'
import { InTheWay } from './in-the-way'
import type { Done, WriteScope } from './ledger'
import { faceIdRow, isoTime, personRow, vectorRow } from './rows'

const groupedAtMost = 1000
/** A person's newest faces that are searched for, and how many of them in one turn of the worker. */
const probesPerPerson = 32
const probesAtOnce = 8

/**
 * A page of the groups with two faces or more, ignored or not (those of which more than half are), largest first, with what
 * there is in all, in one pass over the faces of the scope. Where the page is empty there is one row, without a group.
 */
export const selectGroups = `
  WITH every AS MATERIALIZED (
    SELECT u.group_id AS groupId, count(*) AS faces, count(DISTINCT f.photo_id) AS photos,
      max(u.kept_at) AS newestAt, sum(u.ignored) AS ignored
    FROM unknown_faces u CROSS JOIN faces f ON f.id = u.face_id
    WHERE u.client_id = ? AND u.model_id = ? AND f.domain = ? AND f.person_id IS NULL AND f.removed_by IS NULL
    GROUP BY u.group_id
  ),
  shown AS MATERIALIZED (
    SELECT groupId, faces, photos, newestAt FROM every
    WHERE groupId IS NOT NULL AND faces >= 2 AND (2 * ignored > faces) = ?
  )
  SELECT (SELECT count(*) FROM shown) AS total, (SELECT coalesce(sum(faces), 0) FROM every) AS allFaces, page.*
  FROM (SELECT 1) LEFT JOIN (SELECT * FROM shown ORDER BY faces DESC, groupId LIMIT ? OFFSET ?) page`
export const selectSomeFaces = `
  SELECT f.id FROM unknown_faces u CROSS JOIN faces f ON f.id = u.face_id
  WHERE u.group_id = ? AND f.person_id IS NULL AND f.removed_by IS NULL ORDER BY f.quality DESC, f.id LIMIT 12`
export const selectFacesOfGroup = `
  SELECT u.face_id AS faceId, u.ignored FROM unknown_faces u CROSS JOIN faces f ON f.id = u.face_id
  WHERE u.group_id = ? AND u.client_id = ? AND f.person_id IS NULL AND f.removed_by IS NULL ORDER BY u.embedding_id`
/** Of faces and people in pairs, those that cannot be: ruled out, or the person is in the photo already. */
export const selectImpossible = `
  SELECT asked.key AS position FROM json_each(?) asked
  WHERE EXISTS (
    SELECT 1 FROM rejections r
    WHERE r.face_id = json_extract(asked.value, '$[0]') AND r.person_id = json_extract(asked.value, '$[1]'))
  OR EXISTS (
    SELECT 1 FROM faces f CROSS JOIN photos here ON here.id = f.photo_id
    CROSS JOIN photos there ON there.client_id = here.client_id AND there.sha256 = here.sha256
    CROSS JOIN faces own ON own.photo_id = there.id AND own.removed_by IS NULL
    WHERE f.id = json_extract(asked.value, '$[0]') AND +own.person_id = json_extract(asked.value, '$[1]'))`
/** `+`: by the person, not by the client. */
export const selectNewestVectors = `
  SELECT e.vector FROM faces f CROSS JOIN embeddings e ON e.face_id = f.id AND e.model_id = ?
  WHERE f.person_id = ? AND +f.client_id = ? AND f.removed_by IS NULL ORDER BY f.id DESC LIMIT ${probesPerPerson}`
export const selectUnknownHits = `
  SELECT u.embedding_id AS id, u.face_id AS faceId, u.group_id AS groupId
  FROM json_each(?) hit CROSS JOIN unknown_faces u ON u.embedding_id = hit.value
  CROSS JOIN faces f ON f.id = u.face_id
  WHERE u.ignored = 0 AND f.person_id IS NULL AND f.removed_by IS NULL`

const groupRow = z.object({
  total: z.number().int(),
  allFaces: z.number().int(),
  groupId: z.number().int().nullable(),
  faces: z.number().int().nullable(),
  photos: z.number().int().nullable(),
  newestAt: isoTime.nullable(),
})
const memberRow = z.object({ faceId: faceIdSchema, ignored: z.number().transform((value) => value === 1) })
const positionRow = z.object({ position: z.number().int() })
const hitRow = z.object({
  id: z.number().int(),
  faceId: faceIdSchema,
  groupId: z.number().int().nullable(),
})

/** The body of `UnknownStore.setGroups`. */
export function setGroups(
  connection: Connection,
  faces: readonly { readonly id: UnknownId; readonly group: UnknownId | null }[],
): void {
  if (faces.length > groupedAtMost) {
    throw new VisorError('invalid-argument', `At most ${groupedAtMost} faces are grouped at once.`)
  }
  connection.transaction(() => {
    for (const { id, group } of faces) {
      connection.run('UPDATE unknown_faces SET group_id = ? WHERE embedding_id = ?', group, id)
    }
  })
}

/** The body of `UnknownStore.groups`. */
export function groups(connection: Connection, query: UnknownGroupsQuery): UnknownGroups {
  const { clientId, modelId, domain, ignored, limit, offset } = query
  const shown = ignored ? 1 : 0
  const rows = connection.rows(groupRow, selectGroups, clientId, modelId, domain, shown, limit, offset)
  const { total, allFaces } = rows[0]!
  const page = rows.flatMap(({ groupId, faces, photos, newestAt }): UnknownGroup[] => {
    if (groupId === null || faces === null || photos === null || newestAt === null) return []
    const someFaces = connection.rows(faceIdRow, selectSomeFaces, groupId).map(({ id }) => id)
    return [{ groupId, faces, photos, someFaces, newestAt }]
  })
  return { total, faces: allFaces, groups: page }
}

/** The body of `UnknownStore.groupFaces`. */
export function groupFaces(
  connection: Connection,
  clientId: ClientId,
  groupId: UnknownId,
  domain: Domain,
  to: PersonRef,
): GroupFaces {
  const faceIds = membersOf(connection, clientId, groupId).map(({ faceId }) => faceId)
  const person =
    'personId' in to
      ? livePerson(connection, to.personId)
      : connection.row(personRow, selectPersonByName, clientId, domain, to.name)
  if (person === undefined) return { faceIds, leftOut: 0 }
  const impossible = impossiblePairs(
    connection,
    faceIds.map((faceId) => [faceId, person.id]),
  )
  const possible = faceIds.filter((_, position) => !impossible.has(position))
  return { faceIds: possible, leftOut: faceIds.length - possible.length }
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

/** The body of `UnknownStore.suggestions`. */
export async function suggestions(
  connection: Connection,
  indexes: FlatIndexes,
  { clientId, domain, modelId, personIds, withinDistance, limit }: SuggestionsQuery,
): Promise<UnknownSuggestion[]> {
  if (personIds.length > 64) {
    throw new VisorError('invalid-argument', 'Faces are searched for 64 people at most at once.')
  }
  const found: { id: UnknownId; personId: PersonId; distance: number }[] = []
  for (const personId of new Set(personIds)) {
    const vectors = connection.rows(vectorRow, selectNewestVectors, modelId, personId, clientId)
    for (let first = 0; first < vectors.length; first += probesAtOnce) {
      const index = await indexes.get(clientId, modelId, 'unknown')
      const answers = index.search({
        domains: [domain],
        probes: vectors.slice(first, first + probesAtOnce).map(({ vector }) => floatsOf(vector)),
        topPersons: 1,
        topFaces: limit,
        withinDistance: 0,
      })
      for (const { embedding: id, distance } of answers.flatMap(({ faces }) => faces)) {
        if (distance <= withinDistance) found.push({ id, personId, distance })
      }
      await nextTurn()
    }
  }
  found.sort((a, b) => a.distance - b.distance || a.id - b.id)
  const asked = JSON.stringify([...new Set(found.map(({ id }) => id))])
  const rowOf = new Map(connection.rows(hitRow, selectUnknownHits, asked).map((row) => [row.id, row]))
  const pairs = found.flatMap(({ id, personId, distance }) => {
    const row = rowOf.get(id)
    if (row === undefined) return []
    return [{ faceId: row.faceId, groupId: row.groupId ?? undefined, personId, distance }]
  })
  const impossible = impossiblePairs(
    connection,
    pairs.map(({ faceId, personId }) => [faceId, personId]),
  )
  const offered = new Set<FaceId>()
  return pairs
    .filter(({ faceId }, position) => {
      if (impossible.has(position) || offered.has(faceId)) return false
      offered.add(faceId)
      return true
    })
    .slice(0, limit)
}

/** Raises `not-found` for a group without unknown faces. */
function membersOf(connection: Connection, clientId: ClientId, groupId: UnknownId) {
  const members = connection.rows(memberRow, selectFacesOfGroup, groupId, clientId)
  if (members.length > 0) return members
  throw new VisorError('not-found', `There is no group ${groupId} of unknown faces.`, {
    remedy: 'Groups change as faces come and go: visor unknown list has those of now.',
  })
}

/** Positions of the pairs that cannot be. */
function impossiblePairs(
  connection: Connection,
  pairs: readonly (readonly [FaceId, PersonId])[],
): Set<number> {
  const rows = connection.rows(positionRow, selectImpossible, JSON.stringify(pairs))
  return new Set(rows.map(({ position }) => position))
}
