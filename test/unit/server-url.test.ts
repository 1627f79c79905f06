/** Connections as text, both ways; and that a password in one goes nowhere else. */
import { describe, expect, it, test } from 'vitest'
import { VisorError } from '../../src-shared/errors'
import {
  defaultServerConnection,
  type ServerConnection,
  serverConnectionInputSchema,
  serverConnectionSchema,
} from '../../src-shared/server'
import { asServerConnection, hostsOf, withServerText } from '../../src-shared/server-parameters'
import { holdsPassword, parseServerText, serverUrl } from '../../src-shared/server-url'

const settingsOf = (text: string) => parseServerText(text).settings

function refusal(text: string): VisorError {
  try {
    parseServerText(text)
  } catch (error) {
    if (error instanceof VisorError) return error
  }
  throw new Error('it was taken')
}

describe('a URL', () => {
  test.each([
    ['postgresql://', {}],
    ['postgres://db', { hosts: [{ host: 'db', port: null }] }],
    ['postgresql://db:5433/faces', { hosts: [{ host: 'db', port: 5433 }], database: 'faces' }],
    ['postgresql://ana@db/', { user: 'ana', hosts: [{ host: 'db', port: null }] }],
    [
      'postgresql:///faces?host=/var/run/postgresql',
      { hosts: [{ host: '/var/run/postgresql', port: null }], database: 'faces' },
    ],
    [
      'postgresql://%2Fvar%2Frun%2Fpostgresql:5433/faces',
      { hosts: [{ host: '/var/run/postgresql', port: 5433 }], database: 'faces' },
    ],
    [
      'postgresql://[2001:db8::7]:5433/faces',
      { hosts: [{ host: '2001:db8::7', port: 5433 }], database: 'faces' },
    ],
    ['postgresql://[::1]', { hosts: [{ host: '::1', port: null }] }],
    [
      'postgresql://a:1,b,[::1]:3/x?target_session_attrs=read-write',
      {
        hosts: [
          { host: 'a', port: 1 },
          { host: 'b', port: null },
          { host: '::1', port: 3 },
        ],
        database: 'x',
        targetSession: 'read-write',
      },
    ],
    [
      'postgresql://?host=a,b&port=5433',
      {
        hosts: [
          { host: 'a', port: 5433 },
          { host: 'b', port: 5433 },
        ],
      },
    ],
    [
      'postgresql://%C4%8Drt%40dom@db/ime%20baze%2Fx',
      { user: 'črt@dom', hosts: [{ host: 'db', port: null }], database: 'ime baze/x' },
    ],
    [
      'postgresql://db?sslmode=verify-full&sslrootcert=system',
      { hosts: [{ host: 'db', port: null }], sslMode: 'verify-full', sslRootCertificate: 'system' },
    ],
    ['postgresql://db?ssl=true', { hosts: [{ host: 'db', port: null }], sslMode: 'require' }],
    [
      'postgresql://db?connect_timeout=3&keepalives=0&keepalives_idle=60',
      {
        hosts: [{ host: 'db', port: null }],
        pool: { connectTimeoutMs: 3000, keepAlive: false, keepAliveIdleSeconds: 60 },
      },
    ],
    [
      'postgresql://db?service=visor&passfile=/etc/visor/pass',
      { hosts: [{ host: 'db', port: null }], service: 'visor', passfile: '/etc/visor/pass' },
    ],
    // What comes later in a URL counts, as in libpq.
    [
      'postgresql://ana@db/faces?user=bor&dbname=other',
      { user: 'bor', hosts: [{ host: 'db', port: null }], database: 'other' },
    ],
  ])('%s', (text, settings) => {
    expect(parseServerText(text)).toEqual({ settings, password: null, ignored: [] })
  })

  test.each([
    ['postgresql://ana:se%3Acret@db/x', 'se:cret'],
    ['postgresql://ana:p@ss@db/x', 'p@ss'],
    ['postgresql://ana:a:b@db/x', 'a:b'],
    ['postgresql://ana@db/x?password=p%26q', 'p&q'],
    ['postgresql://ana:100%25@db', '100%'],
  ])('gives the password of %s apart', (text, password) => {
    const parsed = parseServerText(text)
    expect(parsed.password).toBe(password)
    expect(parsed.settings).toMatchObject({ user: 'ana', hosts: [{ host: 'db', port: null }] })
    expect(JSON.stringify(parsed.settings)).not.toContain(password)
    expect(holdsPassword(text)).toBe(true)
    expect(serverUrl(asServerConnection(parsed.settings))).not.toContain(password)
  })

  test.each([
    'postgresql://ana:geheim/7@db/x',
    'postgresql://ana:12/geheim@db/x',
    'postgresql://ana:12?geheim@db/x',
    'postgresql://ana:geheim%zz@db/x',
    'postgresql://ana:geheim@db:99999/x',
    'postgresql://ana:geheim@db:port/x',
    'postgresql://ana:geheim@2001:db8::7/x',
    'postgresql://ana:geheim@db/x?sslmode=geheim',
    'postgresql://ana:geheim@db/x?sslmode',
    'postgresql://ana:geheim@db/x?connect_timeout=geheim',
    'postgresql://ana:geheim@a,b,c?port=1,2',
    'https://ana:geheim@db/x',
    'ana:geheim@db/x',
    "password='geheim",
    'host=db password=geheim port=x',
    '',
  ])('%j is refused, and no word of the error repeats it', (text) => {
    const error = refusal(text)
    expect(error.code).toBe('invalid-argument')
    expect(
      [error.message, error.consequence, error.remedy, error.detail, String(error.cause)].join(),
    ).not.toContain('geheim')
  })

  test.each([
    'hostaddr=1.2.3.4',
    'channel_binding=require',
    'sslcrl=/x',
    'require_auth=scram-sha-256',
    'gssencmode=require',
    'requirepeer=postgres',
  ])('what promises more than Visor does is refused: %s', (parameter) => {
    expect(refusal(`postgresql://db?${parameter}`).message).toContain(parameter.split('=')[0] ?? '')
  })

  it('tells what it passes over, by name', () => {
    expect(parseServerText('postgresql://db?pgbouncer=true&channel_binding=prefer').ignored).toEqual([
      'pgbouncer',
    ])
  })
})

