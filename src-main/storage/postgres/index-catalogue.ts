/** What indexes the server has for searching, read from its catalogue. Server thread. */
import { z } from 'zod'
import { clientIdSchema, domainSchema, modelIdSchema } from '../../../src-shared/ids'
import {
  type DomainSearch,
  defaultSearchWidth,
  type IndexState,
  indexParametersSchema,
  type SearchIndex,
  searchWidthSchema,
} from '../../../src-shared/search-index'
import type { ServerPool } from './connect'
import { pooledQuery } from './pooled-query'
import { type SearchBounds, searchBounds, wayFor } from './search-shape'

/** An index says in its comment what it is: written once it can be used. Nobody else writes there. */
export const indexCommentSchema = indexParametersSchema.extend({
  modelId: modelIdSchema,
  /** Where somebody chose it. */
  searchWidth: searchWidthSchema.optional(),
})

/** An index with what was chosen for it, and what goes by its size. */
export interface FoundIndex extends SearchIndex {
  readonly chosenWidth: number | undefined
}

const selectIndexes = `
  SELECT c.relname AS name, obj_description(c.oid, 'pg_class') AS comment, i.indisvalid AS valid,
         pg_relation_size(c.oid)::float8 AS bytes, greatest(0, c.reltuples)::float8 AS rows
  FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid JOIN pg_catalog.pg_am a ON a.oid = c.relam
  WHERE i.indrelid = 'embeddings'::regclass AND a.amname = 'hnsw' ORDER BY c.relname`
const indexRow = z.object({
  name: z.string(),
  comment: z.string().nullable(),
  valid: z.boolean(),
  bytes: z.number(),
  rows: z.number(),
})

const selectState = `
  SELECT (SELECT json_agg(model) FROM (
      SELECT model_id AS "modelId", sum(embeddings) AS embeddings FROM gallery_sizes GROUP BY model_id ORDER BY model_id
    ) AS model) AS models,
    pg_table_size('embeddings')::float8 AS "tableBytes",
    pg_has_role((SELECT relowner FROM pg_catalog.pg_class WHERE oid = 'embeddings'::regclass), 'MEMBER') AS "mayBuild"`
const stateRow = z.object({
  models: z.array(z.object({ modelId: modelIdSchema, embeddings: z.number() })).nullable(),
  tableBytes: z.number(),
  mayBuild: z.boolean(),
})

const selectSizes = `
  SELECT client_id AS "clientId", model_id AS "modelId", domain, persons::float8, embeddings::float8 FROM gallery_sizes
  ORDER BY client_id, model_id, domain`
const sizesRow = z.object({
  clientId: clientIdSchema,
  modelId: modelIdSchema,
  domain: domainSchema,
  persons: z.number(),
  embeddings: z.number(),
})

/** Indexes for searching; `unusable`: names of those that a build left half done, or that say nothing of themselves. */
export async function searchIndexes(
  pool: () => Promise<ServerPool>,
): Promise<{ readonly indexes: FoundIndex[]; readonly unusable: string[] }> {
  const indexes: FoundIndex[] = []
  const unusable: string[] = []
  for (const raw of await pooledQuery(pool, { text: selectIndexes, values: [] })) {
    const { name, comment, valid, bytes, rows } = indexRow.parse(raw)
    if (valid && comment !== null) {
      const { searchWidth: chosenWidth, ...index } = indexCommentSchema.parse(JSON.parse(comment))
      const searchWidth = chosenWidth ?? defaultSearchWidth(rows)
      indexes.push({ ...index, searchWidth, chosenWidth, name, bytes, rows })
    } else {
      unusable.push(name)
    }
  }
  return { indexes, unusable }
}

/** The body of `IndexStore.state`. */
export async function indexState(
  pool: () => Promise<ServerPool>,
  bounds = searchBounds,
): Promise<IndexState> {
  const [{ indexes }, [raw], sizes] = await Promise.all([
    searchIndexes(pool),
    pooledQuery(pool, { text: selectState, values: [] }),
    pooledQuery(pool, { text: selectSizes, values: [] }),
  ])
  const { models, ...rest } = stateRow.parse(raw)
  return {
    indexes,
    models: (models ?? []).map((model) => ({ ...model, paysOff: model.embeddings >= bounds.indexFromRows })),
    ...rest,
    searches: searchesOf(
      indexes,
      sizes.map((row) => sizesRow.parse(row)),
      bounds,
    ),
    paysFromRows: bounds.indexFromRows,
  }
}

/** How the server would search each domain alone. */
function searchesOf(
  indexes: readonly SearchIndex[],
  sizes: readonly z.output<typeof sizesRow>[],
  bounds: SearchBounds,
): DomainSearch[] {
  const galleries = Map.groupBy(sizes, ({ clientId, modelId }) => JSON.stringify([clientId, modelId]))
  return [...galleries.values()].flatMap((gallery) =>
    gallery.map(({ clientId, modelId, domain, embeddings }) => {
      const own = indexes.filter((index) => index.modelId === modelId)
      const { shape, why } = wayFor({ sizes: gallery, indexes: own }, [domain], bounds)
      return { clientId, domain, modelId, embeddings, by: shape === 'exact' ? 'scan' : 'index', why }
    }),
  )
}
