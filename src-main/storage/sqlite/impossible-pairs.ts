/** Which faces cannot be a person's: ruled out, or in a photo that has the person already. Store worker thread. */
import { z } from 'zod'
import type { FaceId, PersonId } from '../../../src-shared/ids'
import type { Connection } from './connection'

/** Of faces and people in pairs, those that cannot be. */
export const selectImpossible = `
  SELECT asked.key AS position FROM json_each(?) asked
  WHERE EXISTS (
    SELECT 1 FROM rejections r
    WHERE r.face_id = json_extract(asked.value, '$[0]') AND r.person_id = json_extract(asked.value, '$[1]'))
  OR EXISTS (
    SELECT 1 FROM faces f CROSS JOIN photos here ON here.id = f.photo_id
    CROSS JOIN photos there ON there.client_id = here.client_id AND there.sha256 = here.sha256
    CROSS JOIN faces own ON own.photo_id = there.id AND own.removed_by IS NULL
    WHERE f.id = json_extract(asked.value, '$[0]') AND here.repeats_people = 0 AND +own.person_id = json_extract(asked.value, '$[1]'))`

const positionRow = z.object({ position: z.number().int() })

/** Positions of the pairs that cannot be. */
export function impossiblePairs(
  connection: Connection,
  pairs: readonly (readonly [FaceId, PersonId])[],
): Set<number> {
  const rows = connection.rows(positionRow, selectImpossible, JSON.stringify(pairs))
  return new Set(rows.map(({ position }) => position))
}