describe('keywords and values', () => {
  test.each([
    [
      'host=db port=5433 dbname=faces user=ana',
      { hosts: [{ host: 'db', port: 5433 }], database: 'faces', user: 'ana' },
    ],
    ["  dbname = 'my faces'\tuser='o\\'neil' ", { database: 'my faces', user: "o'neil" }],
    [
      'host=a,b port=1,2',
      {
        hosts: [
          { host: 'a', port: 1 },
          { host: 'b', port: 2 },
        ],
      },
    ],
    ['user=back\\\\slash host=/tmp', { user: 'back\\slash', hosts: [{ host: '/tmp', port: null }] }],
    ["service=visor sslmode=''", { service: 'visor' }],
  ])('%s', (text, settings) => {
    expect(settingsOf(text)).toEqual(settings)
  })

  it('gives the password apart', () => {
    const parsed = parseServerText("host=db password='two words'")
    expect(parsed).toEqual({
      settings: { hosts: [{ host: 'db', port: null }] },
      password: 'two words',
      ignored: [],
    })
  })
})

describe('there and back', () => {
  const all: ServerConnection = {
    ...defaultServerConnection,
    hosts: [
      { host: 'db.example.org', port: 5433 },
      { host: '2001:db8::7', port: null },
      { host: '/var/run/postgresql', port: 5432 },
    ],
    database: 'obrazi in ljudje/1?#&=',
    user: 'črt@dom:x',
    sslMode: 'verify-full',
    sslRootCertificate: '/etc/ca bundle.pem',
    sslCertificate: '/home/a/.postgresql/a.crt',
    sslKey: 'C:\\keys\\a&b.key',
    service: 'visor',
    passfile: '/run/pass+file',
    applicationName: 'visor 2',
    targetSession: 'primary',
    pool: {
      ...defaultServerConnection.pool,
      connectTimeoutMs: 9000,
      keepAlive: false,
      keepAliveIdleSeconds: 77,
    },
  }

  test.each([
    ['everything', all],
    ['nothing', defaultServerConnection],
    ['a service', { ...defaultServerConnection, service: 'visor' }],
    ['a user alone', { ...defaultServerConnection, user: 'ana' }],
  ])('%s', (_, settings) => {
    expect(withServerText(defaultServerConnection, settingsOf(serverUrl(settings)))).toEqual(settings)
  })

  it('leaves what the text does not say', () => {
    const merged = withServerText(all, settingsOf('postgresql://other/?connect_timeout=3'))
    expect(merged).toEqual({
      ...all,
      hosts: [{ host: 'other', port: null }],
      pool: { ...all.pool, connectTimeoutMs: 3000 },
    })
  })
})

it('as many ports as hosts, or one', () => {
  expect(hostsOf('a,b', '7')).toEqual([
    { host: 'a', port: 7 },
    { host: 'b', port: 7 },
  ])
  expect(hostsOf('a,b', ',8')).toEqual([
    { host: 'a', port: null },
    { host: 'b', port: 8 },
  ])
  expect(() => hostsOf('a,b,c', '1,2')).toThrow(VisorError)
})

describe('the settings', () => {
  it('fall back field by field, and keep no field of another name', () => {
    const read = serverConnectionSchema.parse({
      hosts: [{ host: 'db', port: 70_000 }],
      database: 'faces',
      sslMode: 'no-verify',
      password: 'geheim',
      pool: { size: 1000, connectTimeoutMs: 3000 },
    })
    expect(read).toEqual({
      ...defaultServerConnection,
      database: 'faces',
      pool: { ...defaultServerConnection.pool, connectTimeoutMs: 3000 },
    })
    expect(JSON.stringify(read)).not.toContain('geheim')
  })

  it('that a form sends are refused where they are wrong, a password among them too', () => {
    expect(serverConnectionInputSchema.parse(defaultServerConnection)).toEqual(defaultServerConnection)
    expect(serverConnectionInputSchema.safeParse({ ...defaultServerConnection, password: 'x' }).success).toBe(
      false,
    )
    expect(serverConnectionInputSchema.safeParse({ ...defaultServerConnection, user: '' }).success).toBe(
      false,
    )
    expect(
      serverConnectionInputSchema.safeParse({
        ...defaultServerConnection,
        hosts: [{ host: 'a,b', port: null }],
      }).success,
    ).toBe(false)
  })
})
