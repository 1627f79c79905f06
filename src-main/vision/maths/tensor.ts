/** Pixels become the numbers a network reads. Pure maths; vision process. */
import type { Pixels } from './pixels'

/** `(value − mean) / scale` of each channel, and which channel comes first. */
export interface Scaling {
  readonly colour: 'rgb' | 'bgr'
  readonly mean: number
  readonly scale: number
}

/**
 * Writes `pixels` into the top-left corner of `tensor` (1 × 3 × `height` × `width`, float32, NCHW); the rest becomes what
 * black is. Precondition: the pixels fit. `mirrored` writes every row from right to left.
 */
export function fillTensor(
  tensor: Float32Array,
  width: number,
  height: number,
  pixels: Pixels,
  scaling: Scaling,
  mirrored = false,
): void {
  const plane = width * height
  const table = scalingTable(scaling)
  if (pixels.width < width || pixels.height < height) tensor.fill(table[0]!)
  const first = scaling.colour === 'rgb' ? 0 : 2 * plane
  const last = scaling.colour === 'rgb' ? 2 * plane : 0
  const direction = mirrored ? -1 : 1
  let from = 0
  for (let y = 0; y < pixels.height; y++) {
    let to = y * width + (mirrored ? pixels.width - 1 : 0)
    for (let x = 0; x < pixels.width; x++) {
      tensor[first + to] = table[pixels.data[from]!]!
      tensor[plane + to] = table[pixels.data[from + 1]!]!
      tensor[last + to] = table[pixels.data[from + 2]!]!
      from += 3
      to += direction
    }
  }
}

function scalingTable({ mean, scale }: Scaling): Float32Array {
  const table = new Float32Array(256)
  for (let value = 0; value < 256; value++) table[value] = (value - mean) / scale
  return table
}
