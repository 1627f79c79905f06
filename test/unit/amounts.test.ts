/** Amounts in sentences. */
import { expect, it } from 'vitest'
import { count, counted } from '../../src-shared/amounts'

it.each([
  [counted(0, 'photo'), '0 photos'],
  [counted(1, 'photo'), '1 photo'],
  [counted(1, 'person', 'people'), '1 person'],
  [counted(10_000, 'person', 'people'), '10,000 people'],
  [count(1_234_567), '1,234,567'],
])('%s', (said, wanted) => {
  expect(said).toBe(wanted)
})
