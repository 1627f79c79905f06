/**
 * What is to be done to bring a database to this program's schema: the same rules for SQLite and PostgreSQL, which only
 * differ in how a migration is run. Store and schema worker threads; no native import.
 *
 * [Note: Migrations] Append-only `NNNN-name.sql`, numbered in tens, the same numbers and names for both engines. Each is known
 * by its checksum over LF text; what was applied must still be there, unchanged. A database with migrations that this
 * program does not know was written by a newer Visor: it is refused, not touched. Each migration and its record are one
 * transaction, but for those of PostgreSQL that declare in their first line that they run outside of one: those build or drop
 * indexes while others go on writing, in statements that can be repeated.
 */
import { createHash } from 'node:crypto'
import { VisorError } from '../../../src-shared/errors'
import {
  type AppliedMigration,
  type MigrationCheck,
  migrationLabel,
  type PlannedMigration,
  type SchemaState,
} from '../../../src-shared/schema'

export type Migration = PlannedMigration
export type Engine = 'sqlite' | 'postgres'

const fileName = /(?:^|\/)(\d{4})-([a-z0-9-]+)\.sql$/

/** The first line of a migration that runs outside of a transaction. */
const outsideOfTransactions = '-- Outside of a transaction.'

/** The migrations of `files` (path → SQL) by version. Throws where a file is not as it must be: that is ours to mend, not the user's. */
export function parseMigrations(files: Readonly<Record<string, string>>): Migration[] {
  const migrations = Object.entries(files).map(([path, text]) => {
    const match = fileName.exec(path)
    if (match === null) throw new Error(`Not the name of a migration: ${path}`)
    const sql = text.replaceAll('\r\n', '\n')
    const checksum = createHash('sha256').update(sql).digest('hex')
    const inTransaction = !sql.startsWith(outsideOfTransactions)
    const migration = { version: Number(match[1]), name: match[2]!, sql, checksum, inTransaction }
    if (!inTransaction) indexStatements(migration)
    return migration
  })
  migrations.sort((a, b) => a.version - b.version)
  for (const [index, { version }] of migrations.entries()) {
    if (version % 10 !== 0) throw new Error(`Migration ${version} is not numbered in tens.`)
    if (version === migrations[index - 1]?.version) throw new Error(`Two migrations are numbered ${version}.`)
  }
  return migrations
}

/** A statement of a migration that runs outside of transactions. */
export interface IndexStatement {
  readonly sql: string
  readonly index: string
  readonly makes: boolean
}

const repeatable =
  /^(?:CREATE (?:UNIQUE )?INDEX CONCURRENTLY IF NOT EXISTS|DROP INDEX CONCURRENTLY IF EXISTS) ([a-z_]+)/

/** The statements of a migration that runs outside of transactions. Throws where one of them could not be repeated. */
export function indexStatements({ sql, ...migration }: Migration): IndexStatement[] {
  return sql
    .replaceAll(/^--.*$/gm, '')
    .split(/;[ \t]*(?:\n|$)/)
    .map((statement) => statement.trim())
    .filter((statement) => statement !== '')
    .map((statement) => {
      const index = repeatable.exec(statement)?.[1]
      if (index === undefined) throw new Error(`${migrationLabel(migration)} has what cannot be repeated.`)
      return { sql: statement, index, makes: statement.startsWith('CREATE') }
    })
}

/** A row of `schema_migrations`, as far as it is compared. */
type Applied = Pick<AppliedMigration, 'version' | 'name' | 'checksum'>

/** Every migration that is known here or was applied there, by version. */
export function compareMigrations(
  known: readonly Migration[],
  applied: readonly Applied[],
): MigrationCheck[] {
  const there = new Map(applied.map((migration) => [migration.version, migration]))
  const latest = Math.max(0, ...there.keys())
  const here = new Set(known.map(({ version }) => version))
  const unknown = applied
    .filter(({ version }) => !here.has(version))
    .map(({ version, name }) => ({ version, name, state: 'unknown' as const }))
  const compared = known.map(({ version, name, checksum }): MigrationCheck => {
    const found = there.get(version)
    if (found === undefined) return { version, name, state: version < latest ? 'passed-over' : 'pending' }
    return { version, name, state: found.name === name && found.checksum === checksum ? 'same' : 'changed' }
  })
  return [...compared, ...unknown].sort((a, b) => a.version - b.version)
}

/** How a database's schema stands to this program's; `applied`: `null` where nothing ever was. */
export interface Standing {
  readonly state: SchemaState
  readonly pending: readonly Migration[]
  /** Why it is not to be touched: `database-newer`, `migration-tampered`. */
  readonly fault: VisorError | null
}

export function standingOf(
  known: readonly Migration[],
  applied: readonly Applied[] | null,
  engine: Engine,
): Standing {
  const checks = compareMigrations(known, applied ?? [])
  const latestKnown = Math.max(0, ...known.map(({ version }) => version))
  const wrong = checks.find(
    ({ state, version }) =>
      state === 'changed' || state === 'passed-over' || (state === 'unknown' && version <= latestKnown),
  )
  if (wrong !== undefined) return { state: 'tampered', pending: [], fault: tampered(wrong, engine) }
  const beyond = checks.find(({ state }) => state === 'unknown')
  if (beyond !== undefined) return { state: 'newer', pending: [], fault: newer(beyond, engine) }
  const versions = new Set(checks.filter(({ state }) => state === 'pending').map(({ version }) => version))
  const pending = known.filter(({ version }) => versions.has(version))
  const state = pending.length === 0 ? 'current' : pending.length === known.length ? 'absent' : 'older'
  return { state, pending, fault: null }
}

/**
 * The migrations that are still to run, in order.
 *
 * Raises `database-newer` where the database has one that is unknown here, `migration-tampered` where one that was
 * applied is not what it was, or where one below the latest was never applied.
 */
export function pendingMigrations(
  known: readonly Migration[],
  applied: readonly Applied[] | null,
  engine: Engine,
): readonly Migration[] {
  const { pending, fault } = standingOf(known, applied, engine)
  if (fault !== null) throw fault
  return pending
}

function newer(migration: MigrationCheck, engine: Engine): VisorError {
  return new VisorError('database-newer', 'The database was written by a newer Visor.', {
    consequence: 'It was not touched, and cannot be opened by this version.',
    remedy: `Install the newest Visor, or choose another ${engine === 'sqlite' ? 'data folder' : 'database'}.`,
    detail: `The database has migration ${migrationLabel(migration)}.`,
  })
}

function tampered(migration: MigrationCheck, engine: Engine): VisorError {
  const label = migrationLabel(migration)
  const details: Readonly<Record<MigrationCheck['state'], string>> = {
    same: '',
    pending: '',
    changed: `Migration ${label} is not the one that was applied to the database.`,
    'passed-over': `Migration ${label} was passed over by the database.`,
    unknown: `Migration ${label} was applied to the database and is unknown to this Visor.`,
  }
  return new VisorError('migration-tampered', 'The database and this Visor disagree about its schema.', {
    consequence: 'It was not opened, so that nothing is damaged.',
    remedy:
      engine === 'sqlite'
        ? 'Restore the data folder from a backup, or install the Visor that wrote it.'
        : 'Ask whoever looks after the server to restore the schema visor from a backup, or install the Visor that wrote it.',
    detail: details[migration.state],
  })
}
