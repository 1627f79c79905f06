/**
 * Whether a server's schema can be spread over machines by client: reads the catalogue and says which primary keys, unique keys and
 * foreign keys do not carry the client, and reads the store's statements and says which joins do not. Node.
 *
 * `node scripts/check-distribution.mjs [--joins] [postgresql://…]`; else `VISOR_POSTGRES_URL`. Ends with 1 where a key does not carry it that
 * is not named below. Joins are counted, and listed with `--joins`: see `docs/growing.md`.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'

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

/** Joins of the store's statements with tables of clients: all, and those whose condition does not name the client. */
function readJoins(tables) {
  const folder = join(import.meta.dirname, '../src-main/storage/sql')
  const files = readdirSync(folder, { recursive: true }).filter((file) => file.endsWith('.ts'))
  const all = files.flatMap((file) => {
    const text = readFileSync(join(folder, file), 'utf8')
    const joins = text.matchAll(/\bJOIN (\w+)(?: (?!ON\b|USING\b)\w+)?\s+(?:ON|USING)\b([^\n]*)/g)
    return [...joins]
      .filter(([, table]) => tables.has(table))
      .map(([whole, table, condition]) => ({ file, table, carries: /client_id/.test(condition), whole }))
  })
  return { all, without: all.filter(({ carries }) => !carries) }
}

const [named] = process.argv.slice(2).filter((argument) => !argument.startsWith('--'))
const url = named ?? process.env.VISOR_POSTGRES_URL
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
for (const { name, kind, table, columns } of checked.missing) {
  console.log(
    `${table}: the ${kinds[kind]} ${name} (${columns.join(', ')}) does not carry ${columnOf(table)}`,
  )
}
console.log(
  `${checked.keys} keys of ${rows.length} tables, ${checked.missing.length} without the client; ` +
    `${Object.keys(exceptions).length} exceptions, ${Object.keys(references).length} tables for all machines.`,
)
console.log(`${joins.all.length} joins in statements, ${joins.without.length} by ids alone.`)
if (process.argv.includes('--joins'))
  for (const { file, whole } of joins.without) console.log(`  ${file}: ${whole}`)
process.exitCode = checked.missing.length === 0 ? 0 : 1
