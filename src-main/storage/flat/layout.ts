/**
 * Where things lie in the memory that the scan threads share. Store worker thread and scan threads; the kernel is given
 * these addresses.
 *
 * [Note: Segments] Rows come in segments of 1,024: their codes, their domain numbers, room for their scores, and (where
 * memory allows) their vectors. A gallery grows by whole segments at the end of the memory, so no row ever moves; a
 * segment is also what a thread takes at a time.
 */
import { embeddingLength } from '../../../src-shared/face'

/**
 * Both are scanned as int8 codes and decided by float32 vectors, which `float32` holds in memory, too; `int8` reads those
 * few that it needs from where they are kept, and takes a fifth of the memory.
 */
export type IndexKind = 'float32' | 'int8'

/** A page of WebAssembly memory, and as many as 32-bit addresses reach: 4 GiB. */
export const pageBytes = 65_536
export const maximumPages = 65_536

export const rowsPerSegment = 1024
/** Rows that share one block maximum; as in `kernel/scan.ts`. */
export const rowsPerBlock = 64
export const blocksPerSegment = rowsPerSegment / rowsPerBlock
/** Probes scored in one pass: more would not stay in the first cache beside the rows. */
export const probesPerPass = 8

/** One plane of a probe: 512 numbers of 7 bits. */
export const columnBytes = embeddingLength
export const vectorBytes = embeddingLength * Float32Array.BYTES_PER_ELEMENT

/** A byte for each of 65,536 domain numbers, 1 = search it. Number 0 is that of a row that holds nothing. */
export const allowedAt = pageBytes
export const maximumDomains = pageBytes
/** The probes' columns, their scales, and the probes themselves as float32. */
export const columnsAt = 2 * pageBytes
export const probeScalesAt = columnsAt + probesPerPass * 2 * columnBytes
export const probesAt = 3 * pageBytes
/** Addresses of vectors to be compared, replaced by their products: 4 bytes each. */
export const listAt = 4 * pageBytes
export const listLength = pageBytes / 4
/** The kernel's own page (it keeps nothing there), and the above. */
export const headerPages = 5

/** Offsets within a segment, bytes; `bytes` is its size, whole pages. */
export interface SegmentLayout {
  /** 512 i8 a row, then f32 scale, i32 sum of the codes, f32 error of each row. */
  readonly codes: number
  readonly scales: number
  readonly sums: number
  readonly errors: number
  /** u16 a row. */
  readonly domains: number
  /** f32 for each row and probe of a pass, probe after probe. */
  readonly scores: number
  /** f32 for each block and probe of a pass, probe after probe. */
  readonly maxima: number
  /** 512 f32 a row; only of `float32`. */
  readonly vectors: number
  readonly bytes: number
}

function layOut(withVectors: boolean): SegmentLayout {
  const scales = rowsPerSegment * embeddingLength
  const sums = scales + rowsPerSegment * 4
  const errors = sums + rowsPerSegment * 4
  const domains = errors + rowsPerSegment * 4
  const scores = domains + rowsPerSegment * 2
  const maxima = scores + probesPerPass * rowsPerSegment * 4
  const vectors = maxima + probesPerPass * blocksPerSegment * 4
  const end = vectors + (withVectors ? rowsPerSegment * vectorBytes : 0)
  const bytes = Math.ceil(end / pageBytes) * pageBytes
  return { codes: 0, scales, sums, errors, domains, scores, maxima, vectors, bytes }
}

export const segmentLayouts: Readonly<Record<IndexKind, SegmentLayout>> = {
  float32: layOut(true),
  int8: layOut(false),
}

/** Address of a segment, bytes. */
export function segmentAt(kind: IndexKind, segment: number): number {
  return headerPages * pageBytes + segment * segmentLayouts[kind].bytes
}

/** Segments that fit into a memory of {@link maximumPages}: 1.6 million rows as float32, 7.4 million as int8. */
export function maximumSegments(kind: IndexKind): number {
  return Math.floor(((maximumPages - headerPages) * pageBytes) / segmentLayouts[kind].bytes)
}
