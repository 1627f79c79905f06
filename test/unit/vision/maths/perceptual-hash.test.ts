/** The difference hash, against bits counted by hand. */
import { describe, expect, it } from 'vitest'
import { perceptualHash } from '../../../../src-main/vision/maths/perceptual-hash'
import { hammingDistance, perceptualHashSchema } from '../../../../src-shared/perceptual-hash'

/** A picture of `cells` (luma, row by row, 9 × 8), each `scale` pixels wide and high. */
function picture(cells: (column: number, row: number) => number, scale: number) {
  const [width, height] = [9 * scale, 8 * scale]
  const data = new Uint8Array(3 * width * height)
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      data.fill(
        cells(Math.floor(x / scale), Math.floor(y / scale)),
        3 * (y * width + x),
        3 * (y * width + x) + 3,
      )
    }
  }
  return { data, width, height }
}

describe('perceptualHash', () => {
  it('has a bit for each cell that is darker than the one to its right, row by row', () => {
    expect(perceptualHash(picture((column) => 20 * column, 4))).toBe('ffffffffffffffff')
    expect(perceptualHash(picture((column) => 200 - 20 * column, 4))).toBe('0000000000000000')
    expect(perceptualHash(picture((column, row) => (row === 0 ? 20 * column : 100), 1))).toBe(
      'ff00000000000000',
    )
    expect(perceptualHash(picture((column, row) => (row === 7 && column === 8 ? 200 : 100), 3))).toBe(
      '0000000000000001',
    )
  })

  it('is the same at another size and brightness', () => {
    const cells = (column: number, row: number) => (37 * column + 91 * row + 13 * column * row) % 200
    const plain = perceptualHash(picture(cells, 5))
    expect(perceptualHash(picture(cells, 40))).toBe(plain)
    expect(perceptualHash(picture((column, row) => cells(column, row) + 40, 5))).toBe(plain)
  })

  it('weighs red, green and blue as Rec. 601 does', () => {
    const [green, red] = [
      [0, 100, 0],
      [190, 0, 0],
    ]
    const row = Array.from({ length: 9 }, (_, column) => (column % 2 === 0 ? red : green)).flat()
    const data = Uint8Array.from(Array.from({ length: 8 }, () => row).flat() as number[])
    // 0.299 · 190 = 56.8 < 0.587 · 100 = 58.7
    expect(perceptualHash({ data, width: 9, height: 8 })).toBe('aaaaaaaaaaaaaaaa')
  })

  it('takes pictures that are smaller than its cells', () => {
    expect(perceptualHash({ data: Uint8Array.from([1, 2, 3]), width: 1, height: 1 })).toBe('0000000000000000')
  })
})

describe('hammingDistance', () => {
  const hash = (text: string) => perceptualHashSchema.parse(text)
  it('counts the bits that differ', () => {
    expect(hammingDistance(hash('0123456789abcdef'), hash('0123456789abcdef'))).toBe(0)
    expect(hammingDistance(hash('0000000000000000'), hash('ffffffffffffffff'))).toBe(64)
    expect(hammingDistance(hash('8000000000000000'), hash('0000000000000001'))).toBe(2)
  })
})
