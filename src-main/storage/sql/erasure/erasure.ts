/** Erasure: `ErasureStore` as it runs in the store worker thread. */
import { z } from 'zod'
import {
  type ErasurePreview,
  type ErasureReport,
  type ErasureTarget,
  erasureReportSchema,
  type Removed,
} from '../../../../src-shared/erasure'
import { VisorError } from '../../../../src-shared/errors'
import { clientIdSchema, type LedgerId, ledgerIdSchema } from '../../../../src-shared/ids'
import type {
  DeskFindings,
  DueErasure,
  Erased,
  ErasureContext,
  ErasureQuery,
  ErasureStore,
} from '../../erasure-store'
import type { LedgerContext, WriteControl } from '../../written'
import type { Connection } from '../connection'
import type { Engine } from '../engine'
import { type Done, type WriteScope, write } from '../ledger/ledger'
import { noClient } from '../ledger/ledger-details'
import type { FlatIndexes } from '../search/flat-indexes'
import type { Steps } from '../steps'
import { type CarriedOut, carryOut, countClient } from './carry-out'
import { type Desk, GivenDesk } from './desk'
import { erasedPeople } from './erased-people'
import { type ErasurePlan, planErasure, refuseNames } from './plan-erasure'
import { actsOfOthers, previewOf } from './preview'

/** A report as it is kept: the ledger has the rest. */
const keptSchema = erasureReportSchema.omit({ cleared: true, ledger: true })
type KeptReport = z.infer<typeof keptSchema>
const json = <S extends z.ZodType>(schema: S) =>
  z.string().transform((text): z.output<S> => schema.parse(JSON.parse(text)))

const dueRow = z.object({ ledgerId: ledgerIdSchema, clientId: clientIdSchema.nullable() })
const keptRow = z.object({ report: json(keptSchema) })
const reportRow = z
  .object({
    entry: ledgerIdSchema,
    sequence: z.number().int(),
    hash: z.string(),
    report: json(erasureReportSchema.omit({ ledger: true })),
  })
  .transform(({ report, ...ledger }): ErasureReport => ({ ...report, ledger }))

export const selectDue = `
  SELECT d.ledger_id AS ledgerId, d.client_id AS clientId
  FROM erasures d CROSS JOIN ledger e ON e.id = d.ledger_id WHERE d.stage = 'scrub-due' ORDER BY e.sequence`
export const selectKept = "SELECT report FROM erasures WHERE ledger_id = ? AND stage = 'scrub-due'"
const reportColumns = 'd.ledger_id AS entry, e.sequence, e.hash, d.report'
export const selectUnreported = `
  SELECT ${reportColumns} FROM erasures d CROSS JOIN ledger e ON e.id = d.ledger_id
  WHERE d.stage = 'report-due' ORDER BY e.sequence`
export const selectReports = `
  SELECT ${reportColumns} FROM erasures d CROSS JOIN ledger e ON e.id = d.ledger_id
  WHERE d.stage <> 'scrub-due' ORDER BY e.sequence DESC`
export const updateKept = 'UPDATE erasures SET report = ? WHERE ledger_id = ?'
export const forgetClients = "UPDATE erasures SET client_id = NULL WHERE stage = 'scrub-due'"
export const markCleared = `
  UPDATE erasures SET stage = 'report-due', report = json_set(report, '$.cleared', as_json(?)) WHERE stage = 'scrub-due'`
export const markReported = "UPDATE erasures SET stage = 'done' WHERE ledger_id = ? AND stage = 'report-due'"

/** Carries a preview out of the transaction that is taken back with it. */
class TakenBack extends Error {
  readonly preview: ErasurePreview

  constructor(preview: ErasurePreview) {
    super('Only a preview.')
    this.preview = preview
  }
}

export class ErasureWriter implements ErasureStore {
  readonly #connection: Connection
  readonly #indexes: FlatIndexes
  readonly #engine: Pick<Engine, 'scrub' | 'outOfReach'>
  /** The queue of the same database. */
  readonly #own: Desk | undefined

  /** `own`: the Identify queue, where it lies in the same database. */
  constructor(
    connection: Connection,
    indexes: FlatIndexes,
    engine: Pick<Engine, 'scrub' | 'outOfReach'>,
    own?: Desk,
  ) {
    this.#connection = connection
    this.#indexes = indexes
    this.#engine = engine
    this.#own = own
  }

