/** Zoom and pan of the loupe. */
import { describe, expect, test } from 'vitest'
import {
  boxInLoupe,
  fitView,
  toLoupe,
  toPhoto,
  viewOf,
  withinPhoto,
  zoomedAbout,
} from '../../../../src-renderer/components/loupe/viewport'

const photo = { width: 4000, height: 2000 }
const loupe = { width: 1032, height: 832 }

test('the whole photo is shown with a margin, in the middle, and a small one is not enlarged', () => {
  const view = fitView(photo, loupe)
  expect(view).toEqual({ scale: 0.25, centre: { x: 2000, y: 1000 } })
  expect(boxInLoupe(view, loupe, { x: 0, y: 0, w: 4000, h: 2000 })).toEqual({
    x: 16,
    y: 166,
    w: 1000,
    h: 500,
  })
  expect(fitView({ width: 100, height: 50 }, loupe).scale).toBe(1)
})

test('100 % is around the chosen face, without a gap at the photo’s edge', () => {
  const view = viewOf('actual', photo, loupe, { x: 1900, y: 900, w: 100, h: 100 })
  expect(view).toEqual({ scale: 1, centre: { x: 1950, y: 950 } })
  const corner = viewOf('actual', photo, loupe, { x: 0, y: 0, w: 100, h: 100 })
  expect(toLoupe(corner, loupe, { x: 0, y: 0 })).toEqual({ x: 0, y: 0 })
})

describe('zooming about a point', () => {
  test('keeps what is under the pointer there', () => {
    const at = { x: 300, y: 400 }
    const before = viewOf({ scale: 1, centre: { x: 2000, y: 1000 } }, photo, loupe)
    const after = zoomedAbout(before, photo, loupe, 2, at)
    const pixel = toPhoto(before, loupe, at)
    expect(after.scale).toBe(2)
    expect(toLoupe(after, loupe, pixel).x).toBeCloseTo(at.x, 6)
    expect(toLoupe(after, loupe, pixel).y).toBeCloseTo(at.y, 6)
  })

  test('never gets smaller than the whole photo, nor larger than 16 times', () => {
    const fit = fitView(photo, loupe)
    expect(zoomedAbout(fit, photo, loupe, 0.1, { x: 0, y: 0 })).toEqual(fit)
    expect(zoomedAbout(fit, photo, loupe, 1e6, { x: 0, y: 0 }).scale).toBe(16)
  })
})

test('panning stops at the photo’s edges; an axis on which it is all shown stays in the middle', () => {
  const view = withinPhoto({ scale: 0.3, centre: { x: -500, y: 1900 } }, photo, loupe)
  expect(view.centre).toEqual({ x: 1032 / 0.3 / 2, y: 1000 })
})

test('there and back is where it was', () => {
  const view = { scale: 0.37, centre: { x: 1234, y: 567 } }
  const point = toPhoto(view, loupe, toLoupe(view, loupe, { x: 42, y: 99 }))
  expect(point.x).toBeCloseTo(42, 9)
  expect(point.y).toBeCloseTo(99, 9)
})
