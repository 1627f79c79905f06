/** What was compared, and what is paired: `DualStore` as it is read. Store's reading threads. */
import { z } from 'zod'
import {
  type Disagreement,
  type DisagreementCause,
  type DomainFigures,
  type DualBucket,
  type DualFigures,
  type DualHit,
  disagreementCauseSchema,
  type Latency,
  type Moved,
  moveSchema,
  probeOriginSchema,
} from '../../../src-shared/dual'
import { wireErrorSchema } from '../../../src-shared/errors'
import {
  type ClientId,
  clientIdSchema,
  type Domain,
  domainSchema,
  faceIdSchema,
  ledgerIdSchema,
  modelIdSchema,
  type PersonId,
  personIdSchema,
  sha256Schema,
} from '../../../src-shared/ids'
import { storeModeSchema } from '../../../src-shared/store-mode'
import type { DisagreementsQuery, DualQuery, DualStore, Standing } from '../dual-store'
import type { Connection } from '../sql/connection'
import { countRow, flag, isoTime, jsonList } from '../sql/rows'

/** Steps of the move that are told. */
const mostMoves = 200
/** Longest page, disagreements. */
const longestPage = 200

const decidedRow = z.object({ mode: storeModeSchema })
const pairingRow = z
  .object({
    clientId: clientIdSchema,
    serverId: z.uuid(),
    place: z.string(),
    pairedAt: z.number().int().nullable(),
    begunAt: z.number().int(),
    revision: z.number().int(),
    asOf: z.number().int(),
    domains: jsonList(domainSchema),
  })
  .transform(({ pairedAt, begunAt, asOf, ...pairing }) => ({
    ...pairing,
    asOf: asOf === 0 ? null : new Date(asOf).toISOString(),
    state: pairedAt === null ? ('copying' as const) : ('paired' as const),
    since: new Date(pairedAt ?? begunAt).toISOString(),
  }))

type RunColumns = readonly [
  Run['clientId'],
  Run['domain'],
  Run['at'],
  Run['localMs'],
  Run['serverMs'],
  Run['sameFirst'],
  Run['overlap'],
  Run['largestDifference'],
  Run['cause'],
]

interface Run {
  readonly clientId: ClientId
  readonly domain: Domain | null
  readonly at: number
  readonly localMs: number
  readonly serverMs: number | null
  readonly sameFirst: number | null
  readonly overlap: number | null
  readonly largestDifference: number | null
  readonly cause: DisagreementCause | null
}

const errorRow = z.object({ error: z.string().transform((text) => wireErrorSchema.parse(JSON.parse(text))) })
const disagreementRow = z.object({
  runId: z.number().int(),
  at: isoTime,
  clientId: clientIdSchema,
  domain: domainSchema.nullable(),
  modelId: modelIdSchema,
  origin: probeOriginSchema,
  sha256: sha256Schema.nullable(),
  face: z.number().int().nullable(),
  cause: disagreementCauseSchema,
  sameFirst: flag,
  overlap: z.number(),
  largestDifference: z.number(),
})
const hitRow = z.object({
  runId: z.number().int(),
  side: z.enum(['local', 'server']),
  personId: personIdSchema,
  name: z.string(),
  faceId: faceIdSchema,
  distance: z.number(),
})

const strangerRow = z.object({ personId: personIdSchema })
const anyRow = z.object({})
const movedRow = z.object({
  ledgerId: ledgerIdSchema,
  at: isoTime,
  actor: z.string(),
  reason: z.string().nullable(),
  move: z.string().transform((text) => moveSchema.parse(JSON.parse(text))),
})

/** Whom this gallery does not have. */
export const selectStrangers = `
  SELECT DISTINCT h.person_id AS personId FROM dual_hits h
  WHERE NOT EXISTS (SELECT 1 FROM persons p WHERE p.id = h.person_id) LIMIT 500`
