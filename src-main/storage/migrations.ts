/**
 * What is to be done to bring a database to this program's schema: the same rules for SQLite and PostgreSQL, which only
 * differ in how a migration is run. Store worker thread; no native import.
 *
 * [Note: Migrations] Append-only `NNNN-name.sql`, numbered in tens. Each is known by its checksum over LF text; what was
 * applied must still be there, unchanged. A database with migrations that this program does not know was written by a
 * newer Visor: it is refused, not touched. Each migration and its record are one transaction.
 */
import { createHash } from 'node:crypto'
import { VisorError } from '../../src-shared/errors'

export interface Migration {
  readonly version: number
  readonly name: string
  readonly sql: string
  /** SHA-256 of the SQL with LF line ends, hexadecimal. */
  readonly checksum: string
}

/** A row of `schema_migrations`. */
type AppliedMigration = Omit<Migration, 'sql'>

const fileName = /(?:^|\/)(\d{4})-([a-z0-9-]+)\.sql$/

/** The migrations of `files` (path → SQL) by version. Throws where a file is misnamed: that is ours to mend, not the user's. */
export function parseMigrations(files: Readonly<Record<string, string>>): Migration[] {
  const migrations = Object.entries(files).map(([path, text]) => {
    const match = fileName.exec(path)
    if (match === null) throw new Error(`Not the name of a migration: ${path}`)
    const sql = text.replaceAll('\r\n', '\n')
    const checksum = createHash('sha256').update(sql).digest('hex')
    return { version: Number(match[1]), name: match[2]!, sql, checksum }
  })
  migrations.sort((a, b) => a.version - b.version)
  for (const [index, { version }] of migrations.entries()) {
    if (version % 10 !== 0) throw new Error(`Migration ${version} is not numbered in tens.`)
    if (version === migrations[index - 1]?.version) throw new Error(`Two migrations are numbered ${version}.`)
  }
  return migrations
}

/**
 * The migrations that are still to run, in order.
 *
 * Raises `database-newer` where the database has one that is unknown here, `migration-tampered` where one that was
 * applied is not what it was, or where one below the latest was never applied.
 */
export function pendingMigrations(
  known: readonly Migration[],
  applied: readonly AppliedMigration[],
): Migration[] {
  const knownByVersion = new Map(known.map((migration) => [migration.version, migration]))
  const appliedVersions = new Set(applied.map(({ version }) => version))
  const latest = Math.max(0, ...appliedVersions)
  for (const { version, name, checksum } of applied) {
    const migration = knownByVersion.get(version)
    if (migration === undefined) {
      if (version > Math.max(0, ...knownByVersion.keys())) throw newer(version, name)
      throw tampered(
        `Migration ${version} (${name}) was applied to the database and is unknown to this Visor.`,
      )
    }
    if (migration.name !== name || migration.checksum !== checksum) {
      throw tampered(`Migration ${version} (${name}) is not the one that was applied to the database.`)
    }
  }
  for (const { version, name } of known) {
    if (version < latest && !appliedVersions.has(version)) {
      throw tampered(`Migration ${version} (${name}) was passed over by the database.`)
    }
  }
  return known.filter(({ version }) => !appliedVersions.has(version))
}

function newer(version: number, name: string): VisorError {
  return new VisorError('database-newer', 'The database was written by a newer Visor.', {
    consequence: 'It was not touched, and cannot be opened by this version.',
    remedy: 'Install the newest Visor, or choose another data folder.',
    detail: `The database has migration ${version} (${name}).`,
  })
}

function tampered(detail: string): VisorError {
  return new VisorError('migration-tampered', 'The database and this Visor disagree about its schema.', {
    consequence: 'It was not opened, so that nothing is damaged.',
    remedy: 'Restore the data folder from a backup, or install the Visor that wrote it.',
    detail,
  })
}
