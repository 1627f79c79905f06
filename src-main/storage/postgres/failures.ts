/** Every error of the server, the network and TLS as one of a few kinds, told by codes and never by text. Server thread, command line. */
import pg from 'pg'
import { systemCodeOf } from '../../../src-shared/errors'
import { ServerError, type ServerFailure, type ServerFailureCore } from '../../../src-shared/server-failure'
import { failureText } from './failure-texts'

/** Whether anything may have been done when an error came: not while the connection is made. */
export type Phase = 'connecting' | 'working'

/** The error of a failure that Visor itself found. */
export function foundFailure(
  core: ServerFailureCore,
  where?: string,
  detail?: string,
  phase: Phase = 'connecting',
): ServerError {
  return told(whole(core, null, phase), where, detail)
}

/**
 * Anything that was thrown while a server was asked. What is told already stays as it is.
 * A raw error is not kept as `cause`: PostgreSQL's carry whole rows, names among them.
 */
export function serverErrorOf(error: unknown, where?: string, phase: Phase = 'working'): ServerError {
  if (error instanceof ServerError) return error
  const sqlState = error instanceof pg.DatabaseError ? (error.code ?? null) : null
  const core =
    error instanceof pg.DatabaseError
      ? coreOfSqlState(error)
      : (coreOfNetwork(systemCodeOf(error)) ?? { kind: 'other' })
  return told(whole(core, sqlState, phase), where, detailOf(error))
}

/** `where`: the server, as `host:port`. `detail`: what the other side said. */
function told(failure: ServerFailure, where: string | undefined, detail: string | undefined): ServerError {
  const parts = [where, detail].filter((part) => part !== undefined)
  return new ServerError(failure, {
    ...failureText(failure, where),
    ...(parts.length === 0 ? {} : { detail: parts.join(': ') }),
  })
}

function whole(core: ServerFailureCore, sqlState: string | null, phase: Phase): ServerFailure {
  return { ...core, sqlState, outage: isOutage(core, sqlState), retry: retryOf(core, sqlState, phase) }
}

function isOutage({ kind }: ServerFailureCore, sqlState: string | null): boolean {
  switch (kind) {
    case 'unreachable':
    case 'tls':
    case 'read-only':
    case 'disk-full':
    case 'too-many-connections':
    case 'cancelled':
    case 'shutdown':
      return true
    case 'other':
      // 53: out of memory and the like; 58: its disks fail; XX: its data are damaged.
      return sqlState !== null && /^(53|58|XX)/.test(sqlState)
    default:
      return false
  }
}

function retryOf(core: ServerFailureCore, sqlState: string | null, phase: Phase): ServerFailure['retry'] {
  switch (core.kind) {
    case 'serialization':
      return 'safe'
    case 'too-many-connections':
      return 'safe'
    case 'unreachable':
      // In mid-query nobody knows whether a commit was still carried out.
      return phase === 'connecting' ? 'safe' : 'unknown'
    case 'shutdown':
      return phase === 'connecting' || sqlState === '57P03' ? 'safe' : 'unknown'
    case 'cancelled':
      // It was rolled back; but it would take as long again.
      return 'no'
    case 'other':
      return sqlState === '40003' ? 'unknown' : 'no'
    default:
      return 'no'
  }
}

const bySqlState: Readonly<Record<string, ServerFailureCore>> = {
  '25006': { kind: 'read-only' },
  '28P01': { kind: 'password', reason: 'wrong' },
  '28000': { kind: 'password', reason: 'not-admitted' },
  '3D000': { kind: 'database' },
  '40001': { kind: 'serialization' },
  '40P01': { kind: 'serialization' },
  '55P03': { kind: 'serialization' },
  '42501': { kind: 'rights' },
  '53100': { kind: 'disk-full' },
  '53300': { kind: 'too-many-connections', where: 'server' },
  '57014': { kind: 'cancelled' },
  '57P01': { kind: 'shutdown' },
  '57P02': { kind: 'shutdown' },
  '57P03': { kind: 'shutdown' },
  '57P04': { kind: 'database' },
  // The server ended an idle session: the same to us as a connection that was closed.
  '57P05': { kind: 'unreachable', reason: 'closed' },
  '25P03': { kind: 'unreachable', reason: 'closed' },
}

const constraintTypes = {
  '23505': 'unique',
  '23503': 'foreign-key',
  '23502': 'not-null',
  '23514': 'check',
  '23P01': 'exclusion',
} as const

