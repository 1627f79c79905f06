/** Which migrations run, and which databases are refused. */
import { expect, test } from 'vitest'
import { postgresMigrations } from '../../../../src-main/storage/postgres/postgres-migrations'
import {
  compareMigrations,
  indexStatements,
  parseMigrations,
  pendingMigrations,
} from '../../../../src-main/storage/schema/migrations'
import { sqliteMigrations } from '../../../../src-main/storage/sqlite/open-database'
import { migrationLabel } from '../../../../src-shared/schema'

const known = parseMigrations({
  'migrations/sqlite/0020-second.sql': 'CREATE TABLE b (x);\n',
  'migrations/sqlite/0010-first.sql': 'CREATE TABLE a (x);\n',
})

test('are ordered by number, and run from where the database is', () => {
  expect(known.map(({ version, name }) => [version, name])).toEqual([
    [10, 'first'],
    [20, 'second'],
  ])
  expect(pendingMigrations(known, [], 'sqlite')).toEqual(known)
  expect(pendingMigrations(known, known.slice(0, 1), 'sqlite')).toEqual(known.slice(1))
  expect(pendingMigrations(known, known, 'sqlite')).toEqual([])
})

test('have one checksum whatever the line ends', () => {
  const [windows] = parseMigrations({ '0010-first.sql': 'CREATE TABLE a (x);\r\n' })
  expect(windows!.checksum).toBe(known[0]!.checksum)
})

test('a changed, renamed, unknown or passed-over one is refused', () => {
  const tampered = expect.objectContaining({ code: 'migration-tampered' })
  const [first, second] = known as [(typeof known)[number], (typeof known)[number]]
  expect(() => pendingMigrations(known, [{ ...first, checksum: '0'.repeat(64) }], 'sqlite')).toThrowError(
    tampered,
  )
  expect(() => pendingMigrations(known, [{ ...first, name: 'other' }], 'sqlite')).toThrowError(tampered)
  expect(() => pendingMigrations(known, [first, { ...second, version: 15 }], 'sqlite')).toThrowError(tampered)
  expect(() => pendingMigrations(known, [second], 'sqlite')).toThrowError(tampered)
})

test('a database of a newer Visor is refused as such', () => {
  const newer = { version: 30, name: 'third', checksum: '0'.repeat(64) }
  expect(() => pendingMigrations(known, [...known, newer], 'sqlite')).toThrowError(
    expect.objectContaining({ code: 'database-newer' }),
  )
})

test('file names are NNNN-name.sql, in tens, each number once', () => {
  expect(() => parseMigrations({ '10-first.sql': '' })).toThrow()
  expect(() => parseMigrations({ '0015-first.sql': '' })).toThrow()
  expect(() => parseMigrations({ 'a/0010-first.sql': '', 'b/0010-other.sql': '' })).toThrow()
})

test('each is compared: same, changed, passed over, unknown, pending', () => {
  const [first, second] = known as [(typeof known)[number], (typeof known)[number]]
  const states = (applied: Parameters<typeof compareMigrations>[1]) =>
    compareMigrations(known, applied).map(({ version, state }) => [version, state])
  expect(states([])).toEqual([
    [10, 'pending'],
    [20, 'pending'],
  ])
  expect(states([first, { ...second, checksum: 'other' }])).toEqual([
    [10, 'same'],
    [20, 'changed'],
  ])
  expect(states([second, { version: 30, name: 'third', checksum: 'any' }])).toEqual([
    [10, 'passed-over'],
    [20, 'same'],
    [30, 'unknown'],
  ])
})

test('one that runs outside of a transaction says so in its first line, and can be repeated', () => {
  const sql = `-- Outside of a transaction.
-- Found by name.
CREATE INDEX CONCURRENTLY IF NOT EXISTS a_x
  ON a (x);
DROP INDEX CONCURRENTLY IF EXISTS a_y;
`
  const [alone] = parseMigrations({ '0030-third.sql': sql })
  expect(alone!.inTransaction).toBe(false)
  expect(indexStatements(alone!)).toEqual([
    { sql: 'CREATE INDEX CONCURRENTLY IF NOT EXISTS a_x\n  ON a (x)', index: 'a_x', makes: true },
    { sql: 'DROP INDEX CONCURRENTLY IF EXISTS a_y', index: 'a_y', makes: false },
  ])
  for (const once of [
    'CREATE INDEX a_x ON a (x);',
    'CREATE INDEX CONCURRENTLY a_x ON a (x);',
    'UPDATE a SET x = 1;',
  ]) {
    expect(() => parseMigrations({ '0030-third.sql': `-- Outside of a transaction.\n${once}\n` })).toThrow()
  }
  expect(known.every(({ inTransaction }) => inTransaction)).toBe(true)
})

test('both engines have the same numbers and names, and no migration ends its own transaction', () => {
  const labels = (migrations: typeof known) => migrations.map(migrationLabel)
  expect(labels([...postgresMigrations])).toEqual(labels([...sqliteMigrations]))
  expect(sqliteMigrations.filter(({ inTransaction }) => !inTransaction)).toEqual([])
  for (const { sql } of [...postgresMigrations, ...sqliteMigrations]) {
    expect(sql).not.toMatch(/^\s*(BEGIN|COMMIT|ROLLBACK|START TRANSACTION)\b[^;\n]*;/im)
  }
})
