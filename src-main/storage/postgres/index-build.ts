/**
 * Builds a model's index for searching, beside the one that is there. Server thread.
 *
 * [Note: Index build] The new index has a name of its own. Once it is whole its comment says what it is, from which moment searches
 * know of it; then the old one goes. Whatever ends a build before leaves an index that nothing uses and that the build itself, or the
 * next one where the console was killed, removes.
 */
import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { VisorError } from '../../../src-shared/errors'
import {
  type IndexBuild,
  type IndexProgress,
  indexBuildSchema,
  type SearchIndex,
} from '../../../src-shared/search-index'
import { ServerError } from '../../../src-shared/server-failure'
import type { IndexControl } from '../index-store'
import { clientFor, failureOn, type ServerClient, type ServerPool } from './connect'
import type { ServerTarget } from './conninfo'
import { indexCommentSchema, searchIndexes } from './index-catalogue'
import { pooledQuery } from './pooled-query'

const progressEveryMs = 500
/** What is compared, and how; `home`: the schema of pgvector, quoted. */
const columns = {
  vector: (home: string) => `vector ${home}.vector_cosine_ops`,
  halfvec: (home: string) => `(vector::${home}.halfvec(512)) ${home}.halfvec_cosine_ops`,
} as const
const bytesOf = { vector: 2056, halfvec: 1032 } as const

/** One build at a time: another would wait for this one's snapshot, and this one for the other's. */
const tryLock = "SELECT pg_try_advisory_lock(hashtextextended('visor.search_index', 0)) AS alone"
/** Owner and pgvector's schema are told with their names quoted, for a statement. */
const look = `
  SELECT (SELECT quote_ident(nspname) FROM pg_catalog.pg_extension JOIN pg_catalog.pg_namespace ON pg_namespace.oid = extnamespace
          WHERE extname = 'vector') AS home, pg_backend_pid() AS process, quote_ident(pg_get_userbyid(relowner)) AS owner,
         pg_has_role(relowner, 'MEMBER') AS "mayBuild", current_setting('server_version_num')::integer AS version
  FROM pg_catalog.pg_class WHERE oid = 'embeddings'::regclass`
const lookRow = z.object({
  home: z.string(),
  process: z.number(),
  owner: z.string(),
  mayBuild: z.boolean(),
  version: z.number(),
})
const selectRows =
  'SELECT coalesce(sum(embeddings), 0)::float8 AS rows FROM gallery_sizes WHERE model_id = $1'
const selectProgress = `
  SELECT phase, blocks_done::float8 AS "blocksDone", blocks_total::float8 AS "blocksTotal",
         tuples_done::float8 AS "tuplesDone", tuples_total::float8 AS "tuplesTotal"
  FROM pg_catalog.pg_stat_progress_create_index WHERE pid = $1`
const progressRow = z.object({
  phase: z.string(),
  blocksDone: z.number(),
  blocksTotal: z.number(),
  tuplesDone: z.number(),
  tuplesTotal: z.number(),
})

export interface IndexBuilder {
  readonly target: ServerTarget
  readonly pool: () => Promise<ServerPool>
}

/** The body of `IndexStore.rebuild`. */
export async function rebuildIndex(
  { target, pool }: IndexBuilder,
  wanted: IndexBuild,
  { signal, onProgress }: IndexControl<IndexProgress> = {},
): Promise<SearchIndex> {
  const build = checkedBuild(wanted)
  // It takes as long as it takes.
  const client = await clientFor(target, { statementTimeoutMs: 0 })
  try {
    const { home, process, owner, mayBuild, version } = lookRow.parse((await client.query(look)).rows[0])
    if (!mayBuild) throw notOwner(owner)
    if (version >= 140_000) await client.query(endsWithConsole)
    const { rows } = await client.query(tryLock)
    if (!z.object({ alone: z.boolean() }).parse(rows[0]).alone) throw anotherBuilds()
    await client.query(`SET ROLE ${owner}`)
    const { indexes, unusable } = await searchIndexes(pool)
    const searchWidth =
      build.searchWidth ?? indexes.find(({ modelId }) => modelId === build.modelId)?.chosenWidth
    for (const name of unusable) await dropIndex(client, name)

    const name = `embeddings_hnsw_${randomBytes(4).toString('hex')}`
    const over = new AbortController()
    const telling = tellProgress(pool, process, onProgress, over.signal)
    const cancel = () => void cancelStatement(target, process)
    signal?.addEventListener('abort', cancel)
    try {
      signal?.throwIfAborted()
      await createIndex(client, name, home, build)
      signal?.throwIfAborted()
      await describeIndex(client, name, { ...build, searchWidth })
    } catch (error) {
      if (client.brokenBy === undefined) await dropIndex(client, name)
      signal?.throwIfAborted()
      throw error
    } finally {
      signal?.removeEventListener('abort', cancel)
      over.abort()
      await telling
    }
    for (const old of indexes) if (old.modelId === build.modelId) await dropIndex(client, old.name)
    const made = (await searchIndexes(pool)).indexes.find((index) => index.name === name)
    if (made === undefined) throw new VisorError('internal', 'The new index is not there.')
    return made
  } catch (error) {
    throw error instanceof VisorError ? error : failureOn(client, error)
  } finally {
    await client.end()
  }
}

