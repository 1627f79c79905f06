/** Which server a command is about, and that a password on the command line is refused. */
import { describe, expect, it, test } from 'vitest'
import { namedServer } from '../../../src-main/cli/server-option'
import { VisorError } from '../../../src-shared/errors'
import { defaultServerConnection } from '../../../src-shared/server'

const saved = {
  ...defaultServerConnection,
  hosts: [{ host: 'saved', port: null }],
  sslRootCertificate: '/saved.crt',
  pool: { ...defaultServerConnection.pool, size: 3 },
}
const variable = { VISOR_POSTGRES_URL: 'postgresql://ana:geheim@variable/faces' }

describe('the server', () => {
  it('is the saved one where nothing is said', () => {
    expect(namedServer(undefined, saved, {})).toEqual({ connection: saved, password: undefined, ignored: [] })
  })

  it('is the variable’s, with its password', () => {
    const { connection, password } = namedServer(undefined, saved, variable)
    expect(password).toBe('geheim')
    expect(connection).toMatchObject({
      hosts: [{ host: 'variable' }],
      user: 'ana',
      sslRootCertificate: null,
      pool: { size: 3 },
    })
    expect(JSON.stringify(connection)).not.toContain('geheim')
  })

  it('is the option’s before all', () => {
    const { connection, password, ignored } = namedServer(
      'postgresql://option?pgbouncer=true',
      saved,
      variable,
    )
    expect(connection.hosts).toEqual([{ host: 'option', port: null }])
    expect(password).toBeUndefined()
    expect(ignored).toEqual(['pgbouncer'])
  })
})

test.each([
  'postgresql://ana:geheim@db/faces',
  'postgresql://ana:geheim%zz@db/faces',
  'postgresql://ana:ge/heim@db/faces',
  'postgresql://ana:ge?heim@db/faces',
  'postgresql://db/faces?password=geheim',
  'host=db password=geheim',
  "host=db password = 'geheim",
])('%s on the command line is refused for its password, which no word repeats', (text) => {
  let error: unknown
  try {
    namedServer(text, saved, {})
  } catch (thrown) {
    error = thrown
  }
  expect(error).toBeInstanceOf(VisorError)
  const { message, remedy, consequence, detail } = error as VisorError
  expect(message).toContain('does not belong on the command line')
  expect(remedy).toContain('PGPASSWORD')
  expect([message, consequence, remedy, detail].join()).not.toMatch(/geheim|ge.heim/)
})
