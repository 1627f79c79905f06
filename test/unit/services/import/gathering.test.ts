/** How many rows of an import are written at once. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Gathering } from '../../../../src-main/services/import/gathering'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

/** Adds portions of 250 rows until that is enough; gives what is to be written. */
function filled(gathering: Gathering, from: number) {
  for (let to = from + 250; ; to += 250) {
    gathering.add({ from: to - 250, to, faces: [], rejects: [] })
    if (gathering.isEnough({ idle: false })) return gathering.take()
  }
}

test('what was gathered is taken once, and the next begins behind it', () => {
  const gathering = new Gathering(40)
  expect(gathering.isEmpty).toBe(true)
  expect(filled(gathering, 40)).toMatchObject({ from: 40, to: 2040 })
  expect(gathering.isEmpty).toBe(true)
  expect(filled(gathering, 2040)).toMatchObject({ from: 2040, to: 4040 })
})

test('the faster rows are written the more go at once, up to a limit; the slower the fewer, down to two portions', () => {
  const gathering = new Gathering(0)
  const sizes: number[] = []
  let position = 0
  const write = (rowsInMillisecond: number) => {
    const portion = filled(gathering, position)
    const rows = portion.to - portion.from
    sizes.push(rows)
    position = portion.to
    gathering.note(portion, rows / rowsInMillisecond)
  }
  for (let time = 0; time < 6; time++) write(40)
  expect(sizes).toEqual([2000, 4000, 8000, 10_000, 10_000, 10_000])
  for (let time = 0; time < 3; time++) write(0.5)
  expect(sizes.slice(6)).toEqual([10_000, 2000, 2000])
})

test('whoever writes does not wait for more than the fewest', () => {
  const gathering = new Gathering(0)
  gathering.note(filled(gathering, 0), 10)
  gathering.add({ from: 2000, to: 3750, faces: [], rejects: [] })
  expect(gathering.isEnough({ idle: true })).toBe(false)
  gathering.add({ from: 3750, to: 4000, faces: [], rejects: [] })
  expect([true, false].map((idle) => gathering.isEnough({ idle }))).toEqual([true, false])
  gathering.add({ from: 4000, to: 6000, faces: [], rejects: [] })
  expect(gathering.isEnough({ idle: false })).toBe(true)
})

test('little is not held back for long', () => {
  const gathering = new Gathering(0)
  gathering.add({ from: 0, to: 32, faces: [], rejects: [] })
  expect(gathering.isEnough({ idle: false })).toBe(false)
  vi.advanceTimersByTime(1100)
  expect(gathering.isEnough({ idle: false })).toBe(true)
  expect(gathering.take()).toMatchObject({ from: 0, to: 32 })
  gathering.add({ from: 32, to: 64, faces: [], rejects: [] })
  expect(gathering.isEnough({ idle: false })).toBe(false)
})

test('whoever says how many go at once has no more', () => {
  const gathering = new Gathering(0, 100)
  gathering.add({ from: 0, to: 100, faces: [], rejects: [] })
  expect(gathering.isEnough({ idle: false })).toBe(true)
  const portion = gathering.take()
  gathering.note(portion, 1)
  gathering.add({ from: 100, to: 200, faces: [], rejects: [] })
  expect(gathering.isEnough({ idle: false })).toBe(true)
})
