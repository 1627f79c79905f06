/** Where people lie, and which of them a frame holds. */
import { describe, expect, test } from 'vitest'
import {
  frameBetween,
  peopleLayout,
  placesInFrame,
} from '../../../../src-renderer/features/galleries/people-layout'

// Four columns of 131 px between margins of 12 px, rows of 168 px.
const grid = peopleLayout('grid', 548, 10)
const frame = (left: number, top: number, right: number, bottom: number) => ({ left, top, right, bottom })

describe('the grid', () => {
  test('shares its width among as many columns as fit', () => {
    expect(grid).toMatchObject({ columns: 4, cell: { width: 131, height: 168 } })
    expect(peopleLayout('grid', 40, 10).columns).toBe(1)
  })

  test('gives a frame the people it touches, row by row', () => {
    expect(placesInFrame(frame(20, 20, 30, 30), grid)).toEqual([0])
    expect(placesInFrame(frame(20, 20, 160, 190), grid)).toEqual([0, 1, 4, 5])
  })

  test('gives a frame over the margins and past the last person nobody who is not there', () => {
    expect(placesInFrame(frame(0, 0, 5, 5), grid)).toEqual([])
    expect(placesInFrame(frame(0, 350, 600, 2000), grid)).toEqual([8, 9])
    expect(placesInFrame(frame(0, 0, 600, 2000), peopleLayout('grid', 548, 0))).toEqual([])
  })

  test('holds nobody before it was laid out', () => {
    expect(placesInFrame(frame(0, 0, 600, 600), peopleLayout('grid', 0, 10))).toEqual([])
  })
})

test('the list has one person a row', () => {
  const list = peopleLayout('list', 548, 1000)
  expect(list.columns).toBe(1)
  expect(placesInFrame(frame(100, 44, 100, 100), list)).toEqual([1, 2])
})

test('a frame is drawn in any direction', () => {
  expect(frameBetween({ x: 50, y: 9 }, { x: 10, y: 80 })).toEqual(frame(10, 9, 50, 80))
})
