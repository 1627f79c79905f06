/** The outbox of a cache; see [Note: Acts]. Store's writing thread. */
import { z } from 'zod'
import { toWireError, VisorError, type WireError, wireErrorSchema } from '../../../src-shared/errors'
import {
  clientIdSchema,
  type FaceId,
  type LedgerId,
  ledgerIdSchema,
  type PersonId,
  personIdSchema,
} from '../../../src-shared/ids'
import type { OutboxEntry, SoughtAct, WholeAct } from '../act'
import type { OutboxStore, OwnFace } from '../outbox-store'
import type { Connection } from '../sql/connection'
import { closeErased } from '../sql/erasure/close-erased'
import { ActIds } from '../sql/ledger/act-ids'
import { ledgerDetailsSchema } from '../sql/ledger/ledger-details'
import { jsonList } from '../sql/rows'
import { ruledOutBy } from '../sql/unknown/told-apart'
import type { FaceThere } from '../unknown-store'
import { noteBrought, ownFaces } from './own-faces'

const entryRow = z.object({
  id: ledgerIdSchema,
  clientId: clientIdSchema,
  actor: z.string(),
  summary: z.string(),
  madeAt: z.number().int(),
  people: jsonList(personIdSchema),
  held: z.string().nullable(),
})
type EntryRow = z.infer<typeof entryRow>

const wholeRow = entryRow.extend({
  method: z.string(),
  arguments: z.instanceof(Uint8Array),
  reason: z.string().nullable(),
  base: z.number().int(),
  insisted: z.number().int(),
})
const soughtRow = entryRow.pick({ id: true, clientId: true, people: true }).extend({ base: z.number().int() })
const entryOfActRow = z.object({ sequence: z.number().int(), clientId: clientIdSchema })
const detailsRow = z.object({ details: z.string().nullable() })
const methodRow = z.object({ method: z.string() })
const heldRow = z.object({ held: z.string().nullable() })
const settledRow = z.object({ personId: personIdSchema, revision: z.number().int() })
const consoleRow = z.object({ id: z.string() })

export const selectConsole = 'SELECT id FROM console'
const columns = `act_id AS id, client_id AS clientId, actor, summary, made_at AS madeAt, people, held`
export const selectOutbox = `SELECT ${columns} FROM outbox ORDER BY place`
/** Without what only tells the server's ledger who answers from now on: that is nobody's edit, until somebody has to decide about it. */
export const selectEdits = `
  SELECT ${columns} FROM outbox WHERE method <> 'recordMove' OR held IS NOT NULL ORDER BY place`
export const selectWholeAct = `
  SELECT ${columns}, method, arguments, reason, base, insisted FROM outbox WHERE act_id = ?`

/** Of what rules people out besides what it says. */
export const selectRulingOut = `SELECT details FROM ledger WHERE id = ? AND action IN ('assign-faces', 'move-faces')`
/** `?`: the act's id. */
const selectSettled = `
  SELECT s.person_id AS personId, s.revision
  FROM outbox o CROSS JOIN json_each(o.people) touched CROSS JOIN settled_people s ON s.person_id = touched.value
  WHERE o.act_id = ? AND s.since <= o.made_at`
/** `?`: from when on, whether what the server has is to come here, the act's id. Others' changes that nobody saw stay undecided. */
const settlePeople = `
  INSERT INTO settled_people (person_id, client_id, revision, since, renew)
  SELECT p.id, o.client_id, o.seen, ?, ? AND EXISTS (SELECT 1 FROM pairings WHERE client_id = o.client_id)
  FROM outbox o CROSS JOIN json_each(o.people) touched CROSS JOIN persons p ON p.id = touched.value
  WHERE o.act_id = ? AND o.seen IS NOT NULL
  ON CONFLICT (person_id) DO UPDATE SET renew = max(renew, excluded.renew), revision = max(revision, excluded.revision),
    since = CASE WHEN excluded.revision > revision THEN excluded.since ELSE min(since, excluded.since) END`
export const selectSought = `
  SELECT act_id AS id, client_id AS clientId, base, people FROM outbox WHERE method <> '' ORDER BY place`
/** `?`: why, the act's id. An act without a method is one that cannot be carried out any more. */
export const strikeAct = `
  UPDATE outbox SET method = '', arguments = x'', summary = 'A change about somebody who was erased', reason = NULL, people = '[]',
    held = ? WHERE act_id = ?`
/** This console's own entry of the act; the server's, if there is one, the erasure saw to. */
export const selectEntryOfAct = `
  SELECT e.sequence, o.client_id AS clientId FROM outbox o CROSS JOIN ledger e ON e.id = o.act_id WHERE o.act_id = ?`
export const clearFileOf = `
  UPDATE cached_clients SET scrub_due = 1 WHERE client_id = (SELECT client_id FROM outbox WHERE act_id = ?)`

export class Outbox implements OutboxStore {
  readonly #connection: Connection

  constructor(connection: Connection) {
    this.#connection = connection
  }

  async console(): Promise<string> {
    return this.#connection.row(consoleRow, selectConsole)!.id
  }

  async entries(): Promise<OutboxEntry[]> {
    return this.#connection.rows(entryRow, selectEdits).map(entryOf)
  }

