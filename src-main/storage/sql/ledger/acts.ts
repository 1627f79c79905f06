/** Acts within a write: kept in the cache's outbox, or carried out once on the server; see [Note: Acts]. Store's writing thread. */
import { z } from 'zod'
import { VisorError } from '../../../../src-shared/errors'
import { type ClientId, domainSchema, type LedgerId, ledgerIdSchema } from '../../../../src-shared/ids'
import type { Act, HeldDomains, ReplayedAct, RuledOut, SentAct } from '../../act'
import type { LedgerContext, Written } from '../../written'
import type { Connection } from '../connection'
import { isoTime } from '../rows'
import type { Done, WriteScope } from './ledger'

/** Changes of others that an error names at most. */
const changesNamed = 20

const actRow = z.object({ answer: z.string().nullable(), entry: ledgerIdSchema.nullable() })
const domainRow = z.object({ domain: domainSchema })
const anyRow = z.object({})
const revisionRow = z.object({ revision: z.number().int() })
const changeRow = z.object({ at: isoTime, actor: z.string(), summary: z.string() })

export const selectDomainsOfPeople =
  'SELECT DISTINCT p.domain FROM ids(?) touched CROSS JOIN persons p ON p.id = touched.value'
const selectPairedRevision = `
  SELECT coalesce(c.revision, 0) AS revision FROM pairings p LEFT JOIN cached_clients c ON c.client_id = p.client_id
  WHERE p.client_id = ?`
const selectOlderThanPairing = `
  SELECT 1 FROM ledger e JOIN pairings p ON p.client_id = e.client_id WHERE e.id = ? AND e.at < p.begun_at`
export const selectAct = `
  SELECT a.answer, e.id AS entry FROM acts a
  LEFT JOIN ledger e ON e.id = a.act_id AND e.client_id = a.client_id WHERE a.act_id = ? AND a.client_id = ?`
/** What others did to these people, each since a revision, newest first. */
export const selectChangesOfOthers = `
  SELECT DISTINCT e.sequence, e.at, e.actor, e.summary
  FROM texts(?) asked CROSS JOIN ledger_persons theirs ON theirs.person_id = id_of(json_extract(asked.value, '$.personId'))
  CROSS JOIN ledger e ON same_client(e, theirs) AND e.sequence = theirs.sequence
  WHERE e.client_id = ? AND e.revision > CAST(json_extract(asked.value, '$.since') AS bigint)
    AND NOT EXISTS (SELECT 1 FROM acts a WHERE a.act_id = e.id AND a.client_id = e.client_id AND a.console = ?)
  ORDER BY e.sequence DESC LIMIT ${changesNamed}`

/**
 * What the act gave, where the server has carried it out already. Raises `conflict` where it comes from an outbox and somebody
 * has to decide first; `cancelled` where nobody waits for it any more.
 */
export function beginAct<T>(
  connection: Connection,
  clientId: ClientId,
  act: Act | undefined,
): Written<T> | undefined {
  if (act?.kind !== 'sent') return undefined
  refuseUnawaited(act)
  const done = connection.row(actRow, selectAct, act.id, clientId)
  if (done === undefined) {
    if (act.replayed !== undefined) refuseChangedSince(connection, clientId, act.console, act.replayed)
    return undefined
  }
  const value = (done.answer === null ? undefined : JSON.parse(done.answer)) as T
  return done.entry === null ? { value } : { value, ledgerId: done.entry }
}

/** Whose an act is that comes from an outbox: what it names may be gone, by itself or through others. */
export function clientOfAct({ act }: Pick<LedgerContext, 'act'>): ClientId | undefined {
  return act?.kind === 'sent' ? act.replayed?.clientId : undefined
}

/** What an act that comes from an outbox ruled out where it was done first. */
export function ruledOutBefore({ act }: Pick<LedgerContext, 'act'>): readonly RuledOut[] {
  return (act?.kind === 'sent' ? act.replayed?.ruledOut : undefined) ?? []
}

function refuseChangedSince(
  connection: Connection,
  clientId: ClientId,
  console: string,
  { base, people, settled }: ReplayedAct,
): void {
  if (base === null) return
  const asked = people.map((personId) => ({ personId, since: Math.max(base, settled[personId] ?? 0) }))
  const list = JSON.stringify(asked)
  const changes = connection.rows(changeRow, selectChangesOfOthers, list, clientId, console)
  if (changes.length === 0) return
  throw new VisorError('conflict', 'Somebody else changed the same people meanwhile.', {
    consequence: 'This change waits for your decision; nothing was changed on the server.',
    remedy: 'Compare both, then keep yours or theirs.',
    detail: changes.map(({ at, actor, summary }) => `${at} · ${actor} · ${summary}`).join('\n'),
  })
}

