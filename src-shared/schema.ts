/** A database's schema and the migrations that make it, as they are shown. Every process. */
import { z } from 'zod'
import { wireErrorSchema } from './errors'

const migrationName = { version: z.number().int().positive(), name: z.string() }
export const migrationNameSchema = z.object(migrationName)
export type MigrationName = z.infer<typeof migrationNameSchema>

export const appliedMigrationSchema = z.object({
  ...migrationName,
  /** SHA-256 of the SQL with LF line ends, hexadecimal. */
  checksum: z.string(),
  /** Unix milliseconds. */
  appliedAt: z.number(),
  durationMs: z.number(),
})
export type AppliedMigration = z.infer<typeof appliedMigrationSchema>

export const plannedMigrationSchema = z.object({
  ...migrationName,
  checksum: z.string(),
  sql: z.string(),
  /** `false`: statements that PostgreSQL runs outside of transactions only, while others go on writing. */
  inTransaction: z.boolean(),
})
export type PlannedMigration = z.infer<typeof plannedMigrationSchema>

/**
 * - `absent`: Visor has nothing there yet. `older`: migrations are pending. `current`: it is this program's.
 * - `newer`: a newer Visor migrated it. `tampered`: what was applied is not what this program knows.
 */
export const schemaStateSchema = z.enum(['absent', 'older', 'current', 'newer', 'tampered'])
export type SchemaState = z.infer<typeof schemaStateSchema>

export const schemaStatusSchema = z.object({
  engine: z.enum(['sqlite', 'postgres']),
  /** For people: a file, or `host:port/database`. */
  place: z.string(),
  state: schemaStateSchema,
  applied: z.array(appliedMigrationSchema),
  pending: z.array(migrationNameSchema),
  /** Why this program does not work with it: of `newer` and `tampered`. */
  fault: wireErrorSchema.nullable(),
})
export type SchemaStatus = z.infer<typeof schemaStatusSchema>

export const schemaPlanSchema = z.object({
  /** What the runner does before the first migration, as SQL; `null` where there is nothing to prepare. */
  preparation: z.string().nullable(),
  migrations: z.array(plannedMigrationSchema),
})
export type SchemaPlan = z.infer<typeof schemaPlanSchema>

/** Of one migration: what was applied beside what this program knows. */
export const migrationCheckSchema = z.object({
  ...migrationName,
  /**
   * `same`: applied as it is here. `changed`: applied, but with other SQL or another name. `passed-over`: a later one was
   * applied, this one not. `unknown`: applied, and not known here. `pending`: not applied yet.
   */
  state: z.enum(['same', 'changed', 'passed-over', 'unknown', 'pending']),
})
export type MigrationCheck = z.infer<typeof migrationCheckSchema>

export const schemaCheckSchema = z.object({
  state: schemaStateSchema,
  migrations: z.array(migrationCheckSchema),
  /** Indexes that PostgreSQL does not use because building them was interrupted. */
  invalidIndexes: z.array(z.string()),
  fault: wireErrorSchema.nullable(),
})
export type SchemaCheck = z.infer<typeof schemaCheckSchema>

/** What running the migrations tells meanwhile. */
export const schemaProgressSchema = z.discriminatedUnion('type', [
  /** Another console migrates the same database. */
  z.object({ type: z.literal('waiting') }),
  z.object({ type: z.literal('running'), ...migrationName, done: z.number(), total: z.number() }),
  z.object({
    type: z.literal('applied'),
    ...migrationName,
    durationMs: z.number(),
    done: z.number(),
    total: z.number(),
  }),
])
export type SchemaProgress = z.infer<typeof schemaProgressSchema>

/** A line of what was done to a schema. */
export const schemaLogEntrySchema = z.object({
  /** Unix milliseconds. */
  at: z.number(),
  text: z.string(),
})
export type SchemaLogEntry = z.infer<typeof schemaLogEntrySchema>

/** `0010-initial`: a migration as its file is named. */
export const migrationLabel = ({ version, name }: MigrationName): string =>
  `${String(version).padStart(4, '0')}-${name}`
