/** How much room Visor takes on the server, from its catalogue. Store's threads. */
import { z } from 'zod'
import type { StoreSizes } from '../../../src-shared/store-sizes'
import type { Connection } from '../sql/connection'

const sizesRow = z.object({
  totalBytes: z.number(),
  vectors: z.number(),
  vectorRows: z.number(),
  crops: z.number(),
  cropRows: z.number(),
  searchIndexes: z.number(),
  indexes: z.number(),
})

/** Rows as they were counted last. All sizes are of the whole server: the catalogue knows no clients. */
const selectSizes = `
  SELECT coalesce(sum(pg_total_relation_size(c.oid)), 0)::float8 AS totalBytes,
         coalesce(sum(pg_table_size(c.oid)) FILTER (WHERE c.relname = 'embeddings'), 0)::float8 AS vectors,
         coalesce(max(c.reltuples) FILTER (WHERE c.relname = 'embeddings'), 0)::float8 AS vectorRows,
         coalesce(sum(pg_table_size(c.oid)) FILTER (WHERE c.relname = 'crops'), 0)::float8 AS crops,
         coalesce(max(c.reltuples) FILTER (WHERE c.relname = 'crops'), 0)::float8 AS cropRows,
         coalesce(sum(pg_indexes_size(c.oid)), 0)::float8 AS indexes,
         (SELECT coalesce(sum(pg_relation_size(i.indexrelid)), 0)::float8
          FROM pg_catalog.pg_index i
          JOIN pg_catalog.pg_class n ON n.oid = i.indexrelid
          JOIN pg_catalog.pg_am a ON a.oid = n.relam
          WHERE i.indrelid = 'embeddings'::regclass AND a.amname = 'hnsw') AS searchIndexes
  FROM pg_catalog.pg_class c WHERE c.relnamespace = 'visor'::regnamespace AND c.relkind = 'r'`

/** A row of `embeddings` and what lies around it, while nobody has counted. */
const rowBytes = 2200

/** Raises what the server raises. */
export function sizesOf(connection: Pick<Connection, 'row'>): StoreSizes {
  const { totalBytes, vectors, vectorRows, crops, cropRows, searchIndexes, indexes } = connection.row(
    sizesRow,
    selectSizes,
  )!
  return {
    totalBytes,
    parts: { vectors, crops, searchIndexes, otherIndexes: indexes - searchIndexes },
    bytesPerEmbedding: vectorRows > 0 ? vectors / vectorRows : rowBytes,
    bytesPerCrop: cropRows > 0 ? crops / cropRows : 0,
  }
}