/** Until the commit is on its way; what becomes of that, the act's id tells. */
function refuseUnawaited({ wait }: SentAct): void {
  if (wait === undefined || Atomics.load(wait, 0) === 0) return
  throw new VisorError('cancelled', 'Nobody waits for this change any more: it goes by the outbox.')
}

/**
 * Keeps that the act was carried out, in its own transaction. Raises `conflict` where it became another one, `cancelled` where nobody
 * waits for it any more.
 */
export function keepAct<T>(
  connection: Connection,
  scope: WriteScope,
  { act, actor, summary, reason }: LedgerContext,
  { value, details }: Done<T>,
): void {
  const { clientId, people, at } = scope
  if (act === undefined) return
  if (act.kind === 'sent') {
    refuseUnawaited(act)
    if (act.replayed !== undefined) refuseOtherPeople(people, act.replayed)
    connection.run(
      'INSERT INTO acts (client_id, act_id, console, answer, made_at) VALUES (?, ?, ?, ?, ?)',
      clientId,
      act.id,
      act.console,
      value === undefined ? null : JSON.stringify(value),
      act.replayed?.madeAt ?? at,
    )
    return
  }
  const base = act.holds === 'paired' ? pairedAt(connection, clientId) : heldAt(connection, scope, act.holds)
  // What changed nothing here was not decided.
  if (base === undefined || details === undefined) return
  if (details.action === 'undo') refuseOlderThanPairing(connection, details.undoes)
  const { method, args } = act.call
  connection.run(
    `INSERT INTO outbox (act_id, client_id, method, arguments, actor, summary, reason, base, people, made_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    act.id,
    clientId,
    method,
    args,
    actor,
    summary,
    reason ?? null,
    base,
    JSON.stringify([...people]),
    at,
  )
}

/** The revision of the client that the local gallery has followed; nothing where it is on no server. */
function pairedAt(connection: Connection, clientId: ClientId): number | undefined {
  return connection.row(revisionRow, selectPairedRevision, clientId)?.revision
}

/** Of what was done before the gallery was copied, the server has what came of it, and not that it was done. */
function refuseOlderThanPairing(connection: Connection, ledgerId: LedgerId): void {
  if (connection.row(anyRow, selectOlderThanPairing, ledgerId) === undefined) return
  throw new VisorError('conflict', 'This was done before the gallery was copied to the server.', {
    consequence: 'Nothing was undone.',
    remedy: 'Change it by hand, or end the pairing first.',
  })
}

/** The revision that the cache holds. Raises `server-unreachable` where it does not hold all that is touched. */
function heldAt(
  connection: Connection,
  { clientId, people }: WriteScope,
  holds: ReadonlyMap<ClientId, HeldDomains>,
): number {
  const held = holds.get(clientId)
  const domains = connection.rows(domainRow, selectDomainsOfPeople, JSON.stringify([...people]))
  if (held === undefined || domains.some(({ domain }) => !held.domains.has(domain))) throw notHeld()
  return held.revision
}

function notHeld(): VisorError {
  return new VisorError(
    'server-unreachable',
    'The server does not answer, and this console does not keep all of this.',
    {
      consequence: 'Nothing was changed.',
      remedy: 'Visor goes on by itself as soon as the server answers.',
    },
  )
}

/** Somebody of the same name, made meanwhile, is somebody else. */
function refuseOtherPeople(people: WriteScope['people'], replayed: ReplayedAct): void {
  if (replayed.people.every((personId) => people.has(personId))) return
  throw new VisorError('conflict', 'On the server this would be a change of other people.', {
    consequence: 'This change waits for your decision; nothing was changed on the server.',
    remedy:
      'Somebody of that name may be there by now. Look at them, then drop this change and make it again.',
  })
}

/** The summary as the ledger keeps it: it says when what comes late was done. */
export function toldSummary({ act, summary }: LedgerContext): string {
  if (act?.kind !== 'sent' || act.replayed === undefined) return summary
  const madeAt = new Date(act.replayed.madeAt).toISOString().slice(0, 16).replace('T', ' ')
  return `${summary} (done ${madeAt} UTC, while the server was gone)`
}
