/** What a liveness model sees of a face: the part of the photo, and its sampling. */
import { describe, expect, it } from 'vitest'
import type { PhotoPixels } from '../../../../src-main/vision/maths/pixels'
import { softmax } from '../../../../src-main/vision/maths/softmax'
import { sampleRegion, surroundingsOf } from '../../../../src-main/vision/maths/surroundings'

const photo = { width: 1000, height: 800 }

describe('surroundingsOf', () => {
  it('enlarges the box about its centre', () => {
    expect(surroundingsOf({ x: 450, y: 350, w: 100, h: 120 }, photo, 2.7)).toEqual({
      x: 365,
      y: 248,
      w: 270,
      h: 324,
    })
  })

  it('pushes it into the photo, at every edge, in its size', () => {
    const corners = [
      [10, 10],
      [890, 10],
      [10, 690],
      [890, 690],
    ] as const
    for (const [x, y] of corners) {
      const { w, h, ...at } = surroundingsOf({ x, y, w: 100, h: 100 }, photo, 2.7)
      expect([w, h]).toEqual([270, 270])
      expect(at).toEqual({ x: x < 500 ? 0 : 729, y: y < 400 ? 0 : 529 })
    }
  })

  it('is no larger than the photo, in the box’s own shape, and reaches outside nowhere', () => {
    const region = surroundingsOf({ x: -20, y: 100, w: 600, h: 500 }, photo, 2.7)
    expect(region.w / region.h).toBeCloseTo(600 / 500, 1)
    expect(region.x).toBeGreaterThanOrEqual(0)
    expect(region.y).toBeGreaterThanOrEqual(0)
    expect(region.x + region.w).toBeLessThanOrEqual(photo.width)
    expect(region.y + region.h).toBeLessThanOrEqual(photo.height)
  })
})

/** Red is the column, green the row, blue their sum. */
function ramp(width: number, height: number, at = { originX: 0, originY: 0 }): PhotoPixels {
  const data = new Uint8Array(3 * width * height)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) data.set([x, y, x + y], 3 * (y * width + x))
  }
  return { data, width, height, scaleX: 1, scaleY: 1, ...at }
}

describe('sampleRegion', () => {
  it('copies a region of the size that is wanted', () => {
    const { data, width, height } = sampleRegion(ramp(20, 20), { x: 5, y: 7, w: 3, h: 2 }, 3, 2)
    expect([width, height]).toEqual([3, 2])
    expect([...data]).toEqual([5, 7, 12, 6, 7, 13, 7, 7, 14, 5, 8, 13, 6, 8, 14, 7, 8, 15])
  })

  it('finds the region in pixels that begin elsewhere in the photo', () => {
    const pixels = ramp(20, 20, { originX: 100, originY: 50 })
    expect([...sampleRegion(pixels, { x: 104, y: 53, w: 1, h: 1 }, 1, 1).data]).toEqual([4, 3, 7])
  })

  it('takes the pixels where it looks, and no mean of those between, where it shrinks', () => {
    const stripes = ramp(8, 1)
    stripes.data.set([0, 0, 0, 0, 0, 0, 200, 200, 200, 200, 200, 200], 0)
    expect([...sampleRegion(stripes, { x: 0, y: 0, w: 4, h: 1 }, 1, 1).data]).toEqual([100, 100, 100])
    const spike = ramp(9, 1)
    spike.data.fill(0)
    spike.data.set([255, 255, 255], 0)
    expect([...sampleRegion(spike, { x: 0, y: 0, w: 9, h: 1 }, 1, 1).data]).toEqual([0, 0, 0])
  })

  it('goes between the pixels where it enlarges', () => {
    const { data } = sampleRegion(ramp(3, 1), { x: 0, y: 0, w: 3, h: 1 }, 6, 1)
    expect([...data].filter((_, index) => index % 3 === 0)).toEqual([0, 0, 1, 1, 2, 2])
  })
})

it('softmax gives likelihoods, for scores however large', () => {
  const [a, b, c] = softmax(new Float32Array([1000, 1001, 999]))
  expect(a! + b! + c!).toBeCloseTo(1, 12)
  expect(b! / a!).toBeCloseTo(Math.E, 6)
  expect(a! / c!).toBeCloseTo(Math.E, 6)
})
