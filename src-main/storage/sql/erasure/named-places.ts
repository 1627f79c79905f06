/**
 * Where the people who are to be erased are named, beside their own rows: ledger entries, places of photos, other people's
 * details. Store worker thread.
 */
import { setImmediate as nextTurn } from 'node:timers/promises'
import { z } from 'zod'
import {
  type ItemId,
  type PhotoId,
  personIdSchema,
  photoIdSchema,
  sha256Schema,
} from '../../../../src-shared/ids'
import { foldText } from '../../../../src-shared/text'
import type { Connection } from '../connection'
import { beforeAllIds, jsonList } from '../rows'
import type { Desk } from './desk'
import type { ErasedPeople } from './erased-people'
import { NameFinder } from './name-finder'

/** Rows read in one turn of the worker; others are served in between. */
const rowsPerTurn = 2000

const otherRow = z.object({
  id: personIdSchema,
  name: z.string(),
  domain: z.string(),
  occupation: z.string().nullable(),
  description: z.string().nullable(),
  tags: jsonList(z.string()),
  aliases: jsonList(z.string()),
})
const entryRow = z.object({
  sequence: z.number().int(),
  summary: z.string(),
  reason: z.string().nullable(),
  details: z.string(),
})
const sequenceRow = z.object({ sequence: z.number().int() })
const pathRow = z.object({ photoId: photoIdSchema, path: z.string() })
const photoRow = z.object({ photoId: photoIdSchema })
const shaRow = z.object({ sha256: sha256Schema })

/** `+`: by id, page after page, not by client and sorted for each. */
export const selectOthers = `
  SELECT id, name, domain, occupation, description,
    (SELECT json_group_array(tag) FROM person_tags WHERE person_id = persons.id) AS tags,
    (SELECT json_group_array(name) FROM person_aliases WHERE person_id = persons.id) AS aliases
  FROM persons WHERE unindexed(client_id) = ? AND id > ? AND removed_by IS NULL ORDER BY id LIMIT ${rowsPerTurn}`
export const selectTouching = `
  SELECT DISTINCT touched.sequence FROM ids(?) erased CROSS JOIN ledger_persons touched
  ON touched.person_id = erased.value`
/** Records of photos in which there is nobody else. */
export const selectPhotosOfNobodyElse = `
  SELECT DISTINCT f.photo_id AS photoId FROM ids(?) erased CROSS JOIN faces f ON f.person_id = erased.value
  WHERE NOT EXISTS (
    SELECT 1 FROM faces other WHERE other.photo_id = f.photo_id
      AND unindexed(other.person_id) NOT IN (SELECT value FROM ids(?)))`
export const selectContents = `
  SELECT sequence, summary, reason, details FROM ledger
  WHERE client_id = ? AND sequence > ? AND salt IS NOT NULL ORDER BY sequence LIMIT ${rowsPerTurn}`
export const selectPlaces = `
  SELECT id AS photoId, path FROM photos WHERE id > ? AND unindexed(client_id) = ? ORDER BY id LIMIT ${rowsPerTurn}`
export const selectPhotosOf = `
  SELECT DISTINCT ph.sha256 FROM ids(?) erased CROSS JOIN faces f ON f.person_id = erased.value
  CROSS JOIN photos ph ON same_client(ph, f) AND ph.id = f.photo_id`

/** The names of those erased, as they are looked for in what is others'. */
export interface SoughtNames {
  readonly own: NameFinder
  /** Names that others bear and that hold one of these: `Ana Novak`, where `Ana` goes. */
  readonly others: NameFinder
  /** Others who bear one of the names themselves: where it stands it may mean them, so it is not looked for. */
  readonly namesakes: number
  /** Names of others whose details, tags, aliases or domain name one of them. */
  readonly mentionedBy: readonly string[]
}

