/** The password file: which line counts, and when the file is passed over. */
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { findPassword, passfileFault, passwordFromFile } from '../../../../src-main/storage/postgres/passfile'

const key = { host: 'db', port: 5432, database: 'faces', user: 'ana' }
const folder = mkdtempSync(join(tmpdir(), 'visor-passfile-'))
afterAll(() => rmSync(folder, { recursive: true }))

describe('the line', () => {
  test.each([
    ['of all four', 'db:5432:faces:ana:one', key, 'one'],
    ['of any', '*:*:*:*:one', key, 'one'],
    ['that comes first', '*:*:*:ana:one\ndb:5432:faces:ana:two', key, 'one'],
    ['that fits', 'db:5433:*:*:one\ndb:*:other:*:two\ndb:*:*:bor:three\ndb:*:*:ana:four', key, 'four'],
    ['after comments and blanks', '# db:5432:faces:ana:no\n\nnonsense\ndb:5432:faces:ana:one', key, 'one'],
    [
      'with escapes',
      'd\\:b:5432:fa\\\\ces:ana:p\\:a\\\\s',
      { ...key, host: 'd:b', database: 'fa\\ces' },
      'p:a\\s',
    ],
    ['with an IPv6 address', '2001\\:db8\\:\\:7:*:*:*:one', { ...key, host: '2001:db8::7' }, 'one'],
    ['of Windows', 'db:5432:faces:ana:one\r\n', key, 'one'],
    ['of the default socket', 'localhost:*:*:*:one', { ...key, host: '/var/run/postgresql' }, 'one'],
    ['of another socket', 'localhost:*:*:*:one\n/srv/pg:*:*:*:two', { ...key, host: '/srv/pg' }, 'two'],
    ['with a password that ends in a backslash', 'db:*:*:*:one\\', key, 'one\\'],
    ['with blanks in the password', 'db:*:*:*: o ne ', key, ' o ne '],
    ['of a name that is a star', '\\*:*:*:*:no\ndb:*:*:*:one', key, 'one'],
    ['of which there is none', 'other:*:*:*:one\ndb:5432:faces', key, undefined],
  ])('%s', (_, text, asked, password) => {
    expect(findPassword(text, asked)).toBe(password)
  })
})

describe('the file', () => {
  const file = (name: string, mode: number) => {
    const path = join(folder, name)
    writeFileSync(path, 'db:5432:faces:ana:one\n')
    chmodSync(path, mode)
    return path
  }

  test('of its owner alone is read', async () => {
    const path = file('own', 0o600)
    expect(await passfileFault(path)).toBeUndefined()
    expect(await passwordFromFile(path, key)).toBe('one')
    expect(await passwordFromFile(path, { ...key, user: 'bor' })).toBeUndefined()
  })

  test.each([0o640, 0o604, 0o660, 0o644])('of mode %o is passed over, except on Windows', async (mode) => {
    const path = file('shared', mode)
    expect(await passfileFault(path)).toBe('readable-by-others')
    expect(await passwordFromFile(path, key)).toBeUndefined()
    expect(await passwordFromFile(path, key, 'win32')).toBe('one')
  })

  test('that is none is passed over', async () => {
    const path = join(folder, 'folder')
    mkdirSync(path, { mode: 0o700 })
    expect(await passfileFault(path)).toBe('not-a-file')
    expect(await passwordFromFile(path, key)).toBeUndefined()
    expect(await passfileFault(join(folder, 'nowhere'))).toBeUndefined()
    expect(await passwordFromFile(join(folder, 'nowhere'), key)).toBeUndefined()
  })
})
