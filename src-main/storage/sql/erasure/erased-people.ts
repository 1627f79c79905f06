/** Whom an erasure is about: those asked for, those merged into them, and every name they had. Store worker thread. */
import { z } from 'zod'
import type { ErasureTarget } from '../../../../src-shared/erasure'
import { VisorError } from '../../../../src-shared/errors'
import {
  type ClientId,
  clientIdSchema,
  domainSchema,
  type LedgerId,
  type PersonId,
  personIdSchema,
} from '../../../../src-shared/ids'
import type { Connection } from '../connection'
import { type LedgerDetails, ledgerDetailsSchema } from '../ledger/ledger-details'
import { countRow, personIdRow } from '../rows'

const rowSchema = z.object({
  personId: personIdSchema,
  clientId: clientIdSchema,
  domain: domainSchema,
  name: z.string(),
})
type Row = z.infer<typeof rowSchema>
const nameRow = z.object({ name: z.string() })
const entryRow = z.object({ id: z.string(), details: z.string() })

const personColumns = 'id AS personId, client_id AS clientId, domain, name'
export const selectPersonAtAll = `SELECT ${personColumns} FROM persons WHERE id = ?`
export const selectDeletedBy = `SELECT ${personColumns} FROM persons WHERE removed_by = ?`
export const selectPersonsOfClient = `SELECT ${personColumns} FROM persons WHERE client_id = ?`
export const countClients = 'SELECT count(*) AS count FROM clients WHERE id = ?'
/** People of the same name and domain in the bin. */
export const selectBinned = `
  SELECT p.id FROM ledger e CROSS JOIN persons p ON same_client(p, e) AND p.removed_by = e.id
  WHERE e.client_id = ? AND e.undone_by IS NULL AND e.closed_by IS NULL
    AND e.action IN ('delete-persons', 'delete-domain') AND p.domain = ? AND p.name = ?`
export const selectAliasesOf = 'SELECT name FROM person_aliases WHERE person_id = ?'
export const selectEntriesOfPerson = `
  SELECT e.id, e.details FROM ledger_persons touched
  CROSS JOIN ledger e ON same_client(e, touched) AND e.sequence = touched.sequence
  WHERE touched.person_id = ? AND e.salt IS NOT NULL ORDER BY e.sequence`
export const selectRemovedByEntry = 'SELECT id FROM persons WHERE removed_by = ?'

export interface ErasedPeople {
  readonly clientId: ClientId
  /** The whole client. */
  readonly whole: boolean
  readonly asked: readonly PersonId[]
  /** Removed rows of people who were merged into them. */
  readonly merged: readonly PersonId[]
  /** People of their name in the bin. */
  readonly binned: readonly PersonId[]
  readonly all: ReadonlySet<PersonId>
  /** Names of those asked for. */
  readonly askedNames: readonly string[]
  /** Every name that any of them has or had, as far as anything says so. */
  readonly names: ReadonlySet<string>
}

/** Finds them. Raises `not-found`, and `invalid-argument` for people of several clients. */
export function erasedPeople(connection: Connection, target: ErasureTarget): ErasedPeople {
  const asked = askedFor(connection, target)
  const [first] = asked
  const clientId = 'clientId' in target ? target.clientId : first!.clientId
  if (asked.some((person) => person.clientId !== clientId)) {
    throw new VisorError('invalid-argument', 'These people are of several clients.', {
      consequence: 'Nothing was erased.',
      remedy: 'Erase the people of one client at a time.',
    })
  }
  const askedIds = asked.map(({ personId }) => personId)
  const askedNames = asked.map(({ name }) => name)
  const all = new Set(askedIds)
  const names = new Set(askedNames)
  if ('clientId' in target) {
    return { clientId, whole: true, asked: askedIds, merged: [], binned: [], all, askedNames, names }
  }
  const binned = asked
    .flatMap(({ domain, name }) => connection.rows(personIdRow, selectBinned, clientId, domain, name))
    .map(({ id }) => id)
    .filter((id) => !all.has(id))
  for (const id of binned) all.add(id)
  const merged: PersonId[] = []
  // A set gives what is added to it while it is gone through: people who were merged into those merged are found, too.
  for (const personId of all) {
    for (const sourceId of namesAndSources(connection, personId, names)) {
      if (all.has(sourceId)) continue
      all.add(sourceId)
      merged.push(sourceId)
    }
  }
  return {
    clientId,
    whole: false,
    asked: askedIds,
    merged,
    binned: [...new Set(binned)],
    all,
    askedNames,
    names,
  }
}

