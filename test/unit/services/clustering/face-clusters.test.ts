/** Groups fit labelled faces at least as well as a plain DBSCAN, keep apart what must be, and do not depend on the order. */
import { describe, expect, test } from 'vitest'
import { distanceOf, labelledFaces, pairwiseScore } from '../../../../scripts/bench/labelled-faces'
import { plainDbscan } from '../../../../scripts/bench/plain-dbscan'
import {
  type ClusterFace,
  FaceClusters,
  type Neighbour,
} from '../../../../src-main/services/clustering/face-clusters'
import { randomNumbers } from '../../../contract/made-faces'

const parameters = { maxDistance: 0.4, minPoints: 3 }
const made = labelledFaces(1200, randomNumbers(11))
const labels = made.map(({ label }) => label)

/** Of each face all others within the distance, nearest first. */
const near: readonly Neighbour[][] = made.map(({ vector }) =>
  made
    .map((other, id) => ({ id, distance: distanceOf(vector, other.vector) }))
    .filter(({ id, distance }) => made[id]!.vector !== vector && distance <= parameters.maxDistance)
    .sort((a, b) => a.distance - b.distance),
)

/** Faces with their nearest, as many as `nearest`, of those before `end`. */
function withNeighbours(nearest: number, begin = 0, end = made.length): ClusterFace[] {
  return made.slice(begin, end).map(({ photo }, index) => ({
    id: begin + index,
    photo,
    neighbours: near[begin + index]!.filter(({ id }) => id < end).slice(0, nearest),
  }))
}

function settled(clusters: FaceClusters): FaceClusters {
  for (const settling = clusters.settle(); !settling.next().done; );
  return clusters
}

const clustered = (faces: Iterable<ClusterFace>) => {
  const clusters = new FaceClusters(parameters)
  clusters.add(faces)
  return settled(clusters)
}
const groupsOf = (clusters: FaceClusters, count = made.length) =>
  Array.from({ length: count }, (_, id) => clusters.groupOf(id))

const complete = withNeighbours(Number.POSITIVE_INFINITY)
const whole = groupsOf(clustered(complete))
const plain = plainDbscan(
  made.map(({ vector }) => vector),
  parameters.maxDistance,
  parameters.minPoints,
)
/** How well groups fit those of all faces at once, faces of no group being groups of their own there. */
const likeWhole = (groups: readonly (number | undefined)[]) =>
  pairwiseScore(
    whole.map((group, id) => group ?? -1 - id),
    groups,
  ).f

/** A few faces by hand: `links` are pairs with their distance. */
function byHand(photos: readonly string[], links: readonly (readonly [number, number, number])[]) {
  const neighbours = photos.map((): Neighbour[] => [])
  for (const [a, b, distance] of links) {
    neighbours[a]!.push({ id: b, distance })
    neighbours[b]!.push({ id: a, distance })
  }
  return photos.map((photo, id) => ({ id, photo, neighbours: neighbours[id]! }))
}

describe('fit', () => {
  test('pairwise F of 0.94 or more, and no worse than DBSCAN of all pairs', () => {
    const score = pairwiseScore(labels, whole)
    expect(score.f).toBeGreaterThanOrEqual(0.94)
    expect(score.precision).toBeGreaterThanOrEqual(0.999)
    expect(score.f).toBeGreaterThanOrEqual(pairwiseScore(labels, plain).f - 0.005)
  })

  test('is DBSCAN where no photo holds two faces, but for which group a face between two joins', () => {
    const own = groupsOf(clustered(complete.map((face) => ({ ...face, photo: String(face.id) }))))
    expect(own.map((group) => group === undefined)).toEqual(plain.map((group) => group === undefined))
    expect(
      pairwiseScore(
        plain.map((group, id) => group ?? -1 - id),
        own,
      ).f,
    ).toBeGreaterThan(0.999)
  })

  test('the 32 nearest are enough', () => {
    const groups = groupsOf(clustered(withNeighbours(32)))
    expect(likeWhole(groups)).toBeGreaterThan(0.999)
  })

  test('groups a face at a distance of 0 from another', () => {
    const zero = new FaceClusters({ maxDistance: 0, minPoints: 2 })
    zero.add(byHand(['a', 'b'], [[0, 1, 0]]))
    expect(groupsOf(settled(zero), 2)).toEqual([0, 0])
  })
})

