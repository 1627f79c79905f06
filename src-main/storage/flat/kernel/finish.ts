/** What both scans share: sums of lanes, the score of rows that are not asked for, the greatest score of a block. */

/** Rows whose greatest score is kept, so that a reader can pass over a block without reading its scores. */
export const blockRows: u32 = 64

/** Bytes from one probe's scores to the next one's, and from one probe's block maxima to the next one's. */
export const scoreStride: usize = 4096
export const maximumStride: usize = 64

/** The score of a row of another domain, and of no row at all: below every similarity. */
export const absent: f32 = -3

export function sumFloat(v: v128): f32 {
  const pairs = f32x4.add(v, v128.shuffle<f32>(v, v, 2, 3, 0, 1))
  return f32x4.extract_lane(pairs, 0) + f32x4.extract_lane(pairs, 1)
}

export function sumInt(v: v128): i32 {
  const pairs = i32x4.add(v, v128.shuffle<i32>(v, v, 2, 3, 0, 1))
  return i32x4.extract_lane(pairs, 0) + i32x4.extract_lane(pairs, 1)
}

/** Whether a row's domain is asked for. */
export function isAllowed(domains: usize, allowed: usize, row: u32): bool {
  return load<u8>(allowed + load<u16>(domains + ((<usize>row) << 1))) !== 0
}

/** Writes the greatest of each probe's 64 scores from `block` on. */
export function storeMaxima(scores: usize, maxima: usize, block: u32, probeCount: u32): void {
  for (let p: u32 = 0; p < probeCount; p++) {
    const from = scores + <usize>p * scoreStride + ((<usize>block) << 2)
    let greatest = v128.load(from)
    for (let i: usize = 16; i < 256; i += 16) greatest = f32x4.pmax(greatest, v128.load(from + i))
    const pairs = f32x4.pmax(greatest, v128.shuffle<f32>(greatest, greatest, 2, 3, 0, 1))
    const maximum = max(f32x4.extract_lane(pairs, 0), f32x4.extract_lane(pairs, 1))
    store<f32>(maxima + <usize>p * maximumStride + ((<usize>(block / blockRows)) << 2), maximum)
  }
}