  async ready(): Promise<LedgerId[]> {
    return readyRows(this.#connection).map(({ id }) => id)
  }

  async act(id: LedgerId): Promise<WholeAct> {
    const row = this.#connection.row(wholeRow, selectWholeAct, id)
    if (row === undefined) throw notThere()
    const { method, arguments: args, reason, base, insisted } = row
    return {
      ...entryOf(row),
      call: { method, args },
      ...(reason === null ? {} : { reason }),
      base: insisted === 1 ? null : base,
      settled: Object.fromEntries(
        this.#connection
          .rows(settledRow, selectSettled, id)
          .map(({ personId, revision }) => [personId, revision]),
      ),
      ruledOut: this.#ruledOutBy(id),
    }
  }

  async sought(): Promise<SoughtAct[]> {
    const rows = this.#connection.rows(soughtRow, selectSought)
    const makers = rows.map(({ id }) => new ActIds(id))
    return rows.map(({ people, ...act }) => ({
      ...act,
      people: people.filter((personId) => !makers.some((maker) => maker.has(personId))),
    }))
  }

  async strike(ids: readonly LedgerId[]): Promise<void> {
    const held = JSON.stringify(toWireError(erased()))
    const connection = this.#connection
    connection.transaction(null, (chain) => {
      for (const id of ids) {
        connection.run(strikeAct, held, id)
        connection.run(clearFileOf, id)
      }
      const entries = ids.flatMap((id) => connection.rows(entryOfActRow, selectEntryOfAct, id))
      for (const [clientId, theirs] of Map.groupBy(entries, (entry) => entry.clientId)) {
        closeErased(
          connection,
          clientId,
          chain,
          theirs.map(({ sequence }) => sequence),
        )
      }
    })
  }

  async sent(id: LedgerId): Promise<void> {
    this.#run('DELETE FROM outbox WHERE act_id = ?', id)
  }

  async hold(id: LedgerId, why: WireError, seen: number | undefined): Promise<void> {
    const held = JSON.stringify(wireErrorSchema.parse(why))
    const sql = 'UPDATE outbox SET held = ?, seen = coalesce(?, seen) WHERE act_id = ?'
    if (this.#run(sql, held, seen ?? null, id) === 0) throw notThere()
  }

  async retry(id: LedgerId, anyway: boolean): Promise<void> {
    const row = this.#connection.row(methodRow, 'SELECT method FROM outbox WHERE act_id = ?', id)
    if (row?.method === '') throw erased()
    this.#connection.transaction(null, () => {
      const sql = 'UPDATE outbox SET held = NULL, insisted = ? WHERE act_id = ? AND held IS NOT NULL'
      if (this.#connection.run(sql, anyway ? 1 : 0, id) === 0) throw notThere()
      if (anyway) this.#connection.run(settlePeople, 0, 0, id)
    })
  }

  async drop(id: LedgerId): Promise<void> {
    this.#connection.transaction(null, () => {
      const row = this.#connection.row(heldRow, 'SELECT held FROM outbox WHERE act_id = ?', id)
      if (row === undefined) throw notThere()
      if (row.held === null) {
        throw new VisorError('conflict', 'This change waits for the server; nobody has to decide about it.', {
          consequence: 'It was not dropped.',
          remedy: 'Undo it.',
        })
      }
      this.#connection.run(settlePeople, Date.now(), 1, id)
      this.#connection.run('DELETE FROM outbox WHERE act_id = ?', id)
    })
  }

  async ownFaces(ids: readonly FaceId[]): Promise<OwnFace[]> {
    return ownFaces(this.#connection, ids)
  }

  async brought(faces: readonly FaceThere[]): Promise<void> {
    this.#connection.transaction(null, () => noteBrought(this.#connection, faces))
  }

  /** Nothing where its entry was closed by an erasure, too. */
  #ruledOutBy(id: LedgerId): WholeAct['ruledOut'] {
    const details = this.#connection.row(detailsRow, selectRulingOut, id)?.details ?? null
    return details === null ? [] : ruledOutBy(ledgerDetailsSchema.parse(JSON.parse(details)))
  }

  #run(sql: string, ...values: (string | number | null)[]): number {
    return this.#connection.transaction(null, () => this.#connection.run(sql, ...values))
  }
}

/** Takes the content of the acts about these people; call within a transaction that sees to their entries. */
export function strikeActs(connection: Connection, people: ReadonlySet<string>): void {
  const held = JSON.stringify(toWireError(erased()))
  for (const row of connection.rows(entryRow, selectOutbox)) {
    if (row.people.some((personId) => people.has(personId))) connection.run(strikeAct, held, row.id)
  }
}

/** Whom acts are about that wait for the server alone. */
export function peopleOnTheirWay(connection: Connection): Set<PersonId> {
  return new Set(readyRows(connection).flatMap(({ people }) => people))
}

function readyRows(connection: Connection): EntryRow[] {
  const rows = connection.rows(entryRow, selectOutbox)
  const stopped = withDependents(
    rows,
    rows.filter((row) => row.held !== null),
  )
  return rows.filter((row) => !stopped.has(row))
}

/** These acts, and all later ones that touch somebody whom they, or one of those, touch. */
function withDependents(rows: readonly EntryRow[], acts: readonly EntryRow[]): Set<EntryRow> {
  const found = new Set(acts)
  const people = new Set<string>()
  for (const row of rows) {
    if (row.people.some((personId) => people.has(personId))) found.add(row)
    if (found.has(row)) for (const personId of row.people) people.add(personId)
  }
  return found
}

function entryOf({ held, ...entry }: EntryRow): OutboxEntry {
  const { id, clientId, actor, summary, madeAt, people } = entry
  const known = { id, clientId, actor, summary, madeAt, people }
  return held === null ? known : { ...known, held: wireErrorSchema.parse(JSON.parse(held)) }
}

function erased(): VisorError {
  return new VisorError('not-found', 'This change was about somebody who was erased.', {
    consequence: 'What it said is gone from this console as well; on the server nothing was changed.',
    remedy: 'Drop it.',
  })
}

function notThere(): VisorError {
  return new VisorError('not-found', 'The outbox has no such change (any more).')
}