function coreOfSqlState({ code = '', constraint }: pg.DatabaseError): ServerFailureCore {
  const known = bySqlState[code]
  if (known !== undefined) return known
  if (code.startsWith('23')) {
    const type = code in constraintTypes ? constraintTypes[code as keyof typeof constraintTypes] : 'other'
    return { kind: 'constraint', type, name: constraint ?? null }
  }
  if (code.startsWith('0L')) return { kind: 'rights' }
  // 08P01 is a breach of the protocol, which a new connection would repeat.
  if (code.startsWith('08') && code !== '08P01') return { kind: 'unreachable', reason: 'closed' }
  return { kind: 'other' }
}

const byErrno: Readonly<Record<string, ServerFailureCore>> = {
  ECONNREFUSED: { kind: 'unreachable', reason: 'refused' },
  // A Unix socket that is not there.
  ENOENT: { kind: 'unreachable', reason: 'refused' },
  ENOTSOCK: { kind: 'unreachable', reason: 'refused' },
  ENOTFOUND: { kind: 'unreachable', reason: 'name' },
  EAI_AGAIN: { kind: 'unreachable', reason: 'name' },
  EAI_FAIL: { kind: 'unreachable', reason: 'name' },
  EAI_NODATA: { kind: 'unreachable', reason: 'name' },
  EAI_NONAME: { kind: 'unreachable', reason: 'name' },
  EHOSTUNREACH: { kind: 'unreachable', reason: 'no-route' },
  ENETUNREACH: { kind: 'unreachable', reason: 'no-route' },
  EHOSTDOWN: { kind: 'unreachable', reason: 'no-route' },
  ENETDOWN: { kind: 'unreachable', reason: 'no-route' },
  EADDRNOTAVAIL: { kind: 'unreachable', reason: 'no-route' },
  EACCES: { kind: 'unreachable', reason: 'forbidden' },
  EPERM: { kind: 'unreachable', reason: 'forbidden' },
  ETIMEDOUT: { kind: 'unreachable', reason: 'timeout' },
  ECONNRESET: { kind: 'unreachable', reason: 'reset' },
  ECONNABORTED: { kind: 'unreachable', reason: 'reset' },
  EPIPE: { kind: 'unreachable', reason: 'reset' },
  ERR_STREAM_DESTROYED: { kind: 'unreachable', reason: 'closed' },
  ERR_STREAM_WRITE_AFTER_END: { kind: 'unreachable', reason: 'closed' },
}

/** Node's names of what is wrong with a certificate. https://nodejs.org/api/tls.html#x509-certificate-error-codes */
const byCertificate: Readonly<Record<string, ServerFailureCore>> = {
  CERT_HAS_EXPIRED: { kind: 'tls', reason: 'expired' },
  CERT_NOT_YET_VALID: { kind: 'tls', reason: 'not-yet-valid' },
  CERT_REVOKED: { kind: 'tls', reason: 'revoked' },
  ERR_TLS_CERT_ALTNAME_INVALID: { kind: 'tls', reason: 'wrong-host' },
  HOSTNAME_MISMATCH: { kind: 'tls', reason: 'wrong-host' },
  ...Object.fromEntries(
    [
      'UNABLE_TO_GET_ISSUER_CERT',
      'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
      'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
      'DEPTH_ZERO_SELF_SIGNED_CERT',
      'SELF_SIGNED_CERT_IN_CHAIN',
      'CERT_CHAIN_TOO_LONG',
      'CERT_SIGNATURE_FAILURE',
      'CERT_UNTRUSTED',
      'CERT_REJECTED',
      'INVALID_CA',
      'INVALID_PURPOSE',
      'PATH_LENGTH_EXCEEDED',
    ].map((code) => [code, { kind: 'tls', reason: 'untrusted' }] as const),
  ),
}

function coreOfNetwork(code: string | undefined): ServerFailureCore | undefined {
  if (code === undefined) return undefined
  const known = byErrno[code] ?? byCertificate[code]
  if (known !== undefined) return known
  // Whatever else the TLS library says: an alert of the server, no common version.
  return /^ERR_(SSL|TLS|OSSL)_/.test(code) ? { kind: 'tls', reason: 'handshake' } : undefined
}

/** Classes whose messages speak of connections, rights and the server, not of what was sent to it. */
const speakable = /^(08|0A|0L|25|28|3D|3F|40|42|53|54|55|57|58|XX)/

/** What may be shown and logged of an error: codes and names of tables, never values. */
function detailOf(error: unknown): string {
  if (error instanceof pg.DatabaseError) {
    const { code = '', table, constraint, message } = error
    return [
      `SQLSTATE ${code}`,
      table === undefined ? undefined : `table ${table}`,
      constraint === undefined ? undefined : `constraint ${constraint}`,
      speakable.test(code) ? message : undefined,
    ]
      .filter((part) => part !== undefined)
      .join(', ')
  }
  return error instanceof Error
    ? [systemCodeOf(error), error.message].filter((part) => part).join(': ')
    : String(error)
}
