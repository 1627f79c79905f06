/** The settings of the server that matter to Visor, and how large the database is. Diagnostics worker thread. */
import { z } from 'zod'
import { type CheckFinding, passed, unchecked, warned } from '../../../../src-shared/diagnosis'
import type { ServerDatabase } from './server-database'

const mebibyte = 1024 * 1024

const settingsRow = z.object({
  maxConnections: z.number(),
  reserved: z.number(),
  used: z.coerce.number(),
  sharedBuffers: z.coerce.number(),
  maintenanceMemory: z.coerce.number(),
  autovacuum: z.boolean(),
  vectorBytes: z.coerce.number(),
  vectors: z.coerce.number(),
  dead: z.coerce.number(),
})
const settingsQuestion = `
  SELECT current_setting('max_connections')::int AS "maxConnections",
         current_setting('superuser_reserved_connections')::int AS reserved,
         (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend') AS used,
         pg_size_bytes(current_setting('shared_buffers')) AS "sharedBuffers",
         pg_size_bytes(current_setting('maintenance_work_mem')) AS "maintenanceMemory",
         current_setting('autovacuum')::boolean AS autovacuum,
         coalesce(pg_table_size(to_regclass('visor.embeddings')), 0) AS "vectorBytes",
         coalesce((SELECT greatest(reltuples, 0) FROM pg_class WHERE oid = to_regclass('visor.embeddings')), 0) AS vectors,
         coalesce((SELECT n_dead_tup FROM pg_stat_user_tables WHERE relid = to_regclass('visor.embeddings')), 0) AS dead`

/**
 * Memory of an HNSW graph while it is built, bytes a vector: 2,056 of the vector, and 2 · m = 32 neighbours of 16 bytes on the
 * lowest level with what describes them. Above `maintenance_work_mem` pgvector goes on, on disk, many times slower
 * (pgvector's README, *Index Build Time*).
 */
const graphBytesPerVector = 2056 + 800

interface Advice {
  readonly setting: string
  readonly found: string
  readonly wanted: string
  readonly state: 'pass' | 'warn'
  readonly sentence: string
  readonly copy: string | null
}

