/** Many rows are written in steps that leave none out, and what they are decided by is read before them. */
import { expect, test } from 'vitest'
import { rowSteps } from '../../../../src-main/storage/sql/row-steps'

const stepsOf = (total: number) =>
  [...rowSteps({ stepRows: [2, 3] }, total)].map(({ first, end, readTo }) => [first, end, readTo])

test.each([
  ['none', 0, []],
  ['fewer than a step', 1, [[0, 1, 1]]],
  ['a step', 2, [[0, 2, 2]]],
  [
    'all that is read at once',
    5,
    [
      [0, 2, 5],
      [2, 5, undefined],
    ],
  ],
  [
    'more',
    9,
    [
      [0, 2, 5],
      [2, 5, undefined],
      [5, 7, 9],
      [7, 9, undefined],
    ],
  ],
])('%s', (_, total, steps) => {
  expect(stepsOf(total)).toEqual(steps)
})
