/**
 * Exact scan: the inner product of every row with every probe, float32. One probe waits for memory, so it goes row by
 * row; several wait for the multipliers, so two rows and four probes share their loads. (Measured with V8 14.8: eight
 * accumulators are best, and unrolling further is slower.)
 */
import { absent, blockRows, isAllowed, scoreStride, storeMaxima, sumFloat } from './finish'

const rowBytes: usize = 2048

/**
 * Scores `rows` rows (a multiple of 64) against `probeCount` probes: 1, 4 or 8.
 *
 * `vectors`: rows of 512 float32. `domains`: a u16 a row. `allowed`: a u8 a domain number, 0 = not asked for. `probes`:
 * 512 float32 each. `scores`: f32, 1,024 a probe. `maxima`: f32 of each 64 rows, 16 a probe.
 */
export function scanFloat32(
  vectors: usize,
  domains: usize,
  allowed: usize,
  probes: usize,
  probeCount: u32,
  scores: usize,
  maxima: usize,
  rows: u32,
): void {
  for (let block: u32 = 0; block < rows; block += blockRows) {
    if (probeCount === 1) scanOne(vectors, domains, allowed, probes, scores, block)
    else scanSeveral(vectors, domains, allowed, probes, probeCount, scores, block)
    storeMaxima(scores, maxima, block, probeCount)
  }
}

function scanOne(
  vectors: usize,
  domains: usize,
  allowed: usize,
  probe: usize,
  scores: usize,
  block: u32,
): void {
  for (let row = block; row < block + blockRows; row++) {
    const score = isAllowed(domains, allowed, row) ? product(vectors + <usize>row * rowBytes, probe) : absent
    store<f32>(scores + ((<usize>row) << 2), score)
  }
}

function product(row: usize, probe: usize): f32 {
  let a = f32x4.splat(0)
  let b = a
  let c = a
  let d = a
  let e = a
  let f = a
  let g = a
  let h = a
  for (let i: usize = 0; i < rowBytes; i += 128) {
    a = f32x4.relaxed_madd(v128.load(row + i, 0), v128.load(probe + i, 0), a)
    b = f32x4.relaxed_madd(v128.load(row + i, 16), v128.load(probe + i, 16), b)
    c = f32x4.relaxed_madd(v128.load(row + i, 32), v128.load(probe + i, 32), c)
    d = f32x4.relaxed_madd(v128.load(row + i, 48), v128.load(probe + i, 48), d)
    e = f32x4.relaxed_madd(v128.load(row + i, 64), v128.load(probe + i, 64), e)
    f = f32x4.relaxed_madd(v128.load(row + i, 80), v128.load(probe + i, 80), f)
    g = f32x4.relaxed_madd(v128.load(row + i, 96), v128.load(probe + i, 96), g)
    h = f32x4.relaxed_madd(v128.load(row + i, 112), v128.load(probe + i, 112), h)
  }
  const left = f32x4.add(f32x4.add(a, b), f32x4.add(c, d))
  const right = f32x4.add(f32x4.add(e, f), f32x4.add(g, h))
  return sumFloat(f32x4.add(left, right))
}

function scanSeveral(
  vectors: usize,
  domains: usize,
  allowed: usize,
  probes: usize,
  probeCount: u32,
  scores: usize,
  block: u32,
): void {
  for (let row = block; row < block + blockRows; row += 2) {
    const firstAllowed = isAllowed(domains, allowed, row)
    const secondAllowed = isAllowed(domains, allowed, row + 1)
    const vector = vectors + <usize>row * rowBytes
    for (let p: u32 = 0; p < probeCount; p += 4) {
      const out = scores + <usize>p * scoreStride + ((<usize>row) << 2)
      if (firstAllowed || secondAllowed) {
        twoRowsFourProbes(vector, probes + <usize>p * rowBytes, out, firstAllowed, secondAllowed)
      } else {
        const both = f32x4.splat(absent)
        v128.store64_lane(out, both, 0)
        v128.store64_lane(out + scoreStride, both, 0)
        v128.store64_lane(out + 2 * scoreStride, both, 0)
        v128.store64_lane(out + 3 * scoreStride, both, 0)
      }
    }
  }
}

function twoRowsFourProbes(
  row: usize,
  probe: usize,
  out: usize,
  firstAllowed: bool,
  secondAllowed: bool,
): void {
  let a0 = f32x4.splat(0)
  let a1 = a0
  let b0 = a0
  let b1 = a0
  let c0 = a0
  let c1 = a0
  let d0 = a0
  let d1 = a0
  for (let i: usize = 0; i < rowBytes; i += 16) {
    const x = v128.load(row + i)
    const y = v128.load(row + i, 2048)
    let p = v128.load(probe + i)
    a0 = f32x4.relaxed_madd(x, p, a0)
    a1 = f32x4.relaxed_madd(y, p, a1)
    p = v128.load(probe + i, 2048)
    b0 = f32x4.relaxed_madd(x, p, b0)
    b1 = f32x4.relaxed_madd(y, p, b1)
    p = v128.load(probe + i, 4096)
    c0 = f32x4.relaxed_madd(x, p, c0)
    c1 = f32x4.relaxed_madd(y, p, c1)
    p = v128.load(probe + i, 6144)
    d0 = f32x4.relaxed_madd(x, p, d0)
    d1 = f32x4.relaxed_madd(y, p, d1)
  }
  storeTwo(out, a0, a1, firstAllowed, secondAllowed)
  storeTwo(out + scoreStride, b0, b1, firstAllowed, secondAllowed)
  storeTwo(out + 2 * scoreStride, c0, c1, firstAllowed, secondAllowed)
  storeTwo(out + 3 * scoreStride, d0, d1, firstAllowed, secondAllowed)
}

function storeTwo(out: usize, first: v128, second: v128, firstAllowed: bool, secondAllowed: bool): void {
  store<f32>(out, firstAllowed ? sumFloat(first) : absent)
  store<f32>(out, secondAllowed ? sumFloat(second) : absent, 4)
}
