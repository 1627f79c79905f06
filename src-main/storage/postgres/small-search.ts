/**
 * The SQL of a search of few embeddings. Server thread.
 *
 * [Note: Small searches] Among some hundred embeddings comparing takes less than planning how to. So all are compared, people and sizes
 * are counted from the same rows, and the statement, of one probe, has a name: the server keeps one plan for it. A plan for any
 * parameters cannot hurt here, because it is the plan for these: the planner does not see where is searched, and takes it for little
 * in each case, so that it goes by the index of domains; and as both cost the same, PostgreSQL goes on with the one that it has.
 *
 * What has grown since it was last heard of is left at the first row too many. That is told, and it is searched the other way.
 */
import { z } from 'zod'
import { faceHits, personHits } from './search-statement'

/** Where is searched: the number of domains, or all of the client's. */
export type SmallScope = 'one' | 'several' | 'all'

/** A name for the statement, where one plan will do. */
export const smallName = (scope: SmallScope): string | undefined =>
  scope === 'several' ? undefined : `visor_small_${scope}`

/**
 * `upToRows`: embeddings; where there are more, what is found means nothing. Parameters: client, model, people and faces wanted,
 * distance of an occurrence, the probe's vector, then the domain (text) or domains (text[]) unless all are meant. One row, of
 * {@link smallRow}.
 */
export function smallStatement(scope: SmallScope, upToRows: number): string {
  return `
    WITH face AS MATERIALIZED (
      SELECT e.id, e.face_id, e.person_id, distance(e.vector, as_vector($6)) AS distance FROM embeddings e
      WHERE e.model_id = (SELECT $2) AND e.person_id IS NOT NULL AND ${places[scope]}
      LIMIT ${upToRows + 1}
    ), person AS MATERIALIZED (
      SELECT person_id, min(distance) AS distance,
             (array_agg(face_id ORDER BY distance, id))[1] AS face_id,
             count(*) FILTER (WHERE distance <= $5) AS occurrences,
             (array_agg(distance ORDER BY distance) FILTER (WHERE distance <= $5))[1:3] AS best
      FROM face GROUP BY person_id
    )
    SELECT
      (SELECT count(*)::integer FROM face) AS embeddings,
      (SELECT count(*)::integer FROM person) AS people,
      (SELECT json_agg(hit) FROM (
        SELECT found.person_id AS "personId", p.name, p.domain, found.distance, found.face_id AS "nearestFaceId",
               ph.sha256 AS "nearestPhotoSha256", found.occurrences, coalesce(found.best, '{}') AS "bestDistances"
        FROM (SELECT * FROM person ORDER BY distance, person_id LIMIT (SELECT $3::bigint)) AS found
        JOIN persons p ON p.id = found.person_id AND p.client_id = $1
        JOIN faces f ON f.id = found.face_id AND f.client_id = $1
        JOIN photos ph ON ph.id = f.photo_id AND ph.client_id = $1
        ORDER BY found.distance, found.person_id
      ) AS hit) AS persons,
      (SELECT json_agg(hit) FROM (
        SELECT face_id AS "faceId", person_id AS "personId", distance FROM face
        ORDER BY distance, face_id LIMIT (SELECT $4::bigint)
      ) AS hit) AS faces`
}

/** A value that the planner does not see, in a range that it therefore takes for one in two hundred (DEFAULT_RANGE_INEQ_SEL). */
const little = (column: string, value: string) =>
  `${column} = (SELECT ${value}) AND ${column} BETWEEN (SELECT ${value}) AND (SELECT ${value})`

const places: Readonly<Record<SmallScope, string>> = {
  all: little('e.client_id', '$1'),
  one: `e.client_id = (SELECT $1) AND ${little('e.domain', '$7')}`,
  several: 'e.client_id = $1 AND e.domain = ANY ($7)',
}

export const smallRow = z.object({
  /** How much was compared: embeddings, and the people that they are of. More than `upToRows` where there are more. */
  embeddings: z.number(),
  people: z.number(),
  persons: personHits,
  faces: faceHits,
})
export type SmallRow = z.output<typeof smallRow>