/** Which names can be looked for, and who else bears or mentions them. */
export async function soughtNames(
  connection: Connection,
  { clientId, whole, all, names }: ErasedPeople,
): Promise<SoughtNames> {
  if (whole) return { own: new NameFinder([]), others: new NameFinder([]), namesakes: 0, mentionedBy: [] }
  const folded = new Set([...names].map(foldText))
  const finder = new NameFinder(names)
  const borne = new Set<string>()
  const longer = new Set<string>()
  const domains = new Set<string>()
  const mentionedBy: string[] = []
  let namesakes = 0
  for (let last: string = beforeAllIds; ; ) {
    const some = connection.rows(otherRow, selectOthers, clientId, last)
    for (const { id, name, domain, occupation, description, tags, aliases } of some) {
      last = id
      if (all.has(id)) continue
      const theirs = [name, ...aliases]
      const shared = theirs.map(foldText).filter((one) => folded.has(one))
      if (shared.length > 0) namesakes++
      for (const one of shared) borne.add(one)
      for (const one of theirs) if (finder.isIn(one)) longer.add(one)
      const texts = [occupation, description, ...tags].filter((text) => text !== null)
      if (texts.some((text) => finder.isIn(text))) mentionedBy.push(name)
      if (!domains.has(domain) && finder.isIn(domain)) mentionedBy.push(`the domain ${domain}`)
      domains.add(domain)
    }
    if (some.length < rowsPerTurn) break
    await nextTurn()
  }
  const own = [...names].filter((name) => !borne.has(foldText(name)))
  return { own: new NameFinder(own), others: new NameFinder(longer), namesakes, mentionedBy }
}

/**
 * Entries (by sequence number) that touch or name somebody who is to be erased, or tell where a photo of theirs was; all of
 * the client's for a whole client.
 */
export async function entriesAbout(
  connection: Connection,
  { clientId, whole, all }: ErasedPeople,
  { own, others }: SoughtNames,
): Promise<number[]> {
  const touching = new Set(
    connection.rows(sequenceRow, selectTouching, JSON.stringify([...all])).map(({ sequence }) => sequence),
  )
  const gone = JSON.stringify([...all])
  const photos = connection.rows(photoRow, selectPhotosOfNobodyElse, gone, gone)
  const ids = new Set<string>([...all, ...photos.map(({ photoId }) => photoId)])
  const found: number[] = []
  for (let last = 0; ; ) {
    const some = connection.rows(entryRow, selectContents, clientId, last)
    for (const { sequence, summary, reason, details } of some) {
      last = sequence
      const about =
        whole ||
        touching.has(sequence) ||
        own.isIn(summary, others) ||
        (reason !== null && own.isIn(reason, others)) ||
        own.isInJson(JSON.parse(details), others) ||
        identifiersIn(details).some((id) => ids.has(id))
      if (about) found.push(sequence)
    }
    if (some.length < rowsPerTurn) return found
    await nextTurn()
  }
}

const uuidPattern = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g

function identifiersIn(details: string): string[] {
  return details.match(uuidPattern) ?? []
}

/** Records of photos, of anybody in the client, whose place names somebody who is to be erased. */
export async function placesNaming(
  connection: Connection,
  { clientId, whole }: ErasedPeople,
  { own, others }: SoughtNames,
): Promise<PhotoId[]> {
  const found: PhotoId[] = []
  if (whole) return found
  for (let last: string = beforeAllIds; ; ) {
    const some = connection.rows(pathRow, selectPlaces, last, clientId)
    for (const { photoId, path } of some) {
      last = photoId
      if (own.isIn(path, others)) found.push(photoId)
    }
    if (some.length < rowsPerTurn) return found
    await nextTurn()
  }
}

/** Queue items whose photo is known to show somebody who is to be erased, and others whose place names one of them. */
export function queueItemsOf(
  connection: Connection,
  desk: Desk,
  { all }: ErasedPeople,
  { own, others }: SoughtNames,
): { readonly known: readonly ItemId[]; readonly named: readonly ItemId[] } {
  const photos = new Set(
    connection.rows(shaRow, selectPhotosOf, JSON.stringify([...all])).map(({ sha256 }) => sha256),
  )
  const items = desk.places()
  const isKnown = ({ sha256 }: (typeof items)[number]) => sha256 !== null && photos.has(sha256)
  return {
    known: items.filter(isKnown).map(({ itemId }) => itemId),
    named: items.filter((item) => !isKnown(item) && own.isIn(item.path, others)).map(({ itemId }) => itemId),
  }
}
