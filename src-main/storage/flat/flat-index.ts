/**
 * All embeddings of one client and one model in one shared memory, searched by scanning them. Store worker thread.
 *
 * The answer is exact for both kinds: `float32` scans the vectors; `int8` scans codes with a proven bound and ranks
 * whatever may belong to the answer by its float32 vector ([Note: int8 bounds]).
 */
import { VisorError } from '../../../src-shared/errors'
import { embeddingLength } from '../../../src-shared/face'
import type { Domain, PersonId } from '../../../src-shared/ids'
import {
  allowedAt,
  blocksPerSegment,
  headerPages,
  type IndexKind,
  maximumDomains,
  maximumPages,
  maximumSegments,
  pageBytes,
  probeScalesAt,
  probesAt,
  probesPerPass,
  rowsPerBlock,
  rowsPerSegment,
  segmentAt,
  segmentLayouts,
} from './layout'
import { quantiseProbe, quantiseRow } from './quantise'
import { RowTable } from './row-table'
import type { ScanPool } from './scan-pool'
import { type Scored, TopPersons, TopRows } from './top'

/** Distances of a person's nearest embeddings that are told. */
const bestKept = 3

export interface FlatQuery {
  readonly domains: readonly Domain[] | 'all'
  readonly probes: readonly Float32Array[]
  readonly topPersons: number
  readonly topFaces: number
  /** Cosine distance. */
  readonly withinDistance: number
}

export interface FlatPersonHit {
  readonly personId: PersonId
  readonly nearestEmbedding: number
  readonly distance: number
  readonly occurrences: number
  readonly bestDistances: readonly number[]
}

export interface FlatFaceHit {
  readonly personId: PersonId
  readonly embedding: number
  readonly distance: number
}

export interface FlatAnswer {
  readonly persons: readonly FlatPersonHit[]
  readonly faces: readonly FlatFaceHit[]
}

/** Cosine distance of a similarity: 0 … 2, whatever rounding did. */
function distanceOf(similarity: number): number {
  return Math.min(2, Math.max(0, 1 - similarity))
}

export class FlatIndex {
  readonly kind: IndexKind
  readonly #pool: ScanPool
  readonly #number: number
  readonly #memory: WebAssembly.Memory
  /** The float32 vector of an embedding id, from where it is kept. */
  readonly #readVector: (embedding: number) => Float32Array
  readonly #rows = new RowTable()
  #segments = 0
  #bytes: Uint8Array
  #floats: Float32Array

  /** Raises `capacity-exceeded` where the system has no address space for another memory. */
  constructor(kind: IndexKind, pool: ScanPool, readVector: (embedding: number) => Float32Array) {
    this.kind = kind
    this.#pool = pool
    this.#readVector = readVector
    try {
      this.#memory = new WebAssembly.Memory({ initial: headerPages, maximum: maximumPages, shared: true })
    } catch (error) {
      throw outOfMemory(error)
    }
    this.#number = pool.attach(this.#memory, kind)
    this.#bytes = new Uint8Array(this.#memory.buffer)
    this.#floats = new Float32Array(this.#memory.buffer)
  }

  close(): void {
    this.#pool.detach(this.#number)
  }

  /** Bytes of the shared memory. */
  get bytes(): number {
    return this.#memory.buffer.byteLength
  }

  /** Rows that hold an embedding. */
  get size(): number {
    return this.#rows.end - this.#rows.free
  }

