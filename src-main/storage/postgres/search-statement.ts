/**
 * The SQL of a search on the server. Server thread.
 *
 * [Note: Search on the server] A search goes in two steps, in one statement. The first finds the nearest rows of each probe, by
 * comparing all of them or by the index; so many that they are of enough people. The second takes the people that they are of and
 * compares all of their faces, as float32: so distances and occurrences of whoever is found are exact, whatever found them, and
 * somebody with many photos takes one place. Where one person's photos fill the first step, it is asked again without those found.
 *
 * Statements are unnamed and planned for their own parameters: the index belongs to one model, and a generic plan knows none. Few
 * embeddings are searched another way: see [Note: Small searches].
 */
import { z } from 'zod'
import { domainSchema, faceIdSchema, personIdSchema, sha256Schema } from '../../../src-shared/ids'
import { indexVectorsSchema, searchWidthSchema } from '../../../src-shared/search-index'

/** How the nearest rows are found: `exact`, or by an index of whole or of half-precision vectors. */
export type SearchShape = 'exact' | 'vector' | 'halfvec'

export interface StatementOptions {
  readonly shape: SearchShape
  readonly probes: number
  readonly allDomains: boolean
}

/**
 * Parameters: client, model, nearest rows, people and faces wanted for a probe, distance of an occurrence, people left out (uuid[]),
 * the domains (text[]) unless all are meant, then a vector a probe. A row a probe, in their order, of {@link searchRow}.
 */
export function searchStatement({ shape, probes, allDomains }: StatementOptions): string {
  const firstProbe = allDomains ? 8 : 9
  const numbers = Array.from({ length: probes }, (_, position) => position)
  const vectorOf = (position: number) => `as_vector($${firstProbe + position})`
  const near = numbers.map((position) => nearest(shape, position, vectorOf(position), allDomains))
  return `
    WITH probe (position, vector) AS (
      VALUES ${numbers.map((position) => `(${position}, ${vectorOf(position)})`).join(', ')}
    ), near AS MATERIALIZED (
      ${near.join(' UNION ALL ')}
    ), candidate AS (
      SELECT position, person_id, row_number() OVER (PARTITION BY position ORDER BY min(distance), person_id) AS place
      FROM near GROUP BY position, person_id
    ), person AS MATERIALIZED (
      SELECT position, person_id, own.*
      FROM candidate JOIN probe USING (position) CROSS JOIN LATERAL (
        SELECT min(distance) AS distance,
               (array_agg(face_id ORDER BY distance, id))[1] AS face_id,
               count(*) FILTER (WHERE distance <= $6) AS occurrences,
               (array_agg(distance ORDER BY distance) FILTER (WHERE distance <= $6))[1:3] AS best
        FROM (
          SELECT e.id, e.face_id, distance(e.vector, probe.vector) AS distance FROM embeddings e
          WHERE e.person_id = candidate.person_id AND e.model_id = $2 AND e.client_id = $1
        ) AS face
      ) AS own
      WHERE place <= $4 + ${shape === 'exact' ? 0 : sparePersons}
    )
    SELECT
      (SELECT count(*)::integer FROM near WHERE near.position = probe.position) AS rows,
      (SELECT json_agg(hit) FROM (
        SELECT found.person_id AS "personId", p.name, p.domain, found.distance, found.face_id AS "nearestFaceId",
               ph.sha256 AS "nearestPhotoSha256", found.occurrences, coalesce(found.best, '{}') AS "bestDistances"
        FROM person AS found
        JOIN persons p ON p.id = found.person_id AND p.client_id = $1
        JOIN faces f ON f.id = found.face_id AND f.client_id = $1
        JOIN photos ph ON ph.id = f.photo_id AND ph.client_id = $1
        WHERE found.position = probe.position ORDER BY found.distance, found.person_id LIMIT $4
      ) AS hit) AS persons,
      (SELECT json_agg(hit) FROM (
        SELECT face_id AS "faceId", person_id AS "personId", distance FROM near
        WHERE near.position = probe.position ORDER BY distance, face_id LIMIT $5
      ) AS hit) AS faces,
      (${sizesAsJson}) AS sizes,
      (${indexesAsJson}) AS indexes
    FROM probe ORDER BY position`
}

