/**
 * A person is in a photo once, but for mirrors and collages. Store worker thread; called within a write.
 *
 * [Note: Twice in a photo] Nothing that gives faces to a person may put them into a photo twice. A merge may: it says that
 * two people are one, and what follows from that is for somebody to look at. An undo may restore what a merge left.
 */
import { z } from 'zod'
import { VisorError } from '../../../../src-shared/errors'
import {
  type FaceId,
  faceIdSchema,
  type PhotoId,
  personIdSchema,
  photoIdSchema,
  type Sha256,
} from '../../../../src-shared/ids'
import type { Connection } from '../connection'
import { InTheWay } from '../ledger/in-the-way'
import type { Done, WriteScope } from '../ledger/ledger'
import type { LedgerDetails } from '../ledger/ledger-details'
import { countRow } from '../rows'

/** Of these faces, those whose person has another face of the photo; `+`: by the photo, not by the person. */
export const selectHeldTwice = `
  SELECT ph.path, p.name, other.id AS otherId
  FROM ids(?) asked
  CROSS JOIN faces given ON given.id = asked.value
  CROSS JOIN photos ph ON same_client(ph, given) AND ph.id = given.photo_id
  CROSS JOIN faces other ON same_client(other, given) AND other.photo_id = given.photo_id AND other.removed_by IS NULL
  CROSS JOIN persons p ON same_client(p, given) AND p.id = given.person_id
  WHERE ph.repeats_people = FALSE AND unindexed(other.person_id) = given.person_id AND other.id <> given.id`
export const selectFacesOfPhotos = `
  SELECT f.id, f.person_id AS personId FROM ids(?) asked CROSS JOIN faces f ON f.photo_id = asked.value
  WHERE f.removed_by IS NULL AND unindexed(f.person_id) IS NOT NULL`
export const selectPhotosBySha256 = `
  SELECT id, repeats_people AS repeats FROM photos WHERE client_id = ? AND sha256 = ?`
/** Later entries, not undone, that name a face. */
export const countLaterOfFace = `
  SELECT count(*) AS count FROM ledger e
  WHERE e.client_id = ? AND e.sequence > ? AND e.undone_by IS NULL AND e.action <> 'undo' AND instr(e.details, ?) > 0`

const twiceRow = z.object({ path: z.string(), name: z.string(), otherId: faceIdSchema })
const faceRow = z.object({ id: faceIdSchema, personId: personIdSchema })
const photoRow = z.object({ id: photoIdSchema, repeats: z.number().transform((value) => value === 1) })

/** Raises `person-twice` where one of these faces is of a person who has another face of the photo. */
export function refuseTwice(connection: Connection, faceIds: readonly FaceId[]): void {
  const [twice] = connection.rows(twiceRow, selectHeldTwice, JSON.stringify(faceIds))
  if (twice === undefined) return
  throw new VisorError('person-twice', `${twice.name} has another face of this photo.`, {
    consequence: 'A person is in a photo once, so nothing was changed.',
    remedy: 'Say that the other face is not theirs, or that the photo is a mirror or a collage.',
    detail: twice.path,
  })
}

/** Throws {@link InTheWay} where a face that an undo gave back is of a person who got another face of the photo since. */
export function refuseGivenSince(
  connection: Connection,
  { clientId }: WriteScope,
  sequence: number,
  faceIds: readonly FaceId[],
): void {
  for (const { otherId } of connection.rows(twiceRow, selectHeldTwice, JSON.stringify(faceIds))) {
    if (faceIds.includes(otherId)) continue
    if (connection.row(countRow, countLaterOfFace, clientId, sequence, otherId)!.count > 0) {
      throw new InTheWay(otherId)
    }
  }
}

/** The body of `GalleryStore.setRepeatsPeople`. */
export function setRepeatsPeople(
  connection: Connection,
  scope: WriteScope,
  sha256: Sha256,
  repeats: boolean,
): Done<void> {
  const records = connection.rows(photoRow, selectPhotosBySha256, scope.clientId, sha256)
  if (records.length === 0) throw new VisorError('not-found', 'That photo is not in the galleries.')
  const photoIds = records.filter((record) => record.repeats !== repeats).map(({ id }) => id)
  const { faceIds } = writeRepeats(connection, scope, photoIds, repeats)
  if (!repeats) refuseTwice(connection, faceIds)
  return {
    value: undefined,
    details: photoIds.length === 0 ? undefined : { action: 'repeats-people', photoIds, repeats },
  }
}

/**
 * Takes back what {@link setRepeatsPeople} did. Throws {@link InTheWay} where all of the photos are gone, or somebody got another
 * face of one of them since; what a merge had left before stays.
 */
export function undoRepeatsPeople(
  connection: Connection,
  scope: WriteScope,
  sequence: number,
  { photoIds, repeats }: Extract<LedgerDetails, { action: 'repeats-people' }>,
): void {
  const { written, faceIds } = writeRepeats(connection, scope, photoIds, !repeats)
  if (written === 0) throw new InTheWay()
  for (const faceId of faceIds) refuseGivenSince(connection, scope, sequence, [faceId])
}

/** Gives how many photos there are, and the faces of people in them. */
function writeRepeats(
  connection: Connection,
  scope: WriteScope,
  photoIds: readonly PhotoId[],
  repeats: boolean,
): { readonly written: number; readonly faceIds: readonly FaceId[] } {
  let written = 0
  for (const photoId of photoIds) {
    written += connection.run('UPDATE photos SET repeats_people = ? WHERE id = ?', repeats ? 1 : 0, photoId)
  }
  const faces = connection.rows(faceRow, selectFacesOfPhotos, JSON.stringify(photoIds))
  // Whoever is in them is another matter to gallery health now.
  for (const { personId } of faces) scope.people.add(personId)
  return { written, faceIds: faces.map(({ id }) => id) }
}
