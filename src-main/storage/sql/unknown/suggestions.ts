/**
 * Whom unknown faces look like: the nearest people of a group, and faces that are offered for people who were enrolled
 * since. Store worker thread.
 *
 * [Note: Suggestions] A face is kept because nobody in the gallery was like it; so only people who were changed later can
 * be. They are compared with the unknown faces in the order in which they were changed, a mark says how far that is, and
 * what is found is kept. Whether a pair is still offered is seen when it is read: the face may be somebody's by now, the
 * person's face somebody else's, the pair rejected; and all of that may be taken back.
 */
import { setImmediate as nextTurn } from 'node:timers/promises'
import { z } from 'zod'
import {
  domainSchema,
  type FaceId,
  faceIdSchema,
  type PersonId,
  type PhotoId,
  personIdSchema,
} from '../../../../src-shared/ids'
import type { NearestPerson, Suggestion } from '../../../../src-shared/unknown'
import type { NearestPersonsQuery, SuggestionSearch, UnknownId } from '../../unknown-store'
import type { Connection } from '../connection'
import { impossiblePairs } from '../faces/impossible-pairs'
import { selectNearest } from '../people/lookalikes'
import { vectorRow } from '../rows'
import { type FlatIndexes, floatsOf } from '../search/flat-indexes'
import { unknownFaceColumns, unknownFaceFields } from './unknown-groups'

/** People compared in one call, and their newest faces that are searched for. */
const personsAtOnce = 16
const probesPerPerson = 32
/** Probes of one scan; others are served in between. */
const probesAtOnce = 8
/** Faces of a group that are searched for. */
const probesOfGroup = 16
/** People looked at beyond those asked for: some may be ruled out. */
const sparePersons = 8
/** Pairs that are read of all that were found, the nearest. */
const pairsRead = 20_000

export const selectMark = `
  SELECT updated_at AS updatedAt, person_id AS personId FROM suggestion_marks WHERE client_id = ? AND model_id = ?`
/** \`+\`: of a row, the time alone is looked up. */
export const selectChangedPersons = `
  SELECT id AS personId, updated_at AS updatedAt, domain FROM persons
  WHERE client_id = ? AND updated_at >= ? AND (updated_at > ? OR unindexed(id) > ?) AND removed_by IS NULL
  ORDER BY updated_at, id LIMIT ${personsAtOnce}`
export const selectNewestVectors = `
  SELECT f.id AS faceId, floats(e.vector) AS vector FROM faces f
  CROSS JOIN embeddings e ON same_client(e, f) AND e.face_id = f.id AND e.model_id = ?
  WHERE f.person_id = ? AND f.removed_by IS NULL ORDER BY f.id DESC LIMIT ${probesPerPerson}`
export const selectBestVectors = `
  SELECT f.id AS faceId, floats(e.vector) AS vector
  FROM ids(?) asked CROSS JOIN faces f ON f.id = asked.value
  CROSS JOIN embeddings e ON same_client(e, f) AND e.face_id = f.id AND e.model_id = ?
  WHERE f.client_id = ? AND f.removed_by IS NULL ORDER BY f.quality DESC, f.id LIMIT ${probesOfGroup}`
export const selectSuggestions = `
  SELECT f.id AS faceId, ${unknownFaceColumns},
    p.id AS personId, p.name, p.domain, s.distance, s.own_face_id AS referenceFaceId, ph.repeats_people AS repeats
  FROM suggestions s
  CROSS JOIN unknown_faces u ON same_client(u, s) AND u.embedding_id = s.embedding_id
  CROSS JOIN faces f ON same_client(f, u) AND f.id = u.face_id
  CROSS JOIN photos ph ON same_client(ph, f) AND ph.id = f.photo_id
  CROSS JOIN persons p ON same_client(p, s) AND p.id = s.person_id AND p.domain = f.domain
  CROSS JOIN faces own ON same_client(own, s) AND own.id = s.own_face_id AND own.person_id = s.person_id
  WHERE s.client_id = ? AND s.model_id = ? AND s.distance <= ? AND u.ignored = FALSE
    AND f.person_id IS NULL AND f.removed_by IS NULL AND p.removed_by IS NULL AND own.removed_by IS NULL
  ORDER BY s.distance, s.embedding_id LIMIT ${pairsRead}`

const markRow = z.object({ updatedAt: z.number().int(), personId: z.string() })
const changedRow = z.object({
  personId: personIdSchema,
  updatedAt: z.number().int(),
  domain: domainSchema,
})
const probeRow = vectorRow.extend({ faceId: faceIdSchema })
const nearestRow = z.object({
  id: z.number().int(),
  faceId: faceIdSchema,
  personId: personIdSchema,
  name: z.string(),
  domain: domainSchema,
})
const suggestionRow = z
  .object({
    ...unknownFaceFields,
    personId: personIdSchema,
    name: z.string(),
    domain: domainSchema,
    distance: z.number(),
    referenceFaceId: faceIdSchema,
    repeats: z.number(),
  })
  .transform(({ x, y, w, h, personId, name, domain, distance, referenceFaceId, repeats, ...face }) => ({
    suggestion: {
      ...face,
      box: { x, y, w, h },
      person: { personId, name, domain, distance, referenceFaceId },
    } satisfies Suggestion,
    photoRepeats: repeats === 1,
  }))