  async checkReason(target: ErasureTarget, reason: string): Promise<void> {
    refuseNames(erasedPeople(this.#connection, target), reason)
  }

  async inQueue(query: ErasureQuery): Promise<DeskFindings> {
    const { queue } = await this.#plan(query)
    return queue
  }

  async preview(query: ErasureQuery): Promise<ErasurePreview> {
    const plan = await this.#plan(query)
    const acts = actsOfOthers(this.#connection, plan)
    if (plan.people.whole)
      return previewOf(plan, countClient(this.#connection, this.#desk(query), plan), acts)
    // The very deed, taken back: what it says is what would be done.
    try {
      await this.#carryOut(query, plan, { actor: '', summary: '' }, (done) => {
        throw new TakenBack(previewOf(plan, done, acts))
      })
    } catch (error) {
      if (error instanceof TakenBack) return error.preview
      throw error
    }
    throw new Error('A preview was not taken back.')
  }

  async erase(query: ErasureQuery, context: ErasureContext): Promise<Erased> {
    const plan = await this.#plan(query)
    refuseNames(plan.people, context.reason)
    const { clientId, whole, asked } = plan.people
    const done = await this.#carryOut(query, plan, context, (carriedOut, scope) =>
      this.#makeDue(scope, context, plan, carriedOut),
    )
    this.#indexes.forget(whole ? clientId : undefined)
    return {
      ledgerId: done.ledgerId,
      clientId,
      people: asked.length,
      removed: done.carriedOut.removed,
      queueItems: [...plan.queue.known, ...plan.queue.alike, ...plan.queue.named],
      entries: done.carriedOut.entries,
    }
  }

  async due(): Promise<DueErasure[]> {
    // Whoever may not erase cannot end an erasure of another either.
    if (!this.#connection.rights().erase) return []
    return this.#connection
      .rows(dueRow, selectDue)
      .map(({ ledgerId, clientId }) => ({ ledgerId, ...(clientId === null ? {} : { clientId }) }))
  }

  async addRemoved(ledgerId: LedgerId, removed: readonly Removed[]): Promise<void> {
    this.#connection.transaction(null, () => {
      const kept = this.#connection.row(keptRow, selectKept, ledgerId)
      if (kept === undefined) throw new VisorError('not-found', 'No such erasure is under way.')
      const counts = new Map(kept.report.removed.map(({ place, count }) => [place, count]))
      for (const { place, count } of removed)
        if (count > 0) counts.set(place, (counts.get(place) ?? 0) + count)
      const all = [...counts].map(([place, count]) => ({ place, count }))
      this.#connection.run(updateKept, JSON.stringify({ ...kept.report, removed: all }), ledgerId)
    })
  }

  scrub(control: Pick<WriteControl, 'onProgress'>): Promise<void> {
    return this.#connection.gate.alone(async () => {
      // By now nothing beside the database needs the client's name.
      this.#connection.run(forgetClients)
      const cleared = await this.#engine.scrub(control)
      this.#connection.run(markCleared, JSON.stringify(cleared))
    })
  }

  async unreported(): Promise<ErasureReport[]> {
    if (!this.#connection.rights().erase) return []
    return this.#connection.rows(reportRow, selectUnreported)
  }

  async reported(ledgerId: LedgerId): Promise<void> {
    this.#connection.run(markReported, ledgerId)
  }

  async reports(): Promise<ErasureReport[]> {
    return this.#connection.rows(reportRow, selectReports)
  }

  #plan(query: ErasureQuery): Promise<ErasurePlan> {
    return planErasure(this.#connection, this.#indexes, this.#desk(query), query)
  }

  #desk({ desk = [] }: ErasureQuery): Desk {
    return this.#own ?? new GivenDesk(desk)
  }

  /** Runs the plan in one transaction; `then` is within it. */
  async #carryOut(
    query: ErasureQuery,
    plan: ErasurePlan,
    context: LedgerContext,
    then: (carriedOut: CarriedOut, scope: WriteScope) => void,
  ): Promise<{ readonly ledgerId: LedgerId; readonly carriedOut: CarriedOut }> {
    const connection = this.#connection
    const desk = this.#desk(query)
    const { clientId, whole, all } = plan.people
    function* steps(scope: WriteScope): Steps<Done<CarriedOut>> {
      const now = erasedPeople(connection, query.target)
      if (now.all.size !== all.size || [...now.all].some((personId) => !all.has(personId))) {
        throw new VisorError('conflict', 'These people were changed meanwhile.', {
          consequence: 'Nothing was erased.',
          remedy: 'Look again at what will go, and erase again.',
        })
      }
      const carriedOut = yield* carryOut(connection, scope, desk, plan)
      then(carriedOut, scope)
      const entryOf = whole ? noClient : clientId
      return { value: carriedOut, details: carriedOut.details, entryOf }
    }
    const written = await write(connection, this.#indexes, clientId, context, steps)
    return { ledgerId: written.ledgerId!, carriedOut: written.value }
  }

  /** The journal: whatever happens after the commit, the rest of the erasure is known to be due. */
  #makeDue(
    { ledgerId, at }: WriteScope,
    { actor, reason }: ErasureContext,
    { people, sought }: ErasurePlan,
    { removed, photoFiles }: CarriedOut,
  ): void {
    const report: KeptReport = {
      format: 'visor-erasure-report',
      version: 1,
      subject: { kind: people.whole ? 'client' : 'people', people: people.asked.length },
      signedOff: { by: actor, at: new Date(at).toISOString(), why: reason },
      removed: [...removed],
      notReached: [
        { what: 'Photo files, which Visor never changes', count: photoFiles },
        { what: 'Exports and annotated photos, wherever they were written to' },
        ...this.#engine.outOfReach.map((what) => ({ what })),
        ...some('Others of the same name, whose name it is, too', sought.namesakes),
        ...some('Details of others that name them', sought.mentionedBy.length),
      ],
    }
    this.#connection.run(
      "INSERT INTO erasures (ledger_id, client_id, report, stage) VALUES (?, ?, ?, 'scrub-due')",
      ledgerId,
      people.whole ? people.clientId : null,
      JSON.stringify(report),
    )
  }
}

const some = (what: string, count: number) => (count === 0 ? [] : [{ what, count }])
