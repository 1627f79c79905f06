/** Boxes that people draw: whether they fit the photo, and which face they are around. */
import { describe, expect, test } from 'vitest'
import { boxFault, faceInBox, leastBoxPx } from '../../src-shared/geometry'

const photo = { width: 400, height: 300 }

test.each([
  ['inside', { x: 10, y: 10, w: 100, h: 120 }],
  ['as small as a box may be', { x: 0, y: 0, w: leastBoxPx, h: leastBoxPx }],
  ['cut by the edge, half of it inside', { x: -50, y: 10, w: 100, h: 120 }],
])('a box %s can be a face', (_, box) => {
  expect(boxFault(box, photo)).toBeUndefined()
})

test.each([
  ['outside', { x: 500, y: 10, w: 100, h: 120 }, 'half'],
  ['mostly outside', { x: -60, y: 10, w: 100, h: 120 }, 'half'],
  ['far larger than the photo', { x: -4000, y: -3000, w: 9000, h: 9000 }, 'half'],
  ['without a height', { x: 10, y: 10, w: 100, h: 0 }, 'pixels'],
  ['with a negative width', { x: 10, y: 10, w: -100, h: 100 }, 'pixels'],
  ['too small', { x: 10, y: 10, w: 100, h: leastBoxPx - 1 }, 'pixels'],
  ['that is not a number', { x: Number.NaN, y: 10, w: 100, h: 100 }, 'numbers'],
  ['without an end', { x: 0, y: 0, w: Number.POSITIVE_INFINITY, h: 100 }, 'numbers'],
])('a box %s cannot', (_, box, reason) => {
  expect(boxFault(box, photo)).toContain(reason)
})

describe('the face that a drawn box is around', () => {
  const box = { x: 100, y: 100, w: 50, h: 60 }
  const faces = [{ box }, { box: { ...box, x: 200 } }]
  test.each([
    ['around a face', { x: 90, y: 90, w: 70, h: 80 }, 0],
    ['far too wide, with one face inside', { x: 0, y: 0, w: 180, h: 400 }, 0],
    ['around both', { x: 0, y: 0, w: 400, h: 400 }, -1],
    ['beside them', { x: 300, y: 300, w: 50, h: 60 }, -1],
    ['nearer to the second', { x: 170, y: 100, w: 80, h: 60 }, 1],
  ])('%s', (_, drawn, index) => {
    expect(faceInBox(faces, drawn)).toBe(faces[index])
  })
})
