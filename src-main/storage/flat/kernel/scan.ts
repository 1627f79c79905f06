/**
 * The scan of int8 codes: an upper bound of every row's similarity to every probe (see [Note: Code bounds] in
 * `../quantise.ts`). Four rows and two columns, or two rows and four columns, share their loads: eight sums, because a
 * dot product takes four cycles and two begin in each. A column is one plane of one probe.
 */

/** Codes of a row, values of a column. */
const codeBytes: usize = 512
/** Rows whose greatest score is kept, so that a reader can pass over a block without reading its scores. */
const blockRows: u32 = 64
/** Bytes from one probe's scores to the next one's, and from one probe's block maxima to the next one's. */
const scoreStride: usize = 4096
const maximumStride: usize = 64
/** The score of a row of another domain, and of no row at all: below every similarity. */
const absent: f32 = -3

/**
 * Scores `rows` rows (a multiple of 64) against `probeCount` probes of `planes` planes each: one probe of two, or as
 * many probes as fill whole fours of columns.
 *
 * `codes`: 512 i8 a row. `scales`, `sums`, `errors`: f32, i32 (sum of the row's codes), f32 a row. `domains`: u16 a row.
 * `allowed`: u8 a domain number, 0 = not asked for. `columns`: 512 u7 each; of two planes the upper first.
 * `probeScales`: f32 a probe. `scores`: f32, 1,024 a probe. `maxima`: f32 of each 64 rows, 16 a probe.
 */
export function scan(
  codes: usize,
  scales: usize,
  sums: usize,
  errors: usize,
  domains: usize,
  allowed: usize,
  columns: usize,
  probeScales: usize,
  probeCount: u32,
  planes: u32,
  scores: usize,
  maxima: usize,
  rows: u32,
): void {
  const columnCount = probeCount * planes
  for (let block: u32 = 0; block < rows; block += blockRows) {
    for (let row = block; row < block + blockRows; row += 4) {
      if (!anyAllowed(domains, allowed, row)) continue
      const code = codes + <usize>row * codeBytes
      const out = scores + ((<usize>row) << 2)
      if (columnCount === 2) {
        fourRowsTwoColumns(code, columns, out)
      } else {
        for (let column: u32 = 0; column < columnCount; column += 4) {
          const at = columns + <usize>column * codeBytes
          const to = out + <usize>(column / planes) * scoreStride
          twoRowsFourColumns(code, at, to, planes)
          twoRowsFourColumns(code + 2 * codeBytes, at, to + 8, planes)
        }
      }
    }
    for (let probe: u32 = 0; probe < probeCount; probe++) {
      const probeScale = load<f32>(probeScales + ((<usize>probe) << 2))
      const from = scores + <usize>probe * scoreStride
      const to = maxima + <usize>probe * maximumStride + ((<usize>(block / blockRows)) << 2)
      store<f32>(to, finishBlock(from, block, scales, sums, errors, domains, allowed, probeScale, planes))
    }
  }
}

function isAllowed(domains: usize, allowed: usize, row: u32): bool {
  return load<u8>(allowed + load<u16>(domains + ((<usize>row) << 1))) !== 0
}

function anyAllowed(domains: usize, allowed: usize, row: u32): bool {
  return (
    isAllowed(domains, allowed, row) ||
    isAllowed(domains, allowed, row + 1) ||
    isAllowed(domains, allowed, row + 2) ||
    isAllowed(domains, allowed, row + 3)
  )
}

/** Turns the integer sums of a block into scores; gives the greatest. */
function finishBlock(
  scores: usize,
  block: u32,
  scales: usize,
  sums: usize,
  errors: usize,
  domains: usize,
  allowed: usize,
  probeScale: f32,
  planes: u32,
): f32 {
  // Columns are moved by half their range, so that they are not negative: what that adds is taken off again.
  const shift = planes === 2 ? 13 : 6
  let greatest = absent
  for (let row = block; row < block + blockRows; row++) {
    const at = (<usize>row) << 2
    let score = absent
    if (isAllowed(domains, allowed, row)) {
      const whole = load<i32>(scores + at) - (load<i32>(sums + at) << shift)
      score = <f32>whole * load<f32>(scales + at) * probeScale + load<f32>(errors + at)
    }
    store<f32>(scores + at, score)
    greatest = max(greatest, score)
  }
  return greatest
}

