/** The schema of a data folder's database, to look at and to migrate. Schema worker thread. */
import { existsSync, mkdirSync } from 'node:fs'
import type Database from 'better-sqlite3'
import type { AppliedMigration } from '../../../src-shared/schema'
import type { Migratable } from '../schema/migrate'
import type { Migration } from '../schema/migrations'
import { lockFolder } from './folder-lock'
import {
  appliedMigrations,
  applyMigration,
  databaseFile,
  openForReading,
  openUnmigrated,
  prepareDatabase,
  sqliteMigrations,
} from './open-database'
import { explainStorageError } from './sqlite-errors'

/** Looking needs no lock: it sees what was last committed, also while a console has the folder. */
export class SqliteSchema implements Migratable {
  readonly engine = 'sqlite'
  readonly place: string
  readonly migrations: readonly Migration[]
  readonly #folder: string
  /** While this has the folder to itself. */
  #own: Database.Database | undefined

  constructor(folder: string, migrations = sqliteMigrations) {
    this.#folder = folder
    this.place = databaseFile(folder)
    this.migrations = migrations
  }

  async applied(): Promise<AppliedMigration[] | null> {
    if (this.#own !== undefined) return appliedMigrations(this.#own)
    if (!existsSync(this.place)) return null
    return this.#explained(() => {
      const database = openForReading(this.place)
      try {
        return appliedMigrations(database)
      } finally {
        database.close()
      }
    })
  }

  async preparation(): Promise<null> {
    return null
  }

  async invalidIndexes(): Promise<string[]> {
    return []
  }

  /** Never waits: raises `data-folder-in-use`. */
  async alone<T>(work: () => Promise<T>): Promise<T> {
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 })
    const lock = lockFolder(this.#folder)
    try {
      this.#own = this.#explained(() => openUnmigrated(this.place))
      return await work()
    } finally {
      this.#own?.close()
      this.#own = undefined
      lock.release()
    }
  }

  async apply(migration: Migration): Promise<AppliedMigration> {
    const database = this.#own
    if (database === undefined) throw new Error('Migrations run alone.')
    return this.#explained(() => {
      prepareDatabase(database)
      return applyMigration(database, migration)
    })
  }

  #explained<T>(work: () => T): T {
    try {
      return work()
    } catch (error) {
      throw explainStorageError(error, this.#folder)
    }
  }
}
