/** What a local gallery keeps of its move to a server: `DualStore` as it is written. Store's writing thread. */
import { z } from 'zod'
import type { Move } from '../../../src-shared/dual'
import { VisorError } from '../../../src-shared/errors'
import { type ClientId, clientIdSchema, type PersonId } from '../../../src-shared/ids'
import type { StoreMode } from '../../../src-shared/store-mode'
import { encodeArguments } from '../act'
import { noteEdits, stopNoting } from '../cache/local-edits'
import { type Claim, take } from '../claim'
import type { Decided, DualRecord, DualStore } from '../dual-store'
import { keepAct } from '../sql/ledger/acts'
import { appendEntry, WriteScope } from '../sql/ledger/ledger'
import type { LedgerContext } from '../written'
import { DualReader } from './dual-reader'
import type { SqliteConnection } from './sqlite-connection'

/** What there is of a client because it is paired. */
const tablesOfPairing = [
  'pairings',
  'outbox',
  'cached_clients',
  'cached_domains',
  'cache_edits',
  'own_faces',
  'settled_people',
] as const

const clientRow = z.object({ clientId: clientIdSchema })
const pairedRow = z.object({ clientId: clientIdSchema, serverId: z.string() })
const anyRow = z.object({ any: z.number() })
const waitingRow = z.object({ waiting: z.number().int(), conflicts: z.number().int() })

export const selectPaired = 'SELECT client_id AS clientId, server_id AS serverId FROM pairings'
/** As `selectEdits` has them. */
export const countWaiting = `
  SELECT count(*) FILTER (WHERE held IS NULL AND method <> 'recordMove') AS waiting,
    count(*) FILTER (WHERE held IS NOT NULL) AS conflicts
  FROM outbox`
export const selectClient = 'SELECT id AS clientId FROM clients WHERE id = ?'

/** `?`: a JSON list of people. */
export const deleteComparisonsOf = `
  DELETE FROM dual_runs WHERE id IN (
    SELECT h.run_id FROM json_each(?) gone CROSS JOIN dual_hits h ON h.person_id = gone.value)`

export class DualWriter extends DualReader implements DualStore {
  readonly #connection: SqliteConnection
  #noting = false

  /** Where something is paired, what is written over `connection` from here on is noted; see `local-edits.ts`. */
  constructor(connection: SqliteConnection) {
    super(connection)
    this.#connection = connection
    const { any } = connection.row(anyRow, 'SELECT EXISTS (SELECT 1 FROM pairings) AS "any"')!
    if (any === 0) return
    connection.transaction(null, () =>
      connection.run('DELETE FROM cache_edits WHERE client_id NOT IN (SELECT client_id FROM pairings)'),
    )
    this.#note()
  }

  async beginPairing(clientId: ClientId, serverId: string, place: string): Promise<void> {
    const connection = this.#connection
    connection.transaction(null, () => {
      if (connection.row(clientRow, selectClient, clientId) === undefined) {
        throw new VisorError('not-found', `This gallery has no client ${clientId}.`)
      }
      const others = connection.rows(pairedRow, selectPaired)
      if (others.some((other) => other.serverId !== serverId)) {
        throw new VisorError('conflict', 'This gallery is paired with another server.', {
          consequence: 'Nothing was changed.',
          remedy: 'End that pairing first.',
        })
      }
      if (others.some((other) => other.clientId === clientId)) return
      connection.run(
        'INSERT INTO pairings (client_id, server_id, place, begun_at) VALUES (?, ?, ?, ?)',
        clientId,
        serverId,
        place,
        Date.now(),
      )
    })
    this.#note()
  }

  async endPairing(clientId: ClientId): Promise<void> {
    const connection = this.#connection
    connection.transaction(null, () => {
      for (const table of tablesOfPairing)
        connection.run(`DELETE FROM ${table} WHERE client_id = ?`, clientId)
    })
    if (connection.rows(pairedRow, selectPaired).length > 0) return
    stopNoting(connection)
    this.#noting = false
  }

