/**
 * Scan of int8 codes: an upper bound of every row's similarity to every probe (see [Note: int8 bounds] in
 * `../quantise.ts`). A block of 64 rows is 32 KB: the second probe finds it in the first cache.
 */
import { absent, blockRows, isAllowed, scoreStride, storeMaxima, sumInt } from './finish'

/** Codes of a row, one plane of a probe. */
const codeBytes: usize = 512
const probeBytes: usize = 1024

/**
 * Scores `rows` rows (a multiple of 64) against `probeCount` probes.
 *
 * `codes`: 512 i8 a row, `scales`, `offsets`, `errors`: f32, i32, f32 a row. `probes`: two planes of 512 u7 each, the
 * upper first. `probeScales`: f32 a probe. The rest as in `scanFloat32`.
 */
export function scanInt8(
  codes: usize,
  scales: usize,
  offsets: usize,
  errors: usize,
  domains: usize,
  allowed: usize,
  probes: usize,
  probeScales: usize,
  probeCount: u32,
  scores: usize,
  maxima: usize,
  rows: u32,
): void {
  for (let block: u32 = 0; block < rows; block += blockRows) {
    for (let p: u32 = 0; p < probeCount; p++) {
      const probe = probes + <usize>p * probeBytes
      const probeScale = load<f32>(probeScales + ((<usize>p) << 2))
      const out = scores + <usize>p * scoreStride
      for (let row = block; row < block + blockRows; row += 2) {
        const firstAllowed = isAllowed(domains, allowed, row)
        const secondAllowed = isAllowed(domains, allowed, row + 1)
        let a = i32x4.splat(0)
        let b = a
        if (firstAllowed || secondAllowed) {
          const code = codes + <usize>row * codeBytes
          let a0 = a
          let a1 = a
          let b0 = a
          let b1 = a
          for (let i: usize = 0; i < codeBytes; i += 16) {
            const upper = v128.load(probe + i)
            const lower = v128.load(probe + i, 512)
            const x = v128.load(code + i)
            const y = v128.load(code + i, 512)
            a0 = i32x4.relaxed_dot_i8x16_i7x16_add_s(x, upper, a0)
            a1 = i32x4.relaxed_dot_i8x16_i7x16_add_s(x, lower, a1)
            b0 = i32x4.relaxed_dot_i8x16_i7x16_add_s(y, upper, b0)
            b1 = i32x4.relaxed_dot_i8x16_i7x16_add_s(y, lower, b1)
          }
          a = i32x4.add(i32x4.shl(a0, 7), a1)
          b = i32x4.add(i32x4.shl(b0, 7), b1)
        }
        const at = (<usize>row) << 2
        store<f32>(out + at, firstAllowed ? bound(a, at, scales, offsets, errors, probeScale) : absent)
        store<f32>(
          out + at,
          secondAllowed ? bound(b, at + 4, scales, offsets, errors, probeScale) : absent,
          4,
        )
      }
    }
    storeMaxima(scores, maxima, block, probeCount)
  }
}

/** `scale · probeScale · (Σ code·probe − offset) + error`; the integers are exact. */
function bound(
  products: v128,
  at: usize,
  scales: usize,
  offsets: usize,
  errors: usize,
  probeScale: f32,
): f32 {
  const whole = sumInt(products) - load<i32>(offsets + at)
  return <f32>whole * load<f32>(scales + at) * probeScale + load<f32>(errors + at)
}
