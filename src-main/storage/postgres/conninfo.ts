/** Where to connect to, from the settings, a service file, the environment and libpq's defaults. Server thread, command line. */
import { existsSync } from 'node:fs'
import { homedir, userInfo } from 'node:os'
import { join } from 'node:path'
import { VisorError } from '../../../src-shared/errors'
import type { ServerConnection, ServerPool, SslMode, TargetSession } from '../../../src-shared/server'
import {
  type ParameterName,
  parameterReaders,
  type ServerParameters,
  type ServerTextSettings,
  settingsOf,
  unusedParameters,
} from '../../../src-shared/server-parameters'
import { type PassfileFault, passfileFault, passwordFromFile } from './passfile'
import { readService } from './service-file'

/** One server that can be tried: a name, an address, or the folder of a Unix socket. */
export interface HostPort {
  readonly host: string
  readonly port: number
}

/** A server as it is told to people: `host:port`. */
export const placeOf = ({ host, port }: HostPort): string =>
  host.includes(':') && !host.startsWith('/') ? `[${host}]:${port}` : `${host}:${port}`

/** Where a value came from, strongest first. */
export type Origin = 'settings' | 'service' | 'environment' | 'default'

/** All that is needed to connect. Nothing in it shows the password, however it is printed. */
export interface ServerTarget {
  readonly hosts: readonly [HostPort, ...HostPort[]]
  readonly database: string
  readonly user: string
  readonly sslMode: SslMode
  /** Files that were named, `system`, or `null`: libpq's own places, where there is something. */
  readonly sslRootCertificate: string | null
  readonly sslCertificate: string | null
  readonly sslKey: string | null
  /** The folder of libpq's own files: `~/.postgresql`. */
  readonly userFolder: string
  readonly applicationName: string
  readonly targetSession: TargetSession
  readonly pool: ServerPool
  readonly password: PasswordSource
  readonly origins: {
    readonly [K in 'hosts' | 'database' | 'user' | 'sslMode']: Origin
  }
}

/** The process around us; a test has its own. */
export interface Surroundings {
  readonly environment: NodeJS.ProcessEnv
  readonly platform: NodeJS.Platform
  readonly home: string
  readonly systemUser: string
}

const ownSurroundings = (): Surroundings => ({
  environment: process.env,
  platform: process.platform,
  home: homedir(),
  systemUser: userInfo().username,
})

/** Where the password comes from. It is looked up when a server asks for it, and kept out of every print of this object. */
export class PasswordSource {
  readonly passfile: string
  readonly #given: string | undefined
  readonly #key: { readonly database: string; readonly user: string }
  readonly #platform: NodeJS.Platform

  constructor(
    given: string | undefined,
    passfile: string,
    key: { readonly database: string; readonly user: string },
    platform: NodeJS.Platform,
  ) {
    this.#given = given
    this.passfile = passfile
    this.#key = key
    this.#platform = platform
  }

  async for({ host, port }: HostPort): Promise<string | undefined> {
    return this.#given ?? passwordFromFile(this.passfile, { host, port, ...this.#key }, this.#platform)
  }

  /** Why the password file is passed over, where it would have been asked. */
  async fault(): Promise<PassfileFault | undefined> {
    return this.#given === undefined ? passfileFault(this.passfile, this.#platform) : undefined
  }
}

/** The environment's word for each parameter. https://www.postgresql.org/docs/current/libpq-envars.html */
const variables = {
  host: 'PGHOST',
  hostaddr: 'PGHOSTADDR',
  port: 'PGPORT',
  dbname: 'PGDATABASE',
  user: 'PGUSER',
  passfile: 'PGPASSFILE',
  application_name: 'PGAPPNAME',
  sslmode: 'PGSSLMODE',
  sslrootcert: 'PGSSLROOTCERT',
  sslcert: 'PGSSLCERT',
  sslkey: 'PGSSLKEY',
  sslcrl: 'PGSSLCRL',
  sslcrldir: 'PGSSLCRLDIR',
  requirepeer: 'PGREQUIREPEER',
  require_auth: 'PGREQUIREAUTH',
  channel_binding: 'PGCHANNELBINDING',
  gssencmode: 'PGGSSENCMODE',
  sslnegotiation: 'PGSSLNEGOTIATION',
  ssl_min_protocol_version: 'PGSSLMINPROTOCOLVERSION',
  target_session_attrs: 'PGTARGETSESSIONATTRS',
} as const satisfies Partial<Record<ParameterName, string>>

const defaultPort = 5432

/**
 * What a connection means here. `password`: typed, or from the key store; without one, the service file, `PGPASSWORD` and
 * the password file are asked, as in psql. Raises `invalid-argument`, `not-found` (a service), `file-unreadable`.
 */
