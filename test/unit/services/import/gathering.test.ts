/** How many rows of an import are written at once. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Gathering } from '../../../../src-main/services/import/gathering'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

/** Adds rows, 250 at a time, until there are as many as the next write could have. */
function fill(gathering: Gathering, from: number): number {
  let to = from
  while (!gathering.isFull) {
    gathering.add({ from: to, to: to + 250, faces: [], rejects: [] })
    to += 250
  }
  return to
}

test('what was gathered is taken once, as much as one write is to have, and the next begins behind it', () => {
  const gathering = new Gathering(40)
  expect(gathering.isEmpty).toBe(true)
  // While rows are written, as many are gathered as the next write may turn out to have.
  expect(fill(gathering, 40)).toBe(4040)
  expect(gathering.take()).toMatchObject({ from: 40, to: 2040 })
  expect([gathering.isFull, gathering.isEnough, gathering.isEmpty]).toEqual([false, true, false])
  expect(gathering.take()).toMatchObject({ from: 2040, to: 4040 })
  expect([gathering.isEnough, gathering.isEmpty]).toEqual([false, true])
})

test('the faces and the rejected rows of what is taken are those of its rows, in their order', () => {
  const gathering = new Gathering(0, 3)
  const reject = (position: number) => ({
    position,
    key: `row ${position}`,
    person: '',
    photo: null,
    reason: 'no-person' as const,
    detail: '',
  })
  for (const from of [0, 2, 4]) {
    gathering.add({ from, to: from + 2, faces: [], rejects: [reject(from), reject(from + 1)] })
  }
  const takes = [gathering.take(), gathering.take(), gathering.take()]
  expect(takes.map(({ from, to }) => [from, to])).toEqual([
    [0, 2],
    [2, 4],
    [4, 6],
  ])
  expect(takes.flatMap(({ rejects }) => rejects.map(({ position }) => position))).toEqual([0, 1, 2, 3, 4, 5])
})

test('the faster rows are written the more go at once, up to a limit; the slower the fewer, down to two portions', () => {
  const gathering = new Gathering(0)
  const sizes: number[] = []
  let position = 0
  const write = (rowsInMillisecond: number) => {
    position = fill(gathering, position)
    const portion = gathering.take()
    const rows = portion.to - portion.from
    sizes.push(rows)
    gathering.note(portion, rows / rowsInMillisecond)
  }
  for (let time = 0; time < 6; time++) write(40)
  expect(sizes).toEqual([2000, 4000, 8000, 10_000, 10_000, 10_000])
  // Ten thousand were gathered before it was known: the next writes have as few as they are to have all the same.
  for (let time = 0; time < 3; time++) write(0.5)
  expect(sizes.slice(6)).toEqual([10_000, 2000, 2000])
})

test('whoever writes does not wait for more than the fewest', () => {
  const gathering = new Gathering(0)
  fill(gathering, 0)
  gathering.note(gathering.take(), 10)
  gathering.take()
  gathering.add({ from: 4000, to: 5750, faces: [], rejects: [] })
  expect(gathering.isEnough).toBe(false)
  gathering.add({ from: 5750, to: 6000, faces: [], rejects: [] })
  expect([gathering.isEnough, gathering.isFull]).toEqual([true, false])
})

test('little is not held back for long', () => {
  const gathering = new Gathering(0)
  gathering.add({ from: 0, to: 32, faces: [], rejects: [] })
  expect(gathering.isEnough).toBe(false)
  vi.advanceTimersByTime(1100)
  expect(gathering.isEnough).toBe(true)
  expect(gathering.take()).toMatchObject({ from: 0, to: 32 })
  gathering.add({ from: 32, to: 64, faces: [], rejects: [] })
  expect(gathering.isEnough).toBe(false)
})

test('whoever says how many go at once has no more', () => {
  const gathering = new Gathering(0, 100)
  gathering.add({ from: 0, to: 100, faces: [], rejects: [] })
  expect([gathering.isEnough, gathering.isFull]).toEqual([true, true])
  const portion = gathering.take()
  gathering.note(portion, 1)
  gathering.add({ from: 100, to: 200, faces: [], rejects: [] })
  gathering.add({ from: 200, to: 300, faces: [], rejects: [] })
  expect(gathering.take()).toMatchObject({ from: 100, to: 200 })
})
