/** Which face of the gallery a source's row is by now, where its photo was seen since; see [Note: Stand-ins]. Store's threads. */
import { z } from 'zod'
import { type Box, mostOverlapping, sameFaceIou } from '../../../../src-shared/geometry'
import { faceIdSchema, type PhotoId, photoIdSchema, sha256Schema } from '../../../../src-shared/ids'
import type { Connection } from '../connection'

/** What faces were in these photos, and what they are now. */
export const selectFormerOfPhotos = `
  SELECT former.photo_id AS photoId, former.box_x AS formerX, former.box_y AS formerY, former.box_w AS formerW,
    former.box_h AS formerH, f.id AS faceId, f.box_x AS x, f.box_y AS y, f.box_w AS w, f.box_h AS h, ph.sha256, ph.path
  FROM ids(?) given CROSS JOIN faces former ON former.photo_id = given.value
  CROSS JOIN faces f ON same_client(f, former) AND f.id = former.former_of
  CROSS JOIN photos ph ON same_client(ph, f) AND ph.id = f.photo_id
  WHERE f.removed_by IS NULL AND f.measured = TRUE`

const formerRow = z
  .object({
    photoId: photoIdSchema,
    formerX: z.number(),
    formerY: z.number(),
    formerW: z.number(),
    formerH: z.number(),
    faceId: faceIdSchema,
    x: z.number(),
    y: z.number(),
    w: z.number(),
    h: z.number(),
    sha256: sha256Schema,
    path: z.string(),
  })
  .transform(({ formerX, formerY, formerW, formerH, x, y, w, h, ...row }) => ({
    ...row,
    box: { x: formerX, y: formerY, w: formerW, h: formerH },
    now: { x, y, w, h },
  }))
export type KnownAs = z.output<typeof formerRow>

/** By the place in the list: the face that was in the photo at the box before the photo was seen; of rows without a box nothing. */
export function knownAs(
  connection: Connection,
  rows: readonly { readonly photoId: PhotoId; readonly box: Box }[],
): readonly (KnownAs | undefined)[] {
  const boxed = rows.filter(({ box }) => box.w > 0)
  if (boxed.length === 0) return []
  const list = JSON.stringify([...new Set(boxed.map(({ photoId }) => photoId))])
  const former = Map.groupBy(connection.rows(formerRow, selectFormerOfPhotos, list), ({ photoId }) => photoId)
  return rows.map(({ photoId, box }) => mostOverlapping(former.get(photoId) ?? [], box, sameFaceIou))
}
