/** Takes what an {@link ErasurePlan} found, and counts it. Store worker thread; called within a write. */
import { z } from 'zod'
import { type ErasurePlace, erasurePlaces, type Removed } from '../../../../src-shared/erasure'
import {
  type ClientId,
  type FaceId,
  type ItemId,
  type LedgerId,
  ledgerIdSchema,
  type PersonId,
  type PhotoId,
  photoIdSchema,
} from '../../../../src-shared/ids'
import type { Connection } from '../connection'
import { deleteBarePhotos } from '../ledger/history'
import type { WriteScope } from '../ledger/ledger'
import { blankDetails } from '../ledger/ledger-chain'
import { type LedgerDetails, ledgerDetailsSchema, noClient } from '../ledger/ledger-details'
import { beforeAllIds, countRow, faceIdRow } from '../rows'
import type { Steps } from '../steps'
import { clearReusedNumbers, deleteBareMarks } from '../unknown/unknown-faces'
import type { Desk } from './desk'
import { clearImports } from './imports-about'
import { deleteOrphans, keepDeletions } from './keep-deletions'
import { selectTouching } from './named-places'
import type { ErasurePlan } from './plan-erasure'

/** Faces deleted in one step: about 10 ms. */
const facesPerStep = 200

const photoRow = z.object({ photoId: photoIdSchema })
const embeddingRow = z.object({ id: z.number().int() })
const detailsRow = z.object({ details: z.string() })
const blankedRow = z.object({ id: ledgerIdSchema, sequence: z.number().int() })
const sequenceRow = z.object({ sequence: z.number().int() })

/** In all of these `?` is a JSON list of ids. */
export const selectFacesOfPeople = `
  SELECT f.id FROM ids(?) gone CROSS JOIN faces f ON f.person_id = gone.value`
export const selectFacesOfClient = 'SELECT id FROM faces WHERE client_id = ?'
/** Of these faces, nobody's that were not ruled out for one of these people. */
export const selectNotRuledOut = `
  SELECT f.id FROM ids(?) asked CROSS JOIN faces f ON f.id = asked.value
  WHERE f.person_id IS NULL AND f.former_of IS NULL AND NOT EXISTS (
    SELECT 1 FROM rejections r WHERE r.face_id = f.id AND unindexed(r.person_id) IN (SELECT value FROM ids(?)))`
/** Faces that are there for nothing but that one of these people was ruled out for them; not those drawn by hand. */
export const selectOnlyRuledOut = `
  SELECT DISTINCT f.id FROM ids(?) gone
  CROSS JOIN rejections r ON r.person_id = gone.value
  CROSS JOIN faces f ON same_client(f, r) AND f.id = r.face_id
  WHERE f.person_id IS NULL AND f.manual = FALSE
    AND NOT EXISTS (SELECT 1 FROM unknown_faces u WHERE u.face_id = f.id)
    AND NOT EXISTS (
      SELECT 1 FROM rejections other
      WHERE other.face_id = f.id AND other.person_id NOT IN (SELECT value FROM ids(?)))`
/** What faces were before their boxes were changed. */
export const selectFormer = 'SELECT id FROM faces WHERE former_of IN (SELECT value FROM ids(?))'
export const selectDetails = `
  SELECT e.details FROM numbers(?) touched CROSS JOIN ledger e ON e.sequence = touched.value WHERE e.salt IS NOT NULL`
export const selectPhotosOfFaces = `
  SELECT DISTINCT f.photo_id AS photoId FROM ids(?) gone CROSS JOIN faces f ON f.id = gone.value`
export const countPhotoFiles = `
  SELECT count(DISTINCT ph.path) AS count FROM ids(?) touched
  CROSS JOIN photos ph ON ph.id = touched.value WHERE ph.path <> ''`
export const selectEmbeddingsGone = `
  SELECT e.id FROM ids(?) gone CROSS JOIN embeddings e ON e.face_id = gone.value`
