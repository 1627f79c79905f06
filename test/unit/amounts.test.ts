/** Amounts in sentences. */
import { expect, it } from 'vitest'
import { count, counted, percent, wholePercent } from '../../src-shared/amounts'

it.each([
  [counted(0, 'photo'), '0 photos'],
  [counted(1, 'photo'), '1 photo'],
  [counted(1, 'person', 'people'), '1 person'],
  [counted(10_000, 'person', 'people'), '10,000 people'],
  [count(1_234_567), '1,234,567'],
  [percent(1), '100.00 %'],
  [percent(0.98999), '98.99 %'],
  [percent(0.29), '29.00 %'],
  [percent(0), '0.00 %'],
  [wholePercent(0.999), '99 %'],
  [wholePercent(0.29), '29 %'],
  [wholePercent(1), '100 %'],
])('%s', (said, wanted) => {
  expect(said).toBe(wanted)
})
