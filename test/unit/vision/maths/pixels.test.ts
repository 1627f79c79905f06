import { describe, expect, it } from 'vitest'
import {
  enclosingBox,
  photoToPixels,
  pixelsToPhoto,
  placeBox,
  placePoint,
} from '../../../../src-main/vision/maths/pixels'
import { apply } from '../../../../src-main/vision/maths/similarity'

/** 1382 × 1868 pixels decoded to 474 × 640, from a region that begins at (100, 50): the axes' scales differ. */
const pixels = {
  data: new Uint8Array(0),
  width: 0,
  height: 0,
  originX: 100,
  originY: 50,
  scaleX: 474 / 1382,
  scaleY: 640 / 1868,
}

describe('photo points and pixel points', () => {
  it('are carried back exactly, far from the origin too', () => {
    const photo = { x: 1300, y: 1800 }
    const inPixels = apply(photoToPixels(pixels, photo), photo)
    expect(inPixels.x).toBeCloseTo((1300 - 100) * pixels.scaleX, 9)
    expect(inPixels.y).toBeCloseTo((1800 - 50) * pixels.scaleY, 9)
    const back = placePoint(inPixels, pixelsToPhoto(pixels))
    expect(back.x).toBeCloseTo(photo.x, 9)
    expect(back.y).toBeCloseTo(photo.y, 9)
  })

  it('scale a box by axis', () => {
    const box = placeBox({ x: 1, y: 2, w: 3, h: 4 }, { scaleX: 2, scaleY: 10, x: 5, y: 7 })
    expect(box).toEqual({ x: 7, y: 27, w: 6, h: 40 })
  })
})

describe('enclosingBox', () => {
  it('holds every box', () => {
    const box = enclosingBox([
      { x: 5, y: -2, w: 3, h: 4 },
      { x: -1, y: 0, w: 2, h: 9 },
    ])
    expect(box).toEqual({ x: -1, y: -2, w: 9, h: 11 })
  })
})
