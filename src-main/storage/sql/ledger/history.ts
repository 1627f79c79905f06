/** The ledger as people read it, and the bin: what was deleted and can still be restored. Store worker thread. */
import { z } from 'zod'
import { type BinEntry, batchSchema, type LedgerEntry } from '../../../../src-shared/gallery'
import {
  type ClientId,
  domainSchema,
  type LedgerId,
  ledgerIdSchema,
  personIdSchema,
  photoIdSchema,
} from '../../../../src-shared/ids'
import type { LedgerQuery } from '../../gallery-records'
import type { Connection } from '../connection'
import { isoTime, jsonList } from '../rows'
import type { Done, WriteScope } from './ledger'
import { actsForGood } from './ledger-details'

/** Names that an entry of the bin shows. */
const namesShown = 5
const dayMs = 24 * 60 * 60 * 1000
/** Details of more characters are an act on thousands of people at once, no step of anything: a list does not parse them. */
const longestStep = 1_000_000
/** Longest page, entries. */
const longestPage = 500

/** What is said of an entry whose content went. */
const contentErased = 'Content erased'

const historyRow = z
  .object({
    ledgerId: ledgerIdSchema,
    sequence: z.number().int(),
    at: isoTime,
    actor: z.string(),
    login: z.string().nullable(),
    action: z.string(),
    summary: z.string(),
    reason: z.string().nullable(),
    undoneBy: ledgerIdSchema.nullable(),
    closedBy: ledgerIdSchema.nullable(),
    erasedAt: isoTime.nullable(),
    partOf: z
      .string()
      .transform((text) => batchSchema.parse(JSON.parse(text)))
      .nullable(),
  })
  .transform(
    ({ login, reason, undoneBy, closedBy, erasedAt, partOf, ...entry }): LedgerEntry => ({
      ...entry,
      ...(login === null || login === entry.actor ? {} : { login }),
      ...(reason === null ? {} : { reason }),
      ...(undoneBy === null ? {} : { undoneBy }),
      ...(partOf === null ? {} : { partOf }),
      ...(erasedAt === null || closedBy === null
        ? {}
        : { summary: contentErased, erasedBy: closedBy, erasedAt }),
      undoable: undoneBy === null && closedBy === null && !actsForGood.has(entry.action),
    }),
  )

const historyColumns = `
  e.id AS ledgerId, e.sequence, e.at, e.actor, e.login, e.action, e.summary, e.reason, e.undone_by AS undoneBy,
  e.closed_by AS closedBy,
  CASE WHEN e.salt IS NULL THEN (SELECT at FROM ledger WHERE id = e.closed_by) END AS erasedAt,
  CASE WHEN length(e.details) <= ${longestStep} THEN json_extract(e.details, '$.partOf') END AS partOf`
export const selectHistory = `
  SELECT ${historyColumns} FROM ledger e WHERE e.client_id = ? AND e.sequence < ? ORDER BY e.sequence DESC LIMIT ?`
/** Erasures of whole clients: they are of no client any more, so every history has them. */
export const selectClientErasures = `
  SELECT ${historyColumns} FROM erasures d CROSS JOIN ledger e ON e.id = d.ledger_id
  WHERE e.client_id = '' AND e.sequence < ? ORDER BY e.sequence DESC LIMIT ?`
export const selectHistoryOfPerson = `
  SELECT ${historyColumns} FROM ledger_persons touched
  CROSS JOIN ledger e ON same_client(e, touched) AND e.sequence = touched.sequence
  WHERE touched.person_id = ? AND e.client_id = ? AND touched.sequence < ?
  ORDER BY touched.sequence DESC LIMIT ?`

/** The body of `GalleryStore.ledger`. */
export function ledgerEntries(
  connection: Connection,
  { clientId, personId, before = Number.MAX_SAFE_INTEGER, limit }: LedgerQuery,
): LedgerEntry[] {
  const page = Math.min(longestPage, Math.max(1, limit))
  if (personId !== undefined) {
    return connection.rows(historyRow, selectHistoryOfPerson, personId, clientId, before, page)
  }
  const own = connection.rows(historyRow, selectHistory, clientId, before, page)
  const erasures = connection.rows(historyRow, selectClientErasures, before, page)
  if (erasures.length === 0) return own
  return [...own, ...erasures].sort((a, b) => b.sequence - a.sequence).slice(0, page)
}

const binRow = z.object({
  ledgerId: ledgerIdSchema,
  at: z.number().int(),
  actor: z.string(),
  summary: z.string(),
  persons: z.number().int(),
  faces: z.number().int(),
  names: jsonList(z.string()),
})

