/** What a database has of what migrations need: the extension, the schema, and rights to both. Schema worker thread. */
import { z } from 'zod'
import { ServerError } from '../../../src-shared/server-failure'
import { foundFailure } from './failures'
import { isOlder, oldestVector } from './session'

/** Names are quoted by the server, for statements. */
export const lookQuestion = `
  SELECT quote_ident(current_database()) AS database,
         extension.extversion AS "vectorVersion",
         quote_ident(home.nspname) AS "vectorSchema",
         (SELECT default_version FROM pg_available_extensions WHERE name = 'vector') AS "vectorAvailable",
         to_regnamespace('public') IS NOT NULL AS "hasPublic",
         own.oid IS NOT NULL AS "hasSchema",
         EXISTS (SELECT FROM pg_class WHERE relnamespace = own.oid AND relname = 'schema_migrations') AS "hasTable",
         quote_ident(pg_get_userbyid(own.nspowner)) AS owner,
         pg_has_role(current_user, own.nspowner, 'MEMBER') AS "mayOwn",
         quote_ident(current_user) AS "user"
  FROM (VALUES (1)) AS one
  LEFT JOIN pg_extension AS extension ON extension.extname = 'vector'
  LEFT JOIN pg_namespace AS home ON home.oid = extension.extnamespace
  LEFT JOIN pg_namespace AS own ON own.nspname = 'visor'`

/** A row of it. */
export const lookRow = z.object({
  database: z.string(),
  vectorVersion: z.string().nullable(),
  vectorSchema: z.string().nullable(),
  vectorAvailable: z.string().nullable(),
  hasPublic: z.boolean(),
  hasSchema: z.boolean(),
  hasTable: z.boolean(),
  owner: z.string().nullable(),
  mayOwn: z.boolean().nullable(),
  user: z.string(),
})
/** What a database was found to have. */
export type Look = z.infer<typeof lookRow>

const makeTable = `CREATE TABLE visor.schema_migrations (
  version integer PRIMARY KEY,
  name text COLLATE "C" NOT NULL,
  checksum text COLLATE "C" NOT NULL CHECK (length(checksum) = 64),
  -- Unix milliseconds.
  applied_at bigint NOT NULL,
  duration_ms double precision NOT NULL
);`

/** What has to be there before the first migration, as SQL; `null`: it is. Raises `server-unfit`, `rights-missing`. */
export function preparationAfter(
  { vectorVersion, vectorAvailable, hasPublic, hasSchema, hasTable, mayOwn, owner, user }: Look,
  where: string,
): string | null {
  if (vectorVersion === null && vectorAvailable === null)
    throw foundFailure({ kind: 'extension-missing' }, where)
  const found = vectorVersion ?? vectorAvailable ?? ''
  if (isOlder(found, oldestVector))
    throw foundFailure(
      { kind: 'version-too-old', what: 'pgvector', found, needed: oldestVector.join('.') },
      where,
    )
  if (mayOwn === false) {
    throw new ServerError(
      { kind: 'rights', sqlState: null, outage: false, retry: 'no' },
      {
        code: 'rights-missing',
        message: 'The schema belongs to somebody else.',
        consequence: 'This user can look at it, not migrate it; nothing was changed.',
        remedy: `Let its owner ${owner} run the migrations, or whoever is a member: GRANT ${owner} TO ${user};`,
      },
    )
  }
  const steps = [
    // Not in our own schema: another program may want it as well.
    ...(vectorVersion === null ? [`CREATE EXTENSION vector${hasPublic ? ' SCHEMA public' : ''};`] : []),
    ...(hasSchema ? [] : ['CREATE SCHEMA visor;']),
    ...(hasTable ? [] : [makeTable]),
  ]
  return steps.length === 0 ? null : steps.join('\n')
}