  async decide(
    mode: StoreMode,
    place: string | null,
    move: Move,
    context: LedgerContext,
    claim?: Claim,
  ): Promise<Decided> {
    const connection = this.#connection
    return connection.transaction(null, (chain) => {
      const { waiting, conflicts } = connection.row(waitingRow, countWaiting)!
      connection.run(
        `INSERT INTO decided_mode (one, mode, place, at) VALUES (1, ?, ?, ?)
         ON CONFLICT (one) DO UPDATE SET mode = excluded.mode, place = excluded.place, at = excluded.at`,
        mode,
        place,
        Date.now(),
      )
      // What was made here since is in the outbox: it is whole.
      connection.run(
        `INSERT OR IGNORE INTO cached_domains (client_id, name, chosen, step, mark)
         SELECT d.client_id, d.name, 1, 'whole', '' FROM pairings p JOIN domains d ON d.client_id = p.client_id
         WHERE p.paired_at IS NOT NULL AND d.removed_by IS NULL`,
      )
      const entries = connection.rows(pairedRow, selectPaired).map(({ clientId }) => {
        const scope = new WriteScope(connection, clientId, chain)
        const { ledgerId, at, people } = scope
        const details = { action: 'move' as const, move }
        appendEntry(connection, { clientId, chain, ledgerId, at, people }, context, details)
        const call = { method: 'recordMove', args: encodeArguments([clientId, move]) }
        const act = { kind: 'queued', id: ledgerId, call, holds: 'paired' } as const
        keepAct(connection, scope, { ...context, act }, { value: undefined, details })
        return ledgerId
      })
      if (claim !== undefined && !take(claim)) {
        throw new VisorError('cancelled', 'Nobody waits for this decision any more: it was not made.')
      }
      return { entries, waiting, conflicts }
    })
  }

  async record(runs: readonly DualRecord[]): Promise<void> {
    this.#connection.transaction(null, () => {
      for (const run of runs) this.#recordOne(run)
    })
  }

  async forgetPeople(personIds: readonly PersonId[]): Promise<void> {
    this.#connection.transaction(null, () =>
      this.#connection.run(deleteComparisonsOf, JSON.stringify(personIds)),
    )
  }

  async forget(before: number): Promise<number> {
    return this.#connection.transaction(null, () =>
      this.#connection.run('DELETE FROM dual_runs WHERE at < ?', before),
    )
  }

  #recordOne({ at, clientId, domain, modelId, origin, localMs, outcome }: DualRecord): void {
    const connection = this.#connection
    // The client may have been erased while its probe was compared.
    if (connection.row(clientRow, selectClient, clientId) === undefined) return
    const answered = 'error' in outcome ? undefined : outcome
    const { disagreement } = answered ?? {}
    connection.run(
      `INSERT INTO dual_runs (at, client_id, domain, model_id, origin, local_ms, server_ms, same_first, overlap,
         largest_difference, error, sha256, face, cause)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      at,
      clientId,
      domain,
      modelId,
      origin,
      localMs,
      answered?.serverMs ?? null,
      answered === undefined ? null : answered.sameFirst ? 1 : 0,
      answered?.overlap ?? null,
      answered?.largestDifference ?? null,
      'error' in outcome ? JSON.stringify(outcome.error) : null,
      disagreement?.sha256 ?? null,
      disagreement?.face ?? null,
      disagreement?.cause ?? null,
    )
    if (disagreement === undefined) return
    for (const side of ['local', 'server'] as const) {
      for (const [index, { personId, name, faceId, distance }] of disagreement[side].entries()) {
        connection.run(
          `INSERT INTO dual_hits (run_id, side, rank, person_id, name, face_id, distance)
           VALUES ((SELECT max(id) FROM dual_runs), ?, ?, ?, ?, ?, ?)`,
          side,
          index + 1,
          personId,
          name,
          faceId,
          distance,
        )
      }
    }
  }

  #note(): void {
    if (this.#noting) return
    noteEdits(this.#connection)
    this.#noting = true
  }
}