function askedFor(connection: Connection, target: ErasureTarget): Row[] {
  if ('clientId' in target) {
    if (connection.row(countRow, countClients, target.clientId)!.count === 0) {
      throw new VisorError('not-found', 'There is no such client.')
    }
    return connection.rows(rowSchema, selectPersonsOfClient, target.clientId)
  }
  if ('deletedBy' in target) return deletedBy(connection, target.deletedBy)
  return [...new Set(target.personIds)].map((personId) => {
    const row = connection.row(rowSchema, selectPersonAtAll, personId)
    if (row === undefined) throw new VisorError('not-found', 'One of the people is no longer in the gallery.')
    return row
  })
}

function deletedBy(connection: Connection, ledgerId: LedgerId): Row[] {
  const rows = connection.rows(rowSchema, selectDeletedBy, ledgerId)
  if (rows.length === 0) throw new VisorError('not-found', 'Nobody of that deletion is in the bin any more.')
  return rows
}

/** Adds the names that a person has and had; gives who was merged into them. */
function namesAndSources(connection: Connection, personId: PersonId, names: Set<string>): PersonId[] {
  const now = connection.row(rowSchema, selectPersonAtAll, personId)
  if (now !== undefined) names.add(now.name)
  for (const { name } of connection.rows(nameRow, selectAliasesOf, personId)) names.add(name)
  const own = new Set(now === undefined ? [] : [now.name])
  const merges: { readonly entryId: string; readonly details: LedgerDetails }[] = []
  for (const { id, details: text } of connection.rows(entryRow, selectEntriesOfPerson, personId)) {
    const details = ledgerDetailsSchema.safeParse(JSON.parse(text)).data
    if (details === undefined) continue
    for (const name of namesIn(details, personId)) own.add(name)
    if (details.action === 'merge-persons' || details.action === 'move-persons')
      merges.push({ entryId: id, details })
  }
  for (const name of own) names.add(name)
  return merges.flatMap(({ entryId, details }) => {
    const removed = connection.rows(personIdRow, selectRemovedByEntry, entryId).map(({ id }) => id)
    // Merged away itself: those of that entry are somebody else's.
    return removed.includes(personId)
      ? []
      : removed.filter((id) => wentTo(connection, details, id, personId, own))
  })
}

/** Names of the person in what an entry did. */
function namesIn(details: LedgerDetails, personId: PersonId): string[] {
  switch (details.action) {
    case 'assign-faces':
      return details.persons.filter((person) => person.personId === personId).map(({ name }) => name)
    case 'rename-person':
      return details.personId === personId ? [details.from, details.to] : []
    default:
      if (!('changes' in details)) return []
      return [
        ...details.changes.created.filter((person) => person.personId === personId).map(({ name }) => name),
        ...details.changes.persons
          .filter((person) => person.personId === personId)
          .flatMap(({ before, after }) => [before, after])
          .flatMap(({ name, aliases = [] }) => (name === undefined ? aliases : [name, ...aliases])),
      ]
  }
}

/** Whether somebody whom the entry removed was merged into this person. */
function wentTo(
  connection: Connection,
  details: LedgerDetails,
  sourceId: PersonId,
  personId: PersonId,
  names: ReadonlySet<string>,
): boolean {
  if (details.action === 'merge-persons') return true
  if (details.action !== 'move-persons') return false
  const received = details.changes.faces.filter(({ before }) => before.personId === sourceId)
  if (received.length > 0) return received.some(({ after }) => after.personId === personId)
  // Without a face: a move merges people of one name.
  const source = connection.row(rowSchema, selectPersonAtAll, sourceId)
  return source !== undefined && names.has(source.name)
}