export const selectMoves = `
  SELECT id AS ledgerId, at, actor, reason, json_extract(details, '$.move') AS move FROM ledger
  WHERE client_id = ? AND action = 'move' ORDER BY sequence DESC LIMIT ?`
export const selectDecided = 'SELECT mode FROM decided_mode'
export const selectPairings = `
  SELECT p.client_id AS clientId, p.server_id AS serverId, p.place, p.begun_at AS begunAt, p.paired_at AS pairedAt,
    coalesce(c.revision, 0) AS revision, coalesce(c.as_of, 0) AS asOf,
    (SELECT json_group_array(name) FROM (
      SELECT name FROM domains d WHERE d.client_id = p.client_id AND d.removed_by IS NULL ORDER BY name)) AS domains
  FROM pairings p LEFT JOIN cached_clients c ON c.client_id = p.client_id ORDER BY p.client_id`
export const selectEdited = `
  SELECT 1 AS any FROM pairings p CROSS JOIN cache_edits e ON e.client_id = p.client_id LIMIT 1`
/** Of a time; null for every client, every domain. */
const asked = 'r.at >= ? AND (? IS NULL OR r.client_id = ?) AND (? IS NULL OR r.domain = ?)'
export const selectRuns = `
  SELECT r.client_id AS clientId, r.domain, r.at, r.local_ms AS localMs, r.server_ms AS serverMs, r.same_first AS sameFirst,
    r.overlap, r.largest_difference AS largestDifference, r.cause
  FROM dual_runs r WHERE ${asked}`
export const selectLastError = `
  SELECT r.error FROM dual_runs r WHERE ${asked} AND r.error IS NOT NULL ORDER BY r.at DESC LIMIT 1`
const disagreeing = `${asked} AND r.cause IS NOT NULL AND (? IS NULL OR r.cause = ?)`
export const countDisagreements = `SELECT count(*) AS count FROM dual_runs r WHERE ${disagreeing}`
export const selectDisagreements = `
  SELECT r.id AS runId, r.at, r.client_id AS clientId, r.domain, r.model_id AS modelId, r.origin, r.sha256, r.face, r.cause,
    r.same_first AS sameFirst, r.overlap, r.largest_difference AS largestDifference
  FROM dual_runs r WHERE ${disagreeing} ORDER BY r.at DESC, r.id DESC LIMIT ? OFFSET ?`
export const selectHits = `
  SELECT h.run_id AS runId, h.side, h.person_id AS personId, h.name, h.face_id AS faceId, h.distance
  FROM json_each(?) asked CROSS JOIN dual_hits h ON h.run_id = asked.value ORDER BY h.run_id, h.side, h.rank`

const values = ({ since, clientId, domain }: DualQuery) =>
  [since, clientId ?? null, clientId ?? null, domain ?? null, domain ?? null] as const

