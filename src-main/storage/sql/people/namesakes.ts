/** Who could not be moved to a domain without becoming one with somebody. Store's reading threads. */
import { z } from 'zod'
import { type Domain, type PersonId, personIdSchema } from '../../../../src-shared/ids'
import type { Connection } from '../connection'

const namesakeRow = z.object({ personId: personIdSchema, name: z.string() })

export const selectNamesakes = `
  SELECT p.id AS personId, p.name FROM ids(?) asked
  CROSS JOIN persons p ON p.id = asked.value AND p.removed_by IS NULL AND p.domain <> ?
  CROSS JOIN persons there ON there.client_id = p.client_id AND there.domain = ? AND there.name = p.name
    AND there.removed_by IS NULL
  ORDER BY asked.key`
/** The second and later ones of a name, in the order in which they are asked about. */
export const selectRepeated = `
  SELECT personId, name FROM (
    SELECT p.id AS personId, p.name, asked.key AS place,
      row_number() OVER (PARTITION BY p.name ORDER BY asked.key) AS number
    FROM ids(?) asked CROSS JOIN persons p ON p.id = asked.value AND p.removed_by IS NULL AND p.domain <> ?) numbered
  WHERE number > 1 ORDER BY place`

/** The body of `GalleryStore.namesakes`. */
export function namesakes(
  connection: Connection,
  personIds: readonly PersonId[],
  domain: Domain,
): { personId: PersonId; name: string }[] {
  const asked = JSON.stringify(personIds)
  const found = [
    ...connection.rows(namesakeRow, selectNamesakes, asked, domain, domain),
    ...connection.rows(namesakeRow, selectRepeated, asked, domain),
  ]
  return [...new Map(found.map((namesake) => [namesake.personId, namesake])).values()]
}