  /** Makes room for `count` more rows. Raises `capacity-exceeded`; nothing is changed then. */
  reserve(count: number): void {
    const needed = Math.ceil((this.#rows.end + Math.max(0, count - this.#rows.free)) / rowsPerSegment)
    if (needed <= this.#segments) return
    if (needed > maximumSegments(this.kind)) throw outOfMemory()
    try {
      const pages = segmentLayouts[this.kind].bytes / pageBytes
      this.#memory.grow((needed - this.#segments) * pages)
    } catch (error) {
      throw outOfMemory(error)
    }
    this.#segments = needed
    this.#bytes = new Uint8Array(this.#memory.buffer)
    this.#floats = new Float32Array(this.#memory.buffer)
  }

  /** Puts an embedding in, or gives one that is there to this person. `vector` is read only for a new one. */
  put(embedding: number, personId: PersonId, domain: Domain, vector: () => Float32Array): void {
    const there = this.#rows.rowOf(embedding)
    if (there !== undefined) {
      this.#setDomain(there, this.#rows.give(there, personId, domain))
      return
    }
    this.reserve(1)
    const added = this.#rows.add(embedding, personId, domain)
    this.#write(added.row, vector())
    this.#setDomain(added.row, added.domain)
  }

  /** Takes an embedding out, where it is in. */
  remove(embedding: number): void {
    const row = this.#rows.rowOf(embedding)
    if (row === undefined) return
    this.#rows.remove(row)
    this.#setDomain(row, 0)
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

  /** One answer a probe, in the order of the probes. */
  search(query: FlatQuery): FlatAnswer[] {
    const allowed = this.#bytes.subarray(allowedAt, allowedAt + maximumDomains).fill(0)
    for (const number of this.#domainNumbers(query.domains)) allowed[number] = 1
    const answers: FlatAnswer[] = []
    for (let first = 0; first < query.probes.length; first += probesPerPass) {
      const probes = query.probes.slice(first, first + probesPerPass)
      const slacks = this.#writeProbes(probes)
      this.#pool.scan(
        this.#number,
        this.#segments,
        probes.length === 1 ? 1 : Math.ceil(probes.length / 4) * 4,
      )
      for (const [position, probe] of probes.entries()) {
        answers.push(
          this.kind === 'float32'
            ? this.#answerExact(position, query)
            : this.#answerCoded(position, probe, slacks[position]!, query),
        )
      }
    }
    return answers
  }

  #domainNumbers(domains: readonly Domain[] | 'all'): number[] {
    if (domains === 'all') return this.#rows.domainNumbers()
    return [...new Set(domains)].flatMap((domain) => this.#rows.domainNumber(domain) ?? [])
  }

  #answerExact(probe: number, query: FlatQuery): FlatAnswer {
    const persons = new TopPersons(query.topPersons)
    const faces = new TopRows(query.topFaces)
    this.#visit(
      probe,
      () => Math.min(persons.floor, faces.floor),
      (row, score) => {
        persons.offer(this.#rows.personOf(row), row, score)
        faces.offer(row, score)
      },
    )
    return this.#answer(persons, faces, query, (row) => this.#score(probe, row))
  }

  #answerCoded(position: number, probe: Float32Array, slack: number, query: FlatQuery): FlatAnswer {
    // What the answer's last is worth at least: nothing whose upper bound is below can belong to it.
    const leastPersons = new TopPersons(query.topPersons)
    const leastFaces = new TopRows(query.topFaces)
    const leastFloor = () => Math.min(leastPersons.floor, leastFaces.floor)
    this.#visit(position, leastFloor, (row, upper) => {
      const least = upper - 2 * this.#error(row)
      leastPersons.offer(this.#rows.personOf(row), row, least)
      leastFaces.offer(row, least)
    })
    const floor = leastFloor() - 2 * slack

    const exact = new Map<number, number>()
    const similarity = (row: number): number => {
      const known = exact.get(row)
      if (known !== undefined) return known
      const vector = this.#readVector(this.#rows.embeddingOf(row))
      let sum = 0
      for (let i = 0; i < embeddingLength; i++) sum += vector[i]! * probe[i]!
      exact.set(row, sum)
      return sum
    }
    const persons = new TopPersons(query.topPersons)
    const faces = new TopRows(query.topFaces)
    this.#visit(
      position,
      () => floor,
      (row) => {
        persons.offer(this.#rows.personOf(row), row, similarity(row))
        faces.offer(row, similarity(row))
      },
    )
    const within = 1 - query.withinDistance
    return this.#answer(persons, faces, query, (row) =>
      // Rows that are certainly not within the distance are not read; any similarity below will do.
      this.#score(position, row) + slack < within ? Number.NEGATIVE_INFINITY : similarity(row),
    )
  }

