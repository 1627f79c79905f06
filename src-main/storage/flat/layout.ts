/**
 * Where things lie in the memory that the scan threads share. Store worker thread and scan threads; the kernel is given
 * these addresses.
 *
 * [Note: Segments] Rows come in segments of 1,024: their vectors, their domain numbers, and room for their scores. A
 * gallery grows by whole segments at the end of the memory, so no row ever moves; a segment is also what a thread
 * takes at a time.
 */
import { embeddingLength } from '../../../src-shared/face'

/** `float32`: the vectors themselves. `int8`: codes a quarter as long, see [Note: int8 bounds]. */
export type IndexKind = 'float32' | 'int8'

/** A page of WebAssembly memory, and as many as 32-bit addresses reach: 4 GiB. */
export const pageBytes = 65_536
export const maximumPages = 65_536

export const rowsPerSegment = 1024
/** Rows that share one block maximum; as in `kernel/finish.ts`. */
export const rowsPerBlock = 64
export const blocksPerSegment = rowsPerSegment / rowsPerBlock
/** Probes scored in one pass; the scores of more would not stay in the cache with the rows. */
export const probesPerPass = 8

/** A byte for each of 65,536 domain numbers, 1 = search it. Number 0 is that of a row that holds nothing. */
export const allowedAt = pageBytes
export const maximumDomains = pageBytes
/** Probes: 2,048 bytes each as float32; 1,024 each as int8, then their scales. */
export const probesAt = 2 * pageBytes
export const probeScalesAt = probesAt + probesPerPass * 1024
/** The kernel's own page (it keeps nothing there), the domains, the probes. */
export const headerPages = 3

/** Offsets within a segment, bytes; `bytes` is its size, whole pages. */
export interface SegmentLayout {
  readonly vectors: number
  readonly vectorBytes: number
  /** Only of codes: f32 scale, i32 offset and f32 error of each row. */
  readonly scales: number
  readonly offsets: number
  readonly errors: number
  /** u16 a row. */
  readonly domains: number
  /** f32 for each row and probe of a pass, probe after probe. */
  readonly scores: number
  /** f32 for each block and probe of a pass, probe after probe. */
  readonly maxima: number
  readonly bytes: number
}

function layOut(vectorBytes: number, coded: boolean): SegmentLayout {
  const scales = rowsPerSegment * vectorBytes
  const perRow = coded ? rowsPerSegment * 4 : 0
  const offsets = scales + perRow
  const errors = offsets + perRow
  const domains = errors + perRow
  const scores = domains + rowsPerSegment * 2
  const maxima = scores + probesPerPass * rowsPerSegment * 4
  const end = maxima + probesPerPass * blocksPerSegment * 4
  const bytes = Math.ceil(end / pageBytes) * pageBytes
  return { vectors: 0, vectorBytes, scales, offsets, errors, domains, scores, maxima, bytes }
}

export const segmentLayouts: Readonly<Record<IndexKind, SegmentLayout>> = {
  float32: layOut(embeddingLength * 4, false),
  int8: layOut(embeddingLength, true),
}

/** Address of a segment, bytes. */
export function segmentAt(kind: IndexKind, segment: number): number {
  return headerPages * pageBytes + segment * segmentLayouts[kind].bytes
}

/** Segments that fit into a memory of {@link maximumPages}: 1.9 million rows as float32, 7.4 million as int8. */
export function maximumSegments(kind: IndexKind): number {
  return Math.floor(((maximumPages - headerPages) * pageBytes) / segmentLayouts[kind].bytes)
}
