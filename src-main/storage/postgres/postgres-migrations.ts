/** The migrations of the server's schema, and whether a server has them all. Server thread, schema worker thread. */
/// <reference types="vite/types/importMeta.d.ts" />
import type pg from 'pg'
import { z } from 'zod'
import { VisorError } from '../../../src-shared/errors'
import { type AppliedMigration, appliedMigrationSchema, migrationLabel } from '../../../src-shared/schema'
import { type Migration, parseMigrations, standingOf } from '../schema/migrations'
import { failureOn } from './connect'

/** The migrations that were built in. */
export const postgresMigrations: readonly Migration[] = parseMigrations(
  import.meta.glob<string>('../../../migrations/postgres/*.sql', {
    query: '?raw',
    import: 'default',
    eager: true,
  }),
)

/** Numbers as numbers, and not as `pg` gives 64 bits. */
const rowsSchema = z.array(appliedMigrationSchema.extend({ appliedAt: z.coerce.number() }))

/** What was applied, by version; `null` where nothing ever was. Raises `ServerError`. */
export async function appliedOnServer(server: pg.ClientBase): Promise<AppliedMigration[] | null> {
  try {
    // By the catalogue: naming a schema that one may not use is an error.
    const { rowCount } = await server.query(
      `SELECT FROM pg_catalog.pg_class JOIN pg_catalog.pg_namespace ON pg_namespace.oid = relnamespace
       WHERE nspname = 'visor' AND relname = 'schema_migrations'`,
    )
    if (rowCount === 0) return null
    const { rows } = await server.query(
      `SELECT version, name, checksum, applied_at AS "appliedAt", duration_ms AS "durationMs"
       FROM visor.schema_migrations ORDER BY version`,
    )
    return rowsSchema.parse(rows)
  } catch (error) {
    throw failureOn(server, error)
  }
}

/**
 * That the server's schema is this program's. Raises `schema-pending` where it is not there or older, `database-newer`,
 * `migration-tampered`, and `ServerError`.
 */
export async function checkSchema(server: pg.ClientBase, migrations = postgresMigrations): Promise<void> {
  const { state, pending, fault } = standingOf(migrations, await appliedOnServer(server), 'postgres')
  if (fault !== null) throw fault
  const [next] = pending
  if (next === undefined) return
  throw new VisorError(
    'schema-pending',
    state === 'absent'
      ? 'Visor has no tables in this database yet.'
      : 'The tables in this database are those of an older Visor.',
    {
      consequence: 'It was not opened, and nothing was changed in it.',
      remedy: 'Run the migrations: in Settings under Schema, or with: visor schema up',
      detail:
        pending.length === 1
          ? `Pending: ${migrationLabel(next)}.`
          : `Pending: ${pending.length} migrations, from ${migrationLabel(next)}.`,
    },
  )
}
