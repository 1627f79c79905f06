/** Faces that are taken out of a group of unknown faces, to be told apart from it for good. Store worker thread. */
import { z } from 'zod'
import { VisorError } from '../../../../src-shared/errors'
import { type FaceId, faceIdSchema, type LedgerId } from '../../../../src-shared/ids'
import type { UnknownId } from '../../unknown-store'
import type { Connection } from '../connection'
import { InTheWay } from '../ledger/in-the-way'
import type { Done, WriteScope } from '../ledger/ledger'
import type { LedgerDetails } from '../ledger/ledger-details'
import { membersOf } from './unknown-groups'

/** Faces of the group that those taken out are kept apart from: enough that no group is like it without one of them. */
const stayersKept = 1000

const takenRow = z.object({ face_id: faceIdSchema })

/** The body of `UnknownStore.takeOut`. */
export function takeOut(
  connection: Connection,
  { clientId, ledgerId }: WriteScope,
  groupId: UnknownId,
  faceIds: readonly FaceId[],
): Done<{ readonly faces: number }> {
  const wanted = new Set(faceIds)
  const members = membersOf(connection, clientId, groupId).map(({ faceId }) => faceId)
  const taken = members.filter((faceId) => wanted.has(faceId))
  const stayers = members.filter((faceId) => !wanted.has(faceId)).slice(0, stayersKept)
  if (taken.length < wanted.size) {
    throw new VisorError('not-found', 'One of the faces is no longer in this group.')
  }
  if (stayers.length === 0) {
    throw new VisorError('invalid-argument', 'A face is told apart from those that stay; none would.', {
      consequence: 'Nothing was changed.',
      remedy: 'Leave at least one face, or ignore the group.',
    })
  }
  for (const [side, faces] of [
    [1, taken],
    [-1, stayers],
  ] as const) {
    for (const faceId of faces) {
      connection.run(
        'INSERT INTO told_apart (client_id, face_id, ledger_id, side) VALUES (?, ?, ?, ?)',
        clientId,
        faceId,
        ledgerId,
        side,
      )
    }
  }
  writeGroup(connection, taken, null)
  return {
    value: { faces: taken.length },
    details: taken.length === 0 ? undefined : { action: 'take-out-unknown', groupId, faceIds: taken },
  }
}

/** Takes back what {@link takeOut} did. Throws {@link InTheWay} where the faces are gone. */
export function undoTakeOut(
  connection: Connection,
  ledgerId: LedgerId,
  { groupId, faceIds }: Extract<LedgerDetails, { action: 'take-out-unknown' }>,
): void {
  const taken = connection.rows(
    takenRow,
    'DELETE FROM told_apart WHERE ledger_id = ? AND side = 1 RETURNING face_id',
    ledgerId,
  )
  if (taken.length === 0) throw new InTheWay(faceIds[0])
  connection.run('DELETE FROM told_apart WHERE ledger_id = ?', ledgerId)
  writeGroup(
    connection,
    taken.map(({ face_id: faceId }) => faceId),
    groupId,
  )
}

/** Until the faces are grouped anew. */
function writeGroup(connection: Connection, faceIds: readonly FaceId[], group: UnknownId | null): void {
  for (const faceId of faceIds) {
    connection.run('UPDATE unknown_faces SET group_id = ? WHERE face_id = ?', group, faceId)
  }
}
