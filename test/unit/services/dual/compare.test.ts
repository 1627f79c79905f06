/** Two answers compared: what agrees, what differs, and why where the answers themselves tell it. */
import { expect, test } from 'vitest'
import { causeInAnswers, compareAnswers } from '../../../../src-main/services/dual/compare'
import { type DualHit, dualHitSchema } from '../../../../src-shared/dual'

const hit = (person: number, distance: number): DualHit =>
  dualHitSchema.parse({
    personId: `00000000-0000-7000-8000-00000000000${person}`,
    name: `${person}`,
    faceId: `00000000-0000-7000-8000-0000000000f${person}`,
    distance,
  })

test.each([
  ['nobody on both sides', [], [], { sameFirst: true, overlap: 1, largestDifference: 0, agree: true }],
  ['somebody on one side', [hit(1, 0.3)], [], { sameFirst: false, overlap: 0, agree: false }],
  [
    'the same, but for the last bits of the arithmetic',
    [hit(1, 0.3), hit(2, 0.4)],
    [hit(1, 0.3000001), hit(2, 0.4)],
    { sameFirst: true, overlap: 1, agree: true },
  ],
  [
    'one of two',
    [hit(1, 0.3), hit(2, 0.4)],
    [hit(1, 0.3), hit(3, 0.5)],
    { sameFirst: true, overlap: 0.5, largestDifference: 0, agree: false },
  ],
  [
    'others first',
    [hit(1, 0.3), hit(2, 0.31)],
    [hit(2, 0.31), hit(1, 0.3)],
    { sameFirst: false, overlap: 1, agree: false },
  ],
] as const)('%s', (_, local, server, expected) => {
  expect(compareAnswers(local, server)).toMatchObject(expected)
})

test('who is as near is a tie; the same people a little nearer or farther, precision; the rest is not told', () => {
  expect(causeInAnswers([hit(1, 0.3), hit(2, 0.3)], [hit(2, 0.3), hit(1, 0.3)])).toBe('tie')
  expect(causeInAnswers([hit(1, 0.3)], [hit(1, 0.3004)])).toBe('float-precision')
  expect(causeInAnswers([hit(1, 0.3)], [hit(1, 0.4)])).toBeUndefined()
  expect(causeInAnswers([hit(1, 0.3)], [hit(2, 0.4)])).toBeUndefined()
  expect(causeInAnswers([hit(1, 0.3)], [])).toBeUndefined()
})
