/** What keeps faces apart, beside their photos. Store worker thread. */
import { z } from 'zod'
import { ledgerIdSchema } from '../../../../src-shared/ids'
import type { FaceConstraint, UnknownId, UnknownScope } from '../../unknown-store'
import type { Connection } from '../connection'
import { type Rejection, rejectionRow } from '../faces/rejections'
import type { WriteScope } from '../ledger/ledger'
import type { LedgerDetails } from '../ledger/ledger-details'

export const selectSides = `
  SELECT u.embedding_id AS id, t.ledger_id AS act, t.side
  FROM told_apart t
  CROSS JOIN unknown_faces u ON same_client(u, t) AND u.face_id = t.face_id AND u.model_id = ?
  CROSS JOIN faces f ON same_client(f, t) AND f.id = t.face_id
  WHERE t.client_id = ? AND f.domain = ? AND f.person_id IS NULL AND f.removed_by IS NULL
  ORDER BY u.embedding_id, t.ledger_id`
/** Faces of mirrors and collages. */
export const selectRepeating = `
  SELECT u.embedding_id AS id FROM photos ph
  CROSS JOIN faces f ON same_client(f, ph) AND f.photo_id = ph.id AND f.removed_by IS NULL
  CROSS JOIN unknown_faces u ON same_client(u, f) AND u.face_id = f.id AND u.model_id = ?
  WHERE ph.client_id = ? AND ph.domain = ? AND ph.repeats_people = TRUE AND unindexed(f.person_id) IS NULL`
/** Faces on the other side of these, but for those of whose these are. */
export const selectOtherSides = `
  SELECT DISTINCT f.id AS faceId, id_of(json_extract(given.value, '$.personId')) AS personId FROM texts(?) given
  CROSS JOIN told_apart own ON own.client_id = ? AND own.face_id = id_of(json_extract(given.value, '$.faceId'))
  CROSS JOIN told_apart other ON same_client(other, own) AND other.ledger_id = own.ledger_id AND other.side = -own.side
  CROSS JOIN faces f ON same_client(f, other) AND f.id = other.face_id
  WHERE f.removed_by IS NULL AND f.person_id IS DISTINCT FROM id_of(json_extract(given.value, '$.personId'))
  ORDER BY f.id`

/** Of faces and people, those that there are, but for faces that are the person's. */
export const selectStillOthers = `
  SELECT f.id AS faceId, p.id AS personId FROM texts(?) given
  CROSS JOIN faces f ON f.id = id_of(json_extract(given.value, '$.faceId'))
  CROSS JOIN persons p ON same_client(p, f) AND p.id = id_of(json_extract(given.value, '$.personId'))
  WHERE f.client_id = ? AND f.removed_by IS NULL AND p.removed_by IS NULL AND f.person_id IS DISTINCT FROM p.id
  ORDER BY f.id`

const idRow = z.object({ id: z.number().int() })
const sideRow = z.object({ id: z.number().int(), act: ledgerIdSchema, side: z.number().int() })

/** The body of `UnknownStore.constraints`. */
export function constraints(
  connection: Connection,
  { clientId, domain, modelId }: UnknownScope,
): FaceConstraint[] {
  const rows = connection.rows(sideRow, selectSides, modelId, clientId, domain)
  // As they followed one another: those of a server are not in the ledger of a gallery that follows it.
  const acts = [...new Set(rows.map(({ act }) => act))].sort()
  const numbers = new Map(acts.map((act, index) => [act, index + 1]))
  const sides = new Map<UnknownId, number[]>()
  for (const { id, act, side } of rows) {
    const known = sides.get(id) ?? []
    sides.set(id, known)
    known.push(numbers.get(act)! * side)
  }
  const repeating = new Set(
    connection.rows(idRow, selectRepeating, modelId, clientId, domain).map(({ id }) => id),
  )
  return [...new Set([...sides.keys(), ...repeating])].map((id) => ({
    id,
    sides: sides.get(id) ?? [],
    photoRepeats: repeating.has(id),
  }))
}

/**
 * Faces that were told apart from some that are people's now: they are not those people. Not those that are the person's
 * themselves, since somebody said so later. Where the write was done on a console first, those that were told apart there as well.
 */
export function toldApartFromOwners(
  connection: Connection,
  { clientId, ruledOut }: WriteScope,
  given: readonly Rejection[],
): Rejection[] {
  if (given.length === 0) return []
  const list = JSON.stringify(given.map(({ faceId, personId }) => ({ faceId, personId })))
  const here = connection.rows(rejectionRow, selectOtherSides, list, clientId)
  if (ruledOut.length === 0) return here
  return [...here, ...connection.rows(rejectionRow, selectStillOthers, JSON.stringify(ruledOut), clientId)]
}

/** Whom a write ruled out as {@link toldApartFromOwners} says, by its entry in the ledger. */
export function ruledOutBy(details: LedgerDetails): readonly Rejection[] {
  if (details.action === 'assign-faces') return details.ruledOut
  if (details.action !== 'move-faces') return []
  return details.changes.rejectsAdded.map(({ faceId, personId }) => ({ faceId, personId }))
}
