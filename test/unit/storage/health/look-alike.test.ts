/** Two people look like one by most faces of both; one wrong photo does not do it. */
import { expect, test } from 'vitest'
import { likenessOf } from '../../../../src-main/storage/health/look-alike'
import { randomNumbers, unitVector } from '../../../contract/made-faces'

const match = 0.4
const random = randomNumbers(9)
let made = 0
const faces = (centre: Float32Array, count: number) =>
  Array.from({ length: count }, () => {
    made++
    return { faceId: `${made}`, photoId: `${made}`, vector: unitVector(random, centre, 0.6) }
  })
const [one, other] = [unitVector(random), unitVector(random)]

test.each([
  [1, 1],
  [1, 9],
  [5, 7],
  [80, 3],
])('%i and %i photos of one person do', (a, b) => {
  const likeness = likenessOf(faces(one, a), faces(one, b), match)
  expect(likeness).toMatchObject({ compared: Math.min(32, a), otherCompared: Math.min(32, b) })
  expect(likeness!.distance).toBeLessThanOrEqual(match)
})

test.each([
  [4, 4],
  [1, 1],
  [40, 2],
])('%i and %i photos of two people do not', (a, b) => {
  expect(likenessOf(faces(one, a), faces(other, b), match)).toBeUndefined()
})

test('a wrong photo on either side is outvoted', () => {
  const mixed = [...faces(other, 4), ...faces(one, 1)]
  expect(likenessOf(faces(one, 5), mixed, match)).toBeUndefined()
  expect(likenessOf(mixed, faces(one, 5), match)).toBeUndefined()
  // Half is not most.
  expect(likenessOf(faces(one, 4), [...faces(other, 2), ...faces(one, 2)], match)).toBeUndefined()
})

test('nobody without photos looks like anybody', () => {
  expect(likenessOf([], faces(one, 3), match)).toBeUndefined()
  expect(likenessOf(faces(one, 3), [], match)).toBeUndefined()
})
