/** The index that searches on a server by: what it can be, how it is, how it is built and how well it finds. */
import { z } from 'zod'
import { clientIdSchema, domainSchema, modelIdSchema } from './ids'

/** What the index holds of each vector: all of it, or half of its precision in half of the space. */
export const indexVectorsSchema = z.enum(['vector', 'halfvec'])
export type IndexVectors = z.output<typeof indexVectorsSchema>

/** Parameters of pgvector's HNSW. */
export const indexParametersSchema = z.object({
  vectors: indexVectorsSchema,
  /** Neighbours of a vertex, 2 … 100. */
  m: z.int().min(2).max(100),
  /** Candidates looked at for each vertex when it is put in; at least twice `m`, at most 1,000. */
  efConstruction: z.int().min(4).max(1000),
})
export type IndexParameters = z.output<typeof indexParametersSchema>

export const defaultIndexParameters: IndexParameters = { vectors: 'vector', m: 16, efConstruction: 64 }

/** Candidates that a search by an index looks at first (`hnsw.ef_search`): more find better, and take longer. */
export const searchWidthSchema = z.int().min(40).max(1000)

/** Unless somebody chose it, it goes by the rows of the index. Measured: see docs/server-search.md. */
export const defaultSearchWidth = (rows: number): number => (rows < 50_000 ? 160 : 320)

/** An index of one model's embeddings, of all clients. */
export const searchIndexSchema = indexParametersSchema.extend({
  searchWidth: searchWidthSchema,
  name: z.string(),
  modelId: modelIdSchema,
  bytes: z.number(),
  /** Rows when it was last counted; new ones are put in as they come. */
  rows: z.number(),
})
export type SearchIndex = z.output<typeof searchIndexSchema>

/**
 * How a search of one domain goes today. `scan`: the server compares with all of its faces; `index`: it goes by its index; `memory`:
 * this console compares with all, of its own copy.
 */
export const domainSearchSchema = z.object({
  clientId: clientIdSchema,
  domain: domainSchema,
  modelId: modelIdSchema,
  /** Embeddings of people. */
  embeddings: z.number(),
  by: z.enum(['memory', 'scan', 'index']),
  /** `forced`: the settings say which side searches. */
  why: z.enum(['small', 'no-index', 'large', 'kept-here', 'forced']),
})
export type DomainSearch = z.output<typeof domainSearchSchema>

export const indexStateSchema = z.object({
  indexes: z.array(searchIndexSchema),
  /** Embeddings of people that this login sees, by model, and the bytes of all embeddings. */
  models: z.array(z.object({ modelId: modelIdSchema, embeddings: z.number(), paysOff: z.boolean() })),
  tableBytes: z.number(),
  /** From how many embeddings of a model on an index is worth having. */
  paysFromRows: z.number(),
  /** Every domain of every model that this login sees. */
  searches: z.array(domainSearchSchema),
  /** Whether this login may build one: the owner of the table may. */
  mayBuild: z.boolean(),
})
export type IndexState = z.output<typeof indexStateSchema>

export const indexBuildSchema = indexParametersSchema.extend({
  modelId: modelIdSchema,
  /** What was chosen for the index before, unless given. */
  searchWidth: searchWidthSchema.optional(),
  /** Memory of the server for the build at most; an index that does not fit is built several times as slowly. */
  memoryMiB: z.int().min(64).max(65_536).default(2048),
})
export type IndexBuild = z.input<typeof indexBuildSchema>

/** How far a build is. */
export const indexProgressSchema = z.object({
  phase: z.enum(['waiting', 'loading', 'finishing']),
  /** Blocks of the table, or rows: of `total`, 0 while nobody knows. */
  done: z.number(),
  total: z.number(),
})
export type IndexProgress = z.output<typeof indexProgressSchema>

export const recallQuerySchema = z.object({
  clientId: clientIdSchema,
  modelId: modelIdSchema,
  domains: z.union([z.array(domainSchema).min(1), z.literal('all')]),
  /** Searches, each for somebody half like one face of the gallery and half like another; 1 … 10,000. */
  searches: z.int().min(1).max(10_000),
})
export type RecallQuery = z.output<typeof recallQuerySchema>

/** A share, and the range it lies in with 95 % confidence (Wilson's score interval). */
const shareSchema = z.object({ value: z.number(), low: z.number(), high: z.number() })
export type Share = z.output<typeof shareSchema>

/** What searches by the index found, against the same ones without. */
export const recallSchema = z.object({
  searches: z.number(),
  /** Of the ten nearest people of each, how many were found. */
  recallAt10: shareSchema,
  /** Searches whose nearest person was the same. */
  sameTopPerson: shareSchema,
  /** Searches that the index answered; the others were too small for it. */
  byIndex: z.number(),
  approximateMs: z.number(),
  exactMs: z.number(),
})
export type Recall = z.output<typeof recallSchema>
