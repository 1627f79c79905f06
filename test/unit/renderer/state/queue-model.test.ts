/** The queue in the window: batches of changes, the filter, ranges. */
import { describe, expect, test } from 'vitest'
import {
  applyChange,
  emptyQueue,
  isFiltering,
  peopleInQueue,
  queueOf,
  rangeOf,
  visibleItems,
} from '../../../../src-renderer/state/queue-model'
import { emptyFilter, passesFilter } from '../../../../src-shared/queue'
import { item, itemId, items, personId } from '../queue-items'

describe('changes', () => {
  test('photos come in the order of their positions, however they arrive', () => {
    const queue = queueOf([item(2), item(0), item(1)])
    expect(queue.order).toEqual([itemId(0), itemId(1), itemId(2)])
    const more = applyChange(queue, { upserts: [item(4), item(3)], removed: [] })
    expect(more.order).toEqual([0, 1, 2, 3, 4].map(itemId))
  })

  test('a photo that belongs before others is put there', () => {
    const queue = applyChange(queueOf([item(1), item(3)]), { upserts: [item(2), item(0)], removed: [] })
    expect(queue.order).toEqual([0, 1, 2, 3].map(itemId))
  })

  test('a change of a photo keeps the order array and every other photo as they are', () => {
    const queue = queueOf(items(3))
    const changed = applyChange(queue, { upserts: [item(1, { faces: 2 })], removed: [] })
    expect(changed.order).toBe(queue.order)
    expect(changed.items.get(itemId(0))).toBe(queue.items.get(itemId(0)))
    expect(changed.items.get(itemId(1))?.faces).toBe(2)
    expect(queue.items.get(itemId(1))?.faces).toBe(0)
  })

  test('photos that go are gone, also when they came in the same batch', () => {
    const queue = applyChange(queueOf(items(3)), {
      upserts: [item(3), item(4)],
      removed: [itemId(1), itemId(3)],
    })
    expect(queue.order).toEqual([0, 2, 4].map(itemId))
    expect([...queue.items.keys()]).toEqual([0, 2, 4].map(itemId))
  })

  test('nothing changed is the same queue', () => {
    const queue = queueOf(items(2))
    expect(applyChange(queue, { upserts: [], removed: [] })).toBe(queue)
    expect(applyChange(emptyQueue, { upserts: [], removed: [itemId(9)] }).order).toEqual([])
  })
})

describe('the filter', () => {
  const ana = { personId: personId(1), name: 'Ana', decision: 'match' as const }
  const queue = queueOf([
    item(0, { name: 'Črnuče.jpg', matches: 1, people: [ana] }),
    item(1, { name: 'crn.png', possibles: 2, people: [{ ...ana, decision: 'possible' }] }),
    item(2, { name: 'beach.jpg', unknowns: 1 }),
    item(3, { name: 'broken.jpg', state: 'failed' }),
  ])
  const shown = (filter: Partial<typeof emptyFilter>) =>
    visibleItems(queue, { ...emptyFilter, ...filter }).map((id) => queue.items.get(id)?.position)

  test('shows all where it filters nothing: the very same array', () => {
    expect(visibleItems(queue, emptyFilter)).toBe(queue.order)
    expect(isFiltering(emptyFilter)).toBe(false)
    expect(isFiltering({ ...emptyFilter, state: 'done' })).toBe(true)
  })

  test('by text without regard to case and accents, by decision, person, state, and all at once', () => {
    expect(shown({ text: 'CRN' })).toEqual([0, 1])
    expect(shown({ decision: 'possible' })).toEqual([1])
    expect(shown({ personId: personId(1) })).toEqual([0, 1])
    expect(shown({ state: 'failed' })).toEqual([3])
    expect(shown({ text: 'č', personId: personId(1), decision: 'match' })).toEqual([0])
  })

  test('says the same of every photo as the export does, also after a photo changed', () => {
    const filter = { ...emptyFilter, decision: 'match' as const }
    expect(visibleItems(queue, filter)).toEqual([itemId(0)])
    const changed = applyChange(queue, { upserts: [item(2, { matches: 1 })], removed: [] })
    const expected = changed.order.filter((id) => passesFilter(changed.items.get(id)!, filter))
    expect(visibleItems(changed, filter)).toEqual(expected)
    expect(expected).toEqual([itemId(0), itemId(2)])
  })
})

test('people of the queue are counted by photo, most photos first', () => {
  const named = (number: number) => ({
    personId: personId(number),
    name: `P${number}`,
    decision: 'match' as const,
  })
  const queue = queueOf([
    item(0, { people: [named(1), named(2)] }),
    item(1, { people: [named(2)] }),
    item(2, { people: [named(3)] }),
  ])
  expect(peopleInQueue(queue)).toEqual([
    { personId: personId(2), name: 'P2', photos: 2 },
    { personId: personId(1), name: 'P1', photos: 1 },
    { personId: personId(3), name: 'P3', photos: 1 },
  ])
})

test('a range goes both ways, and is just its end where its beginning is not shown', () => {
  const shown = [0, 1, 2, 3, 4].map(itemId)
  expect(rangeOf(shown, itemId(1), itemId(3))).toEqual([1, 2, 3].map(itemId))
  expect(rangeOf(shown, itemId(3), itemId(1))).toEqual([1, 2, 3].map(itemId))
  expect(rangeOf(shown, itemId(9), itemId(2))).toEqual([itemId(2)])
  expect(rangeOf(shown, null, itemId(2))).toEqual([itemId(2)])
})
