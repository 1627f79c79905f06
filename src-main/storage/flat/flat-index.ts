/**
 * All embeddings of one client and one model in one shared memory, searched by scanning them. Store worker thread.
 *
 * [Note: Exact search] The scan of the codes gives every row an upper bound of its similarity, at a quarter of the bytes
 * and of the arithmetic. From the bounds follows what the last of an answer is worth at least; rows that cannot reach
 * that are out, and the others are compared by their float32 vectors. So the answer is that of a search by float32,
 * always, whatever the vectors: if more of them crowd together, more are compared.
 */
import { embeddingLength } from '../../../src-shared/face'
import type { Domain, PersonId } from '../../../src-shared/ids'
import { FlatMemory } from './flat-memory'
import type { FlatAnswer, FlatNearest, FlatNearestQuery, FlatQuery } from './flat-query'
import { type IndexKind, probesPerPass } from './layout'
import { RowTable } from './row-table'
import type { ScanPool } from './scan-pool'
import { TopPersons, TopRows } from './top'

/** Distances of a person's nearest embeddings that are told. */
const bestKept = 3

/** Cosine distance of a similarity: 0 … 2, whatever rounding did. */
export function distanceOf(similarity: number): number {
  return Math.min(2, Math.max(0, 1 - similarity))
}

export class FlatIndex {
  readonly kind: IndexKind
  readonly #memory: FlatMemory
  /** The float32 vector of an embedding id, from where it is kept; asked for by `int8` alone. */
  readonly #readVector: (embedding: number) => Float32Array
  readonly #rows = new RowTable()

  /** Raises `capacity-exceeded` where the system has no address space for another memory. */
  constructor(kind: IndexKind, pool: ScanPool, readVector: (embedding: number) => Float32Array) {
    this.kind = kind
    this.#memory = new FlatMemory(kind, pool)
    this.#readVector = readVector
  }

  close(): void {
    this.#memory.close()
  }

  /** Bytes of the shared memory. */
  get bytes(): number {
    return this.#memory.bytes
  }

  /** Rows that hold an embedding. */
  get size(): number {
    return this.#rows.end - this.#rows.free
  }

  /** Whether an embedding is in. */
  has(embedding: number): boolean {
    return this.#rows.rowOf(embedding) !== undefined
  }

  /** Makes room for `count` more rows. Raises `capacity-exceeded`; nothing is changed then. */
  reserve(count: number): void {
    this.#memory.reserve(this.#rows.end + Math.max(0, count - this.#rows.free))
  }

  /** Puts an embedding in, or gives one that is there to this person. `vector` is read only for a new one. */
  put(embedding: number, personId: PersonId, domain: Domain, vector: () => Float32Array): void {
    const there = this.#rows.rowOf(embedding)
    if (there !== undefined) {
      this.#memory.setDomain(there, this.#rows.give(there, personId, domain))
      return
    }
    this.reserve(1)
    const added = this.#rows.add(embedding, personId, domain)
    this.#memory.write(added.row, vector())
    this.#memory.setDomain(added.row, added.domain)
  }

  /** Takes an embedding out, where it is in; nothing of it stays in memory. */
  remove(embedding: number): void {
    const row = this.#rows.rowOf(embedding)
    if (row === undefined) return
    this.#rows.remove(row)
    this.#memory.clear(row)
    this.#memory.setDomain(row, 0)
  }

  /** Clears what the last search left in memory: its probes and their scores. */
  forgetProbes(): void {
    this.#memory.forgetProbes()
  }

  /** Clears the whole memory; call {@link close} next. */
  wipe(): void {
    this.#memory.wipe()
  }

  /** Gives a domain another name, which no domain with rows has. */
  renameDomain(from: Domain, to: Domain): void {
    this.#rows.renameDomain(from, to)
  }

  /** People with embeddings in these domains, and their embeddings. */
  counts(domains: readonly Domain[] | 'all'): { readonly persons: number; readonly embeddings: number } {
    let persons = 0
    let embeddings = 0
    for (const number of this.#domainNumbers(domains)) {
      const counts = this.#rows.counts(number)
      persons += counts.persons
      embeddings += counts.embeddings
    }
    return { persons, embeddings }
  }