export const countCropsGone = `
  SELECT count(*) AS count FROM ids(?) gone CROSS JOIN crops c ON c.face_id = gone.value`
export const countTagsGone = `
  SELECT count(*) AS count FROM ids(?) gone CROSS JOIN person_tags t ON t.person_id = gone.value`
export const countAliasesGone = `
  SELECT count(*) AS count FROM ids(?) gone CROSS JOIN person_aliases a ON a.person_id = gone.value`
export const countRejectsGone = `
  SELECT (SELECT count(*) FROM ids(?) gone CROSS JOIN rejections r ON r.person_id = gone.value)
    + (SELECT count(*) FROM ids(?) gone CROSS JOIN rejections r ON r.face_id = gone.value
       WHERE r.person_id NOT IN (SELECT value FROM ids(?))) AS count`
export const deleteFacesGone = 'DELETE FROM faces WHERE id IN (SELECT value FROM ids(?))'
export const deletePersonsGone = 'DELETE FROM persons WHERE id IN (SELECT value FROM ids(?))'
export const deleteReviewsGone = 'DELETE FROM enrolment_reviews WHERE id IN (SELECT value FROM ids(?))'
export const deleteLinksGone = 'DELETE FROM ledger_persons WHERE person_id IN (SELECT value FROM ids(?))'
/** Also of people who went before, by an undo. */
export const deleteLinksOfClient =
  'DELETE FROM ledger_persons WHERE sequence IN (SELECT sequence FROM ledger WHERE client_id = ?)'
export const clearPlaces = `
  UPDATE photos SET path = '' WHERE path <> '' AND id IN (SELECT value FROM ids(?))`
/** Somebody else's chosen cover may be a face that became one of these people's. */
export const clearCovers =
  'UPDATE persons SET cover_face_id = NULL WHERE cover_face_id IN (SELECT value FROM ids(?))'
/** Whom unknown faces were last compared with: from that time on they are compared again. */
export const clearMarks = `UPDATE suggestion_marks SET person_id = '${beforeAllIds}' WHERE person_id IN (SELECT value FROM ids(?))`
export const blankEntries = `
  UPDATE ledger SET salt = NULL, summary = '', reason = NULL, details = '${blankDetails}', closed_by = ?
  WHERE salt IS NOT NULL AND sequence IN (SELECT value FROM numbers(?)) RETURNING id, sequence`
export const blankEntriesOfClient = `
  UPDATE ledger SET salt = NULL, summary = '', reason = NULL, details = '${blankDetails}', closed_by = ?
  WHERE salt IS NOT NULL AND client_id = ? RETURNING id, sequence`
export const countPhotosOfClient = 'SELECT count(*) AS count FROM photos WHERE client_id = ?'
export const countDomainsOfClient = 'SELECT count(*) AS count FROM domains WHERE client_id = ?'
export const forgetClientOfEntries = 'UPDATE ledger SET client_id = ? WHERE client_id = ?'
/** An earlier erasure whose reason was blanked with its entry keeps it nowhere. */
export const blankReasons = `
  UPDATE erasures SET report = json_set(report, '$.signedOff.why', NULL), stage = CASE stage WHEN 'done' THEN 'report-due' ELSE stage END
  WHERE ledger_id IN (SELECT value FROM ids(?))`

export interface CarriedOut {
  readonly removed: readonly Removed[]
  /** Files of photos that the records pointed to. */
  readonly photoFiles: number
  /** Records of photos that stay, because others are in them. */
  readonly sharedPhotos: number
  readonly entries: readonly LedgerId[]
  readonly details: LedgerDetails
}

/** What goes, read before anything is taken. */
interface Going {
  readonly people: string
  readonly faces: readonly FaceId[]
  readonly embeddings: readonly number[]
  readonly photos: readonly PhotoId[]
  readonly photoFiles: number
  readonly items: readonly ItemId[]
  readonly counts: Partial<Record<ErasurePlace, number>>
}

