/** Inner products of float32 vectors: what decides, once the codes have said which rows may matter. */

/** Bytes of a vector: 512 float32. */
const vectorBytes: usize = 2048

/** Replaces each of `count` vector addresses (u32) at `list` by the product (f32) of that vector and the probe. */
export function products(list: usize, count: u32, probe: usize): void {
  for (let i: u32 = 0; i < count; i++) {
    const at = list + ((<usize>i) << 2)
    store<f32>(at, product(<usize>load<u32>(at), probe))
  }
}

/** Eight sums at once, because a multiply-add takes four cycles and two begin in each. */
function product(vector: usize, probe: usize): f32 {
  let a = f32x4.splat(0)
  let b = a
  let c = a
  let d = a
  let e = a
  let f = a
  let g = a
  let h = a
  for (let i: usize = 0; i < vectorBytes; i += 128) {
    a = f32x4.relaxed_madd(v128.load(vector + i, 0), v128.load(probe + i, 0), a)
    b = f32x4.relaxed_madd(v128.load(vector + i, 16), v128.load(probe + i, 16), b)
    c = f32x4.relaxed_madd(v128.load(vector + i, 32), v128.load(probe + i, 32), c)
    d = f32x4.relaxed_madd(v128.load(vector + i, 48), v128.load(probe + i, 48), d)
    e = f32x4.relaxed_madd(v128.load(vector + i, 64), v128.load(probe + i, 64), e)
    f = f32x4.relaxed_madd(v128.load(vector + i, 80), v128.load(probe + i, 80), f)
    g = f32x4.relaxed_madd(v128.load(vector + i, 96), v128.load(probe + i, 96), g)
    h = f32x4.relaxed_madd(v128.load(vector + i, 112), v128.load(probe + i, 112), h)
  }
  const left = f32x4.add(f32x4.add(a, b), f32x4.add(c, d))
  const right = f32x4.add(f32x4.add(e, f), f32x4.add(g, h))
  const sum = f32x4.add(left, right)
  const pairs = f32x4.add(sum, v128.shuffle<f32>(sum, sum, 2, 3, 0, 1))
  return f32x4.extract_lane(pairs, 0) + f32x4.extract_lane(pairs, 1)
}
