/** The sentences of each failure of the server: what happened, what it means, what to do. Server thread, command line. */
import type { ErrorCode } from '../../../src-shared/errors'
import type { ServerFailure } from '../../../src-shared/server-failure'

interface FailureText {
  readonly code: ErrorCode
  readonly message: string
  readonly consequence: string
  readonly remedy: string
}

const fromCache = 'Until it is back, only what this console keeps of it can be searched.'
const nothingDone = 'Nothing was changed on the server.'

type Of<K extends ServerFailure['kind']> = Extract<ServerFailure, { kind: K }>

/** The sentences for a failure. `where`: the server, as `host:port`. */
export function failureText(failure: ServerFailure, where = 'the server'): FailureText {
  switch (failure.kind) {
    case 'unreachable':
      return {
        code: 'server-unreachable',
        consequence:
          failure.retry === 'unknown'
            ? `What was being asked may or may not have been done. ${fromCache}`
            : fromCache,
        ...unreachable(failure.reason, where),
      }
    case 'tls':
      return {
        code: 'server-insecure',
        consequence: `Visor did not log in. ${fromCache}`,
        ...tls(failure.reason, where),
      }
    case 'password':
      return { code: 'server-login', consequence: 'Visor is not logged in.', ...password(failure.reason) }
    case 'database':
      return {
        code: 'server-login',
        message: 'The server has no database of this name.',
        consequence: 'Visor is not logged in.',
        remedy: 'Check the name, or have the database created: CREATE DATABASE …',
      }
    case 'extension-missing':
      return {
        code: 'server-unfit',
        message: 'The database lacks the extension pgvector.',
        consequence: 'Faces cannot be kept or searched in it.',
        remedy: 'Install pgvector on the server, then run in this database: CREATE EXTENSION vector;',
      }
    case 'version-too-old':
      return tooOld(failure)
    case 'rights':
      return {
        code: 'rights-missing',
        message: 'The role that Visor logs in with may not do this.',
        consequence: nothingDone,
        remedy: 'Ask whoever looks after the database for the role that does.',
      }
    case 'read-only':
      return {
        code: 'read-only',
        message: 'The server takes no writes: it is a standby, or set to read only.',
        consequence: `${nothingDone} Edits wait in this console.`,
        remedy: 'Name the primary server, or several with “read-write”.',
      }
    case 'disk-full':
      return {
        code: 'disk-full',
        message: 'The disk of the server is full.',
        consequence: `${nothingDone} Edits wait in this console.`,
        remedy: 'Ask whoever looks after the server to free some space.',
      }
    case 'too-many-connections':
      return tooMany(failure)
    case 'cancelled':
      return {
        code: 'deadline-exceeded',
        message: 'The server ended the work because it took too long, or because somebody asked it to.',
        consequence: nothingDone,
        remedy: 'Try again; if it happens often, allow more time in the connection’s settings.',
      }
    case 'shutdown':
      return {
        code: 'server-unreachable',
        message: 'The server is being started, stopped or repaired.',
        consequence: fromCache,
        remedy: 'Wait; Visor tries again by itself.',
      }
    case 'serialization':
      return {
        code: 'conflict',
        message:
          failure.sqlState === '55P03'
            ? 'Somebody else has been changing this client’s galleries for a while.'
            : 'Others changed the same at the same moment.',
        consequence: nothingDone,
        remedy: 'Try again.',
      }
    case 'constraint':
      return {
        code: 'conflict',
        message: 'The server refused a change that would contradict what it holds.',
        consequence: nothingDone,
        remedy: 'Look at what is there now, and try again.',
      }
    case 'other':
      return {
        code: failure.outage ? 'server-unreachable' : 'internal',
        message: 'The server refused with an error that Visor did not expect.',
        consequence: failure.outage ? fromCache : 'What you asked for was not done.',
        remedy: 'The detail says what the server said; its log says more.',
      }
  }
}

