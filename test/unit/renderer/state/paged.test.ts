/** A long list of which only some pages are here. */
import { describe, expect, test } from 'vitest'
import {
  itemAt,
  itemsPerPage,
  missingPages,
  noPages,
  type Paged,
  placeOf,
  withAnswer,
} from '../../../../src-renderer/state/paged'

const answer = (page: number, options: { query?: string; round?: number; total?: number } = {}) => ({
  query: options.query ?? 'a',
  round: options.round ?? 0,
  page,
  total: options.total ?? 50_000,
  items: Array.from({ length: itemsPerPage }, (_, index) => page * itemsPerPage + index),
})
const fresh = { query: 'a', round: 0 }
const with0: Paged<number> = withAnswer(noPages, answer(0))

describe('pages', () => {
  test('are asked for as they come into view', () => {
    expect(missingPages(noPages, fresh, 0, 59)).toEqual([0])
    expect(missingPages(with0, fresh, 0, itemsPerPage - 1)).toEqual([])
    expect(missingPages(with0, fresh, itemsPerPage - 1, itemsPerPage)).toEqual([1])
    expect(missingPages(with0, fresh, 49_000, 49_100)).toEqual([408, 409])
  })

  test('give what is at a place, and the place of what is here', () => {
    const both = withAnswer(with0, answer(7))
    expect(itemAt(both, 3)).toBe(3)
    expect(itemAt(both, 7 * itemsPerPage + 5)).toBe(7 * itemsPerPage + 5)
    expect(itemAt(both, itemsPerPage)).toBeUndefined()
    expect(placeOf(both, (item) => item === 7 * itemsPerPage + 9)).toBe(7 * itemsPerPage + 9)
    expect(placeOf(both, (item) => item === -1)).toBeUndefined()
  })

  test('of an earlier round are shown until those in view are renewed', () => {
    const after = { query: 'a', round: 1 }
    expect(missingPages(with0, after, 0, 10)).toEqual([0])
    expect(itemAt(with0, 3)).toBe(3)
    expect(missingPages(withAnswer(with0, answer(0, { round: 1 })), after, 0, 10)).toEqual([])
  })
})

describe('another query', () => {
  test('leaves what is shown until its first page is here, and then nothing of the one before', () => {
    expect(missingPages(with0, { query: 'b', round: 0 }, 0, 10)).toEqual([0])
    const next = withAnswer(withAnswer(with0, answer(3)), answer(0, { query: 'b', total: 200 }))
    expect(next).toMatchObject({ query: 'b', total: 200 })
    expect([...next.pages.keys()]).toEqual([0])
  })
})

test('pages behind the end of a list that became shorter go', () => {
  const shorter = withAnswer(withAnswer(with0, answer(9)), answer(0, { round: 1, total: 130 }))
  expect([...shorter.pages.keys()]).toEqual([0])
})
