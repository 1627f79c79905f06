/** The difference hash of a photo. Pure; vision process. */
import { type PerceptualHash, perceptualHashSchema } from '../../../src-shared/perceptual-hash'
import type { Pixels } from './pixels'

/** Cells that the picture is averaged into: one more across than there are comparisons in a row. */
const columns = 9
const rows = 8

/**
 * 64 bits, row by row from the top left: whether a cell of 9 × 8 is darker than the one to its right. Scaling, saving anew and
 * small changes of light move few bits; a mirror image, a turn or a crop is another photo. The difference hash of
 * N. Krawetz, "Kind of Like That" (2013), over Rec. 601 luma averaged by area. Precondition: at least 9 × 8 pixels, or
 * the bits that have no pixel of their own repeat their neighbour's.
 */
export function perceptualHash(picture: Pixels): PerceptualHash {
  const cells = cellMeans(picture)
  let bits = 0n
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < columns - 1; column += 1) {
      const cell = row * columns + column
      bits = (bits << 1n) | (cells[cell]! < cells[cell + 1]! ? 1n : 0n)
    }
  }
  return perceptualHashSchema.parse(bits.toString(16).padStart(16, '0'))
}

/** Mean luma of each cell, 0 … 255, row by row. */
function cellMeans({ data, width, height }: Pixels): Float64Array {
  const means = new Float64Array(columns * rows)
  for (let row = 0; row < rows; row += 1) {
    const [top, bottom] = span(row, rows, height)
    for (let column = 0; column < columns; column += 1) {
      const [left, right] = span(column, columns, width)
      let sum = 0
      for (let y = top; y < bottom; y += 1) {
        const end = 3 * (y * width + right)
        for (let at = 3 * (y * width + left); at < end; at += 3) {
          sum += 0.299 * data[at]! + 0.587 * data[at + 1]! + 0.114 * data[at + 2]!
        }
      }
      means[row * columns + column] = sum / ((bottom - top) * (right - left))
    }
  }
  return means
}

/** The pixels of one part of `parts` along a side of `length` pixels, from … up to; at least one. */
function span(part: number, parts: number, length: number): [number, number] {
  const from = Math.min(Math.floor((part * length) / parts), length - 1)
  return [from, Math.max(from + 1, Math.floor(((part + 1) * length) / parts))]
}
