/**
 * Whether a server's schema can be spread over machines by client: reads the catalogue and says which primary keys, unique keys and
 * foreign keys do not carry the client, and reads the store's statements and says which joins do not. Node.
 *
 * `node scripts/check-distribution.mjs [postgresql://…]`; else `VISOR_POSTGRES_URL`. Ends with 1 where a key or a join does not carry it
 * that is not named below.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { joinsIn } from './setup/joins.mjs'

/** Tables that every machine would have whole, and why. */
const references = {
  models: 'embedders are the same for all clients',
  members: 'who works for whom, read by every policy',
  schema_migrations: 'of the schema',
  server_identity: 'of the server',
  health_progress: 'of a login',
}
/** What does not carry the client, and why. */
const exceptions = {
  chains_pkey: 'a chain keeps its id when its client is erased and has no name any more',
  ledger_chain_fkey: 'likewise',
}
/** Tables whose joins do not, and why. */
const joinExceptions = {
  erasures: "of an erasure's entry the client's name goes before it goes of the erasure",
}
/** The column that says whose a row is, where it is not `client_id`. */
const clientColumns = { clients: 'id', erasures: 'of_client' }

const keys = `
  SELECT c.conname AS name, c.contype AS kind, r.relname AS "table", f.relname AS target,
         ARRAY(SELECT attname::text FROM unnest(c.conkey) AS k JOIN pg_attribute ON attrelid = c.conrelid AND attnum = k) AS columns
  FROM pg_constraint c JOIN pg_class r ON r.oid = c.conrelid LEFT JOIN pg_class f ON f.oid = c.confrelid
  WHERE c.connamespace = 'visor'::regnamespace AND c.contype IN ('p', 'u', 'f')
  UNION ALL
  SELECT i.relname, 'u', t.relname, NULL,
         ARRAY(SELECT attname::text FROM pg_attribute WHERE attrelid = x.indexrelid)
  FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class t ON t.oid = x.indrelid
  WHERE i.relnamespace = 'visor'::regnamespace AND x.indisunique
    AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = x.indexrelid)
  ORDER BY 3, 1`

const kinds = { p: 'primary key', u: 'unique key', f: 'foreign key' }
const columnOf = (table) => clientColumns[table] ?? 'client_id'

/** The keys of the schema, and which of them do not carry the client. */
async function checkKeys(client) {
  const { rows } = await client.query(keys)
  const missing = rows.filter(
    ({ name, table, target, columns }) =>
      !(table in references) &&
      !(target in references) &&
      !(name in exceptions) &&
      !columns.includes(columnOf(table)),
  )
  return { keys: rows.length, missing }
}

/** The joins of the store's statements, with the file that each is in. */
function readJoins(tables) {
  const folder = join(import.meta.dirname, '../src-main/storage/sql')
  const files = readdirSync(folder, { recursive: true }).filter((file) => file.endsWith('.ts'))
  return files.flatMap((file) =>
    joinsIn(readFileSync(join(folder, file), 'utf8'), tables).map((found) => ({ ...found, file })),
  )
}

const url = process.argv[2] ?? process.env.VISOR_POSTGRES_URL
if (url === undefined) {
  console.error('Which server? Give its URL, or set VISOR_POSTGRES_URL.')
  process.exit(2)
}
const client = new pg.Client(url)
await client.connect()
const { rows } = await client.query(
  `SELECT relname AS name FROM pg_class WHERE relnamespace = 'visor'::regnamespace AND relkind IN ('r', 'p')`,
)
const checked = await checkKeys(client)
await client.end()

const tables = new Set(rows.map(({ name }) => name).filter((name) => !(name in references)))
const joins = readJoins(tables)
const withinClients = joins.filter(({ others }) => others.length > 0)
const byIds = withinClients.filter(
  ({ table, others, carries }) => !carries && ![table, ...others].some((name) => name in joinExceptions),
)
for (const { name, kind, table, columns } of checked.missing) {
  console.log(
    `${table}: the ${kinds[kind]} ${name} (${columns.join(', ')}) does not carry ${columnOf(table)}`,
  )
}
for (const { file, whole } of byIds) console.log(`${file}: does not name the client: ${whole}`)
console.log(
  `${checked.keys} keys of ${rows.length} tables, ${checked.missing.length} without the client; ` +
    `${Object.keys(exceptions).length} exceptions, ${Object.keys(references).length} tables for all machines.`,
)
console.log(
  `${withinClients.length} joins of tables of clients, ${byIds.length} without the client; ` +
    `${joins.length - withinClients.length} more look rows up by a list of ids.`,
)
process.exitCode = checked.missing.length === 0 && byIds.length === 0 ? 0 : 1