function whatGoes(connection: Connection, desk: Desk, plan: ErasurePlan): Going {
  const { people, queue } = plan
  const gone = JSON.stringify([...people.all])
  const count = (sql: string, ...lists: string[]) => connection.row(countRow, sql, ...lists)!.count
  const own = people.whole
    ? connection.rows(faceIdRow, selectFacesOfClient, people.clientId)
    : connection.rows(faceIdRow, selectFacesOfPeople, gone)
  const faces = new Set(own.map(({ id }) => id))
  const nameless = new Set([...namelessOf(connection, plan, gone)].filter((id) => !faces.has(id)))
  const named = JSON.stringify([...faces, ...nameless])
  for (const { id } of connection.rows(faceIdRow, selectFormer, named)) faces.add(id)
  const allFaces = JSON.stringify([...faces, ...nameless])
  const photos = connection.rows(photoRow, selectPhotosOfFaces, allFaces).map(({ photoId }) => photoId)
  const embeddings = connection.rows(embeddingRow, selectEmbeddingsGone, allFaces).map(({ id }) => id)
  const items = [...queue.known, ...queue.alike, ...queue.named]
  return {
    people: gone,
    faces: [...faces, ...nameless],
    embeddings,
    photos,
    photoFiles: count(countPhotoFiles, JSON.stringify(photos)),
    items,
    counts: {
      people: people.asked.length,
      'merged-people': people.merged.length,
      'binned-people': people.binned.length,
      faces: faces.size,
      'nameless-faces': nameless.size,
      pictures: count(countCropsGone, allFaces),
      measures: embeddings.length,
      tags: count(countTagsGone, gone),
      aliases: count(countAliasesGone, gone),
      decisions: count(countRejectsGone, gone, allFaces, gone),
      'waiting-enrolments': plan.reviews.length,
      'queue-known': queue.known.length,
      'queue-alike': queue.alike.length,
      'queue-named': queue.named.length,
      'queue-pictures': desk.countPictures(items),
    },
  }
}

/** What {@link carryOut} would take of a whole client, without taking it: that would be long, and fill the log. */
export function countClient(
  connection: Connection,
  desk: Desk,
  plan: ErasurePlan,
): Omit<CarriedOut, 'entries' | 'details'> {
  const { photoFiles, counts } = whatGoes(connection, desk, plan)
  const count = (sql: string) => connection.row(countRow, sql, plan.people.clientId)!.count
  const others = {
    'photo-records': count(countPhotosOfClient),
    'ledger-entries': plan.entries.length,
    domains: count(countDomainsOfClient),
  }
  return { removed: removedOf({ ...counts, ...others }), photoFiles, sharedPhotos: 0 }
}

/** Takes it all. */
export function* carryOut(
  connection: Connection,
  scope: WriteScope,
  desk: Desk,
  plan: ErasurePlan,
): Steps<CarriedOut> {
  const { people } = plan
  const {
    people: gone,
    faces,
    embeddings,
    photos,
    photoFiles,
    items,
    counts,
  } = whatGoes(connection, desk, plan)
  for (let done = 0; done < faces.length; done += facesPerStep) {
    yield { done, total: faces.length }
    const some = faces.slice(done, done + facesPerStep)
    if (!people.whole) scope.touchFaces(some)
    connection.run(deleteFacesGone, JSON.stringify(some))
  }
  clearReusedNumbers(connection, embeddings)
  connection.run(deleteBareMarks, people.clientId)
  connection.run(clearMarks, gone)
  connection.run(clearCovers, JSON.stringify(faces))
  connection.run(deletePersonsGone, gone)
  const barePhotos = connection.run(deleteBarePhotos, JSON.stringify(photos))
  const places = connection.run(clearPlaces, JSON.stringify(plan.places))
  desk.remove(items)
  connection.run(deleteReviewsGone, JSON.stringify(plan.reviews))
  const importRows = clearImports(connection, plan.imports)
  // Those written since the plan was made are among the ones that touch them.
  const touching = connection.rows(sequenceRow, selectTouching, gone).map(({ sequence }) => sequence)
  const about = [...new Set([...plan.entries, ...touching])]
  if (!people.whole) keepDeletions(connection, scope, about)
  const blanked = people.whole
    ? connection.rows(blankedRow, blankEntriesOfClient, scope.ledgerId, people.clientId)
    : connection.rows(blankedRow, blankEntries, scope.ledgerId, JSON.stringify(about))
  connection.run(deleteLinksGone, gone)
  const entries = blanked.map(({ id }) => id)
  if (!people.whole) deleteOrphans(connection, entries)
  connection.run(blankReasons, JSON.stringify(entries))
  const client = people.whole ? removeClient(connection, people.clientId) : { photos: 0, domains: 0 }
  return {
    removed: removedOf({
      ...counts,
      'photo-records': barePhotos + client.photos,
      'photo-places': places,
      'import-rows': importRows,
      'ledger-entries': entries.length,
      domains: client.domains,
    }),
    photoFiles,
    sharedPhotos: photos.length - barePhotos,
    entries,
    details: { action: 'erase', erased: blanked.map(({ sequence }) => sequence) },
  }
}

