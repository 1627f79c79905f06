/** People of another store's gallery as they come in, with all they have but faces. Store worker thread; called within a write. */
import { z } from 'zod'
import { domainSchema, personIdSchema } from '../../../../src-shared/ids'
import type { SqlValue } from '../connection'
import { peopleApartTable, personAliasesTable, personTagsTable, wholePersonsTable } from './copied-rows'
import { type Copying, placeOf } from './copying'
import { copyRefusals } from './refusals'

/** `?`: names in their domains, client. */
export const selectBearers = `
  SELECT p.id, p.domain, p.name FROM texts(?) given
  CROSS JOIN persons p ON p.client_id = ? AND p.domain = json_extract(given.value, '$.domain')
    AND p.name = json_extract(given.value, '$.name')
  WHERE p.removed_by IS NULL`

const bearerRow = z.object({ id: personIdSchema, domain: domainSchema, name: z.string() })

export function copyPersons(copying: Copying): void {
  const { connection, scope, details } = copying
  const { rows, columns } = copying.rowsOf(wholePersonsTable)
  const [id, domain, name, updatedAt] = columns('id', 'domain', 'name', 'updated_at')
  const known = copying.knownPersons(rows.map((row) => row[id]))
  const names = JSON.stringify(rows.map((row) => ({ domain: row[domain], name: row[name] })))
  const bearers = new Set(
    connection
      .rows(bearerRow, selectBearers, names, scope.clientId)
      .map((row) => placeOf(row.domain, row.name)),
  )
  const made = rows.filter((row, index) => {
    const there = known.get(String(row[id]))
    if (there?.removed === false) {
      copying.alreadyThere += 1
      return false
    }
    const isTaken = bearers.has(placeOf(row[domain], row[name]))
    const refusal = there !== undefined ? copyRefusals.deleted : isTaken ? copyRefusals.nameTaken : undefined
    if (refusal !== undefined) copying.reject(index, `person ${row[id]}`, String(row[name]), null, refusal)
    return refusal === undefined
  })
  copying.ensureDomains(made.map((row) => row[domain]))
  for (const row of made) {
    const personId = personIdSchema.parse(row[id])
    details.persons.push({ personId, updatedAt: Number(row[updatedAt]) })
    scope.people.add(personId)
  }
  const here = new Set<SqlValue>(made.map((row) => row[id]!))
  copying.write(wholePersonsTable, made)
  copying.write(personTagsTable, copying.ownedBy(personTagsTable, here))
  copying.write(personAliasesTable, copying.ownedBy(personAliasesTable, here))
  const there = [...known].flatMap(([personId, { removed }]) => (removed ? [] : personId))
  copyApart(copying, new Set([...here, ...there]))
}

/** Those of pairs of whom both are here; `here`: of this page. */
function copyApart(copying: Copying, here: ReadonlySet<SqlValue>): void {
  const { rows } = copying.rowsOf(peopleApartTable)
  if (rows.length === 0 || copying.isTrial) return
  const others = new Set<SqlValue>([...here, ...copying.knownPersons(rows.map(([id]) => id)).keys()])
  for (const [personId, otherId, createdAt] of rows) {
    if (!others.has(personId!) || !here.has(otherId!)) continue
    copying.connection.run(
      'INSERT INTO people_apart (person_id, other_id, created_at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
      personId!,
      otherId!,
      createdAt!,
    )
  }
}
