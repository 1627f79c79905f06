/** What every session of Visor has set, and what a server must be to have one. Server thread, command line. */
import type pg from 'pg'
import { registerTypes } from 'pgvector/pg'
import { z } from 'zod'
import type { TargetSession } from '../../../src-shared/server'
import { foundFailure } from './failures'

/** PostgreSQL 14: the oldest that is still looked after, and that reports whether it is a standby. */
export const oldestServer = 14
/** pgvector 0.7 has `halfvec`. */
export const oldestVector = [0, 7] as const

/** Of a statement's time: whoever waits for another's write is told that, and not that the server takes too long. */
const lockShare = 0.9
/** What a console that vanished in a transaction has locked is free again after this, whether it owed the server a word or the reverse. */
const vanishedAfterMs = 60_000

export interface SessionSettings {
  /** 0: none. */
  readonly statementTimeoutMs: number
  /** `optional`: for looking at a database that has no pgvector yet, and for migrating it. */
  readonly vector: 'required' | 'optional'
}

const rowSchema = z.object({ version: z.string().nullable() })

/**
 * Sets a new session up. Names are looked up where nobody makes what could be taken for something of Visor's: in its own schema, which
 * has names for what it needs of pgvector; what is temporary comes last. Raises `extension-missing`, `version-too-old`.
 */
export async function prepareSession(
  client: pg.ClientBase,
  { statementTimeoutMs, vector }: SessionSettings,
  where: string,
): Promise<void> {
  const { rows } = await client.query({
    text: `
      SELECT extension.extversion AS version,
             set_config('search_path', 'visor, pg_temp', false),
             set_config('statement_timeout', $1, false),
             set_config('lock_timeout', $2, false),
             set_config('idle_in_transaction_session_timeout', $3, false),
             -- Elsewhere it cannot be set, and the server's log would say so each time.
             set_config('tcp_user_timeout', CASE WHEN version() LIKE '%linux%' THEN $3 ELSE '0' END, false),
             -- A statement without a name is planned for its own parameters, one with a name as soon as that pays: whatever is set elsewhere.
             set_config('plan_cache_mode', 'auto', false),
             -- Entries of the ledger are long texts; the usual way to make them shorter takes ten times as long.
             (SELECT set_config(name, 'lz4', false) FROM pg_catalog.pg_settings
               WHERE name = 'default_toast_compression' AND 'lz4' = ANY (enumvals))
      FROM (VALUES (1)) AS one
      LEFT JOIN pg_catalog.pg_extension AS extension ON extension.extname = 'vector'`,
    values: [statementTimeoutMs, Math.floor(statementTimeoutMs * lockShare), vanishedAfterMs].map(String),
  })
  const { version } = rowSchema.parse(rows[0])
  if (version === null) {
    if (vector === 'required') throw foundFailure({ kind: 'extension-missing' }, where)
    return
  }
  if (isOlder(version, oldestVector)) {
    if (vector === 'optional') return
    throw foundFailure(
      { kind: 'version-too-old', what: 'pgvector', found: version, needed: oldestVector.join('.') },
      where,
    )
  }
  await registerTypes(client)
}

/** Raises `version-too-old`, `read-only`; `told` is what the server said of itself while logging in. */
export function checkServer(told: ReadonlyMap<string, string>, wanted: TargetSession, where: string): void {
  const version = told.get('server_version') ?? ''
  if (isOlder(version, [oldestServer])) {
    throw foundFailure(
      { kind: 'version-too-old', what: 'server', found: version, needed: String(oldestServer) },
      where,
    )
  }
  const standby = told.get('in_hot_standby') === 'on'
  const readOnly = standby || told.get('default_transaction_read_only') === 'on'
  if ((wanted === 'primary' && standby) || (wanted === 'read-write' && readOnly)) {
    throw foundFailure({ kind: 'read-only' }, where)
  }
}

/** Compares `15.20 (Debian …)`, `17beta1`, `0.8.0` with the first numbers of a version. */
export function isOlder(version: string, than: readonly number[]): boolean {
  const numbers = (/^\d+(?:\.\d+)*/.exec(version)?.[0] ?? '').split('.').map(Number)
  for (const [index, needed] of than.entries()) {
    const found = numbers[index] ?? 0
    if (found !== needed) return found < needed
  }
  return false
}