/** Those places that have something, in the order in which they are told. */
function removedOf(counts: Going['counts']): Removed[] {
  return (Object.keys(erasurePlaces) as ErasurePlace[]).flatMap((place) => {
    const amount = counts[place] ?? 0
    return amount === 0 ? [] : [{ place, count: amount }]
  })
}

/**
 * Faces of nobody that go: those that may be theirs or were once, unless they were ruled out for them, and those that are
 * there only because one of them was ruled out.
 */
function namelessOf(
  connection: Connection,
  { people, nameless, entries }: ErasurePlan,
  gone: string,
): Set<FaceId> {
  const once = connection
    .rows(detailsRow, selectDetails, JSON.stringify(entries))
    .flatMap(({ details }) => facesOnce(ledgerDetailsSchema.safeParse(JSON.parse(details)).data, people.all))
  const candidates = JSON.stringify([...new Set([...nameless, ...once])])
  const theirs = connection.rows(faceIdRow, selectNotRuledOut, candidates, gone)
  const only = connection.rows(faceIdRow, selectOnlyRuledOut, gone, gone)
  return new Set([...theirs, ...only].map(({ id }) => id))
}

/** Faces that were one of these people's, by what an entry did. */
function facesOnce(details: LedgerDetails | undefined, all: ReadonlySet<PersonId>): FaceId[] {
  const theirs = (personId: PersonId | null) => personId !== null && all.has(personId)
  if (details === undefined) return []
  if ('changes' in details) {
    return details.changes.faces
      .filter(({ before, after }) => theirs(before.personId) || theirs(after.personId))
      .map(({ faceId }) => faceId)
  }
  if (details.action !== 'assign-faces') return []
  return [
    ...details.added.filter(({ personId }) => theirs(personId)),
    ...details.moved.filter(({ personId, fromPersonId }) => theirs(personId) || theirs(fromPersonId)),
  ].map(({ faceId }) => faceId)
}

/** The client's last rows; gives how many photos and domains were among them. */
function removeClient(
  connection: Connection,
  clientId: ClientId,
): { readonly photos: number; readonly domains: number } {
  connection.run('DELETE FROM suggestion_marks WHERE client_id = ?', clientId)
  connection.run('DELETE FROM enrolment_reviews WHERE client_id = ?', clientId)
  connection.run('DELETE FROM import_runs WHERE client_id = ?', clientId)
  const photos = connection.run('DELETE FROM photos WHERE client_id = ?', clientId)
  const domains = connection.run('DELETE FROM domains WHERE client_id = ?', clientId)
  connection.run('DELETE FROM clients WHERE id = ?', clientId)
  connection.run(deleteLinksOfClient, clientId)
  connection.run(forgetClientOfEntries, noClient, clientId)
  return { photos, domains }
}
