/** A console's cache of a server, as the window and the command line show it. Every process. */
import { z } from 'zod'
import { clientIdSchema, domainSchema } from './ids'

/** Which side searches: `auto`, the cache where it is proved to be as the server is and small enough to scan. */
export const searchSideSchema = z.enum(['auto', 'server', 'cache'])
export type SearchSide = z.infer<typeof searchSideSchema>

export const cachedRowsSchema = z.object({
  persons: z.number().int(),
  photos: z.number().int(),
  faces: z.number().int(),
  embeddings: z.number().int(),
})

/** One domain of the cache. */
export const cachedDomainSchema = z.object({
  clientId: clientIdSchema,
  domain: domainSchema,
  /** `leaving`: no longer chosen, goes with the next synchronisation. Until `whole`, it answers nothing. */
  state: z.enum(['filling', 'whole', 'leaving']),
  /** How far it is filled in, 0 … 1. */
  filled: z.number().min(0).max(1),
  rows: cachedRowsSchema,
  /** Of the client on the server, that the domain is at; `asOf` (ISO 8601, UTC): when that was looked up. */
  revision: z.number().int(),
  asOf: z.iso.datetime().nullable(),
})
export type CachedDomain = z.infer<typeof cachedDomainSchema>

/** The whole cache of one server. */
export const cacheContentsSchema = z.object({
  /** On disk, with its log. */
  bytes: z.number().int(),
  domains: z.array(cachedDomainSchema),
  /** Changed here and not yet read anew from the server. */
  edits: z.number().int(),
})
export type CacheContents = z.infer<typeof cacheContentsSchema>

/** How it stands with a cache. */
export const cacheStateSchema = cacheContentsSchema.extend({
  /** The server's changes are heard of as they happen. */
  following: z.boolean(),
  /** What is being done: of how many rows. */
  work: z.object({ kind: z.enum(['sync', 'verify']), done: z.number(), total: z.number() }).nullable(),
})
export type CacheState = z.infer<typeof cacheStateSchema>

/** What a synchronisation did. */
export const syncReportSchema = z.object({
  /** Persons, photos and faces that were filled in, read anew, and that went. */
  filled: z.number().int(),
  renewed: z.number().int(),
  removed: z.number().int(),
  /** Clients of which all was compared, because the feed does not go back to where the cache was. */
  compared: z.array(clientIdSchema),
})
export type SyncReport = z.infer<typeof syncReportSchema>

/** What a full check found in one table of one domain, and mended. */
export const cacheDifferenceSchema = z.object({
  clientId: clientIdSchema,
  domain: domainSchema,
  table: z.string(),
  /** Rows on either side, and the persons, photos or faces whose rows differ. */
  onServer: z.number().int(),
  inCache: z.number().int(),
  differing: z.number().int(),
})
export type CacheDifference = z.infer<typeof cacheDifferenceSchema>

export const cacheCheckSchema = z.object({
  domains: z.number().int(),
  rows: z.number().int(),
  differences: z.array(cacheDifferenceSchema),
})
export type CacheCheck = z.infer<typeof cacheCheckSchema>