/** The body of `UnknownStore.findSuggestions`. */
export async function findSuggestions(
  connection: Connection,
  indexes: FlatIndexes,
  { clientId, modelId, withinDistance, limit }: SuggestionSearch,
): Promise<number> {
  const mark = connection.row(markRow, selectMark, clientId, modelId)
  if (mark === undefined) return 0
  const { updatedAt, personId } = mark
  const changed = connection.rows(changedRow, selectChangedPersons, clientId, updatedAt, updatedAt, personId)
  const last = changed.at(-1)
  if (last === undefined) return 0
  const found: {
    readonly id: UnknownId
    readonly personId: PersonId
    readonly ownFaceId: FaceId
    readonly distance: number
  }[] = []
  for (const person of changed) {
    const probes = connection.rows(probeRow, selectNewestVectors, modelId, person.personId)
    for (let first = 0; first < probes.length; first += probesAtOnce) {
      const some = probes.slice(first, first + probesAtOnce)
      // Asked for again in every turn: a write may have replaced it.
      const index = await indexes.get(clientId, modelId, 'unknown')
      const answers = index.search({
        domains: [person.domain],
        probes: some.map(({ vector }) => floatsOf(vector)),
        topPersons: 1,
        topFaces: limit,
        withinDistance: 0,
      })
      for (const [position, { faces }] of answers.entries()) {
        for (const { embedding: id, distance } of faces) {
          if (distance > withinDistance) continue
          found.push({ id, personId: person.personId, ownFaceId: some[position]!.faceId, distance })
        }
      }
      await nextTurn()
    }
  }
  // Farthest first: the nearest of a pair is what stays.
  found.sort((a, b) => b.distance - a.distance)
  connection.transaction(clientId, () => {
    for (const pair of found) {
      connection.run(
        'DELETE FROM suggestions WHERE embedding_id = ? AND person_id = ?',
        pair.id,
        pair.personId,
      )
      // Of those that are still there: others had their turn meanwhile.
      connection.run(
        `INSERT INTO suggestions (embedding_id, person_id, client_id, model_id, distance, own_face_id)
         SELECT u.embedding_id, p.id, ?, ?, CAST(? AS double precision), own.id FROM unknown_faces u, persons p, faces own
         WHERE u.embedding_id = ? AND p.id = ? AND own.id = ?`,
        clientId,
        modelId,
        pair.distance,
        pair.id,
        pair.personId,
        pair.ownFaceId,
      )
    }
    connection.run(
      'UPDATE suggestion_marks SET updated_at = ?, person_id = ? WHERE client_id = ? AND model_id = ?',
      last.updatedAt,
      last.personId,
      clientId,
      modelId,
    )
  })
  return changed.length
}

/** The body of `UnknownStore.suggestions`. */
export function suggestions(
  connection: Connection,
  { clientId, modelId, withinDistance, limit }: SuggestionSearch,
): { total: number; some: Suggestion[] } {
  const pairs = connection.rows(suggestionRow, selectSuggestions, clientId, modelId, withinDistance)
  const impossible = impossiblePairs(
    connection,
    pairs.map(({ suggestion: { faceId, person } }) => [faceId, person.personId]),
  )
  const offeredFaces = new Set<FaceId>()
  const offeredPhotos = new Set<`${PhotoId} ${PersonId}`>()
  const byPerson = new Map<PersonId, Suggestion[]>()
  for (const [position, { suggestion, photoRepeats }] of pairs.entries()) {
    const { faceId, photoId, person } = suggestion
    if (impossible.has(position) || offeredFaces.has(faceId)) continue
    offeredFaces.add(faceId)
    const once = `${photoId} ${person.personId}` as const
    if (!photoRepeats && offeredPhotos.has(once)) continue
    offeredPhotos.add(once)
    const theirs = byPerson.get(person.personId)
    if (theirs === undefined) byPerson.set(person.personId, [suggestion])
    else theirs.push(suggestion)
  }
  const all = [...byPerson.values()].flat()
  return { total: all.length, some: all.slice(0, limit) }
}

/** The body of `UnknownStore.nearestPersons`. */
export async function nearestPersons(
  connection: Connection,
  indexes: FlatIndexes,
  { clientId, domain, modelId, faceIds, limit }: NearestPersonsQuery,
): Promise<NearestPerson[]> {
  const probes = connection.rows(probeRow, selectBestVectors, JSON.stringify(faceIds), modelId, clientId)
  const hits: {
    readonly faceId: FaceId
    readonly personId: PersonId
    readonly embedding: number
    distance: number
  }[] = []
  for (let first = 0; first < probes.length; first += probesAtOnce) {
    const some = probes.slice(first, first + probesAtOnce)
    const index = await indexes.get(clientId, modelId)
    const answers = index.search({
      domains: [domain],
      probes: some.map(({ vector }) => floatsOf(vector)),
      topPersons: limit + sparePersons,
      topFaces: 0,
      withinDistance: 0,
    })
    for (const [position, { persons }] of answers.entries()) {
      for (const { personId, nearestEmbedding: embedding, distance } of persons) {
        hits.push({ faceId: some[position]!.faceId, personId, embedding, distance })
      }
    }
    await nextTurn()
  }
  hits.sort((a, b) => a.distance - b.distance)
  const impossible = impossiblePairs(
    connection,
    hits.map(({ faceId, personId }) => [faceId, personId]),
  )
  const best = new Map<PersonId, (typeof hits)[number]>()
  for (const [position, hit] of hits.entries()) {
    if (!impossible.has(position) && !best.has(hit.personId)) best.set(hit.personId, hit)
  }
  const nearest = [...best.values()].slice(0, limit)
  const rows = connection.rows(
    nearestRow,
    selectNearest,
    JSON.stringify(nearest.map(({ embedding }) => embedding)),
  )
  const rowOf = new Map(rows.map((row) => [row.id, row]))
  return nearest.flatMap(({ embedding, personId, distance }) => {
    const row = rowOf.get(embedding)
    // Somebody else's since.
    if (row === undefined || row.personId !== personId) return []
    return [{ personId, name: row.name, domain: row.domain, distance, referenceFaceId: row.faceId }]
  })
}
