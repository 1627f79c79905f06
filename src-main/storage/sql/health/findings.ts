/** Findings of gallery health as a look at a person writes them. Store worker thread. */
import { v7 as uuid } from 'uuid'
import { z } from 'zod'
import { type Evidence, findingIdSchema, findingKindSchema } from '../../../../src-shared/health'
import {
  type ClientId,
  type Domain,
  domainSchema,
  type PersonId,
  personIdSchema,
} from '../../../../src-shared/ids'
import type { Connection } from '../connection'
import { pairKindsSql, stateSchema } from './finding-columns'

/** Something found of a person, not yet written. */
export interface FoundThing {
  /** Of two people the one with the lesser id. */
  readonly personId: PersonId
  readonly otherId: PersonId | null
  /** Of the person. */
  readonly domain: Domain
  /** What it is about within its kind and person: the same thing found again is the same finding. */
  readonly subject: string
  readonly harm: number
  readonly evidence: Evidence
  /** What of the evidence would make it another matter. */
  readonly print: string
}

const keptRow = z.object({
  id: findingIdSchema,
  personId: personIdSchema,
  kind: findingKindSchema,
  subject: z.string(),
  harm: z.number(),
  evidence: z.string(),
  domain: domainSchema,
  dismissedPrint: z.string().nullable(),
  state: stateSchema,
})

const keptColumns =
  'id, person_id AS personId, kind, subject, harm, evidence, domain, dismissed_print AS dismissedPrint, state'
/** Those that a look at the person finds anew: their own, and those of pairs whose other one they are. */
export const selectKept = `
  SELECT ${keptColumns} FROM findings WHERE person_id = ?
  UNION ALL SELECT ${keptColumns} FROM findings WHERE other_id = ? AND unindexed(kind) IN (${pairKindsSql})`
export const selectOthers = `
  SELECT person_id AS id FROM findings WHERE other_id = ? AND state <> 'gone'
  UNION SELECT other_id FROM findings WHERE person_id = ? AND other_id IS NOT NULL AND state <> 'gone'`

/** Brings what is kept of a person to what was found of them just now; whether that changed anything. */
export function writeFindings(
  connection: Connection,
  clientId: ClientId,
  personId: PersonId,
  found: readonly FoundThing[],
): boolean {
  const keyOf = (kind: string, owner: PersonId, subject: string) => `${kind} ${owner} ${subject}`
  const kept = new Map(
    connection
      .rows(keptRow, selectKept, personId, personId)
      .map((row) => [keyOf(row.kind, row.personId, row.subject), row]),
  )
  let changed = false
  for (const { personId: owner, otherId, domain, subject, harm, evidence, print } of found) {
    const key = keyOf(evidence.kind, owner, subject)
    const there = kept.get(key)
    kept.delete(key)
    const text = JSON.stringify(evidence)
    const state = there?.dismissedPrint === print ? 'dismissed' : 'open'
    if (there === undefined) {
      connection.run(
        `INSERT INTO findings (id, client_id, domain, kind, person_id, other_id, subject, harm, evidence, print,
           state, found_at)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
        uuid(),
        clientId,
        domain,
        evidence.kind,
        owner,
        otherId,
        subject,
        harm,
        text,
        print,
        'open',
        Date.now(),
      )
    } else if (
      there.state !== state ||
      there.evidence !== text ||
      there.harm !== harm ||
      there.domain !== domain
    ) {
      connection.run(
        `UPDATE findings SET domain = ?, other_id = ?, harm = ?, evidence = ?, print = ?, state = ? WHERE id = ?`,
        domain,
        otherId,
        harm,
        text,
        print,
        state,
        there.id,
      )
    } else continue
    changed = true
  }
  for (const { id, dismissedPrint, state } of kept.values()) {
    if (state === 'gone') continue
    if (dismissedPrint === null) connection.run('DELETE FROM findings WHERE id = ?', id)
    else connection.run("UPDATE findings SET state = 'gone' WHERE id = ?", id)
    changed = true
  }
  return changed
}
