import { expect, it } from 'vitest'
import { RestartBudget } from '../../../src-main/host/restart-budget'
import { defaultLimits } from '../../../src-main/host/supervision-limits'

it('doubles the delay with each restart, and ends after five within ten minutes', () => {
  const budget = new RestartBudget(defaultLimits)
  expect([0, 1, 2, 3, 4, 5].map((second) => budget.take(second * 1000))).toEqual([
    250,
    500,
    1000,
    2000,
    4000,
    undefined,
  ])
  expect(budget.take(599_999)).toBeUndefined()
})

it('never waits longer than the longest delay', () => {
  const budget = new RestartBudget({ ...defaultLimits, restartsAllowed: 20 })
  const delaysMs = Array.from({ length: 20 }, () => budget.take(0))
  expect(delaysMs[5]).toBe(8_000)
  expect(delaysMs.slice(6)).toEqual(Array.from({ length: 14 }, () => 10_000))
})

it('forgets a restart once it is older than the window', () => {
  const budget = new RestartBudget(defaultLimits)
  for (const second of [0, 1, 2, 3, 4]) budget.take(second * 1000)
  expect(budget.take(600_000)).toBe(4_000)
  expect(budget.take(600_500)).toBeUndefined()
  expect(budget.take(10_000_000)).toBe(250)
})

it('forgets all of them when told to', () => {
  const budget = new RestartBudget(defaultLimits)
  for (const second of [0, 1, 2, 3, 4]) budget.take(second * 1000)
  budget.clear()
  expect(budget.take(5_000)).toBe(250)
})
