/** Searches on the server, as many at once as the pool has connections; see [Note: Search on the server]. Server thread. */
import pMap from 'p-map'
import type { PoolClient } from 'pg'
import type { ClientId, Domain, ModelId } from '../../../src-shared/ids'
import type { GallerySize, PersonHit, SearchAnswer, SearchQuery } from '../search-records'
import type { ServerPool } from './connect'
import { pooledQuery } from './pooled-query'
import {
  fewestExactRows,
  fewestRows,
  type SearchBounds,
  searchBounds,
  searchWidthOf,
  sizeOf,
  standsOut,
  standsOutAmong,
  wayFor,
} from './search-shape'
import {
  type Known,
  knownRow,
  knownStatement,
  type SearchRow,
  type SearchShape,
  searchRow,
  searchStatement,
} from './search-statement'
import { type SmallRow, type SmallScope, smallName, smallRow, smallStatement } from './small-search'
import { encodeVector } from './vectors'

/** Probes of one statement: planned together, and few enough that others are served in between. */
const probesPerStatement = 8
/** Statements of one search at once: the pool is for others, too. */
const statementsAtOnce = 4
/** Nearest rows looked at for each person wanted. */
const rowsPerPerson = 4

/**
 * The index looks at as many candidates as it says, and at as many more until enough rows of the domains are found. Older pgvector than 0.8 does
 * not go on; then what is missing is found without the index. Compiling a search anew each time takes longer than the search.
 */
const sessionSettings = `
  SET hnsw.iterative_scan = relaxed_order;
  SET hnsw.max_scan_tuples = 200000; SET hnsw.scan_mem_multiplier = 4; SET jit = off`

type Answer = Omit<SearchAnswer, 'elapsedMs'>

/** One probe's part of an answer. */
interface Found {
  readonly shape: SearchShape
  readonly persons: readonly PersonHit[]
  readonly faces: SearchAnswer['probes'][number]['faces']
}

export class ServerSearch {
  readonly #pool: () => Promise<ServerPool>
  readonly #bounds: SearchBounds
  /** What was last heard of the sizes of galleries and of indexes, by client and model: to plan the next search by. */
  readonly #known = new Map<string, Known>()
  /** Connections that are set up, and for which width. */
  readonly #prepared = new WeakMap<PoolClient, number>()

  /** `pool`: the one of now, or why there is none. */
  constructor(pool: () => Promise<ServerPool>, bounds = searchBounds) {
    this.#pool = pool
    this.#bounds = bounds
  }

  /** The body of `GalleryStore.gallerySize`. */
  async gallerySize(
    clientId: ClientId,
    domains: readonly Domain[] | 'all',
    modelId: ModelId,
  ): Promise<GallerySize> {
    return sizeOf(await this.#ask(clientId, modelId), domains)
  }

  /** The body of `GalleryStore.search`. */
  async search(query: SearchQuery): Promise<SearchAnswer> {
    const startedAt = performance.now()
    const answer = await this.#answer(query)
    return { ...answer, elapsedMs: performance.now() - startedAt }
  }

  async #answer(query: SearchQuery): Promise<Answer> {
    const { clientId, modelId, domains, probes } = query
    let known = this.#known.get(keyOf(query)) ?? (await this.#ask(clientId, modelId))
    if (this.#isSmall(query, known)) {
      const answer = await this.#small(query)
      if (answer !== undefined) return answer
      known = await this.#ask(clientId, modelId)
    }
    const shape = query.exact === true ? 'exact' : wayFor(known, domains, this.#bounds).shape
    // To see whether somebody stands out, others are needed.
    const topPersons = this.#doubts(shape) ? Math.max(query.topPersons, standsOutAmong) : query.topPersons
    const rows = fewestRows(shape, known, domains)
    const found = await inPortions(probes, (portion) =>
      this.#portion({ ...query, topPersons }, portion, shape, rows),
    )
    const { persons, embeddings } = sizeOf(this.#known.get(keyOf(query)) ?? known, domains)
    return {
      probes: found.map(({ persons: nearest, faces }) => ({
        persons: nearest.slice(0, query.topPersons),
        faces,
      })),
      galleryPersons: persons,
      galleryEmbeddings: embeddings,
      method: found.every((answer) => answer.shape === 'exact') ? 'exact' : 'hnsw',
    }
  }

  #isSmall({ domains, exact, probes }: SearchQuery, known: Known): boolean {
    const { embeddings } = sizeOf(known, domains)
    if (probes.length === 0 || embeddings > this.#bounds.smallUpToRows) return false
    return exact === true || wayFor(known, domains, this.#bounds).shape === 'exact'
  }

  /** See [Note: Small searches]. Nothing where it is no small one any more. */
  async #small(query: SearchQuery): Promise<Answer | undefined> {
    const rows = await pMap(query.probes, (probe) => this.#smallRow(query, probe), {
      concurrency: statementsAtOnce,
    })
    if (rows.some(({ embeddings }) => embeddings > this.#bounds.smallUpToRows)) return undefined
    return {
      probes: rows.map(({ persons, faces }) => ({ persons, faces })),
      galleryPersons: rows[0]?.people ?? 0,
      galleryEmbeddings: rows[0]?.embeddings ?? 0,
      method: 'exact',
    }
  }

  async #smallRow(query: SearchQuery, probe: UnitEmbeddings[number]): Promise<SmallRow> {
    const { clientId, modelId, domains, topPersons, topFaces, withinDistance } = query
    const scope: SmallScope = domains === 'all' ? 'all' : domains.length === 1 ? 'one' : 'several'
    const places = { all: [], one: [domains[0]], several: [domains] }[scope]
    const [raw] = await pooledQuery(this.#pool, {
      name: smallName(scope),
      text: smallStatement(scope, this.#bounds.smallUpToRows),
      values: [clientId, modelId, topPersons, topFaces, withinDistance, parameter(probe), ...places],
    })
    return smallRow.parse(raw)
  }

  async #portion(
    query: SearchQuery,
    probes: UnitEmbeddings,
    shape: SearchShape,
    fewest: number,
  ): Promise<Found[]> {
    const limit = Math.max(fewest, rowsPerPerson * query.topPersons, query.topFaces)
    const rows = await this.#rows(query, probes, shape, limit, [])
    const doubted = probes.filter((_, position) => this.#doubts(shape) && !standsOut(rows[position]!.persons))
    const compared = await this.#exactly(query, doubted)
    return Promise.all(
      rows.map((row, position) => {
        const probe = probes[position]!
        return compared[doubted.indexOf(probe)] ?? this.#complete(query, probe, shape, limit, row)
      }),
    )
  }

  /**
   * [Note: Standing out] An index misses some of those who are near by chance only, at any size. It is believed where somebody stands
   * out; that nobody does, it alone does not say.
   */
  #doubts(shape: SearchShape): boolean {
    return shape !== 'exact' && this.#bounds.doubtsIndex
  }

  async #exactly(query: SearchQuery, probes: UnitEmbeddings): Promise<Found[]> {
    return probes.length === 0 ? [] : this.#portion(query, probes, 'exact', fewestExactRows)
  }

