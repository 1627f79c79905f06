/** Figures over time as shapes. */
import { expect, it } from 'vitest'
import {
  amountRange,
  linePath,
  marks,
  nearestPoint,
  partRange,
  plot,
  timeMark,
  xOf,
  yOf,
} from '../../../../../src-renderer/features/settings/moving/time-chart-shapes'

const time = { from: 0, to: 100 }

it('lets the axis begin where what differs is seen, and never above what there is', () => {
  expect(
    [partRange([1, 0.993]), partRange([0.97]), partRange([0.2]), partRange([])].map(({ from }) => from),
  ).toEqual([0.98, 0.95, 0, 0.98])
})

it('ends the axis of amounts at a round one', () => {
  expect([[0.3], [7], [12, 48], [50], [51], []].map((values) => amountRange(values).to)).toEqual([
    1, 10, 50, 50, 100, 1,
  ])
})

it('writes the marks of one axis alike', () => {
  const axis = (to: number) => marks({ from: 0, to }).map((mark) => timeMark(mark, { from: 0, to }))
  expect(axis(50)).toEqual(['0.0 ms', '12.5 ms', '25.0 ms', '37.5 ms', '50.0 ms'])
  expect(axis(100)).toEqual(['0 ms', '25 ms', '50 ms', '75 ms', '100 ms'])
  expect(axis(1)).toEqual(['0.00 ms', '0.25 ms', '0.50 ms', '0.75 ms', '1.00 ms'])
  expect(axis(2000)).toEqual(['0.0 s', '0.5 s', '1.0 s', '1.5 s', '2.0 s'])
})

it('keeps what lies beyond on the edge', () => {
  const range = { from: 0.9, to: 1 }
  expect([yOf(1, range), yOf(0.9, range), yOf(0.5, range), yOf(2, range)]).toEqual([
    plot.top,
    plot.bottom,
    plot.bottom,
    plot.top,
  ])
  expect([xOf(0, time), xOf(100, time)]).toEqual([plot.left, plot.right])
})

it('draws no line over a time in which nothing was measured', () => {
  const points = [
    { at: 0, value: 1 },
    { at: 10, value: null },
    { at: 12, value: 0 },
    { at: 60, value: 1 },
  ]
  const commands = linePath(points, time, { from: 0, to: 1 }, 15).replace(/[^ML]/g, '')
  expect(commands).toBe('MLM')
})

it('finds the point under the pointer', () => {
  const points = [{ at: 0 }, { at: 40 }, { at: 100 }]
  expect(nearestPoint(points, xOf(55, time), time)).toEqual({ at: 40 })
  expect(nearestPoint([], 10, time)).toBeUndefined()
  expect(marks({ from: 0, to: 1 })).toEqual([0, 0.25, 0.5, 0.75, 1])
})
