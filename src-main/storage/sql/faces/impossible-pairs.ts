/** Which faces cannot be a person's: ruled out, or in a photo that has the person already. Store worker thread. */
import { z } from 'zod'
import type { FaceId, PersonId } from '../../../../src-shared/ids'
import type { Connection } from '../connection'

/** Of faces and people in pairs, those that cannot be. */
export const selectImpossible = `
  SELECT face.key AS position FROM ids(?) face CROSS JOIN ids(?) person ON person.key = face.key
  WHERE EXISTS (
    SELECT 1 FROM rejections r
    WHERE r.face_id = face.value AND r.person_id = person.value)
  OR EXISTS (
    SELECT 1 FROM faces f CROSS JOIN photos here ON same_client(here, f) AND here.id = f.photo_id
    CROSS JOIN photos there ON there.client_id = here.client_id AND there.sha256 = here.sha256
    CROSS JOIN faces own ON same_client(own, there) AND own.photo_id = there.id AND own.removed_by IS NULL
    WHERE f.id = face.value AND here.repeats_people = FALSE AND unindexed(own.person_id) = person.value)`

const positionRow = z.object({ position: z.number().int() })

/** Positions of the pairs that cannot be. */
export function impossiblePairs(
  connection: Connection,
  pairs: readonly (readonly [FaceId, PersonId])[],
): Set<number> {
  const faces = JSON.stringify(pairs.map(([faceId]) => faceId))
  const people = JSON.stringify(pairs.map(([, personId]) => personId))
  const rows = connection.rows(positionRow, selectImpossible, faces, people)
  return new Set(rows.map(({ position }) => position))
}
