/** Opens the database of a data folder and brings it to this program's schema. Store worker thread. */
/// <reference types="vite/types/importMeta.d.ts" />
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { z } from 'zod'
import { type AppliedMigration, appliedMigrationSchema } from '../../../src-shared/schema'
import { type Migration, parseMigrations, pendingMigrations } from '../schema/migrations'
import { rechainLedger } from './rechain-ledger'

/** The migrations that were built in. */
export const sqliteMigrations: readonly Migration[] = parseMigrations(
  import.meta.glob<string>('../../../migrations/sqlite/*.sql', {
    query: '?raw',
    import: 'default',
    eager: true,
  }),
)

/** What SQL alone cannot do: run right after the migration of that number, in its transaction. */
const stepsInCode: ReadonlyMap<number, (database: Database.Database) => void> = new Map([[70, rechainLedger]])

const appliedSchema = z.array(appliedMigrationSchema)

/** The database file of a data folder. */
export function databaseFile(folder: string): string {
  return join(folder, 'visor.sqlite')
}

/**
 * Opens (or makes) a database and runs what is pending of `migrations`. Nothing is written before they are known to fit.
 * Raises `database-newer`, `migration-tampered`, and whatever SQLite raises.
 */
export function openDatabase(
  file: string,
  migrations = sqliteMigrations,
  holds: Holds = 'gallery',
): Database.Database {
  const database = openUnmigrated(file)
  try {
    const pending = pendingMigrations(migrations, appliedMigrations(database), 'sqlite')
    prepareDatabase(database, holds)
    for (const migration of pending) applyMigration(database, migration)
    return database
  } catch (error) {
    database.close()
    throw error
  }
}

/** Opens (or makes) a database whatever its schema; nothing is written yet. */
export function openUnmigrated(file: string): Database.Database {
  return new Database(file, { timeout: 5000 })
}

/** What a database is for. */
export type Holds = 'gallery' | 'cache'

/**
 * Three vectors a page of 8,192 bytes waste a quarter of it, one in the usual 4,096 half. In a larger page less is wasted, and many
 * rows take three fifths of the time to write; but an empty file is four times as large.
 */
const pageBytes: Readonly<Record<Holds, number>> = { gallery: 8192, cache: 32_768 }
/** Of the log, brought into the file once there are as many. */
const logBytes = 8 * 1024 * 1024

/** Sets the connection up to write. */
export function prepareDatabase(database: Database.Database, holds: Holds = 'gallery'): void {
  // Only a new file takes it.
  database.pragma(`page_size = ${pageBytes[holds]}`)
  database.pragma('journal_mode = WAL')
  const ofFile = Number(database.pragma('page_size', { simple: true }))
  database.pragma(`wal_autocheckpoint = ${logBytes / ofFile}`)
  // An acknowledged write survives the loss of power, too.
  database.pragma('synchronous = FULL')
  database.pragma('foreign_keys = ON')
  database.pragma('trusted_schema = OFF')
  database.pragma('cache_size = -32768')
  database.pragma(`journal_size_limit = ${64 * 1024 * 1024}`)
}

/** Opens a database that {@link openDatabase} has opened before, to read what was last committed. */
export function openForReading(file: string): Database.Database {
  const database = new Database(file, { timeout: 5000, readonly: true, fileMustExist: true })
  database.pragma('query_only = ON')
  database.pragma('trusted_schema = OFF')
  database.pragma('cache_size = -16384')
  return database
}

/** What was applied, by version; `null` where nothing ever was. */
export function appliedMigrations(database: Database.Database): AppliedMigration[] | null {
  const table = database.prepare(
    "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'schema_migrations'",
  )
  if (table.get() === undefined) return null
  return appliedSchema.parse(
    database
      .prepare(
        `SELECT version, name, checksum, applied_at AS appliedAt, duration_ms AS durationMs
         FROM schema_migrations ORDER BY version`,
      )
      .all(),
  )
}

/** Runs one migration and records it, in one transaction. */
export function applyMigration(
  database: Database.Database,
  { version, name, sql, checksum }: Migration,
): AppliedMigration {
  const startedAt = performance.now()
  return database
    .transaction(() => {
      database.exec(`CREATE TABLE IF NOT EXISTS schema_migrations (
        version INTEGER PRIMARY KEY,
        name TEXT NOT NULL,
        checksum TEXT NOT NULL CHECK (length(checksum) = 64),
        applied_at INTEGER NOT NULL,
        duration_ms REAL NOT NULL
      ) STRICT`)
      database.exec(sql)
      stepsInCode.get(version)?.(database)
      const [appliedAt, durationMs] = [Date.now(), performance.now() - startedAt]
      database
        .prepare(
          'INSERT INTO schema_migrations (version, name, checksum, applied_at, duration_ms) VALUES (?, ?, ?, ?, ?)',
        )
        .run(version, name, checksum, appliedAt, durationMs)
      return { version, name, checksum, appliedAt, durationMs }
    })
    .immediate()
}
