/** Cuts a turned and scaled square out of a picture. Pure maths; vision process. */
import type { Pixels } from './pixels'
import { apply, compose, invert, type Similarity, scaleOf } from './similarity'

/**
 * The `size` × `size` picture whose point p shows the source's point `transform⁻¹(p)`; coordinates are pixel indices,
 * as in OpenCV's `warpAffine`. Outside the source it is black.
 *
 * Enlarging is bilinear. Shrinking averages the source's area, in two steps so that its cost is one visit to each source
 * pixel: whole blocks of k × k pixels are averaged, and the rest, less than a factor 2, by 2 × 2 bilinear samples.
 */
export function warp(source: Pixels, transform: Similarity, size: number): Pixels {
  const shrink = 1 / scaleOf(transform)
  const block = Math.floor(shrink)
  if (block < 2) return sample(source, transform, size, shrink > 1 ? 2 : 1)
  const { pixels, toPixels } = averageBlocks(source, transform, size, block)
  const rest = compose(invert(toPixels), transform)
  return sample(pixels, rest, size, scaleOf(rest) < 1 ? 2 : 1)
}

/** Averages blocks of `block` × `block` pixels of the part of the source that the square shows. */
function averageBlocks(source: Pixels, transform: Similarity, size: number, block: number) {
  const back = invert(transform)
  const corners = [
    { x: -1, y: -1 },
    { x: size, y: -1 },
    { x: -1, y: size },
    { x: size, y: size },
  ].map((corner) => apply(back, corner))
  const left = Math.max(0, Math.floor(Math.min(...corners.map((c) => c.x)) / block))
  const top = Math.max(0, Math.floor(Math.min(...corners.map((c) => c.y)) / block))
  const right = Math.min(
    Math.floor(source.width / block),
    Math.ceil(Math.max(...corners.map((c) => c.x)) / block) + 1,
  )
  const bottom = Math.min(
    Math.floor(source.height / block),
    Math.ceil(Math.max(...corners.map((c) => c.y)) / block) + 1,
  )
  const [width, height] = [Math.max(1, right - left), Math.max(1, bottom - top)]
  const data = new Uint8Array(width * height * 3)
  const area = block * block
  if (right > left && bottom > top) {
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        let [red, green, blue] = [0, 0, 0]
        for (let row = 0; row < block; row++) {
          let at = (((top + y) * block + row) * source.width + (left + x) * block) * 3
          for (let column = 0; column < block; column++) {
            red += source.data[at]!
            green += source.data[at + 1]!
            blue += source.data[at + 2]!
            at += 3
          }
        }
        const to = (y * width + x) * 3
        data[to] = red / area + 0.5
        data[to + 1] = green / area + 0.5
        data[to + 2] = blue / area + 0.5
      }
    }
  }
  // The centre of the block that begins at source pixel 0 is source point (block − 1) / 2.
  const shift = -(block - 1) / 2 / block
  const toPixels: Similarity = { a: 1 / block, b: 0, tx: shift - left, ty: shift - top }
  return { pixels: { data, width, height }, toPixels }
}

/** `samples` × `samples` bilinear samples for each pixel of the square. */
function sample(source: Pixels, transform: Similarity, size: number, samples: 1 | 2): Pixels {
  const { a, b, tx, ty } = invert(transform)
  const { data: from, width, height } = source
  const data = new Uint8Array(size * size * 3)
  const [step, first, weight] = samples === 1 ? [0, 0, 1] : [0.5, -0.25, 0.25]
  const stride = width * 3
  let to = 0
  for (let v = 0; v < size; v++) {
    for (let u = 0; u < size; u++) {
      let [red, green, blue] = [0, 0, 0]
      for (let j = 0; j < samples; j++) {
        for (let i = 0; i < samples; i++) {
          const [pu, pv] = [u + first + i * step, v + first + j * step]
          const [x, y] = [a * pu - b * pv + tx, b * pu + a * pv + ty]
          const [left, top] = [Math.floor(x), Math.floor(y)]
          if (left < -1 || top < -1 || left >= width || top >= height) continue
          const [fx, fy] = [x - left, y - top]
          const inLeft = left >= 0
          const inRight = left + 1 < width
          const at = top * stride + left * 3
          if (top >= 0) {
            if (inLeft) {
              const w = (1 - fx) * (1 - fy)
              red += w * from[at]!
              green += w * from[at + 1]!
              blue += w * from[at + 2]!
            }
            if (inRight) {
              const w = fx * (1 - fy)
              red += w * from[at + 3]!
              green += w * from[at + 4]!
              blue += w * from[at + 5]!
            }
          }
          if (top + 1 < height) {
            const below = at + stride
            if (inLeft) {
              const w = (1 - fx) * fy
              red += w * from[below]!
              green += w * from[below + 1]!
              blue += w * from[below + 2]!
            }
            if (inRight) {
              const w = fx * fy
              red += w * from[below + 3]!
              green += w * from[below + 4]!
              blue += w * from[below + 5]!
            }
          }
        }
      }
      data[to] = red * weight + 0.5
      data[to + 1] = green * weight + 0.5
      data[to + 2] = blue * weight + 0.5
      to += 3
    }
  }
  return { data, width: size, height: size }
}