const expirable = `
  e.client_id = ? AND e.undone_by IS NULL AND e.closed_by IS NULL
    AND e.action IN ('delete-persons', 'delete-domain', 'delete-faces', 'change-box')`
export const selectBin = `
  SELECT e.id AS ledgerId, e.at, e.actor, e.summary,
    (SELECT count(*) FROM persons WHERE removed_by = e.id) AS persons,
    (SELECT count(*) FROM faces WHERE removed_by = e.id) AS faces,
    (SELECT json_group_array(name) FROM
      (SELECT name FROM persons WHERE removed_by = e.id LIMIT ${namesShown}) named) AS names
  FROM ledger e WHERE ${expirable} AND e.action <> 'change-box' ORDER BY e.at DESC, e.sequence DESC`
export const selectExpired = `SELECT e.id FROM ledger e WHERE ${expirable} AND e.at < ? ORDER BY e.at`

/** The body of `GalleryStore.bin`. */
export function bin(connection: Connection, clientId: ClientId, retentionDays: number): BinEntry[] {
  return connection.rows(binRow, selectBin, clientId).map(({ at, ...entry }) => ({
    ...entry,
    at: new Date(at).toISOString(),
    expiresAt: new Date(at + retentionDays * dayMs).toISOString(),
  }))
}

const idRow = z.object({ id: ledgerIdSchema })
const goneRow = z.object({ id: personIdSchema, domain: domainSchema })
const photoRow = z.object({ photoId: photoIdSchema })
const domainRow = z.object({ name: domainSchema })

export const deleteRemovedFaces = 'DELETE FROM faces WHERE removed_by = ? RETURNING photo_id AS photoId'
export const deleteFacesOfPerson = 'DELETE FROM faces WHERE person_id = ? RETURNING photo_id AS photoId'
export const selectRemovedPersons = 'SELECT id, domain FROM persons WHERE removed_by = ?'
export const deleteBarePhotos = `
  DELETE FROM photos WHERE id IN (SELECT value FROM ids(?))
    AND NOT EXISTS (SELECT 1 FROM faces WHERE photo_id = photos.id)`
export const selectRemovedDomains = 'SELECT name FROM domains WHERE client_id = ? AND removed_by = ?'
export const deleteBarePhotosOfDomain = `
  DELETE FROM photos WHERE client_id = ? AND domain = ?
    AND NOT EXISTS (SELECT 1 FROM faces WHERE photo_id = photos.id)`
export const deleteReviewsOfDomain = 'DELETE FROM enrolment_reviews WHERE client_id = ? AND domain = ?'
/** People who were merged into others may still be of it: then it stays, removed. */
export const deleteBareDomain = `
  DELETE FROM domains WHERE client_id = ? AND name = ?
    AND NOT EXISTS (SELECT 1 FROM persons WHERE client_id = ? AND domain = ?)
    AND NOT EXISTS (SELECT 1 FROM photos WHERE client_id = ? AND domain = ?)`

/** The body of `GalleryStore.emptyBin`: what was deleted before a time (Unix ms) goes, and what undo knew of it. */
export function emptyBin(
  connection: Connection,
  scope: WriteScope,
  before: number,
): Done<{ persons: number }> {
  const expired = connection.rows(idRow, selectExpired, scope.clientId, before).map(({ id }) => id)
  let persons = 0
  for (const ledgerId of expired) {
    persons += removeForGood(connection, scope, ledgerId)
    connection.run('UPDATE ledger SET closed_by = ? WHERE id = ?', scope.ledgerId, ledgerId)
  }
  const details = expired.length === 0 ? undefined : { action: 'empty-bin' as const, emptied: expired }
  return { value: { persons }, details }
}

function removeForGood(connection: Connection, scope: WriteScope, ledgerId: LedgerId): number {
  const { clientId } = scope
  const persons = connection.rows(goneRow, selectRemovedPersons, ledgerId)
  const photos = connection.rows(photoRow, deleteRemovedFaces, ledgerId)
  for (const { id } of persons) {
    photos.push(...connection.rows(photoRow, deleteFacesOfPerson, id))
    connection.run('DELETE FROM persons WHERE id = ?', id)
    scope.people.add(id)
  }
  connection.run(deleteBarePhotos, JSON.stringify([...new Set(photos.map(({ photoId }) => photoId))]))
  for (const { name } of connection.rows(domainRow, selectRemovedDomains, clientId, ledgerId)) {
    connection.run(deleteReviewsOfDomain, clientId, name)
    connection.run(deleteBarePhotosOfDomain, clientId, name)
    connection.run(deleteBareDomain, clientId, name, clientId, name, clientId, name)
  }
  return persons.length
}