export class DualReader
  implements Pick<DualStore, 'standing' | 'moves' | 'figures' | 'byDomain' | 'series' | 'disagreements'>
{
  readonly #connection: Connection

  constructor(connection: Connection) {
    this.#connection = connection
  }

  async standing(): Promise<Standing> {
    return {
      decided: this.#connection.row(decidedRow, selectDecided)?.mode ?? null,
      pairings: this.#connection.rows(pairingRow, selectPairings),
      edited: this.#connection.row(anyRow, selectEdited) !== undefined,
    }
  }

  async moves(clientId: ClientId): Promise<Moved[]> {
    return this.#connection.rows(movedRow, selectMoves, clientId, mostMoves)
  }

  async figures(query: DualQuery): Promise<DualFigures> {
    return this.#figuresOf(this.#runs(query), query)
  }

  async byDomain(query: DualQuery): Promise<DomainFigures[]> {
    const runs = Map.groupBy(this.#runs(query), ({ clientId, domain }) => JSON.stringify([clientId, domain]))
    return [...runs.values()]
      .map((some) => {
        const { clientId, domain } = some[0]!
        const own = { ...query, clientId, ...(domain === null ? {} : { domain }) }
        return { clientId, domain, ...this.#figuresOf(some, own) }
      })
      .sort((a, b) => b.probes - a.probes)
  }

  async series({ bucketMs, ...query }: DualQuery & { readonly bucketMs: number }): Promise<DualBucket[]> {
    const buckets = Map.groupBy(this.#runs(query), ({ at }) => Math.floor(at / bucketMs))
    return [...buckets]
      .sort(([a], [b]) => a - b)
      .map(([bucket, runs]) => ({ from: new Date(bucket * bucketMs).toISOString(), ...counted(runs) }))
  }

  async strangers(): Promise<readonly PersonId[]> {
    return this.#connection.rows(strangerRow, selectStrangers).map(({ personId }) => personId)
  }

  async disagreements({ cause, offset, limit, ...query }: DisagreementsQuery): Promise<{
    readonly total: number
    readonly some: readonly Disagreement[]
  }> {
    const asked = [...values(query), cause ?? null, cause ?? null]
    const { count } = this.#connection.row(countRow, countDisagreements, ...asked)!
    const page = Math.min(longestPage, Math.max(1, limit))
    const runs = this.#connection.rows(
      disagreementRow,
      selectDisagreements,
      ...asked,
      page,
      Math.max(0, offset),
    )
    const hits = this.#connection.rows(hitRow, selectHits, JSON.stringify(runs.map(({ runId }) => runId)))
    const of = (runId: number, side: 'local' | 'server'): DualHit[] =>
      hits
        .filter((hit) => hit.runId === runId && hit.side === side)
        .map(({ personId, name, faceId, distance }) => ({ personId, name, faceId, distance }))
    const some = runs.map((run) => ({
      ...run,
      local: of(run.runId, 'local'),
      server: of(run.runId, 'server'),
    }))
    return { total: count, some }
  }

  /** They are many, and a cut-over waits for the figures of all: read unparsed. */
  #runs(query: DualQuery): Run[] {
    const rows = this.#connection.columns(selectRuns, ...values(query)) as RunColumns[]
    return rows.map(
      ([clientId, domain, at, localMs, serverMs, sameFirst, overlap, largestDifference, cause]) => ({
        clientId,
        domain,
        at,
        localMs,
        serverMs,
        sameFirst,
        overlap,
        largestDifference,
        cause,
      }),
    )
  }

  #figuresOf(runs: readonly Run[], query: DualQuery): DualFigures {
    const causes = Map.groupBy(
      runs.filter((run) => run.cause !== null),
      ({ cause }) => cause!,
    )
    const failed = this.#connection.row(errorRow, selectLastError, ...values(query))
    return {
      ...counted(runs),
      largestDifference: runs.reduce((most, run) => Math.max(most, run.largestDifference ?? 0), 0),
      causes: [...causes]
        .map(([cause, some]) => ({ cause, count: some.length }))
        .sort((a, b) => b.count - a.count),
      lastError: failed?.error ?? null,
    }
  }
}

function counted(runs: readonly Run[]): Omit<DualBucket, 'from'> {
  const answered = runs.filter((run) => run.serverMs !== null)
  const mean = (of: (run: Run) => number) =>
    answered.length === 0 ? null : answered.reduce((sum, run) => sum + of(run), 0) / answered.length
  return {
    probes: runs.length,
    errors: runs.length - answered.length,
    sameFirst: mean((run) => run.sameFirst ?? 0),
    overlap: mean((run) => run.overlap ?? 0),
    local: latencyOf(runs.map((run) => run.localMs)),
    server: latencyOf(answered.map((run) => run.serverMs!)),
  }
}

/** Nearest-rank percentiles. */
function latencyOf(durations: readonly number[]): Latency | null {
  if (durations.length === 0) return null
  const sorted = Float64Array.from(durations).sort()
  const at = (part: number) => sorted[Math.max(0, Math.ceil(part * sorted.length) - 1)]!
  return { median: at(0.5), p95: at(0.95), max: at(1) }
}
