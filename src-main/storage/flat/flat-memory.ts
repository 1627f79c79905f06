/**
 * The shared memory of a flat index: one row an embedding, in segments as `layout.ts` lays them out; the probes of a search
 * and their scores. Store worker thread. It knows rows and numbers of domains, not whose they are: see `row-table.ts`.
 */
import { VisorError } from '../../../src-shared/errors'
import { embeddingLength } from '../../../src-shared/face'
import {
  allowedAt,
  blocksPerSegment,
  columnBytes,
  columnsAt,
  headerPages,
  type IndexKind,
  listAt,
  listLength,
  maximumDomains,
  maximumPages,
  maximumSegments,
  pageBytes,
  probeScalesAt,
  probesAt,
  rowsPerBlock,
  rowsPerSegment,
  type SegmentLayout,
  segmentAt,
  segmentLayouts,
  vectorBytes,
} from './layout'
import { type Planes, quantiseProbe, quantiseRow } from './quantise'
import type { ScanPool } from './scan-pool'

export class FlatMemory {
  readonly kind: IndexKind
  readonly #layout: SegmentLayout
  readonly #pool: ScanPool
  readonly #number: number
  readonly #memory: WebAssembly.Memory
  #segments = 0
  #bytes: Uint8Array
  #floats: Float32Array
  #integers: Int32Array

  /** Raises `capacity-exceeded` where the system has no address space for another memory. */
  constructor(kind: IndexKind, pool: ScanPool) {
    this.kind = kind
    this.#layout = segmentLayouts[kind]
    this.#pool = pool
    try {
      this.#memory = new WebAssembly.Memory({ initial: headerPages, maximum: maximumPages, shared: true })
    } catch (error) {
      throw outOfMemory(error)
    }
    this.#number = pool.attach(this.#memory, kind)
    this.#bytes = new Uint8Array(this.#memory.buffer)
    this.#floats = new Float32Array(this.#memory.buffer)
    this.#integers = new Int32Array(this.#memory.buffer)
  }

  close(): void {
    this.#pool.detach(this.#number)
  }

  get bytes(): number {
    return this.#memory.buffer.byteLength
  }

