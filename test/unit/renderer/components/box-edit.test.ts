/** A box under pointer and keys. */
import { describe, expect, it } from 'vitest'
import {
  boxBetween,
  editedBox,
  handleAt,
  handles,
  movedBox,
  pulledBox,
} from '../../../../src-renderer/components/loupe/box-edit'
import { leastBoxPx } from '../../../../src-shared/geometry'

const box = { x: 100, y: 80, w: 60, h: 90 }

it('is drawn between two points, in any direction, in whole pixels', () => {
  const expected = { x: 10, y: 20, w: 31, h: 40 }
  expect(boxBetween({ x: 10.2, y: 20 }, { x: 40.8, y: 60 })).toEqual(expected)
  expect(boxBetween({ x: 40.8, y: 60 }, { x: 10.2, y: 20 })).toEqual(expected)
})

it('is moved', () => {
  expect(movedBox(box, -10, 5)).toEqual({ ...box, x: 90, y: 85 })
})

describe('pulled at a handle', () => {
  it.each([
    ['se', { ...box, w: 67, h: 93 }],
    ['nw', { x: 107, y: 83, w: 53, h: 87 }],
    ['n', { ...box, y: 83, h: 87 }],
    ['w', { ...box, x: 107, w: 53 }],
    ['e', { ...box, w: 67 }],
  ] as const)('%s, only its sides move', (handle, expected) => {
    expect(pulledBox(box, handle, 7, 3)).toEqual(expected)
  })

  it.each(handles)('%s, it never turns over nor gets too small', (handle) => {
    for (const far of [-500, 500]) {
      const { w, h } = pulledBox(box, handle, far, far)
      expect(Math.min(w, h)).toBeGreaterThanOrEqual(leastBoxPx)
    }
  })
})

describe('by the keys', () => {
  it('goes by screen pixels, and by at least one of the photo', () => {
    expect(editedBox(box, { what: 'move', x: 1, y: 0 }, 0.25)).toEqual({ ...box, x: 104 })
    expect(editedBox(box, { what: 'move', x: 0, y: -10 }, 4)).toEqual({ ...box, y: 70 })
    expect(editedBox(box, { what: 'resize', x: 1, y: 0 }, 1)).toEqual({ ...box, w: 61 })
  })
})

it('has its handles at corners and sides', () => {
  expect(handles.map((handle) => handleAt(box, handle)).slice(0, 4)).toEqual([
    { x: 100, y: 80 },
    { x: 130, y: 80 },
    { x: 160, y: 80 },
    { x: 160, y: 125 },
  ])
})