  #answer(
    persons: TopPersons,
    faces: TopRows,
    query: FlatQuery,
    similarityOf: (row: number) => number,
  ): FlatAnswer {
    return {
      persons: persons.list.map(({ person, row, similarity }) => {
        const distances: number[] = []
        for (const own of this.#rows.rowsOf(person)) {
          const distance = distanceOf(similarityOf(own))
          if (distance <= query.withinDistance) distances.push(distance)
        }
        distances.sort((a, b) => a - b)
        return {
          personId: this.#rows.personId(person),
          nearestEmbedding: this.#rows.embeddingOf(row),
          distance: distanceOf(similarity),
          occurrences: distances.length,
          bestDistances: distances.slice(0, bestKept),
        }
      }),
      faces: faces.list.map(({ row, similarity }: Scored) => ({
        personId: this.#rows.personId(this.#rows.personOf(row)),
        embedding: this.#rows.embeddingOf(row),
        distance: distanceOf(similarity),
      })),
    }
  }

  /** Visits the rows whose score exceeds `floor()`, which may rise meanwhile; whole blocks below it are passed over. */
  #visit(probe: number, floor: () => number, visit: (row: number, score: number) => void): void {
    const layout = segmentLayouts[this.kind]
    for (let segment = 0; segment < this.#segments; segment++) {
      const at = segmentAt(this.kind, segment)
      const maxima = (at + layout.maxima) / 4 + probe * blocksPerSegment
      const scores = (at + layout.scores) / 4 + probe * rowsPerSegment
      for (let block = 0; block < blocksPerSegment; block++) {
        if (!(this.#floats[maxima + block]! > floor())) continue
        const first = block * rowsPerBlock
        for (let row = first; row < first + rowsPerBlock; row++) {
          const score = this.#floats[scores + row]!
          // Below −2 is no similarity: a row that is not asked for.
          if (score > floor() && score > -2) visit(segment * rowsPerSegment + row, score)
        }
      }
    }
  }

  #score(probe: number, row: number): number {
    const at = this.#segmentOf(row) + segmentLayouts[this.kind].scores
    return this.#floats[at / 4 + probe * rowsPerSegment + (row % rowsPerSegment)]!
  }

  #error(row: number): number {
    return this.#floats[(this.#segmentOf(row) + segmentLayouts.int8.errors) / 4 + (row % rowsPerSegment)]!
  }

  #segmentOf(row: number): number {
    return segmentAt(this.kind, Math.floor(row / rowsPerSegment))
  }

  #setDomain(row: number, domain: number): void {
    const at = this.#segmentOf(row) + segmentLayouts[this.kind].domains + (row % rowsPerSegment) * 2
    this.#bytes[at] = domain & 0xff
    this.#bytes[at + 1] = domain >> 8
  }

  #write(row: number, vector: Float32Array): void {
    const at = this.#segmentOf(row)
    const position = row % rowsPerSegment
    if (this.kind === 'float32') {
      this.#floats.set(vector, at / 4 + position * embeddingLength)
      return
    }
    const layout = segmentLayouts.int8
    const codes = new Int8Array(this.#memory.buffer, at + position * embeddingLength, embeddingLength)
    const { scale, offset, error } = quantiseRow(vector, codes)
    this.#floats[(at + layout.scales) / 4 + position] = scale
    new Int32Array(this.#memory.buffer, at + layout.offsets, rowsPerSegment)[position] = offset
    this.#floats[(at + layout.errors) / 4 + position] = error
  }

  /** Writes the probes into the memory's header; gives the slack of each (0 for float32). */
  #writeProbes(probes: readonly Float32Array[]): number[] {
    return probes.map((probe, position) => {
      if (this.kind === 'float32') {
        this.#floats.set(probe, probesAt / 4 + position * embeddingLength)
        return 0
      }
      const at = probesAt + position * embeddingLength * 2
      const { scale, slack } = quantiseProbe(probe, this.#bytes.subarray(at, at + embeddingLength * 2))
      this.#floats[probeScalesAt / 4 + position] = scale
      return slack
    })
  }
}

function outOfMemory(cause?: unknown): VisorError {
  return new VisorError('capacity-exceeded', 'The gallery does not fit into memory.', {
    ...(cause === undefined ? {} : { cause }),
    consequence: 'Nothing was added; people who are already enrolled are still found.',
    remedy: 'Close other programs or use a machine with more memory.',
  })
}