/** The build of a console that was killed ends within seconds; a server on Windows does not know how to see that. */
const endsWithConsole = `DO $$ BEGIN
  SET client_connection_check_interval = '5s';
EXCEPTION WHEN invalid_parameter_value THEN NULL;
END $$`

function checkedBuild(wanted: IndexBuild): z.output<typeof indexBuildSchema> {
  const parsed = indexBuildSchema.safeParse(wanted)
  if (parsed.success && parsed.data.efConstruction >= 2 * parsed.data.m) return parsed.data
  throw new VisorError('invalid-argument', 'An index cannot be built with these parameters.', {
    consequence: 'Nothing was changed.',
    remedy: 'm is 2 to 100, ef_construction at least twice as much and at most 1,000.',
  })
}

async function createIndex(
  client: ServerClient,
  name: string,
  home: string,
  { modelId, vectors, m, efConstruction, memoryMiB }: z.output<typeof indexBuildSchema>,
): Promise<void> {
  const { rows } = await client.query(selectRows, [modelId])
  const { rows: count } = z.object({ rows: z.number() }).parse(rows[0])
  // A vertex: its vector, two links a neighbour, and what holds them. A server sets aside at once what it is allowed.
  const neededMiB = Math.ceil((count * (bytesOf[vectors] + 32 * m + 256) * 1.2) / 2 ** 20)
  await client.query("SELECT set_config('maintenance_work_mem', $1, false)", [
    `${Math.max(64, Math.min(memoryMiB, neededMiB))}MB`,
  ])
  const { rows: texts } = await client.query(
    `SELECT format('CREATE INDEX CONCURRENTLY %I ON embeddings USING hnsw (%s)
       WITH (m = ${m}, ef_construction = ${efConstruction}) WHERE model_id = %L AND person_id IS NOT NULL',
       $1::text, $2::text, $3::text) AS text`,
    [name, columns[vectors](home), modelId],
  )
  const { text } = z.object({ text: z.string() }).parse(texts[0])
  try {
    await client.query(text)
  } catch (error) {
    // Several workers share memory that a container may have little of: one alone needs none.
    const failed = failureOn(client, error)
    if (!(failed instanceof ServerError) || failed.failure.sqlState !== '53100') throw failed
    await dropIndex(client, name)
    await client.query('SET max_parallel_maintenance_workers = 0')
    await client.query(text)
  }
}

/** Writes what an index says of itself, which is what searches go by. The name comes from the catalogue or from us. */
export async function describeIndex(
  client: ServerClient,
  name: string,
  parameters: z.input<typeof indexCommentSchema>,
): Promise<void> {
  const comment = JSON.stringify(indexCommentSchema.parse(parameters))
  const { rows } = await client.query(
    "SELECT format('COMMENT ON INDEX %I IS %L', $1::text, $2::text) AS text",
    [name, comment],
  )
  await client.query(z.object({ text: z.string() }).parse(rows[0]).text)
}

/** The name comes from the catalogue or from us. */
async function dropIndex(client: ServerClient, name: string): Promise<void> {
  await client.query(`DROP INDEX CONCURRENTLY IF EXISTS "${name.replaceAll('"', '""')}"`)
}

async function cancelStatement(target: ServerTarget, process: number): Promise<void> {
  const other = await clientFor(target)
  try {
    await other.query('SELECT pg_cancel_backend($1)', [process])
  } finally {
    await other.end()
  }
}

/** Resolves once `over` was aborted. */
async function tellProgress(
  pool: () => Promise<ServerPool>,
  process: number,
  onProgress: ((progress: IndexProgress) => void) | undefined,
  over: AbortSignal,
): Promise<void> {
  // A small one is built before it is looked at.
  onProgress?.({ phase: 'waiting', done: 0, total: 0 })
  while (onProgress !== undefined && !over.aborted) {
    const [raw] = await pooledQuery(pool, { text: selectProgress, values: [process] })
    if (raw !== undefined && !over.aborted) onProgress(progressOf(progressRow.parse(raw)))
    // Woken when the build is over.
    await sleep(progressEveryMs, undefined, { signal: over }).catch(() => undefined)
  }
}

function progressOf({
  phase,
  blocksDone,
  blocksTotal,
  tuplesDone,
  tuplesTotal,
}: z.output<typeof progressRow>): IndexProgress {
  if (phase.startsWith('waiting')) return { phase: 'waiting', done: 0, total: 0 }
  if (phase.startsWith('building')) {
    return blocksTotal > 0
      ? { phase: 'loading', done: blocksDone, total: blocksTotal }
      : { phase: 'loading', done: tuplesDone, total: tuplesTotal }
  }
  return { phase: 'finishing', done: 0, total: 0 }
}

export function notOwner(owner: string): VisorError {
  return new ServerError(
    { kind: 'rights', sqlState: null, outage: false, retry: 'no' },
    {
      code: 'rights-missing',
      message: 'The index belongs to somebody else.',
      consequence: 'This user searches by it, and may not build it; nothing was changed.',
      remedy: `Let an admin do it: whoever is a member of ${owner}.`,
    },
  )
}

function anotherBuilds(): VisorError {
  return new VisorError('conflict', 'Another console builds an index at this moment.', {
    consequence: 'Nothing was changed.',
    remedy: 'Try again when it is done: the index page shows how far it is.',
  })
}
