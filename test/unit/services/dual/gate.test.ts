/** The gate: each criterion with its figure, and nothing that was not measured passes. */
import { expect, test } from 'vitest'
import { judge, judgedSince } from '../../../../src-main/services/dual/gate'
import { type DualFigures, gateCriteriaSchema } from '../../../../src-shared/dual'

const criteria = gateCriteriaSchema.parse({})
const good: DualFigures = {
  probes: 100,
  errors: 0,
  sameFirst: 0.99,
  overlap: 0.95,
  largestDifference: 0,
  local: { median: 1, p95: 2, max: 3 },
  server: { median: 10, p95: 99, max: 300 },
  causes: [],
  lastError: null,
}
const failing = (figures: DualFigures, unvalidated: number | null = 0) =>
  judge(figures, criteria, unvalidated, 0)
    .checks.filter(({ passed }) => !passed)
    .map(({ criterion }) => criterion)

test('is passed at its very figures', () => {
  expect(failing(good)).toEqual([])
  expect(judge(good, criteria, 0, 0)).toMatchObject({ passed: true, since: '1970-01-01T00:00:00.000Z' })
})

test.each([
  [{ sameFirst: 0.9899 }, ['sameFirst']],
  [{ overlap: 0.949 }, ['overlap']],
  [{ errors: 1 }, ['errors']],
  [{ server: { median: 1, p95: 100, max: 100 } }, ['serverP95Ms']],
  [{ probes: 99 }, ['probes']],
  [
    { probes: 0, sameFirst: null, overlap: null, server: null },
    ['sameFirst', 'overlap', 'serverP95Ms', 'probes'],
  ],
])('%j', (change, expected) => {
  expect(failing({ ...good, ...change })).toEqual(expected)
})

test('wants every client found equal, and one at all', () => {
  expect(failing(good, 1)).toEqual(['validated'])
  expect(failing(good, null)).toEqual(['validated'])
})

test('judges the last days, and nothing before what was mended', () => {
  const now = Date.UTC(2026, 10, 20)
  expect(new Date(judgedSince(criteria, now)).toISOString()).toBe('2026-11-13T00:00:00.000Z')
  expect(judgedSince({ ...criteria, countFrom: now - 1 }, now)).toBe(now - 1)
})
