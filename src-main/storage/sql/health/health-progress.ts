/** How far the galleries were looked through, and who is next; see [Note: Health looks]. Store worker thread. */
import { z } from 'zod'
import { type PersonId, personIdSchema } from '../../../../src-shared/ids'
import type { Connection } from '../connection'
import { afterAllIds, beforeAllIds, personIdRow } from '../rows'

/** Ledger entries read at once when looking for people who were touched. */
const entriesAtOnce = 256
/** Greater than every id. */

const progressRow = z.object({
  rules: z.string(),
  /** `null`: the first pass has seen everybody. */
  passedPerson: z.string().nullable(),
  looked: z.number().int(),
  seenSequence: z.number().int(),
  seenPerson: z.string(),
})
export type HealthMarks = z.infer<typeof progressRow>

const touchedRow = z.object({ sequence: z.number().int(), personId: personIdSchema, action: z.string() })
const lastRow = z.object({ sequence: z.number().int().nullable() })

export const selectProgress = `
  SELECT rules, passed_person AS passedPerson, looked, seen_sequence AS seenSequence, seen_person AS seenPerson
  FROM health_progress WHERE one = 1`
export const deleteMarks = 'DELETE FROM health_progress'
export const selectNextPersons = `
  SELECT id FROM persons WHERE id > ? AND removed_by IS NULL ORDER BY id LIMIT ?`
export const selectTouched = `
  SELECT t.sequence, t.person_id AS personId, l.action
  FROM ledger_persons t CROSS JOIN ledger l ON same_client(l, t) AND l.sequence = t.sequence
  WHERE (t.sequence, t.person_id) > (?, ?) ORDER BY t.sequence, t.person_id LIMIT ${entriesAtOnce}`
export const selectLedgerEnd = 'SELECT max(sequence) AS sequence FROM ledger'

/** The marks, set to the start where there are none or other rules were looked with. */
export function healthMarks(connection: Connection, rules: string): HealthMarks {
  const marks = connection.row(progressRow, selectProgress)
  if (marks !== undefined && marks.rules === rules) return marks
  const { sequence } = connection.row(lastRow, selectLedgerEnd)!
  return {
    rules,
    passedPerson: beforeAllIds,
    looked: 0,
    seenSequence: sequence ?? 0,
    seenPerson: afterAllIds,
  }
}

interface NextPortion {
  readonly people: readonly PersonId[]
  /** Whether they were touched by a change: then whoever their change may concern is looked at as well. */
  readonly touched: boolean
  /** The marks once they have been looked at. */
  readonly after: HealthMarks
}

/** Who is next: first those who were touched, then the first pass. Nobody where all is done. */
export function nextPortion(connection: Connection, marks: HealthMarks, limit: number): NextPortion {
  const touched = new Set<PersonId>()
  let { seenSequence, seenPerson } = marks
  for (;;) {
    const rows = connection.rows(touchedRow, selectTouched, seenSequence, seenPerson)
    for (const { sequence, personId, action } of rows) {
      if (touched.size >= limit) break
      if (sequence === seenSequence && seenPerson === afterAllIds) continue
      seenSequence = sequence
      // A domain's new name touches everybody in it and changes nothing that is looked at.
      seenPerson = action === 'rename-domain' ? afterAllIds : personId
      if (action !== 'rename-domain') touched.add(personId)
    }
    if (touched.size >= limit || rows.length < entriesAtOnce) break
  }
  const followed = { ...marks, seenSequence, seenPerson }
  if (touched.size > 0 || marks.passedPerson === null) {
    return { people: [...touched], touched: true, after: followed }
  }
  const people = connection
    .rows(personIdRow, selectNextPersons, marks.passedPerson, limit)
    .map(({ id }) => id)
  const passedPerson = people.length < limit ? null : people.at(-1)!
  return {
    people,
    touched: false,
    after: { ...followed, passedPerson, looked: marks.looked + people.length },
  }
}

/** Keeps the marks; within the transaction that keeps what was found. */
export function keepMarks(connection: Connection, marks: HealthMarks): void {
  connection.run(deleteMarks)
  connection.run(
    `INSERT INTO health_progress (one, rules, passed_person, looked, seen_sequence, seen_person)
     VALUES (1, ?, ?, ?, ?, ?)`,
    marks.rules,
    marks.passedPerson,
    marks.looked,
    marks.seenSequence,
    marks.seenPerson,
  )
}