export async function resolveServer(
  settings: ServerConnection,
  password?: string,
  surroundings: Surroundings = ownSurroundings(),
): Promise<ServerTarget> {
  const { environment, platform, home, systemUser } = surroundings
  const userFolder =
    platform === 'win32' ? join(environment.APPDATA ?? home, 'postgresql') : join(home, '.postgresql')
  const serviceName = settings.service ?? (environment.PGSERVICE || undefined)
  const serviceParameters =
    serviceName === undefined
      ? new Map<string, string>()
      : await readService(serviceName, serviceFiles(surroundings, userFolder))
  const service = settingsOf(withoutLonePort(known(serviceParameters)))
  const around = settingsOf(withoutLonePort(environmentParameters(environment)))

  const pick = <K extends keyof ServerTextSettings & keyof ServerConnection>(
    key: K,
  ): { value: ServerConnection[K] | undefined; origin: Origin } => {
    const said = settings[key]
    if (said !== null && !(Array.isArray(said) && said.length === 0))
      return { value: said, origin: 'settings' }
    if (service[key] !== undefined) return { value: service[key] as ServerConnection[K], origin: 'service' }
    if (around[key] !== undefined) return { value: around[key] as ServerConnection[K], origin: 'environment' }
    return { value: undefined, origin: 'default' }
  }

  const hosts = pick('hosts')
  const user = pick('user')
  const database = pick('database')
  const sslMode = pick('sslMode')
  const rootCertificate = pick('sslRootCertificate').value ?? null
  const userName = user.value ?? systemUser
  const databaseName = database.value ?? userName
  const environmentPort = portOf(serviceParameters.get('port') ?? environment.PGPORT)
  const [first, ...others] = (
    hosts.value ?? [{ host: defaultHost(platform, environmentPort), port: null }]
  ).map(({ host, port }) => ({ host, port: port ?? environmentPort }))
  if (first === undefined) throw new VisorError('invalid-argument', 'No server is named.')
  return {
    hosts: [first, ...others],
    database: databaseName,
    user: userName,
    sslMode: modeWith(rootCertificate, sslMode.value ?? null),
    sslRootCertificate: rootCertificate,
    sslCertificate: pick('sslCertificate').value ?? null,
    sslKey: pick('sslKey').value ?? null,
    userFolder,
    applicationName: pick('applicationName').value ?? 'visor',
    targetSession: pick('targetSession').value ?? 'any',
    // The pool is the console's own; only a service file, which is written for one server, may say more of it.
    pool: { ...settings.pool, ...service.pool },
    password: new PasswordSource(
      password ?? (serviceParameters.get('password') || environment.PGPASSWORD || undefined),
      pick('passfile').value ?? defaultPassfile(platform, home, userFolder),
      { database: databaseName, user: userName },
      platform,
    ),
    origins: {
      hosts: hosts.origin,
      database: database.origin,
      user: user.origin,
      sslMode: sslMode.origin,
    },
  }
}

function environmentParameters(environment: NodeJS.ProcessEnv): ServerParameters {
  const named: ServerParameters = {}
  for (const [parameter, variable] of Object.entries(variables)) {
    const value = environment[variable]
    if (value !== undefined && value !== '') named[parameter as ParameterName] = value
  }
  return named
}

/** A service's parameters without the password. As in psql, a name that nobody knows is a mistake: it may have meant protection. */
function known(parameters: ReadonlyMap<string, string>): ServerParameters {
  const named: ServerParameters = {}
  for (const [name, value] of parameters) {
    if (name in parameterReaders) named[name as ParameterName] = value
    else if (name !== 'password' && !unusedParameters.includes(name)) {
      throw new VisorError(
        'invalid-argument',
        `The service file has a parameter “${name}”, which nobody knows.`,
        {
          remedy: 'Correct its name, or take it out.',
        },
      )
    }
  }
  return named
}

/** A port alone names no server: it is the port of whichever host is named elsewhere. */
function withoutLonePort(parameters: ServerParameters): ServerParameters {
  if (parameters.host !== undefined) return parameters
  const { port: _, ...others } = parameters
  return others
}

/** libpq: with the system's certificates only the full check means anything, because anybody can have one of those. */
function modeWith(rootCertificate: string | null, mode: SslMode | null): SslMode {
  if (rootCertificate !== 'system') return mode ?? 'prefer'
  if (mode === null || mode === 'verify-full') return 'verify-full'
  throw new VisorError('invalid-argument', 'The system’s certificates need the TLS mode “verify-full”.', {
    consequence: 'In a weaker mode any server with any public certificate would be trusted.',
    remedy: 'Choose verify-full, or name the certificate of your own authority.',
  })
}

/** The first port of a list that was not read with its hosts. */
function portOf(ports: string | undefined): number {
  const port = Number(ports?.split(',')[0] || defaultPort)
  return Number.isInteger(port) && port >= 1 && port <= 65_535 ? port : defaultPort
}

/** The socket that PostgreSQL makes on this machine, Debian's place before PostgreSQL's own; `localhost` where there is none. */
function defaultHost(platform: NodeJS.Platform, port: number): string {
  const folders = platform === 'win32' ? [] : ['/var/run/postgresql', '/tmp']
  return folders.find((folder) => existsSync(join(folder, `.s.PGSQL.${port}`))) ?? 'localhost'
}

const defaultPassfile = (platform: NodeJS.Platform, home: string, userFolder: string) =>
  platform === 'win32' ? join(userFolder, 'pgpass.conf') : join(home, '.pgpass')

function serviceFiles({ environment, platform, home }: Surroundings, userFolder: string): string[] {
  const own =
    environment.PGSERVICEFILE ||
    (platform === 'win32' ? join(userFolder, '.pg_service.conf') : join(home, '.pg_service.conf'))
  // Where nothing says otherwise: Debian's folder; elsewhere there is no one place.
  const shared = environment.PGSYSCONFDIR || '/etc/postgresql-common'
  return [own, join(shared, 'pg_service.conf')]
}
