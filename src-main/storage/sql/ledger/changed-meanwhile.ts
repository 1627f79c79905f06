/** Two editors of one person: the second is told what the first did, and nothing is lost. Store's writing thread. */
import { z } from 'zod'
import { VisorError } from '../../../../src-shared/errors'
import type { SeenFields } from '../../gallery-records'
import type { Connection } from '../connection'
import type { PersonFields, PersonState } from '../people/person-state'
import { isoTime } from '../rows'
import { sameValue } from './changes'
import { ledgerDetailsSchema } from './ledger-details'

const fieldWords = {
  name: 'name',
  wikidataId: 'Wikidata id',
  occupation: 'occupation',
  description: 'description',
} as const satisfies Record<keyof SeenFields, string>

/** Characters of a value that the message shows. */
const shownLength = 80
/** Entries of a person's history that are looked through for who it was. */
const entriesRead = 50

const entryRow = z.object({ at: isoTime, actor: z.string(), details: z.string().nullable() })

export const selectRecentEntries = `
  SELECT e.at, e.actor, e.details FROM ledger_persons touched
  CROSS JOIN ledger e ON same_client(e, touched) AND e.sequence = touched.sequence
  WHERE touched.person_id = ? ORDER BY touched.sequence DESC LIMIT ${entriesRead}`

/**
 * Raises `conflict` where a field that is to be changed is not what its editor saw, and not what they want either. Fields that
 * nobody else touched are nobody's conflict, whatever else of the person was changed.
 */
export function refuseChangedMeanwhile(
  connection: Connection,
  now: PersonState,
  wanted: Partial<PersonFields>,
  seen: SeenFields,
): void {
  for (const field of Object.keys(fieldWords) as (keyof SeenFields)[]) {
    if (!(field in wanted) || seen[field] === undefined) continue
    if (sameValue(now[field], seen[field]) || sameValue(now[field], wanted[field])) continue
    throw changedMeanwhile(connection, now, field)
  }
}

function changedMeanwhile(connection: Connection, now: PersonState, field: keyof SeenFields): VisorError {
  const value = now[field]
  const by = whoChanged(connection, now, field)
  const to =
    value === null
      ? 'It is empty now.'
      : `It is “${value.length > shownLength ? `${value.slice(0, shownLength)}…` : value}” now.`
  return new VisorError(
    'conflict',
    `${by?.actor ?? 'Somebody'} changed the ${fieldWords[field]} meanwhile. ${to}`,
    {
      consequence: 'Your change was not saved.',
      remedy: 'Save it again to put it in the place of what is there now.',
      ...(by === undefined ? {} : { detail: by.at }),
    },
  )
}

/** The newest entry that wrote the field, or that took something back. */
function whoChanged(
  connection: Connection,
  { personId }: PersonState,
  field: keyof SeenFields,
): { readonly actor: string; readonly at: string } | undefined {
  return connection.rows(entryRow, selectRecentEntries, personId).find(({ details }) => {
    if (details === null) return false
    const parsed = ledgerDetailsSchema.safeParse(JSON.parse(details))
    if (!parsed.success) return false
    if (parsed.data.action === 'undo') return true
    if (!('changes' in parsed.data)) return false
    return parsed.data.changes.persons.some((change) => change.personId === personId && field in change.after)
  })
}
