/** Takes back what was copied from another store. Store worker thread; called within a write. */
import { z } from 'zod'
import { faceIdSchema, type PersonId, personIdSchema } from '../../../../src-shared/ids'
import type { Connection } from '../connection'
import { InTheWay } from './in-the-way'
import type { WriteScope } from './ledger'
import type { LedgerDetails } from './ledger-details'

export const selectCopiedOwners = `
  SELECT f.id, f.person_id AS personId FROM ids(?) copied CROSS JOIN faces f ON f.id = copied.value
  WHERE f.removed_by IS NULL`
export const selectCopiedTimes = `
  SELECT p.id, p.updated_at AS updatedAt FROM ids(?) copied CROSS JOIN persons p ON p.id = copied.value
  WHERE p.removed_by IS NULL`
export const deleteCopiedFaces = 'DELETE FROM faces WHERE id IN (SELECT value FROM ids(?))'
export const deleteCopiedPhotos = `
  DELETE FROM photos WHERE id IN (SELECT value FROM ids(?))
    AND NOT EXISTS (SELECT 1 FROM faces f WHERE same_client(f, photos) AND f.photo_id = photos.id)`
export const deleteCopiedPersons = 'DELETE FROM persons WHERE id IN (SELECT value FROM ids(?))'

const ownerRow = z.object({ id: faceIdSchema, personId: personIdSchema.nullable() })
const timeRow = z.object({ id: personIdSchema, updatedAt: z.number() })

/** Everything goes that came, where it is still as it came. Throws {@link InTheWay}, or what the database raises where it is not. */
export function undoCopy(
  connection: Connection,
  scope: WriteScope,
  { persons, photos, faces }: Extract<LedgerDetails, { action: 'copy-in' }>,
): void {
  const faceIds = faces.map(({ faceId }) => faceId)
  const personIds = persons.map(({ personId }) => personId)
  const [faceList, personList] = [JSON.stringify(faceIds), JSON.stringify(personIds)]
  const owners = new Map<string, PersonId | null>(
    connection.rows(ownerRow, selectCopiedOwners, faceList).map(({ id, personId }) => [id, personId]),
  )
  for (const { faceId, personId } of faces) {
    if (owners.get(faceId) !== personId) throw new InTheWay(faceId)
    if (personId !== null) scope.people.add(personId)
  }
  const times = new Map<string, number>(
    connection.rows(timeRow, selectCopiedTimes, personList).map(({ id, updatedAt }) => [id, updatedAt]),
  )
  for (const { personId, updatedAt } of persons) {
    if (times.get(personId) !== updatedAt) throw new InTheWay()
    scope.people.add(personId)
  }
  scope.touchFaces(faceIds)
  connection.run(deleteCopiedFaces, faceList)
  connection.run(deleteCopiedPhotos, JSON.stringify(photos))
  connection.run(deleteCopiedPersons, personList)
}