/** One probe of two planes. */
function fourRowsTwoColumns(code: usize, columns: usize, out: usize): void {
  let a0 = i32x4.splat(0)
  let a1 = a0
  let b0 = a0
  let b1 = a0
  let c0 = a0
  let c1 = a0
  let d0 = a0
  let d1 = a0
  for (let i: usize = 0; i < codeBytes; i += 16) {
    const upper = v128.load(columns + i)
    const lower = v128.load(columns + i, 512)
    let x = v128.load(code + i)
    a0 = i32x4.relaxed_dot_i8x16_i7x16_add_s(x, upper, a0)
    a1 = i32x4.relaxed_dot_i8x16_i7x16_add_s(x, lower, a1)
    x = v128.load(code + i, 512)
    b0 = i32x4.relaxed_dot_i8x16_i7x16_add_s(x, upper, b0)
    b1 = i32x4.relaxed_dot_i8x16_i7x16_add_s(x, lower, b1)
    x = v128.load(code + i, 1024)
    c0 = i32x4.relaxed_dot_i8x16_i7x16_add_s(x, upper, c0)
    c1 = i32x4.relaxed_dot_i8x16_i7x16_add_s(x, lower, c1)
    x = v128.load(code + i, 1536)
    d0 = i32x4.relaxed_dot_i8x16_i7x16_add_s(x, upper, d0)
    d1 = i32x4.relaxed_dot_i8x16_i7x16_add_s(x, lower, d1)
  }
  store<i32>(out, join(a0, a1))
  store<i32>(out, join(b0, b1), 4)
  store<i32>(out, join(c0, c1), 8)
  store<i32>(out, join(d0, d1), 12)
}

/** Four probes of one plane, or two probes of two. */
function twoRowsFourColumns(code: usize, columns: usize, out: usize, planes: u32): void {
  let a0 = i32x4.splat(0)
  let a1 = a0
  let a2 = a0
  let a3 = a0
  let b0 = a0
  let b1 = a0
  let b2 = a0
  let b3 = a0
  for (let i: usize = 0; i < codeBytes; i += 16) {
    const x = v128.load(code + i)
    const y = v128.load(code + i, 512)
    let column = v128.load(columns + i)
    a0 = i32x4.relaxed_dot_i8x16_i7x16_add_s(x, column, a0)
    b0 = i32x4.relaxed_dot_i8x16_i7x16_add_s(y, column, b0)
    column = v128.load(columns + i, 512)
    a1 = i32x4.relaxed_dot_i8x16_i7x16_add_s(x, column, a1)
    b1 = i32x4.relaxed_dot_i8x16_i7x16_add_s(y, column, b1)
    column = v128.load(columns + i, 1024)
    a2 = i32x4.relaxed_dot_i8x16_i7x16_add_s(x, column, a2)
    b2 = i32x4.relaxed_dot_i8x16_i7x16_add_s(y, column, b2)
    column = v128.load(columns + i, 1536)
    a3 = i32x4.relaxed_dot_i8x16_i7x16_add_s(x, column, a3)
    b3 = i32x4.relaxed_dot_i8x16_i7x16_add_s(y, column, b3)
  }
  if (planes === 2) {
    store<i32>(out, join(a0, a1))
    store<i32>(out, join(b0, b1), 4)
    store<i32>(out + scoreStride, join(a2, a3))
    store<i32>(out + scoreStride, join(b2, b3), 4)
    return
  }
  store<i32>(out, sum(a0))
  store<i32>(out, sum(b0), 4)
  store<i32>(out + scoreStride, sum(a1))
  store<i32>(out + scoreStride, sum(b1), 4)
  store<i32>(out + 2 * scoreStride, sum(a2))
  store<i32>(out + 2 * scoreStride, sum(b2), 4)
  store<i32>(out + 3 * scoreStride, sum(a3))
  store<i32>(out + 3 * scoreStride, sum(b3), 4)
}

/** The sum of a probe's two planes: the upper counts 128 times. */
function join(upper: v128, lower: v128): i32 {
  return sum(i32x4.add(i32x4.shl(upper, 7), lower))
}

function sum(lanes: v128): i32 {
  const pairs = i32x4.add(lanes, v128.shuffle<i32>(lanes, lanes, 2, 3, 0, 1))
  return i32x4.extract_lane(pairs, 0) + i32x4.extract_lane(pairs, 1)
}
