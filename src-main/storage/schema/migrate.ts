/** The runner of migrations: one for both engines; see [Note: Migrations]. Schema worker thread. */
import { toWireError } from '../../../src-shared/errors'
import type {
  AppliedMigration,
  SchemaCheck,
  SchemaPlan,
  SchemaProgress,
  SchemaStatus,
} from '../../../src-shared/schema'
import type { SchemaControl } from '../schema-store'
import { compareMigrations, type Engine, type Migration, pendingMigrations, standingOf } from './migrations'

/** A database whose schema can be looked at and migrated. */
export interface Migratable {
  readonly engine: Engine
  /** For people. */
  readonly place: string
  /** What this program has. */
  readonly migrations: readonly Migration[]
  /** What was applied, by version; `null` where nothing ever was. */
  applied(): Promise<AppliedMigration[] | null>
  /** What has to be there before the first migration, as SQL; `null`: it is. Raises where it cannot be had. */
  preparation(): Promise<string | null>
  invalidIndexes(): Promise<string[]>
  /** Runs `work` while nobody else migrates this database; `onWait` is told once if somebody does. */
  alone<T>(work: () => Promise<T>, onWait: () => void, signal: AbortSignal | undefined): Promise<T>
  /** Runs one migration and records it; a failed one leaves nothing. */
  apply(migration: Migration, signal: AbortSignal | undefined): Promise<AppliedMigration>
}

export async function schemaStatus(database: Migratable): Promise<SchemaStatus> {
  const { engine, place, migrations } = database
  const applied = await database.applied()
  const { state, pending, fault } = standingOf(migrations, applied, engine)
  return {
    engine,
    place,
    state,
    applied: applied ?? [],
    pending: pending.map(({ version, name }) => ({ version, name })),
    fault: fault === null ? null : toWireError(fault),
  }
}

/** Raises what {@link migrateUp} raises before the first migration. */
export async function schemaPlan(database: Migratable): Promise<SchemaPlan> {
  const pending = pendingMigrations(database.migrations, await database.applied(), database.engine)
  return {
    preparation: pending.length === 0 ? null : await database.preparation(),
    migrations: [...pending],
  }
}

export async function verifySchema(database: Migratable): Promise<SchemaCheck> {
  const { engine, migrations } = database
  const applied = await database.applied()
  const { state, fault } = standingOf(migrations, applied, engine)
  return {
    state,
    migrations: compareMigrations(migrations, applied ?? []),
    invalidIndexes: await database.invalidIndexes(),
    fault: fault === null ? null : toWireError(fault),
  }
}

/** Runs what is pending. What was applied before a failure or a cancel stays. */
export function migrateUp(
  database: Migratable,
  { onProgress, signal }: SchemaControl,
): Promise<AppliedMigration[]> {
  const tell = (progress: SchemaProgress) => onProgress?.(progress)
  const work = async () => {
    const pending = pendingMigrations(database.migrations, await database.applied(), database.engine)
    const total = pending.length
    const done: AppliedMigration[] = []
    for (const migration of pending) {
      signal?.throwIfAborted()
      const { version, name } = migration
      tell({ type: 'running', version, name, done: done.length, total })
      const applied = await database.apply(migration, signal)
      done.push(applied)
      tell({ type: 'applied', version, name, durationMs: applied.durationMs, done: done.length, total })
    }
    return done
  }
  return database.alone(work, () => tell({ type: 'waiting' }), signal)
}
