/** libpq's parameters as settings: of a URL, a conninfo string, a service file. Every process. */
import type { z } from 'zod'
import { VisorError } from './errors'
import {
  defaultServerConnection,
  portSchema,
  type ServerConnection,
  type ServerHost,
  type ServerPool,
  serverConnectionInputSchema,
} from './server'

/** The settings that a text can hold; what it does not say is absent. */
export type ServerTextSettings = Partial<Omit<ServerConnection, 'pool' | 'passwordIn'>> & {
  readonly pool?: Partial<ServerPool>
}

/** Values as they were written, by libpq's name; the password is never among them. */
export type ServerParameters = Partial<Record<ParameterName, string>>

type Reader = (value: string, settings: Writable) => void
type Writable = { -readonly [K in keyof ServerTextSettings]: ServerTextSettings[K] }

const shape = serverConnectionInputSchema.shape

function checked<S extends z.ZodType>(schema: S, name: string, value: unknown): z.output<S> {
  const result = schema.safeParse(value)
  if (!result.success) throw unfit(name)
  return result.data
}

const unfit = (name: string) =>
  new VisorError('invalid-argument', `The value of “${name}” is not one that Visor can use.`, {
    remedy: 'docs/server-connection.md lists what each parameter may be.',
  })

type TextField = {
  [K in keyof ServerTextSettings]-?: ServerConnection[Exclude<K, 'pool'>] extends string | null ? K : never
}[keyof ServerTextSettings]

const field =
  (name: string, key: TextField): Reader =>
  (value, settings) => {
    if (value === '') return
    Object.assign(settings, { [key]: checked(shape[key], name, value) })
  }

const seconds = (name: string, value: string): number => {
  if (!/^-?\d{1,9}$/.test(value)) throw unfit(name)
  return Number(value)
}

const inPool = (settings: Writable, patch: Partial<ServerPool>) => {
  settings.pool = { ...settings.pool, ...patch }
}

/** What a value would weaken if it were passed over: it is refused where Visor does not do what it asks for. */
const onlyAs =
  (name: string, ...accepted: readonly string[]): Reader =>
  (value) => {
    if (value === '' || accepted.includes(value)) return
    throw new VisorError('invalid-argument', `Visor does not know “${name}” with this value.`, {
      consequence: 'It asks for a protection that would silently be missing.',
      remedy: accepted.length === 0 ? 'Leave it out.' : `Leave it out, or use ${accepted.join(' or ')}.`,
    })
  }

/** What each parameter does to the settings. `host` and `port` are read together by {@link settingsOf}. */
export const parameterReaders = {
  host: () => undefined,
  port: () => undefined,
  dbname: field('dbname', 'database'),
  user: field('user', 'user'),
  sslmode: field('sslmode', 'sslMode'),
  sslrootcert: field('sslrootcert', 'sslRootCertificate'),
  sslcert: field('sslcert', 'sslCertificate'),
  sslkey: field('sslkey', 'sslKey'),
  service: field('service', 'service'),
  passfile: field('passfile', 'passfile'),
  application_name: field('application_name', 'applicationName'),
  target_session_attrs: field('target_session_attrs', 'targetSession'),
  connect_timeout: (value, settings) => {
    const given = seconds('connect_timeout', value)
    // libpq: zero or less waits for ever; a console that waits for ever is of no use, so the default holds.
    if (given > 0) {
      const connectTimeoutMs = checked(shape.pool.shape.connectTimeoutMs, 'connect_timeout', given * 1000)
      inPool(settings, { connectTimeoutMs })
    }
  },
  keepalives: (value, settings) => inPool(settings, { keepAlive: seconds('keepalives', value) !== 0 }),
  keepalives_idle: (value, settings) => {
    const given = seconds('keepalives_idle', value)
    if (given > 0) {
      const keepAliveIdleSeconds = checked(shape.pool.shape.keepAliveIdleSeconds, 'keepalives_idle', given)
      inPool(settings, { keepAliveIdleSeconds })
    }
  },
  hostaddr: onlyAs('hostaddr'),
  sslcrl: onlyAs('sslcrl'),
  sslcrldir: onlyAs('sslcrldir'),
  sslpassword: onlyAs('sslpassword'),
  requirepeer: onlyAs('requirepeer'),
  require_auth: onlyAs('require_auth'),
  channel_binding: onlyAs('channel_binding', 'prefer', 'disable'),
  gssencmode: onlyAs('gssencmode', 'disable', 'prefer'),
  sslnegotiation: onlyAs('sslnegotiation', 'postgres'),
  ssl_min_protocol_version: onlyAs('ssl_min_protocol_version', 'TLSv1', 'TLSv1.1', 'TLSv1.2'),
} as const satisfies Record<string, Reader>
export type ParameterName = keyof typeof parameterReaders

/** Parameters of libpq that change nothing here, and weaken nothing when they are passed over. */
export const unusedParameters: readonly string[] = [
  'client_encoding',
  'fallback_application_name',
  'gssdelegation',
  'gsslib',
  'keepalives_count',
  'keepalives_interval',
  'krbsrvname',
  'load_balance_hosts',
  'options',
  'sslcertmode',
  'sslcompression',
  'sslsni',
  'tcp_user_timeout',
]

/** The settings of checked parameters. Raises `invalid-argument`, naming the parameter and never its value. */
export function settingsOf(parameters: ServerParameters): ServerTextSettings {
  const settings: Writable = {}
  for (const [name, value] of Object.entries(parameters)) {
    const read: Reader = parameterReaders[name as ParameterName]
    read(value, settings)
  }
  const hosts = hostsOf(parameters.host, parameters.port)
  if (hosts.length > 0) settings.hosts = hosts
  return settings
}

/** libpq's lists: hosts by commas, and as many ports, or one for all. Raises `invalid-argument`. */
export function hostsOf(hosts = '', ports = ''): ServerHost[] {
  if (hosts === '' && ports === '') return []
  const names = hosts.split(',')
  const numbers = ports
    .split(',')
    .map((port) => (port === '' ? null : checked(portSchema, 'port', Number(port))))
  if (numbers.length !== 1 && numbers.length !== names.length) throw unfit('port')
  return names.map((name, index) => ({
    // A port without a host is one of this machine.
    host: checked(shape.hosts.element.shape.host, 'host', name === '' ? 'localhost' : name),
    port: numbers.length === 1 ? (numbers[0] ?? null) : (numbers[index] ?? null),
  }))
}

/** Settings with those of a text laid over them; what the text does not say stays. */
export function withServerText(base: ServerConnection, text: ServerTextSettings): ServerConnection {
  return { ...base, ...text, pool: { ...base.pool, ...text.pool } }
}

/** A text's settings alone; what it does not say is as in psql. */
export const asServerConnection = (text: ServerTextSettings): ServerConnection =>
  withServerText(defaultServerConnection, text)
