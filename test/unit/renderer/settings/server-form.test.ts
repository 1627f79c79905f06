/** The form of a connection: fields and URL say the same, a password is in neither. */
import { describe, expect, it } from 'vitest'
import {
  formOf,
  isChanged,
  isSound,
  withFields,
  withHosts,
  withUrl,
} from '../../../../src-renderer/features/settings/server/server-form'
import { defaultServerConnection } from '../../../../src-shared/server'

const empty = formOf(defaultServerConnection)

describe('the form of a connection', () => {
  it('says nothing where nothing is said', () => {
    expect(empty.text).toEqual({ url: '', host: '', port: '' })
  })

  it('follows a URL, and the URL follows the fields', () => {
    const typed = withUrl(empty, 'postgresql://ana@one,two:5433/faces?sslmode=require&options=x')
    expect(typed.text).toMatchObject({ host: 'one,two', port: ',5433' })
    expect(typed.connection).toMatchObject({ user: 'ana', database: 'faces', sslMode: 'require' })
    expect(typed.note).toBe('Not used by Visor: options.')
    const changed = withHosts(withFields(typed, { database: null }), 'host', 'three')
    expect(changed.problem).toHaveProperty('host')
    expect(withHosts(changed, 'port', '5434').text.url).toBe('postgresql://ana@three:5434/?sslmode=require')
  })

  it('keeps what a URL has no words for, and takes everything else from it', () => {
    const pool = { ...defaultServerConnection.pool, size: 3 }
    const before = withFields(empty, { pool, passwordIn: 'ask-each-time', user: 'ana' })
    expect(withUrl(before, 'host=db').connection).toEqual({
      ...defaultServerConnection,
      hosts: [{ host: 'db', port: null }],
      pool,
      passwordIn: 'ask-each-time',
    })
  })

  it('takes a password out', () => {
    const typed = withUrl(empty, 'postgresql://ana:se%2Fcret@db/faces')
    expect([typed.password, typed.text.url]).toEqual(['se/cret', 'postgresql://ana@db/faces'])
    expect(JSON.stringify(typed.connection)).not.toContain('cret')
    expect(withUrl(typed, '').password).toBe('se/cret')
  })

  it('says what is wrong, and leaves the connection as it was', () => {
    const wrong = withUrl(withUrl(empty, 'host=db'), 'mysql://db')
    expect(isSound(wrong)).toBe(false)
    expect(wrong.connection.hosts).toEqual([{ host: 'db', port: null }])
    expect(isSound(withUrl(wrong, 'host=other'))).toBe(true)
    expect(withHosts(empty, 'port', '70000').problem.port).toMatch(/port/)
  })

  it('knows whether there is something to save', () => {
    expect(isChanged(empty, defaultServerConnection)).toBe(false)
    expect(isChanged({ ...empty, password: 'x' }, defaultServerConnection)).toBe(true)
    expect(isChanged(withUrl(empty, 'host=db'), defaultServerConnection)).toBe(true)
  })
})