function unreachable(
  reason: Of<'unreachable'>['reason'],
  where: string,
): Pick<FailureText, 'message' | 'remedy'> {
  switch (reason) {
    case 'refused':
      return {
        message: `Nobody answers at ${where}.`,
        remedy:
          'Check host and port, and that PostgreSQL runs there and listens on that address (listen_addresses).',
      }
    case 'name':
      return {
        message: `The name in ${where} has no address.`,
        remedy: 'Check the spelling, the network, and the VPN where there is one.',
      }
    case 'no-route':
      return {
        message: `There is no way to ${where}.`,
        remedy: 'Check the network, and the VPN where there is one.',
      }
    case 'forbidden':
      return {
        message: `This machine does not let Visor connect to ${where}.`,
        remedy: 'Check the firewall, or who may use the socket’s folder.',
      }
    case 'timeout':
      return {
        message: `No answer came from ${where} in time.`,
        remedy: 'Check the network and the firewall on the way; a busy server may need a longer time-out.',
      }
    case 'reset':
    case 'closed':
      return {
        message: `The connection to ${where} was cut.`,
        remedy: 'Wait; Visor tries again by itself. The server’s log says why, if it was the server.',
      }
    case 'not-postgres':
      return {
        message: `What answers at ${where} is not PostgreSQL.`,
        remedy: 'Check the port; PostgreSQL’s own is 5432.',
      }
  }
}

function tls(reason: Of<'tls'>['reason'], where: string): Pick<FailureText, 'message' | 'remedy'> {
  switch (reason) {
    case 'not-offered':
      return {
        message: 'The server offers no TLS.',
        remedy: 'Have it turned on (ssl = on), or, on a network that you trust, choose the mode “prefer”.',
      }
    case 'untrusted':
      return {
        message: 'The certificate of the server is signed by nobody that is trusted here.',
        remedy: 'Name the certificate of the authority that signed it as the root certificate.',
      }
    case 'expired':
      return {
        message: 'The certificate of the server has expired.',
        remedy: 'Have it renewed. If it is not the certificate, check the clock of this machine.',
      }
    case 'not-yet-valid':
      return {
        message: 'The certificate of the server is not valid yet.',
        remedy: 'Check the clock of both machines.',
      }
    case 'wrong-host':
      return {
        message: `The certificate is not for ${where}.`,
        remedy: 'Use the name that is in the certificate, or have one made for this name.',
      }
    case 'revoked':
      return {
        message: 'The certificate of the server was revoked.',
        remedy: 'Do not log in; ask who looks after it.',
      }
    case 'handshake':
      return {
        message: 'No secure connection came about.',
        remedy: 'The server may want a client certificate, or refuse ours; its log says which.',
      }
    case 'file-missing':
      return {
        message: 'A certificate or key file is not there.',
        remedy: 'Check the paths in the settings.',
      }
    case 'file-unfit':
      return {
        message: 'A certificate or key file cannot be used.',
        remedy:
          'It has to be in PEM form, certificate and key have to belong together, and the key must need no password.',
      }
    case 'file-open-to-others':
      return {
        message: 'The key file can be read by others.',
        remedy: 'Keep it to yourself: chmod 600 on the file.',
      }
  }
}

function password(reason: Of<'password'>['reason']): Pick<FailureText, 'message' | 'remedy'> {
  switch (reason) {
    case 'wrong':
      return {
        message: 'The server does not accept this user with this password.',
        remedy: 'Type the password again.',
      }
    case 'missing':
      return {
        message: 'The server asks for a password, and there is none.',
        remedy: 'Type it, or put it into the password file.',
      }
    case 'not-admitted':
      return {
        message: 'The server does not let this user in from here.',
        remedy: 'Check the user’s name; whoever looks after the server allows log-ins in pg_hba.conf.',
      }
    case 'method':
      return {
        message: 'The server wants a way of logging in that Visor does not know.',
        remedy: 'Ask for scram-sha-256 or a client certificate.',
      }
  }
}

function tooOld({ what, found, needed }: Of<'version-too-old'>): FailureText {
  const name = what === 'server' ? 'PostgreSQL' : 'The extension pgvector'
  return {
    code: 'server-unfit',
    message: `${name} ${found} is too old: Visor needs ${needed} or newer.`,
    consequence: 'Visor does not use this database.',
    remedy:
      what === 'server'
        ? 'Upgrade the server.'
        : 'Upgrade pgvector on the server, then run in this database: ALTER EXTENSION vector UPDATE;',
  }
}

function tooMany({ where }: Of<'too-many-connections'>): FailureText {
  return where === 'server'
    ? {
        code: 'server-unreachable',
        message: 'The server has no connection left.',
        consequence: fromCache,
        remedy: 'Raise max_connections, use a connection pooler, or lower the consoles’ pool size.',
      }
    : {
        code: 'server-unreachable',
        message: 'All connections of this console are busy.',
        consequence: fromCache,
        remedy: 'Wait; if it happens often, raise the pool size in the connection’s settings.',
      }
}