  /** Looks for further people where those with many photos took all places, or the index gave up. */
  async #complete(
    query: SearchQuery,
    probe: UnitEmbeddings[number],
    shape: SearchShape,
    firstLimit: number,
    first: SearchRow,
  ): Promise<Found> {
    let { persons, faces, rows } = first
    let limit = firstLimit
    let way = shape
    while (persons.length < query.topPersons) {
      if (rows < limit) {
        // There are no more, or the index has not found them.
        const { persons: all, embeddings } = sizeOf(first, query.domains)
        if (way === 'exact' || persons.length >= all) break
        way = 'exact'
        if (faces.length < Math.min(query.topFaces, embeddings)) {
          const [anew] = await this.#rows(query, [probe], way, limit, [])
          ;({ persons, faces, rows } = anew!)
          continue
        }
      }
      limit *= 2
      const known = persons.map(({ personId }) => personId)
      const [more] = await this.#rows(query, [probe], way, limit, known)
      if (more!.persons.length === 0 && way === 'exact') break
      persons = [...persons, ...more!.persons]
      rows = more!.rows
    }
    const nearest = [...persons].sort((a, b) => a.distance - b.distance).slice(0, query.topPersons)
    return { shape: way, persons: nearest, faces }
  }

  async #rows(
    query: SearchQuery,
    probes: UnitEmbeddings,
    shape: SearchShape,
    limit: number,
    except: readonly string[],
  ): Promise<SearchRow[]> {
    const { clientId, modelId, domains, topPersons, topFaces, withinDistance } = query
    const raw = await pooledQuery(this.#pool, {
      text: searchStatement({ shape, probes: probes.length, allDomains: domains === 'all' }),
      values: [
        clientId,
        modelId,
        limit,
        topPersons,
        topFaces,
        withinDistance,
        except,
        ...(domains === 'all' ? [] : [domains]),
        ...probes.map(parameter),
      ],
      prepare: (client) => this.#prepare(client, this.#known.get(keyOf(query))),
    })
    const rows = raw.map((row) => searchRow.parse(row))
    if (rows[0] !== undefined) this.#known.set(keyOf(query), rows[0])
    return rows
  }

  async #ask(clientId: ClientId, modelId: ModelId): Promise<Known> {
    const [raw] = await pooledQuery(this.#pool, { text: knownStatement, values: [clientId, modelId] })
    const known = knownRow.parse(raw)
    this.#known.set(keyOf({ clientId, modelId }), known)
    return known
  }

  async #prepare(client: PoolClient, known: Known | undefined): Promise<void> {
    const width = searchWidthOf(known ?? { indexes: [] })
    const before = this.#prepared.get(client)
    if (before === width) return
    if (before === undefined) await client.query(sessionSettings)
    await client.query("SELECT set_config('hnsw.ef_search', $1, false)", [String(width)])
    this.#prepared.set(client, width)
  }
}

type UnitEmbeddings = SearchQuery['probes']

const parameter = (probe: UnitEmbeddings[number]) => Buffer.from(encodeVector(probe).buffer)

/** What `ask` gives for the probes, in their order: asked for some of them in one statement, and some statements at once. */
async function inPortions<T>(
  probes: UnitEmbeddings,
  ask: (portion: UnitEmbeddings) => Promise<readonly T[]>,
): Promise<T[]> {
  const portions = Array.from({ length: Math.ceil(probes.length / probesPerStatement) }, (_, number) =>
    probes.slice(number * probesPerStatement, (number + 1) * probesPerStatement),
  )
  return (await pMap(portions, ask, { concurrency: statementsAtOnce })).flat()
}

function keyOf({ clientId, modelId }: Pick<SearchQuery, 'clientId' | 'modelId'>): string {
  return JSON.stringify([clientId, modelId])
}