/** What is set, beside what this gallery wants. */
export async function checkSettings(database: ServerDatabase): Promise<CheckFinding> {
  const found = await database.one(settingsRow, settingsQuestion)
  const { maxConnections, reserved, used, sharedBuffers, maintenanceMemory, autovacuum, vectorBytes } = found
  const pool = database.target.pool.size
  const consoles = Math.floor((maxConnections - reserved) / pool)
  const graphBytes = found.vectors * graphBytesPerVector
  const wantedMemory = roundUp(Math.max(64 * mebibyte, graphBytes))
  const wantedBuffers = roundUp(Math.max(128 * mebibyte, vectorBytes))
  const advice: Advice[] = [
    {
      setting: 'max_connections',
      found: `${maxConnections}, ${used} in use`,
      wanted: `${pool} a console: enough for ${consoles} consoles`,
      state: consoles < 2 || used > (maxConnections - reserved) * 0.9 ? 'warn' : 'pass',
      sentence:
        consoles < 2
          ? 'The server takes fewer connections than two consoles want.'
          : 'Most of the server’s connections are in use: the next console may find none.',
      copy: `ALTER SYSTEM SET max_connections = ${Math.max(200, maxConnections * 2)}; -- takes a restart of the server`,
    },
    {
      setting: 'shared_buffers',
      found: size(sharedBuffers),
      wanted: `${size(wantedBuffers)}, to hold the vectors (${size(vectorBytes)})`,
      state: sharedBuffers < vectorBytes ? 'warn' : 'pass',
      sentence: 'The vectors do not fit into the server’s own memory: exact searches read them from disk.',
      copy: `ALTER SYSTEM SET shared_buffers = '${inMegabytes(wantedBuffers)}'; -- takes a restart of the server`,
    },
    {
      setting: 'maintenance_work_mem',
      found: size(maintenanceMemory),
      wanted: `${size(wantedMemory)}, to build an index in memory`,
      state: maintenanceMemory < graphBytes ? 'warn' : 'pass',
      sentence: 'An index of the vectors would not be built in memory, which takes many times longer.',
      copy: `ALTER SYSTEM SET maintenance_work_mem = '${inMegabytes(wantedMemory)}'; SELECT pg_reload_conf();`,
    },
    {
      setting: 'autovacuum',
      found: autovacuum ? 'on' : 'off',
      wanted: 'on',
      state: autovacuum ? 'pass' : 'warn',
      sentence: 'What was deleted stays on disk, and the server’s plans grow old: searches get slower.',
      copy: 'ALTER SYSTEM SET autovacuum = on; SELECT pg_reload_conf();',
    },
    {
      setting: 'dead rows of embeddings',
      found: `${Math.round(found.dead).toLocaleString('en-GB')}`,
      wanted: 'fewer than those that are there',
      state: found.dead > Math.max(10_000, found.vectors) ? 'warn' : 'pass',
      sentence: 'Most of what a search reads was deleted long ago.',
      copy: 'VACUUM (ANALYZE) visor.embeddings;',
    },
  ]
  const table = {
    columns: ['Setting', 'Is', 'Wanted'],
    rows: advice.map(({ setting, found: is, wanted }) => [setting, is, wanted]),
  }
  const wrong = advice.filter(({ state }) => state === 'warn')
  const [first] = wrong
  if (first === undefined) {
    return passed('The server is set up for what is in it.', {
      figure: `${maxConnections} connections`,
      table,
    })
  }
  return warned(
    wrong.length === 1 ? first.sentence : `${first.sentence} ${wrong.length - 1} more should be looked at.`,
    {
      figure: wrong.map(({ setting }) => setting).join(', '),
      next: {
        text: 'Whoever looks after the server runs this:',
        copy: wrong.flatMap(({ copy }) => copy ?? []).join('\n'),
      },
      table,
    },
  )
}

const diskRow = z.object({ database: z.coerce.number().nullable(), mayMeasure: z.boolean() })
const relationRow = z.object({ name: z.string(), table: z.coerce.number(), indexes: z.coerce.number() })

/** The size of the database, and of what Visor has in it. How much is free no statement says. */
export async function checkDisk(database: ServerDatabase): Promise<CheckFinding> {
  const whole = await database.one(
    diskRow,
    `SELECT has_database_privilege(current_database(), 'CONNECT') AS "mayMeasure",
       CASE WHEN has_database_privilege(current_database(), 'CONNECT') THEN pg_database_size(current_database()) END AS database`,
  )
  if (whole.database === null) return unchecked('This login may not measure the database.')
  const relations = z.array(relationRow).parse(
    (
      await database.query(`
        SELECT relname AS name, pg_table_size(oid) AS table, pg_indexes_size(oid) AS indexes FROM pg_class
        WHERE relnamespace = to_regnamespace('visor') AND relkind = 'r'
        ORDER BY pg_total_relation_size(oid) DESC LIMIT 8`)
    ).rows,
  )
  return passed(
    'This is what the database takes on the server’s disk; how much is free, only the server knows.',
    {
      figure: size(whole.database),
      table: {
        columns: ['Table', 'Rows', 'Indexes'],
        rows: relations.map(({ name, table, indexes }) => [name, size(table), size(indexes)]),
      },
    },
  )
}

const roundUp = (bytes: number) => 2 ** Math.ceil(Math.log2(bytes))
const inMegabytes = (bytes: number) => `${Math.ceil(bytes / mebibyte)}MB`

/** Bytes for people, in the units that PostgreSQL's own settings are in. */
function size(bytes: number): string {
  if (bytes >= 1024 * mebibyte) return `${(bytes / (1024 * mebibyte)).toFixed(1)} GB`
  return bytes >= mebibyte ? `${(bytes / mebibyte).toFixed(0)} MB` : `${(bytes / 1024).toFixed(0)} kB`
}
