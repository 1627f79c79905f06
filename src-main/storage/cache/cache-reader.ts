/** What a cache holds: `CacheStore` as it is read. Store's reading threads. */
import { z } from 'zod'
import type { CacheContents } from '../../../src-shared/cache'
import { type ClientId, clientIdSchema, type Domain, domainSchema } from '../../../src-shared/ids'
import type { Connection } from '../sql/connection'
import { countRow, flag } from '../sql/rows'
import type { CacheStore, HeldClient } from './cache-store'

/** Changes of a client that one count of embeddings is good for. */
const countedForRevisions = 200

const domainRow = z.object({
  clientId: clientIdSchema,
  domain: domainSchema,
  chosen: flag,
  step: z.string(),
  filled: z.number().int(),
  expected: z.number().int(),
  revision: z.number().int().nullable(),
  asOf: z.number().int().nullable(),
  otherDomains: z.number().int().nullable(),
})
const rowsRow = z.object({
  persons: z.number().int(),
  photos: z.number().int(),
  faces: z.number().int(),
  embeddings: z.number().int(),
})
const bytesRow = z.object({ bytes: z.number().int() })

const selectDomains = `
  SELECT d.client_id AS clientId, d.name AS domain, d.chosen, d.step, d.filled, d.expected, c.revision, c.as_of AS asOf,
    c.other_domains AS otherDomains
  FROM cached_domains d LEFT JOIN cached_clients c ON c.client_id = d.client_id ORDER BY d.client_id, d.name`
const selectRows = `
  WITH scope (client_id, domain) AS (VALUES (?, ?))
  SELECT
    (SELECT count(*) FROM persons t WHERE (t.client_id, t.domain) = (scope.client_id, scope.domain) AND t.removed_by IS NULL) AS persons,
    (SELECT count(*) FROM photos t WHERE (t.client_id, t.domain) = (scope.client_id, scope.domain)) AS photos,
    (SELECT count(*) FROM faces t WHERE (t.client_id, t.domain) = (scope.client_id, scope.domain) AND t.removed_by IS NULL) AS faces,
    (SELECT count(*) FROM faces t JOIN embeddings e ON e.face_id = t.id
      WHERE (t.client_id, t.domain) = (scope.client_id, scope.domain) AND t.removed_by IS NULL) AS embeddings
  FROM scope`

export class CacheReader implements Pick<CacheStore, 'contents' | 'held'> {
  readonly #connection: Connection
  readonly #counted = new Map<string, { readonly revision: number; readonly embeddings: number }>()

  constructor(connection: Connection) {
    this.#connection = connection
  }

  async contents(): Promise<CacheContents> {
    const { bytes } = this.#connection.row(
      bytesRow,
      'SELECT page_count * page_size AS bytes FROM pragma_page_count(), pragma_page_size()',
    )!
    const { count } = this.#connection.row(countRow, 'SELECT count(*) AS count FROM cache_edits')!
    const domains = this.#domains().map(
      ({ clientId, domain, chosen, step, filled, expected, revision, asOf }) => ({
        clientId,
        domain,
        state: !chosen ? ('leaving' as const) : step === 'whole' ? ('whole' as const) : ('filling' as const),
        filled: step === 'whole' ? 1 : Math.min(1, filled / Math.max(1, expected)),
        rows: this.#rows(clientId, domain),
        revision: revision ?? 0,
        asOf: asOf === null ? null : new Date(asOf).toISOString(),
      }),
    )
    return { bytes, domains, edits: count }
  }

  async held(): Promise<HeldClient[]> {
    return [...Map.groupBy(this.#domains(), ({ clientId }) => clientId)].flatMap(([clientId, domains]) => {
      const whole = domains.filter(({ chosen, step }) => chosen && step === 'whole')
      const [{ revision, asOf, otherDomains } = { revision: null, asOf: null, otherDomains: null }] = whole
      if (revision === null || asOf === null) return []
      const embeddings = whole.map(
        ({ domain }) => [domain, this.#embeddings(clientId, domain, revision)] as const,
      )
      const complete = otherDomains === 0 && whole.length === domains.length
      return [{ clientId, revision, asOf, domains: new Map(embeddings), complete }]
    })
  }

  /** Counted anew once much has changed: it is asked for after every change. */
  #embeddings(clientId: ClientId, domain: Domain, revision: number): number {
    const key = JSON.stringify([clientId, domain])
    const known = this.#counted.get(key)
    if (known !== undefined && Math.abs(known.revision - revision) < countedForRevisions)
      return known.embeddings
    const { embeddings } = this.#rows(clientId, domain)
    this.#counted.set(key, { revision, embeddings })
    return embeddings
  }

  #domains() {
    return this.#connection.rows(domainRow, selectDomains)
  }

  #rows(clientId: ClientId, domain: Domain) {
    return this.#connection.row(rowsRow, selectRows, clientId, domain)!
  }
}
