/** Choosing several things of a list. */
import { describe, expect, test } from 'vitest'
import {
  type Choice,
  type Entry,
  joined,
  nothingChosen,
  only,
  ranged,
  rangeTo,
  toggled,
} from '../../../../src-renderer/state/choice'

const letters = 'abcdefgh'
const entry = (place: number): Entry<string> => ({ key: letters[place]!, place })
const entries = (first: number, last: number) =>
  Array.from({ length: last - first + 1 }, (_, index) => entry(first + index))
const keysOf = (first: number, last: number) => [...letters.slice(first, last + 1)]
const keys = (choice: Choice<string>) => [...choice.chosen].join('')

describe('a click', () => {
  test('chooses this one and nothing else', () => {
    expect(keys(only(entry(2)))).toBe('c')
  })

  test('with Ctrl joins and leaves, and a range begins there', () => {
    const two = toggled(only(entry(0)), entry(3))
    expect(keys(two)).toBe('ad')
    expect(keys(toggled(two, entry(0)))).toBe('d')
    expect(rangeTo(two, 5)).toEqual([3, 5])
  })

  test('with Shift takes the range, whichever way, and keeps where it began', () => {
    const from = only(entry(4))
    expect(rangeTo(from, 1)).toEqual([1, 4])
    const up = ranged(from, keysOf(1, 4), 1)
    expect(keys(up)).toBe('bcde')
    expect(rangeTo(up, 6)).toEqual([4, 6])
    expect(keys(ranged(up, keysOf(4, 6), 4))).toBe('efg')
  })

  test('with Shift where nothing was chosen takes this one', () => {
    expect(rangeTo(nothingChosen, 3)).toEqual([3, 3])
    expect(ranged(nothingChosen, keysOf(3, 3), 3)).toMatchObject({ anchor: 3 })
  })
})

describe('a frame', () => {
  test('adds to what was chosen before it was begun, and gives back what it no longer holds', () => {
    const before = only(entry(0))
    expect(keys(joined(before, entries(2, 5)))).toBe('acdef')
    expect(keys(joined(before, entries(2, 3)))).toBe('acd')
    expect(keys(before)).toBe('a')
  })

  test('counts nobody twice', () => {
    expect(keys(joined(only(entry(2)), entries(1, 3)))).toBe('cbd')
  })
})