  /** Makes room for `rows` rows in all. Raises `capacity-exceeded`; nothing is changed then. */
  reserve(rows: number): void {
    const needed = Math.ceil(rows / rowsPerSegment)
    if (needed <= this.#segments) return
    if (needed > maximumSegments(this.kind)) throw outOfMemory()
    try {
      const pages = this.#layout.bytes / pageBytes
      this.#memory.grow((needed - this.#segments) * pages)
    } catch (error) {
      throw outOfMemory(error)
    }
    this.#segments = needed
    this.#bytes = new Uint8Array(this.#memory.buffer)
    this.#floats = new Float32Array(this.#memory.buffer)
    this.#integers = new Int32Array(this.#memory.buffer)
  }

  /** Writes a row's vector: its codes, and the vector itself where it is kept here. */
  write(row: number, vector: Float32Array): void {
    const layout = this.#layout
    const at = this.#segmentOf(row)
    const position = row % rowsPerSegment
    const codes = new Int8Array(
      this.#memory.buffer,
      at + layout.codes + position * embeddingLength,
      embeddingLength,
    )
    const { scale, sum, error } = quantiseRow(vector, codes)
    this.#floats[(at + layout.scales) / 4 + position] = scale
    this.#integers[(at + layout.sums) / 4 + position] = sum
    this.#floats[(at + layout.errors) / 4 + position] = error
    if (this.kind === 'float32') this.#floats.set(vector, this.#vectorAt(row) / 4)
  }

  /** Clears a row: nothing of its vector stays. */
  clear(row: number): void {
    const layout = this.#layout
    const at = this.#segmentOf(row)
    const position = row % rowsPerSegment
    const codes = at + layout.codes + position * embeddingLength
    this.#bytes.fill(0, codes, codes + embeddingLength)
    for (const part of [layout.scales, layout.sums, layout.errors])
      this.#integers[(at + part) / 4 + position] = 0
    if (this.kind === 'float32') {
      const vector = this.#vectorAt(row)
      this.#bytes.fill(0, vector, vector + vectorBytes)
    }
  }

  /** Says which domain a row is in; 0 = none, the row is empty. */
  setDomain(row: number, domain: number): void {
    const at = this.#segmentOf(row) + this.#layout.domains + (row % rowsPerSegment) * 2
    this.#bytes[at] = domain & 0xff
    this.#bytes[at + 1] = domain >> 8
  }

  /** Clears what the last search left: its probes and their scores. */
  forgetProbes(): void {
    this.#bytes.fill(0, columnsAt, headerPages * pageBytes)
    for (let segment = 0; segment < this.#segments; segment++) {
      const at = segmentAt(this.kind, segment)
      this.#bytes.fill(0, at + this.#layout.scores, at + this.#layout.vectors)
    }
  }

  /** Clears the whole memory; call {@link close} next. */
  wipe(): void {
    this.#bytes.fill(0)
  }

  /** A copy of a row's vector; only of `float32`. */
  vector(row: number): Float32Array {
    const at = this.#vectorAt(row) / 4
    return this.#floats.slice(at, at + embeddingLength)
  }

  /** Gives every row of these domains its score for each probe; the slack of each probe. */
  scan(domains: readonly number[], probes: readonly Float32Array[], planes: Planes): number[] {
    const allowed = this.#bytes.subarray(allowedAt, allowedAt + maximumDomains).fill(0)
    for (const domain of domains) allowed[domain] = 1
    const slacks = this.#writeProbes(probes, planes)
    const scored = probes.length === 1 ? 1 : Math.ceil(probes.length / 4) * 4
    this.#pool.scan({ memoryNumber: this.#number, segments: this.#segments, probes: scored, planes })
    return slacks
  }

  /**
   * Visits the rows whose score exceeds a floor; blocks that are all below it are passed over. `visit` gives the floor
   * from there on.
   */
  visit(probe: number, floor: number, visit: (row: number, score: number) => number): void {
    const layout = this.#layout
    const floats = this.#floats
    // Below −2 is no similarity: rows that are not asked for.
    let level = Math.max(-2, floor)
    for (let segment = 0; segment < this.#segments; segment++) {
      const at = segmentAt(this.kind, segment)
      const maxima = (at + layout.maxima) / 4 + probe * blocksPerSegment
      const scores = (at + layout.scores) / 4 + probe * rowsPerSegment
      for (let block = 0; block < blocksPerSegment; block++) {
        if (!(floats[maxima + block]! > level)) continue
        const first = block * rowsPerBlock
        for (let row = first; row < first + rowsPerBlock; row++) {
          const score = floats[scores + row]!
          if (score > level) level = Math.max(-2, visit(segment * rowsPerSegment + row, score))
        }
      }
    }
  }

  /** The upper bound of a row's similarity to a probe of the last scan, but for the probe's slack. */
  score(probe: number, row: number): number {
    const at = this.#segmentOf(row) + this.#layout.scores
    return this.#floats[at / 4 + probe * rowsPerSegment + (row % rowsPerSegment)]!
  }

  /** How far a row's codes are from its vector. */
  error(row: number): number {
    return this.#floats[(this.#segmentOf(row) + this.#layout.errors) / 4 + (row % rowsPerSegment)]!
  }

  /** Puts the similarities of `rows` to a probe of the last scan into `similarities`; only of `float32`. */
  products(position: number, rows: readonly number[], similarities: Map<number, number>): void {
    const kernel = this.#pool.kernel(this.#number)
    for (let first = 0; first < rows.length; first += listLength) {
      const some = rows.slice(first, first + listLength)
      for (const [index, row] of some.entries()) this.#integers[listAt / 4 + index] = this.#vectorAt(row)
      kernel.products(some.length, position)
      for (const [index, row] of some.entries()) similarities.set(row, this.#floats[listAt / 4 + index]!)
    }
  }

  #segmentOf(row: number): number {
    return segmentAt(this.kind, Math.floor(row / rowsPerSegment))
  }

  /** Address of a row's vector, bytes; only of `float32`. */
  #vectorAt(row: number): number {
    return this.#segmentOf(row) + this.#layout.vectors + (row % rowsPerSegment) * vectorBytes
  }

  /** Writes the probes into the memory's header; gives the slack of each. */
  #writeProbes(probes: readonly Float32Array[], planes: Planes): number[] {
    return probes.map((probe, position) => {
      this.#floats.set(probe, probesAt / 4 + position * embeddingLength)
      const at = columnsAt + position * planes * columnBytes
      const { scale, slack } = quantiseProbe(
        probe,
        planes,
        this.#bytes.subarray(at, at + planes * columnBytes),
      )
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
