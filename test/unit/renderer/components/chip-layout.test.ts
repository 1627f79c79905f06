/** Where name chips go. */
import { describe, expect, test } from 'vitest'
import { type ChipRequest, layoutChips } from '../../../../src-renderer/components/loupe/chip-layout'
import { intersectionOverUnion } from '../../../../src-shared/geometry'

const view = { width: 800, height: 600 }
const size = { width: 100, height: 20 }

/** The chips' own boxes, those out of view left out. */
function placed(requests: readonly ChipRequest[]) {
  return layoutChips(requests, view).flatMap((place, index) => {
    const chip = requests[index]!.size
    return place === undefined ? [] : [{ ...place, w: chip.width, h: chip.height }]
  })
}

test('a chip goes under the middle of its face where nothing is in the way', () => {
  expect(layoutChips([{ box: { x: 300, y: 200, w: 80, h: 100 }, size }], view)).toEqual([{ x: 290, y: 303 }])
})

test('a chip goes above where there is a face below', () => {
  const upper = { box: { x: 300, y: 200, w: 80, h: 100 }, size }
  const lower = { box: { x: 300, y: 304, w: 80, h: 100 }, size }
  const [first] = placed([upper, lower])
  expect(first!.y + first!.h).toBeLessThanOrEqual(200)
})

test.each([
  ['the left', { x: -40, y: 200, w: 80, h: 100 }],
  ['the right', { x: 760, y: 200, w: 80, h: 100 }],
  ['the top', { x: 300, y: -50, w: 80, h: 100 }],
  ['the bottom', { x: 300, y: 560, w: 80, h: 100 }],
])('a face cut by %s edge has its whole chip in view', (_, box) => {
  const [chip] = placed([{ box, size }])
  expect(chip!.x).toBeGreaterThanOrEqual(0)
  expect(chip!.y).toBeGreaterThanOrEqual(0)
  expect(chip!.x + chip!.w).toBeLessThanOrEqual(view.width)
  expect(chip!.y + chip!.h).toBeLessThanOrEqual(view.height)
})

test('a face out of view has no chip', () => {
  expect(layoutChips([{ box: { x: 900, y: 200, w: 80, h: 100 }, size }], view)).toEqual([undefined])
})

describe('a row of faces closer than their names are long', () => {
  const requests = Array.from({ length: 5 }, (_, index) => ({
    box: { x: 100 + index * 70, y: 200, w: 60, h: 70 },
    size,
  }))

  test('keeps the chips off each other and off the faces', () => {
    const chips = placed(requests)
    expect(chips).toHaveLength(5)
    for (const [index, chip] of chips.entries()) {
      for (const other of chips.slice(index + 1))
        expect(intersectionOverUnion(chip, other)).toBeLessThan(0.25)
      for (const { box } of requests) expect(intersectionOverUnion(chip, box)).toBe(0)
    }
  })
})

test('a chip that is wider than the view starts at its left edge', () => {
  const [chip] = placed([{ box: { x: 10, y: 10, w: 20, h: 20 }, size: { width: 900, height: 20 } }])
  expect(chip!.x).toBe(4)
})
