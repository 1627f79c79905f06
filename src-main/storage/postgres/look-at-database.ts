/** What a database has of what Visor needs: version, extension, schema, rights. Server thread, command line. */
import { z } from 'zod'
import type { ServerTestStep } from '../../../src-shared/server-test'
import type { ServerClient } from './connect'
import { isOlder, oldestVector } from './session'

const foundSchema = z.object({
  version: z.string(),
  /** Of `server_version_num`, 150020. */
  major: z.number(),
  database: z.string(),
  user: z.string(),
  standby: z.boolean(),
  readOnly: z.boolean(),
  extensionInstalled: z.string().nullable(),
  extensionAvailable: z.string().nullable(),
  extensionSchema: z.string().nullable(),
  schema: z.boolean(),
  migrations: z.boolean(),
  mayCreateSchema: z.boolean(),
  mayUseSchema: z.boolean().nullable(),
  bypassesRows: z.boolean(),
  roles: z.array(z.string()),
})
type Found = z.infer<typeof foundSchema>

/** Names are quoted by the server, for statements to copy. */
const question = `
  SELECT current_setting('server_version') AS version,
         current_setting('server_version_num')::int / 10000 AS major,
         quote_ident(current_database()) AS database,
         quote_ident(current_user) AS user,
         pg_is_in_recovery() AS standby,
         current_setting('transaction_read_only')::boolean AS "readOnly",
         available.installed_version AS "extensionInstalled",
         available.default_version AS "extensionAvailable",
         (SELECT quote_ident(nspname) FROM pg_extension JOIN pg_namespace ON pg_namespace.oid = extnamespace
          WHERE extname = 'vector') AS "extensionSchema",
         to_regnamespace('visor') IS NOT NULL AS schema,
         EXISTS (SELECT FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
                 WHERE nspname = 'visor' AND relname = 'schema_migrations') AS migrations,
         has_database_privilege(current_database(), 'CREATE') AS "mayCreateSchema",
         has_schema_privilege(to_regnamespace('visor'), 'USAGE') AS "mayUseSchema",
         (SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user) AS "bypassesRows",
         ARRAY(SELECT rolname::text FROM pg_roles
               WHERE rolname IN ('visor_admin', 'visor_curator', 'visor_analyst')
                 AND pg_has_role(current_user, oid, 'MEMBER') ORDER BY rolname) AS roles
  FROM (VALUES (1)) AS one LEFT JOIN pg_available_extensions AS available ON available.name = 'vector'`

/** The steps from the database on; a warning or a failure of one leaves the next to be looked at. Raises what the server does. */
export async function lookAtDatabase(client: ServerClient): Promise<ServerTestStep[]> {
  const { rows } = await client.query(question)
  const found = foundSchema.parse(rows[0])
  return [
    {
      id: 'database',
      state: 'pass',
      sentence: `The database ${found.database} is there.`,
      figure: null,
      next: null,
    },
    {
      id: 'version',
      state: 'pass',
      sentence: 'The version of PostgreSQL will do.',
      figure: found.version,
      next: null,
    },
    writesStep(found),
    extensionStep(found),
    schemaStep(found),
    rightsStep(found),
  ]
}

function writesStep({ standby, readOnly }: Found): ServerTestStep {
  if (!readOnly)
    return { id: 'writes', state: 'pass', sentence: 'The server takes writes.', figure: null, next: null }
  return {
    id: 'writes',
    state: 'warn',
    sentence: standby
      ? 'The server is a standby: it can be searched, not changed.'
      : 'The server takes no writes.',
    figure: standby ? 'standby' : 'read only',
    next: standby
      ? { text: 'Name the primary server, or several hosts with “read-write”.', copy: null }
      : {
          text: 'It is set so, for all, for this database or for this user. This says where:',
          copy: 'SHOW default_transaction_read_only;',
        },
  }
}

function extensionStep({
  major,
  extensionInstalled,
  extensionAvailable,
  extensionSchema,
}: Found): ServerTestStep {
  const needed = oldestVector.join('.')
  if (extensionInstalled === null) {
    return extensionAvailable === null
      ? {
          id: 'extension',
          state: 'fail',
          sentence: 'pgvector is not installed on the server.',
          figure: null,
          next: {
            text: 'Install it on the server; on Debian and Ubuntu with PostgreSQL’s own packages:',
            copy: `apt install postgresql-${major}-pgvector`,
          },
        }
      : {
          id: 'extension',
          state: 'fail',
          sentence: 'pgvector is installed on the server, but not created in this database.',
          figure: extensionAvailable,
          next: {
            text: 'Run in this database, as its owner or as a superuser:',
            copy: 'CREATE EXTENSION vector;',
          },
        }
  }
  if (isOlder(extensionInstalled, oldestVector)) {
    return {
      id: 'extension',
      state: 'fail',
      sentence: `pgvector ${extensionInstalled} is too old: Visor needs ${needed} or newer.`,
      figure: extensionInstalled,
      next:
        extensionAvailable !== null && !isOlder(extensionAvailable, oldestVector)
          ? {
              text: 'The server has a newer one; run in this database:',
              copy: 'ALTER EXTENSION vector UPDATE;',
            }
          : { text: 'Have a newer pgvector installed on the server.', copy: null },
    }
  }
  return {
    id: 'extension',
    state: 'pass',
    sentence: `pgvector is there, in the schema ${extensionSchema ?? 'public'}.`,
    figure: extensionInstalled,
    next: null,
  }
}

function schemaStep({ schema, migrations }: Found): ServerTestStep {
  if (schema && migrations) {
    return { id: 'schema', state: 'pass', sentence: 'The schema visor is there.', figure: null, next: null }
  }
  return {
    id: 'schema',
    state: 'warn',
    sentence: schema ? 'The schema visor is there, but empty.' : 'The schema visor is not there yet.',
    figure: null,
    next: { text: 'Run the migrations: in Settings under Schema, or:', copy: 'visor schema up' },
  }
}

function rightsStep(found: Found): ServerTestStep {
  const { schema, mayCreateSchema, mayUseSchema, bypassesRows, roles, user, database } = found
  const figure = roles.length === 0 ? null : roles.join(', ')
  if (!schema) {
    return mayCreateSchema
      ? { id: 'rights', state: 'pass', sentence: 'This user may create the schema.', figure, next: null }
      : {
          id: 'rights',
          state: 'fail',
          sentence: 'This user may not create the schema.',
          figure,
          next: {
            text: 'Let an administrator run the migrations, or allow it:',
            copy: `GRANT CREATE ON DATABASE ${database} TO ${user};`,
          },
        }
  }
  if (mayUseSchema !== true) {
    return {
      id: 'rights',
      state: 'fail',
      sentence: 'This user has no role in Visor.',
      figure,
      next: {
        text: 'An administrator gives one: analyst, curator or admin.',
        copy: `GRANT visor_analyst TO ${user};`,
      },
    }
  }
  if (bypassesRows) {
    return {
      id: 'rights',
      state: 'warn',
      sentence: 'This user is bound by no rules: it sees the data of every client.',
      figure: figure ?? 'superuser',
      next: { text: 'For daily work, log in with a user of its own.', copy: null },
    }
  }
  return {
    id: 'rights',
    state: 'pass',
    sentence: 'This user may work with Visor’s data.',
    figure,
    next: null,
  }
}
