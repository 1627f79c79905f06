/** Which of a person's faces does not belong: on galleries made with known wrong ones. */
import { expect, test } from 'vitest'
import {
  centreOf,
  evenly,
  isOutlier,
  isSuspect,
  lowerMedian,
  placeFaces,
  spreadOf,
} from '../../../../src-main/storage/health/own-distances'
import { cosineDistance } from '../../../../src-shared/cosine-distance'
import { randomNumbers, unitVector } from '../../../contract/made-faces'

const limits = { match: 0.4, verify: 0.575 }

test('the lower median is exceeded by at most half', () => {
  expect(lowerMedian([3])).toBe(3)
  expect(lowerMedian([3, 1])).toBe(1)
  expect(lowerMedian([5, 1, 3])).toBe(3)
  expect(lowerMedian([4, 1, 3, 2])).toBe(2)
  expect(lowerMedian([])).toBeNaN()
})

test('some of many are spread over all', () => {
  expect(evenly([1, 2, 3], 5)).toEqual([1, 2, 3])
  expect(evenly([0, 1, 2, 3, 4, 5], 3)).toEqual([0, 2, 4])
})

test('the middle of faces has length 1, and faces that cancel out are one of them', () => {
  const random = randomNumbers(3)
  const [a, b] = [unitVector(random), unitVector(random)]
  const face = (vector: Float32Array) => ({ faceId: '', photoId: '', vector })
  const centre = centreOf([face(a), face(b)])
  expect(centre.reduce((sum, value) => sum + value * value, 0)).toBeCloseTo(1, 5)
  expect(cosineDistance(centre, a)).toBeCloseTo(cosineDistance(centre, b), 5)
  expect(centreOf([face(a), face(a.map((value) => -value))])).toEqual(Float32Array.from(a))
})

test('faces of one photo alone have nothing to be compared with', () => {
  const random = randomNumbers(4)
  const faces = [1, 2].map((at) => ({ faceId: `${at}`, photoId: 'one', vector: unitVector(random) }))
  expect(placeFaces(faces)).toEqual([])
  expect(spreadOf([])).toEqual({ median: 0, deviation: 0.03 })
})

/** A person of `right` photos of one face and `wrong` ones of another stranger each (or the same one). */
function person(random: () => number, right: number, wrong: number, oneStranger = false) {
  const own = unitVector(random)
  const stranger = unitVector(random)
  return Array.from({ length: right + wrong }, (_, at) => {
    const centre = at < right ? own : oneStranger ? stranger : unitVector(random)
    const vector = unitVector(random, centre, 0.5 + 0.45 * random())
    return { faceId: `${at}`, photoId: `${at}`, vector, wrong: at >= right }
  })
}

function judged(faces: ReturnType<typeof person>) {
  const placed = placeFaces(faces)
  const spread = spreadOf(placed)
  return placed.map((one) => ({
    wrong: one.face.wrong,
    suspect: isSuspect(one, spread, limits),
    alone: isOutlier(one, spread, limits, undefined),
    withOther: isOutlier(one, spread, limits, 0.3),
  }))
}

test.each([
  [3, 1],
  [5, 1],
  [9, 1],
  [9, 2],
  [30, 3],
])('of %i right and %i wrong photos the wrong ones are found, whoever they show', (right, wrong) => {
  const random = randomNumbers(right * 100 + wrong)
  const all = Array.from({ length: 60 }, () => judged(person(random, right, wrong))).flat()
  const planted = all.filter((one) => one.wrong)
  const found = all.filter((one) => one.alone)
  expect(found.filter((one) => one.wrong).length / planted.length).toBeGreaterThan(0.99)
  expect(found.filter((one) => one.wrong).length / found.length).toBeGreaterThan(0.99)
  // What is an outlier was searched for.
  expect(all.filter((one) => one.alone && !one.suspect)).toEqual([])
})

test('two wrong photos of one stranger do not vouch for one another', () => {
  const random = randomNumbers(5)
  const all = Array.from({ length: 60 }, () => judged(person(random, 3, 2, true))).flat()
  for (const { wrong, withOther, suspect } of all.filter((one) => one.wrong)) {
    expect([wrong, suspect, withOther]).toEqual([true, true, true])
  }
})

test('of two photos that are unlike neither is wrong, until somebody else is near', () => {
  const random = randomNumbers(6)
  for (const one of judged(person(random, 1, 1))) {
    expect(one).toMatchObject({ suspect: true, alone: false, withOther: true })
  }
})

test('somebody else who is no match, or farther than the own ones, says nothing', () => {
  const random = randomNumbers(7)
  const placed = placeFaces(person(random, 6, 0))
  const spread = spreadOf(placed)
  for (const one of placed) {
    expect(isOutlier(one, spread, limits, 0.45)).toBe(false)
    expect(isOutlier(one, spread, { ...limits, match: 1 }, one.ownDistance + 0.01)).toBe(false)
  }
})