/** The index finds people by some of their faces; those who come closer by another are among these. */
const sparePersons = 10

function nearest(shape: SearchShape, position: number, probe: string, allDomains: boolean): string {
  const from = `
    FROM embeddings e
    WHERE e.client_id = $1 AND e.model_id = $2 AND e.person_id IS NOT NULL
      ${allDomains ? '' : 'AND e.domain = ANY ($8)'} AND e.person_id <> ALL ($7)`
  // An order by more than the distance is none that an index has.
  if (shape === 'exact') {
    return `(SELECT ${position} AS position, row.* FROM (
      SELECT e.face_id, e.person_id, distance(e.vector, ${probe}) + 0 AS distance ${from} ORDER BY distance LIMIT $3
    ) AS row)`
  }
  const order = `${shape === 'vector' ? 'distance' : 'half_distance'}(e.vector, ${probe})`
  return `(SELECT ${position} AS position, row.face_id, row.person_id, distance(row.vector, ${probe}) AS distance FROM (
    SELECT e.face_id, e.person_id, e.vector ${from} ORDER BY ${order} LIMIT $3
  ) AS row)`
}

const sizesAsJson = `
  SELECT json_agg(json_build_object('domain', domain, 'persons', persons, 'embeddings', embeddings))
  FROM gallery_sizes WHERE client_id = $1 AND model_id = $2`

/** What an index says of itself in its comment, which is written when it can be used. */
const indexesAsJson = `
  SELECT json_agg(json_build_object('vectors', d.description::json->>'vectors', 'rows', greatest(0, c.reltuples),
           'searchWidth', (d.description::json->>'searchWidth')::integer))
  FROM pg_catalog.pg_index i
  JOIN pg_catalog.pg_description d
    ON d.objoid = i.indexrelid AND d.classoid = 'pg_catalog.pg_class'::regclass AND d.objsubid = 0
  JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
  WHERE i.indrelid = 'embeddings'::regclass AND i.indisvalid AND d.description::json->>'modelId' = $2`

/** What a search is planned by, as {@link searchStatement} gives it with its rows. Parameters: client, model. */
export const knownStatement = `SELECT (${sizesAsJson}) AS sizes, (${indexesAsJson}) AS indexes`

const distance = z.number().min(0).max(2)
const orEmpty = <T extends z.ZodType>(items: T) =>
  z
    .array(items)
    .nullable()
    .transform((list) => list ?? [])

export const knownRow = z.object({
  sizes: orEmpty(z.object({ domain: domainSchema, persons: z.number(), embeddings: z.number() })),
  /** `rows`: of all clients, when they were last counted; `searchWidth`: where somebody chose it. */
  indexes: orEmpty(
    z.object({ vectors: indexVectorsSchema, rows: z.number(), searchWidth: searchWidthSchema.nullable() }),
  ),
})
export type Known = z.output<typeof knownRow>

export const personHits = orEmpty(
  z.object({
    personId: personIdSchema,
    name: z.string(),
    domain: domainSchema,
    distance,
    nearestFaceId: faceIdSchema,
    nearestPhotoSha256: sha256Schema,
    occurrences: z.number(),
    bestDistances: z.array(distance),
  }),
)
export const faceHits = orEmpty(z.object({ faceId: faceIdSchema, personId: personIdSchema, distance }))

export const searchRow = knownRow.extend({
  /** Nearest rows that were found: fewer than were asked for where there are no more. */
  rows: z.number(),
  persons: personHits,
  faces: faceHits,
})
export type SearchRow = z.output<typeof searchRow>
