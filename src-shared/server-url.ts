/** Connections as text: `postgresql://…` and `host=… dbname=…`, as libpq reads and writes them. Every process. */
import { VisorError } from './errors'
import { defaultServerConnection, type ServerConnection } from './server'
import {
  parameterReaders,
  type ServerParameters,
  type ServerTextSettings,
  settingsOf,
} from './server-parameters'

/** What a text says: its settings, and apart from them the password, which goes to the key store and nowhere else. */
export interface ServerText {
  readonly settings: ServerTextSettings
  readonly password: string | null
  /** Names of parameters that Visor does not use. */
  readonly ignored: readonly string[]
}

const scheme = /^postgres(?:ql)?:\/\//

/** Raises `invalid-argument`; as there may be a password in it, no error repeats the text. */
export function parseServerText(given: string): ServerText {
  const text = given.trim()
  const parameters = scheme.test(text) ? readUrl(text.replace(scheme, '')) : readKeywords(text)
  const known: ServerParameters = {}
  const ignored: string[] = []
  for (const [name, value] of parameters) {
    if (name === 'password') continue
    if (name in parameterReaders) known[name as keyof ServerParameters] = value
    else ignored.push(name)
  }
  const password = parameters.get('password') ?? ''
  return { settings: settingsOf(known), password: password === '' ? null : password, ignored }
}

/** Whether a text holds a password, also where it cannot be read otherwise: then it is not repeated anywhere. */
export function holdsPassword(text: string): boolean {
  return /\/\/[^@]*:[^@]*@/.test(text) || /\bpassword\s*=/i.test(text)
}

/** The URL of a connection, without a password. Settings that a URL has no words for (the pool) are left out. */
export function serverUrl(settings: ServerConnection): string {
  const { hosts, user, database, pool } = settings
  const defaults = defaultServerConnection.pool
  const parameters: [string, string | null][] = [
    ['sslmode', settings.sslMode],
    ['sslrootcert', settings.sslRootCertificate],
    ['sslcert', settings.sslCertificate],
    ['sslkey', settings.sslKey],
    ['service', settings.service],
    ['passfile', settings.passfile],
    ['application_name', settings.applicationName],
    ['target_session_attrs', settings.targetSession],
    [
      'connect_timeout',
      pool.connectTimeoutMs === defaults.connectTimeoutMs
        ? null
        : String(Math.ceil(pool.connectTimeoutMs / 1000)),
    ],
    ['keepalives', pool.keepAlive ? null : '0'],
    [
      'keepalives_idle',
      pool.keepAliveIdleSeconds === defaults.keepAliveIdleSeconds ? null : String(pool.keepAliveIdleSeconds),
    ],
  ]
  const query = parameters
    .filter((pair): pair is [string, string] => pair[1] !== null)
    // A path reads better with its slashes, and they are allowed there.
    .map(([name, value]) => `${name}=${encodeURIComponent(value).replaceAll('%2F', '/')}`)
  const authority = [
    user === null ? '' : `${encodeURIComponent(user)}@`,
    hosts
      .map(({ host, port }) => {
        const name = host.includes(':') && !host.startsWith('/') ? `[${host}]` : encodeURIComponent(host)
        return port === null ? name : `${name}:${port}`
      })
      .join(','),
  ].join('')
  const path = database === null ? '' : `/${encodeURIComponent(database)}`
  return `postgresql://${authority}${path}${query.length > 0 ? `${path === '' ? '/' : ''}?${query.join('&')}` : ''}`
}

function readUrl(rest: string): Map<string, string> {
  const end = rest.search(/[/?]/)
  const authority = end === -1 ? rest : rest.slice(0, end)
  const tail = end === -1 ? '' : rest.slice(end)
  // Otherwise the end of a password that has a bare slash in it would be taken for the database, and shown.
  if (tail.includes('@'))
    throw refused('“@” after the host, or “/” or “?” in the password, must be percent-encoded.')
  const parameters = new Map<string, string>()
  // The last one: a bare @ in a password must not turn its end into a host name.
  const at = authority.lastIndexOf('@')
  if (at !== -1) {
    const [user = '', ...password] = authority.slice(0, at).split(':')
    if (user !== '') parameters.set('user', decoded(user))
    if (password.length > 0) parameters.set('password', decoded(password.join(':')))
  }
  const hosts = authority
    .slice(at + 1)
    .split(',')
    .map(readHost)
  if (hosts.some(({ host, port }) => host !== '' || port !== '')) {
    parameters.set('host', hosts.map(({ host }) => host).join(','))
    if (hosts.some(({ port }) => port !== '')) parameters.set('port', hosts.map(({ port }) => port).join(','))
  }
  const [path = '', query = ''] = splitOnce(tail, '?')
  if (path.length > 1) parameters.set('dbname', decoded(path.slice(1)))
  for (const pair of query.split('&').filter((part) => part !== '')) {
    const [name = '', value] = splitOnce(pair, '=')
    if (value === undefined) throw refused('a parameter after “?” has no “=”.')
    setParameter(parameters, decoded(name), decoded(value))
  }
  return parameters
}

function setParameter(parameters: Map<string, string>, name: string, value: string): void {
  // JDBC's word for it; libpq takes it, too.
  if (name === 'ssl') parameters.set('sslmode', value === 'true' ? 'require' : 'prefer')
  else parameters.set(name, value)
}

function readHost(part: string): { readonly host: string; readonly port: string } {
  const address = /^\[([0-9a-f:.]+(?:%[^\]]+)?)\](?::(\d*))?$/i.exec(part)
  if (address !== null) return { host: decoded(address[1] ?? ''), port: address[2] ?? '' }
  const name = /^([^:[\]]*)(?::(\d*))?$/.exec(part)
  if (name === null) throw refused('a host is not “name:port”, or an IPv6 address has no brackets.')
  return { host: decoded(name[1] ?? ''), port: name[2] ?? '' }
}

/** `keyword = value`, values in single quotes where they hold blanks, `\` before a quote or a backslash. */
function readKeywords(text: string): Map<string, string> {
  const pair = /\s*([a-z_]+)\s*=\s*(?:'((?:[^'\\]|\\.)*)'|(?!')((?:[^\s\\]|\\.)*))/y
  const parameters = new Map<string, string>()
  while (pair.lastIndex < text.length) {
    const found = pair.exec(text)
    if (found === null) {
      throw refused('it is neither “postgresql://user@host/database” nor “host=… dbname=… user=…”.')
    }
    const [, name = '', quoted, bare] = found
    setParameter(parameters, name, (quoted ?? bare ?? '').replaceAll(/\\(.)/gs, '$1'))
  }
  if (parameters.size === 0) throw refused('it is empty.')
  return parameters
}

function decoded(part: string): string {
  let value: string
  try {
    value = decodeURIComponent(part)
  } catch {
    throw refused('a “%” is not followed by the code of a character; a bare % is written %25.')
  }
  if (value.includes('\0')) throw refused('it holds a zero byte.')
  return value
}

function splitOnce(text: string, separator: string): [string, string | undefined] {
  const at = text.indexOf(separator)
  return at === -1 ? [text, undefined] : [text.slice(0, at), text.slice(at + separator.length)]
}

const refused = (why: string) =>
  new VisorError('invalid-argument', `This is not the address of a PostgreSQL server: ${why}`)