describe('constraints', () => {
  test('no group has two faces of one photo', () => {
    const seen = new Set<string>()
    for (const [id, group] of whole.entries()) {
      if (group === undefined) continue
      const key = `${group} ${made[id]!.photo}`
      expect(seen.has(key)).toBe(false)
      seen.add(key)
    }
  })

  test('a chain between two faces of one photo is cut at its longest link', () => {
    const chain = byHand(
      ['a', 'b', 'c', 'd', 'e', 'a'],
      [
        [0, 1, 0.1],
        [0, 2, 0.12],
        [1, 2, 0.1],
        [2, 3, 0.3],
        [3, 4, 0.1],
        [3, 5, 0.12],
        [4, 5, 0.1],
      ],
    )
    expect(groupsOf(clustered(chain), 6)).toEqual([0, 0, 0, 3, 3, 3])
    const withoutConstraint = chain.map((face) => ({ ...face, photo: String(face.id) }))
    expect(groupsOf(clustered(withoutConstraint), 6)).toEqual([0, 0, 0, 0, 0, 0])
  })

  test('a pair that was told apart stays apart, whether it was before or after the faces came', () => {
    const faces = withNeighbours(32)
    const group = whole.find((one) => one !== undefined)!
    const [a, b] = whole.flatMap((one, id) => (one === group ? [id] : []))
    const before = new FaceClusters(parameters)
    const apart = new Map([
      [a!, { sides: [7], photoRepeats: false }],
      [b!, { sides: [-7], photoRepeats: false }],
    ])
    before.constrain(apart)
    before.add(faces)
    const after = clustered(faces)
    expect(after.groupOf(a!)).toBe(after.groupOf(b!))
    after.constrain(apart)
    expect(groupsOf(settled(after))).toEqual(groupsOf(settled(before)))
    expect(after.groupOf(a!) === undefined || after.groupOf(a!) !== after.groupOf(b!)).toBe(true)
    after.constrain(new Map())
    expect(groupsOf(settled(after))).toEqual(whole)
  })

  test('a face that was told apart from a group is in no group with any of it, by whatever way', () => {
    const group = whole.find((one) => one !== undefined)!
    const [out, ...stayers] = whole.flatMap((one, id) => (one === group ? [id] : []))
    const clusters = clustered(withNeighbours(32))
    const constraints = new Map([[out!, { sides: [3], photoRepeats: false }]])
    for (const id of stayers) constraints.set(id, { sides: [-3], photoRepeats: false })
    clusters.constrain(constraints)
    settled(clusters)
    const theirs = new Set(stayers.map((id) => clusters.groupOf(id)))
    expect(theirs.has(clusters.groupOf(out!) ?? -1)).toBe(false)
    clusters.remove([out!])
    clusters.add(withNeighbours(32).filter(({ id }) => id === out))
    settled(clusters)
    expect(new Set(stayers.map((id) => clusters.groupOf(id))).has(clusters.groupOf(out!) ?? -1)).toBe(false)
  })

  test('faces of a mirror or a collage may be in one group, from when that is said until it is taken back', () => {
    const faces = byHand(
      ['a', 'b', 'c', 'a'],
      [
        [0, 1, 0.1],
        [1, 2, 0.1],
        [0, 2, 0.1],
        [0, 3, 0.05],
        [1, 3, 0.2],
        [2, 3, 0.2],
      ],
    )
    const clusters = clustered(faces)
    expect(clusters.groupOf(3)).not.toBe(clusters.groupOf(0))
    const mirror = { sides: [], photoRepeats: true }
    clusters.constrain(
      new Map([
        [0, mirror],
        [3, mirror],
      ]),
    )
    expect(groupsOf(settled(clusters), 4)).toEqual([0, 0, 0, 0])
    clusters.constrain(new Map())
    expect(groupsOf(settled(clusters), 4)).toEqual(groupsOf(clustered(faces), 4))
  })

  test('a face that is no core does not link two groups', () => {
    const bridge = byHand(
      ['a', 'b', 'c', 'd', 'e'],
      [
        [0, 1, 0.1],
        [1, 2, 0.3],
        [2, 3, 0.2],
        [3, 4, 0.1],
      ],
    )
    const clusters = new FaceClusters({ maxDistance: 0.4, minPoints: 4 })
    clusters.add(bridge)
    expect(groupsOf(settled(clusters), 5)).toEqual(Array.from({ length: 5 }, () => undefined))
    const three = clustered(
      byHand(
        ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i'],
        [
          [0, 1, 0.1],
          [0, 2, 0.1],
          [1, 2, 0.1],
          [6, 7, 0.1],
          [6, 8, 0.1],
          [7, 8, 0.1],
          [2, 4, 0.3],
        ],
      ),
    )
    expect(groupsOf(three, 9)).toEqual([0, 0, 0, undefined, 0, undefined, 6, 6, 6])
  })
})

describe('order and increments', () => {
  test('neither order nor portions of complete lists change a group', () => {
    const random = randomNumbers(3)
    const shuffled = [...complete].sort(() => random() - 0.5)
    expect(groupsOf(clustered(shuffled))).toEqual(whole)
    const clusters = new FaceClusters(parameters)
    for (let first = 0; first < shuffled.length; first += 97) {
      clusters.add(shuffled.slice(first, first + 97))
      settled(clusters)
    }
    expect(groupsOf(clusters)).toEqual(whole)
  })

  test('faces that come with the 32 nearest of those before are grouped as all at once, F 0.99', () => {
    const clusters = new FaceClusters(parameters)
    for (let first = 0; first < made.length; first += 100) {
      clusters.add(withNeighbours(32, first, Math.min(made.length, first + 100)))
      settled(clusters)
    }
    expect(likeWhole(groupsOf(clusters))).toBeGreaterThan(0.99)
  })

  test('faces that go leave what there would be without them, and what there was when they are back', () => {
    const random = randomNumbers(8)
    const gone = new Set(made.flatMap((_, id) => (random() < 0.4 ? [id] : [])))
    const clusters = clustered(complete)
    clusters.remove(gone)
    const left = groupsOf(settled(clusters))
    const never = clustered(complete.filter(({ id }) => !gone.has(id)))
    expect(left).toEqual(groupsOf(never))
    clusters.add(complete.filter(({ id }) => gone.has(id)))
    expect(groupsOf(settled(clusters))).toEqual(whole)
  })

  test('tells just the faces whose group is another one, and rests on the way', () => {
    const clusters = clustered(complete)
    const settling = clusters.settle()
    expect(settling.next()).toEqual({ done: true, value: new Map() })
    const group = whole.find((one) => one !== undefined)!
    const members = whole.flatMap((one, id) => (one === group ? [id] : []))
    clusters.remove([group])
    const again = clusters.settle()
    let step = again.next()
    while (!step.done) step = again.next()
    expect([...step.value.keys()].every((id) => members.includes(id))).toBe(true)
    const first = new FaceClusters(parameters)
    first.add(complete)
    expect(first.settle().next().done).toBe(false)
  })
})
