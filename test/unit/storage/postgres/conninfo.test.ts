/** What a connection means: settings, then the service file, then the environment, then PostgreSQL's own defaults. */
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { afterAll, describe, expect, test } from 'vitest'
import { resolveServer, type Surroundings } from '../../../../src-main/storage/postgres/conninfo'
import { parseService } from '../../../../src-main/storage/postgres/service-file'
import { asServerConnection } from '../../../../src-shared/server-parameters'
import { parseServerText } from '../../../../src-shared/server-url'

const home = mkdtempSync(join(tmpdir(), 'visor-home-'))
afterAll(() => rmSync(home, { recursive: true }))
mkdirSync(join(home, 'shared'))

const around = (environment: NodeJS.ProcessEnv = {}, platform: NodeJS.Platform = 'linux'): Surroundings => ({
  environment: { PGSYSCONFDIR: join(home, 'shared'), ...environment },
  platform,
  home,
  systemUser: 'operator',
})
const settings = (text: string) => asServerConnection(parseServerText(text).settings)
const resolved = (text: string, environment?: NodeJS.ProcessEnv, password?: string) =>
  resolveServer(settings(text), password, around(environment))

const write = (path: string, text: string, mode = 0o600) => {
  writeFileSync(path, text)
  chmodSync(path, mode)
}

describe('settings, service, environment, default', () => {
  write(
    join(home, '.pg_service.conf'),
    '# ours\n[other]\nhost=wrong\n\n[visor]\nhost=from-service\nport=5555\n dbname=service-faces\nsslmode=require\npassword=service-word\n[last]\nuser=nobody\n',
  )
  write(join(home, 'shared', 'pg_service.conf'), '[visor]\nhost=shadowed\n[everybody]\nhost=shared-host\n')

  test('nothing said', async () => {
    const target = await resolved('postgresql://db')
    expect(target).toMatchObject({
      hosts: [{ host: 'db', port: 5432 }],
      user: 'operator',
      database: 'operator',
      sslMode: 'prefer',
      applicationName: 'visor',
      targetSession: 'any',
      origins: { hosts: 'settings', user: 'default', database: 'default', sslMode: 'default' },
    })
  })

  test('the environment fills what is not said', async () => {
    const environment = {
      PGHOST: 'env',
      PGPORT: '5433',
      PGDATABASE: 'env-faces',
      PGUSER: 'env-user',
      PGSSLMODE: 'require',
      PGAPPNAME: 'env-name',
    }
    expect(await resolved('postgresql://', environment)).toMatchObject({
      hosts: [{ host: 'env', port: 5433 }],
      user: 'env-user',
      database: 'env-faces',
      sslMode: 'require',
      applicationName: 'env-name',
      origins: { hosts: 'environment', user: 'environment' },
    })
    expect(await resolved('postgresql://ana@db/faces?sslmode=disable', environment)).toMatchObject({
      hosts: [{ host: 'db', port: 5433 }],
      user: 'ana',
      database: 'faces',
      sslMode: 'disable',
    })
  })

  test('the service comes before the environment, the settings before both', async () => {
    const environment = {
      PGSERVICE: 'visor',
      PGHOST: 'env',
      PGPORT: '5433',
      PGUSER: 'env-user',
      PGDATABASE: 'env-faces',
    }
    expect(await resolved('postgresql://', environment)).toMatchObject({
      hosts: [{ host: 'from-service', port: 5555 }],
      database: 'service-faces',
      user: 'env-user',
      sslMode: 'require',
      origins: { hosts: 'service', database: 'service', user: 'environment', sslMode: 'service' },
    })
    expect(await resolved('service=visor dbname=mine')).toMatchObject({
      hosts: [{ host: 'from-service', port: 5555 }],
      database: 'mine',
    })
    expect(await resolved('service=everybody', { PGSERVICE: 'visor' })).toMatchObject({
      hosts: [{ host: 'shared-host', port: 5432 }],
    })
  })

  test('PGSERVICEFILE names another file; a service that is nowhere is told', async () => {
    write(join(home, 'mine.conf'), '[visor]\nhost=mine\n')
    const target = await resolved('service=visor', { PGSERVICEFILE: join(home, 'mine.conf') })
    expect(target.hosts).toEqual([{ host: 'mine', port: 5432 }])
    await expect(resolved('service=nowhere')).rejects.toMatchObject({ code: 'not-found' })
  })

  test('several hosts, each with its port', async () => {
    const target = await resolved('postgresql://', { PGHOST: 'a,b', PGPORT: '5433,5434' })
    expect(target.hosts).toEqual([
      { host: 'a', port: 5433 },
      { host: 'b', port: 5434 },
    ])
    const lone = await resolved('postgresql://a,b:7', { PGPORT: '5433' })
    expect(lone.hosts).toEqual([
      { host: 'a', port: 5433 },
      { host: 'b', port: 7 },
    ])
  })

  test('a variable that asks for what Visor does not do is not passed over', async () => {
    await expect(resolved('postgresql://db', { PGREQUIREAUTH: 'scram-sha-256' })).rejects.toMatchObject({
      code: 'invalid-argument',
    })
    await expect(resolved('postgresql://db', { PGSSLMODE: 'no-verify' })).rejects.toMatchObject({
      code: 'invalid-argument',
    })
  })

  test('the system’s certificates mean the full check', async () => {
    expect(await resolved('postgresql://db?sslrootcert=system')).toMatchObject({ sslMode: 'verify-full' })
    await expect(resolved('postgresql://db?sslrootcert=system&sslmode=require')).rejects.toMatchObject({
      code: 'invalid-argument',
    })
    await expect(
      resolved('postgresql://db', { PGSSLROOTCERT: 'system', PGSSLMODE: 'prefer' }),
    ).rejects.toMatchObject({ code: 'invalid-argument' })
  })
})

