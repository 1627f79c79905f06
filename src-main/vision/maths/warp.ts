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
  const data = new Uint8Array(size * size * 3)
  const sum = new Float64Array(3)
  const first = samples === 1 ? 0 : -0.25
  const weight = 1 / (samples * samples)
  let to = 0
  for (let v = 0; v < size; v++) {
    for (let u = 0; u < size; u++) {
      sum.fill(0)
      for (let j = 0; j < samples; j++) {
        for (let i = 0; i < samples; i++) {
          const pu = u + first + i * 0.5
          const pv = v + first + j * 0.5
          addBilinear(source, a * pu - b * pv + tx, b * pu + a * pv + ty, sum)
        }
      }
      data[to] = sum[0]! * weight + 0.5
      data[to + 1] = sum[1]! * weight + 0.5
      data[to + 2] = sum[2]! * weight + 0.5
      to += 3
    }
  }
  return { data, width: size, height: size }
}

/** Adds the colour at (x, y), pixel indices, to `sum`; pixels outside the picture are black. */
function addBilinear({ data, width, height }: Pixels, x: number, y: number, sum: Float64Array): void {
  const left = Math.floor(x)
  const top = Math.floor(y)
  if (left < -1 || top < -1 || left >= width || top >= height) return
  const fx = x - left
  const fy = y - top
  const at = 3 * (top * width + left)
  const below = at + 3 * width
  const hasLeft = left >= 0
  const hasRight = left + 1 < width
  if (top >= 0) {
    if (hasLeft) add(data, at, (1 - fx) * (1 - fy), sum)
    if (hasRight) add(data, at + 3, fx * (1 - fy), sum)
  }
  if (top + 1 < height) {
    if (hasLeft) add(data, below, (1 - fx) * fy, sum)
    if (hasRight) add(data, below + 3, fx * fy, sum)
  }
}

function add(data: Uint8Array, at: number, weight: number, sum: Float64Array): void {
  sum[0]! += weight * data[at]!
  sum[1]! += weight * data[at + 1]!
  sum[2]! += weight * data[at + 2]!
}
