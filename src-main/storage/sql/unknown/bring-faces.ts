/** Unknown faces that another store of the same gallery kept, by the ids that they have there. Store worker thread. */
import { z } from 'zod'
import { VisorError } from '../../../../src-shared/errors'
import type { ClientId } from '../../../../src-shared/ids'
import type { BroughtFace, FaceThere } from '../../unknown-store'
import type { Connection } from '../connection'
import { photoOf, sameFace } from '../faces/assign-faces'
import { type WriteScope, write } from '../ledger/ledger'
import { selectDomain } from '../people/change-persons'
import { faceIdRow } from '../rows'
import type { FlatIndexes } from '../search/flat-indexes'
import { keepFace, nobody } from './unknown-faces'

const anyRow = z.object({})

/** A face in whatever state: removed ones are not brought again. */
export const selectFaceAtAll = 'SELECT id FROM faces WHERE id = ? AND client_id = ?'

/** The body of `UnknownStore.bring`. */
export async function bringFaces(
  connection: Connection,
  indexes: FlatIndexes,
  clientId: ClientId,
  faces: readonly BroughtFace[],
): Promise<FaceThere[]> {
  const { value } = await write(connection, indexes, clientId, nobody, (scope) => ({
    value: faces.map((face) => bringFace(connection, scope, face)),
    details: undefined,
  }))
  return value
}

function bringFace(
  connection: Connection,
  scope: WriteScope,
  { faceId, photoId: givenPhotoId, domain, modelId, photo, face }: BroughtFace,
): FaceThere {
  const { clientId } = scope
  if (connection.row(faceIdRow, selectFaceAtAll, faceId, clientId) !== undefined) {
    return { faceId, there: faceId, personId: null }
  }
  if (connection.row(anyRow, selectDomain, clientId, domain) === undefined) {
    throw new VisorError('not-found', `There is no domain ${domain}.`)
  }
  const { photoId } = photoOf(connection, scope, domain, photo, [], givenPhotoId)
  const there = sameFace(connection, photoId, face)
  keepFace(connection, scope, domain, modelId, photoId, face, faceId)
  return { faceId, there: there?.id ?? faceId, personId: there?.personId ?? null }
}