  /** People with embeddings in the domain. Not to be held across turns: a write may change them. */
  *personsOf(domain: Domain): Generator<PersonId> {
    const number = this.#rows.domainNumber(domain)
    if (number === undefined) return
    for (const person of this.#rows.personsOf(number)) yield this.#rows.personId(person)
  }

  /** The person's embedding ids, in no order; empty where they have none. */
  embeddingsOf(personId: PersonId): number[] {
    const person = this.#rows.personNumber(personId)
    if (person === undefined) return []
    return [...this.#rows.rowsOf(person)].map((row) => this.#rows.embeddingOf(row))
  }

  /** A copy of an embedding that is in. */
  vectorOf(embedding: number): Float32Array {
    if (this.kind === 'int8') return this.#readVector(embedding)
    return this.#memory.vector(this.#rows.rowOf(embedding)!)
  }

  /** One answer a probe, in the order of the probes. */
  search(query: FlatQuery): FlatAnswer[] {
    const domains = this.#domainNumbers(query.domains)
    const answers: FlatAnswer[] = []
    for (let first = 0; first < query.probes.length; first += probesPerPass) {
      const probes = query.probes.slice(first, first + probesPerPass)
      // Vectors that must be read from elsewhere are dear, so fewer are wanted; one probe waits for memory anyway.
      // So are those that are wanted where all but the nearest are out: coarse bounds, at half the arithmetic, do.
      const fine = query.farthest === undefined && (this.kind === 'int8' || probes.length === 1)
      const slacks = this.#memory.scan(domains, probes, fine ? 2 : 1)
      for (const [position, probe] of probes.entries()) {
        answers.push(this.#answer(position, probe, slacks[position]!, query))
      }
    }
    return answers
  }

  /**
   * The people nearest to any of the probes, of all domains, each once. As in [Note: Exact search], but with one floor for
   * all probes: what is far from the best of them is compared with none.
   */
  nearestToAny(query: FlatNearestQuery): FlatNearest[] {
    const { probes, limit, floor } = query
    // A high floor leaves so few to compare that coarse bounds, at half the arithmetic, are fine enough.
    const planes = floor === Number.NEGATIVE_INFINITY ? 2 : 1
    const slacks = this.#memory.scan(this.#domainNumbers('all'), probes, planes)
    const isLeftOut = this.#leftOut(query)
    const least = new TopPersons(limit)
    const leastFloor = () => Math.max(floor, least.floor)
    for (const position of probes.keys()) {
      this.#memory.visit(position, leastFloor(), (row, upper) => {
        if (!isLeftOut(position, row)) {
          least.offer(this.#rows.personOf(row), row, upper - 2 * this.#memory.error(row))
        }
        return leastFloor()
      })
    }
    const nearest = new TopPersons(limit)
    // Which row it is, and of which probe, in one number.
    const packed = (row: number, position: number) => row * probesPerPass + position
    for (const [position, probe] of probes.entries()) {
      const level = Math.max(leastFloor(), nearest.floor) - 2 * slacks[position]!
      const candidates: number[] = []
      this.#memory.visit(position, level, (row) => {
        if (!isLeftOut(position, row)) candidates.push(row)
        return level
      })
      const similarities = new Map<number, number>()
      this.#compare(position, probe, candidates, similarities)
      for (const [row, similarity] of similarities) {
        nearest.offer(this.#rows.personOf(row), packed(row, position), similarity)
      }
    }
    return nearest.list
      .filter(({ similarity }) => similarity > floor)
      .map(({ person, row, similarity }) => ({
        personId: this.#rows.personId(person),
        embedding: this.#rows.embeddingOf(Math.floor(row / probesPerPass)),
        probe: row % probesPerPass,
        similarity,
      }))
  }

  /** Whether a row is not compared with a probe. */
  #leftOut({
    except,
    notPersons,
    notEmbeddings,
  }: FlatNearestQuery): (position: number, row: number) => boolean {
    const own = this.#rows.personNumber(except)
    const apart = new Map(
      [...notPersons].map(([position, persons]) => [
        position,
        new Set([...persons].map((personId) => this.#rows.personNumber(personId))),
      ]),
    )
    return (position, row) => {
      const person = this.#rows.personOf(row)
      if (person === own || apart.get(position)?.has(person) === true) return true
      return notEmbeddings.size > 0 && notEmbeddings.has(this.#rows.embeddingOf(row))
    }
  }

  #domainNumbers(domains: readonly Domain[] | 'all'): number[] {
    if (domains === 'all') return this.#rows.domainNumbers()
    return [...new Set(domains)].flatMap((domain) => this.#rows.domainNumber(domain) ?? [])
  }

  #answer(position: number, probe: Float32Array, slack: number, query: FlatQuery): FlatAnswer {
    // What the last of the answer is worth at least: nothing whose upper bound is below can belong to it.
    const leastPersons = new TopPersons(query.topPersons)
    const leastFaces = new TopRows(query.topFaces)
    const farthestFloor = query.farthest === undefined ? Number.NEGATIVE_INFINITY : 1 - query.farthest
    const leastFloor = () => Math.max(farthestFloor, Math.min(leastPersons.floor, leastFaces.floor))
    this.#memory.visit(position, leastFloor(), (row, upper) => {
      const least = upper - 2 * this.#memory.error(row)
      leastPersons.offer(this.#rows.personOf(row), row, least)
      leastFaces.offer(row, least)
      return leastFloor()
    })
    const floor = leastFloor() - 2 * slack
    const candidates: number[] = []
    this.#memory.visit(position, floor, (row) => {
      candidates.push(row)
      return floor
    })

    const similarities = new Map<number, number>()
    this.#compare(position, probe, candidates, similarities)
    const persons = new TopPersons(query.topPersons)
    const faces = new TopRows(query.topFaces)
    for (const row of candidates) {
      const similarity = similarities.get(row)!
      persons.offer(this.#rows.personOf(row), row, similarity)
      faces.offer(row, similarity)
    }

    // All rows of those people, but for the ones that are certainly too far away to count.
    const within = 1 - query.withinDistance - slack
    const near = <T extends { readonly similarity: number }>(list: readonly T[]) =>
      list.filter(({ similarity }) => similarity >= farthestFloor)
    const nearPersons = near(persons.list)
    const ownRows = nearPersons.map(({ person }) =>
      [...this.#rows.rowsOf(person)].filter((row) => this.#memory.score(position, row) >= within),
    )
    const unknown = ownRows.flat().filter((row) => !similarities.has(row))
    this.#compare(position, probe, unknown, similarities)

    return {
      persons: nearPersons.map(({ person, row, similarity }, rank) => {
        const distances = ownRows[rank]!.map((own) => distanceOf(similarities.get(own)!))
          .filter((distance) => distance <= query.withinDistance)
          .sort((a, b) => a - b)
        return {
          personId: this.#rows.personId(person),
          nearestEmbedding: this.#rows.embeddingOf(row),
          distance: distanceOf(similarity),
          occurrences: distances.length,
          bestDistances: distances.slice(0, bestKept),
        }
      }),
      faces: near(faces.list).map(({ row, similarity }) => ({
        personId: this.#rows.personId(this.#rows.personOf(row)),
        embedding: this.#rows.embeddingOf(row),
        distance: distanceOf(similarity),
      })),
    }
  }

  /** Puts the similarities of `rows` to a probe, by float32 vectors, into `similarities`. */
  #compare(
    position: number,
    probe: Float32Array,
    rows: readonly number[],
    similarities: Map<number, number>,
  ): void {
    if (this.kind === 'float32') {
      this.#memory.products(position, rows, similarities)
      return
    }
    for (const row of rows) {
      const vector = this.#readVector(this.#rows.embeddingOf(row))
      let sum = 0
      for (let i = 0; i < embeddingLength; i++) sum += vector[i]! * probe[i]!
      similarities.set(row, sum)
    }
  }
}
