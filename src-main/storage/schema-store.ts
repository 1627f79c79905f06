/** The schema of one database: what is applied, what would run, and running it. The interface that services see. Main, command line. */
import type {
  AppliedMigration,
  SchemaCheck,
  SchemaLogEntry,
  SchemaPlan,
  SchemaProgress,
  SchemaStatus,
} from '../../src-shared/schema'
import type { ServerConnection } from '../../src-shared/server'

/** Where a schema is: the database of a data folder, or one on a server. */
export type SchemaPlace =
  | { readonly kind: 'sqlite'; readonly folder: string }
  | {
      readonly kind: 'postgres'
      readonly connection: ServerConnection
      /** Typed, or from the key store; without one PostgreSQL's own places are asked. */
      readonly password?: string | undefined
    }

export interface SchemaControl {
  readonly onProgress?: (progress: SchemaProgress) => void
  /** Cancelled, the migration that runs is rolled back; those before it stay. */
  readonly signal?: AbortSignal
}

/**
 * Each call connects anew, and leaves nothing open. All raise what connecting raises (`server-unreachable`, `server-login`, …;
 * `data-folder-in-use` for `up` of a folder). Nothing here changes anything but `up`.
 */
export interface SchemaStore {
  /** Raises nothing for a schema that does not fit: that is its state. */
  status(): Promise<SchemaStatus>
  /** What `up` would run. Raises what `up` would raise before the first migration. */
  plan(): Promise<SchemaPlan>
  /**
   * Runs what is pending, each migration with its record in one transaction; what was applied. While another console does the same it
   * waits, and then finds nothing to do. Raises `database-newer`, `migration-tampered`, `server-unfit` (the extension),
   * `rights-missing`, `cancelled`.
   */
  up(control?: SchemaControl): Promise<AppliedMigration[]>
  /** Compares what was applied with what this program knows, one by one. */
  verify(): Promise<SchemaCheck>
  /** What was done since the program started, oldest first. */
  log(): readonly SchemaLogEntry[]
}
