/** The SQLite engine of a data folder: its connections and its lock. Store worker thread. */
import { mkdirSync } from 'node:fs'
import type { Engine } from '../sql/engine'
import { lockFolder } from './folder-lock'
import { databaseFile, type Holds, openDatabase, openForReading, sqliteMigrations } from './open-database'
import { scrubDatabase } from './scrub'
import { SqliteConnection } from './sqlite-connection'

export interface SqliteEngine extends Engine {
  readonly connection: SqliteConnection
}

/**
 * Opens (or makes) the database of a folder, migrates it and locks the folder, in the order in which it can fail without harm.
 * `sliceMs`: longer than this, a write pauses.
 */
export function openSqliteEngine(
  folder: string,
  holds: Holds,
  scrubWorkerUrl: URL,
  sliceMs: number,
): SqliteEngine {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const lock = lockFolder(folder)
  try {
    const file = databaseFile(folder)
    const database = openDatabase(file, sqliteMigrations, holds)
    const committed = openForReading(file)
    return {
      name: `SQLite ${String(database.prepare('SELECT sqlite_version()').pluck().get())}`,
      connection: new SqliteConnection(database, sliceMs),
      reads: new SqliteConnection(committed, sliceMs, database),
      scrub: (control) => scrubDatabase(file, scrubWorkerUrl, folder, control),
      outOfReach: [
        'Copies and backups of the data folder',
        'What the file system or the drive keeps of files that were overwritten',
      ],
      close() {
        committed.close()
        database.close()
        lock.release()
      },
    }
  } catch (error) {
    lock.release()
    throw error
  }
}

/** Opens a database that {@link openSqliteEngine} has open, to read what was last committed. */
export function openSqliteReader(folder: string): { readonly connection: SqliteConnection; close(): void } {
  const database = openForReading(databaseFile(folder))
  return { connection: new SqliteConnection(database), close: () => database.close() }
}
