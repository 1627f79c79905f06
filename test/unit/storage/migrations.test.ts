/** Which migrations run, and which databases are refused. */
import { expect, test } from 'vitest'
import { parseMigrations, pendingMigrations } from '../../../src-main/storage/migrations'

const known = parseMigrations({
  'migrations/sqlite/0020-second.sql': 'CREATE TABLE b (x);\n',
  'migrations/sqlite/0010-first.sql': 'CREATE TABLE a (x);\n',
})

test('are ordered by number, and run from where the database is', () => {
  expect(known.map(({ version, name }) => [version, name])).toEqual([
    [10, 'first'],
    [20, 'second'],
  ])
  expect(pendingMigrations(known, [])).toEqual(known)
  expect(pendingMigrations(known, known.slice(0, 1))).toEqual(known.slice(1))
  expect(pendingMigrations(known, known)).toEqual([])
})

test('have one checksum whatever the line ends', () => {
  const [windows] = parseMigrations({ '0010-first.sql': 'CREATE TABLE a (x);\r\n' })
  expect(windows!.checksum).toBe(known[0]!.checksum)
})

test('a changed, renamed, unknown or passed-over one is refused', () => {
  const tampered = expect.objectContaining({ code: 'migration-tampered' })
  const [first, second] = known as [(typeof known)[number], (typeof known)[number]]
  expect(() => pendingMigrations(known, [{ ...first, checksum: '0'.repeat(64) }])).toThrowError(tampered)
  expect(() => pendingMigrations(known, [{ ...first, name: 'other' }])).toThrowError(tampered)
  expect(() => pendingMigrations(known, [first, { ...second, version: 15 }])).toThrowError(tampered)
  expect(() => pendingMigrations(known, [second])).toThrowError(tampered)
})

test('a database of a newer Visor is refused as such', () => {
  const newer = { version: 30, name: 'third', checksum: '0'.repeat(64) }
  expect(() => pendingMigrations(known, [...known, newer])).toThrowError(
    expect.objectContaining({ code: 'database-newer' }),
  )
})

test('file names are NNNN-name.sql, in tens, each number once', () => {
  expect(() => parseMigrations({ '10-first.sql': '' })).toThrow()
  expect(() => parseMigrations({ '0015-first.sql': '' })).toThrow()
  expect(() => parseMigrations({ 'a/0010-first.sql': '', 'b/0010-other.sql': '' })).toThrow()
})
