import { describe, expect, it } from 'vitest'
import type { Pixels } from '../../../../src-main/vision/maths/pixels'
import { warp } from '../../../../src-main/vision/maths/warp'

function picture(width: number, height: number, colour: (x: number, y: number) => number): Pixels {
  const data = new Uint8Array(width * height * 3)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) data.fill(colour(x, y), 3 * (y * width + x), 3 * (y * width + x) + 3)
  }
  return { data, width, height }
}

const red = (pixels: Pixels, x: number, y: number) => pixels.data[3 * (y * pixels.width + x)]

describe('warp', () => {
  it('copies under the identity', () => {
    const source = picture(8, 8, (x, y) => 20 * x + y)
    expect(warp(source, { a: 1, b: 0, tx: 0, ty: 0 }, 8).data).toEqual(source.data)
  })

  it('interpolates between pixels', () => {
    const source = picture(4, 4, (x) => 40 * x)
    expect(red(warp(source, { a: 1, b: 0, tx: -0.5, ty: 0 }, 3), 1, 1)).toBe(60)
  })

  it('turns by a quarter', () => {
    const source = picture(5, 5, (x, y) => 10 * x + 50 * (y === 0 ? 1 : 0))
    // (x, y) → (4 − y, x): what was the top row is the right column.
    const turned = warp(source, { a: 0, b: 1, tx: 4, ty: 0 }, 5)
    expect(red(turned, 4, 3)).toBe(80)
    expect(red(turned, 0, 3)).toBe(30)
  })

  it.each([1.5, 2, 3, 5.5, 8])('averages a fine pattern when it shrinks by %s', (shrink) => {
    const source = picture(160, 160, (x, y) => ((x + y) % 2 === 0 ? 0 : 200))
    const small = warp(source, { a: 1 / shrink, b: 0, tx: 0, ty: 0 }, 16)
    // Without averaging each pixel would be 0 or 200.
    for (let x = 2; x < 14; x++)
      expect(Math.abs(red(small, x, 8)! - 100)).toBeLessThanOrEqual(shrink < 2 ? 40 : 12)
  })

  it.each([1.3, 2.6, 7.4])('keeps places when it shrinks by %s', (shrink) => {
    const source = picture(240, 240, (x, y) => (x + y) / 2)
    const small = warp(source, { a: 1 / shrink, b: 0, tx: 0, ty: 0 }, 24)
    for (const [x, y] of [
      [3, 3],
      [12, 5],
      [20, 22],
    ] as const) {
      expect(Math.abs(red(small, x, y)! - ((x + y) * shrink) / 2)).toBeLessThanOrEqual(1)
    }
  })

  it('is black outside the picture', () => {
    const source = picture(4, 4, () => 255)
    const moved = warp(source, { a: 1, b: 0, tx: 3, ty: 3 }, 6)
    expect(red(moved, 0, 0)).toBe(0)
    expect(red(moved, 4, 4)).toBe(255)
    const shrunk = warp(source, { a: 0.25, b: 0, tx: 50, ty: 50 }, 6)
    expect(Math.max(...shrunk.data)).toBe(0)
  })
})