describe('a service file', () => {
  test('its first section of the name, the first of two values', () => {
    const text = '[a]\nhost=one\nhost=two\n[a]\nport=1\n'
    expect(parseService(text, 'a', 'f')).toEqual(new Map([['host', 'one']]))
    expect(parseService(text, 'b', 'f')).toBeUndefined()
  })

  test.each(['[a]\nldap://directory/x', '[a]\nservice=b', '[a]\nnonsense'])('with %j is refused', (text) => {
    expect(() => parseService(text, 'a', 'f')).toThrow('cannot read')
  })
})

describe('the password', () => {
  const at = { host: 'db', port: 5432 }
  write(join(home, '.pgpass'), 'db:5432:*:*:file-word\n')

  test.each([
    ['given', 'postgresql://db', { PGPASSWORD: 'env-word' }, 'given-word', 'given-word'],
    ['of the environment', 'postgresql://db', { PGPASSWORD: 'env-word' }, undefined, 'env-word'],
    ['of the file', 'postgresql://db', {}, undefined, 'file-word'],
    ['of the service', 'service=visor', {}, undefined, 'service-word'],
    [
      'of the service, though the environment has one',
      'service=visor',
      { PGPASSWORD: 'env-word' },
      undefined,
      'service-word',
    ],
  ])('%s', async (_, text, environment, given, expected) => {
    const target = await resolved(text, environment, given)
    expect(await target.password.for(at)).toBe(expected)
  })

  test('a file named elsewhere', async () => {
    write(join(home, 'pass'), 'db:*:*:*:other-file\n')
    const byVariable = await resolved('postgresql://db', { PGPASSFILE: join(home, 'pass') })
    expect(await byVariable.password.for(at)).toBe('other-file')
    const bySetting = await resolved(`postgresql://db?passfile=${join(home, 'pass')}`)
    expect(await bySetting.password.for(at)).toBe('other-file')
    expect(await bySetting.password.for({ host: 'elsewhere', port: 1 })).toBeUndefined()
  })

  test('Windows has its files in its own folder', async () => {
    const folder = join(home, 'Roaming', 'postgresql')
    mkdirSync(folder, { recursive: true })
    write(join(folder, 'pgpass.conf'), 'db:*:*:*:windows-word\n', 0o644)
    write(join(folder, '.pg_service.conf'), '[w]\nhost=win\n')
    const windows = around({ APPDATA: join(home, 'Roaming') }, 'win32')
    const target = await resolveServer(settings('postgresql://db'), undefined, windows)
    expect(await target.password.for(at)).toBe('windows-word')
    expect(target.userFolder).toBe(folder)
    expect((await resolveServer(settings('service=w'), undefined, windows)).hosts[0].host).toBe('win')
  })

  test('a file that others can read is not used, and that can be told', async () => {
    const path = join(home, 'open')
    write(path, 'db:*:*:*:open-word\n', 0o644)
    const target = await resolved(`postgresql://db?passfile=${path}`)
    expect(await target.password.for(at)).toBeUndefined()
    expect(await target.password.fault()).toBe('readable-by-others')
  })

  test('shows in no print of the target', async () => {
    const target = await resolved('service=visor', {}, 'given-word')
    const prints = [
      inspect(target, { depth: null, showHidden: true }),
      JSON.stringify(target),
      String(target.password),
    ]
    for (const print of prints) expect(print).not.toMatch(/given-word|service-word/)
  })
})
