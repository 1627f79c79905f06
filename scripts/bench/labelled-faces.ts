/**
 * Faces of people with known labels, made from a seed, and how well groups fit them. Benchmarks and tests, any process.
 *
 * The model: a person is a direction; a face is that direction and noise. All lie in {@link dimensions} of 512
 * dimensions, which gives two different people a similarity of mean 0 and standard deviation 1/√90 = 0.105: that
 * is what was measured of the default pack's embedder. The noise gives two ordinary faces of one person a similarity
 * of 0.68 on average; every tenth face is a poor one with more noise.
 */
import { embeddingLength } from '../../src-shared/face'

const dimensions = 90
const ordinaryNoise = 0.68
const poorNoise = 1.1
const poorShare = 0.1
/** People who were seen once; of the others each next number of faces is rarer (a power law with this exponent). */
const seenOnceShare = 0.3
const sizeExponent = 1.7
const mostFaces = 300

export interface LabelledFace {
  readonly vector: Float32Array
  /** Number of the person. */
  readonly label: number
  /** A photo may hold several people, each once. */
  readonly photo: string
}

/** `count` faces in random order; every third photo holds two of them. `random` gives numbers in 0 … 1. */
export function labelledFaces(count: number, random: () => number): LabelledFace[] {
  const labels: number[] = []
  for (let label = 0; labels.length < count; label++) {
    const faces = facesOfPerson(random)
    for (let face = 0; face < faces && labels.length < count; face++) labels.push(label)
  }
  const centres = new Map<number, Float32Array>()
  const made = labels.map((label) => {
    const centre = centres.get(label) ?? direction(random)
    centres.set(label, centre)
    const noise = photoNoise(random)
    return { label, vector: direction(random, centre, noise), order: random() }
  })
  made.sort((a, b) => a.order - b.order)
  let photo = 0
  return made.map(({ label, vector }, index) => {
    const before = made[index - 1]
    const isSecond = index % 4 === 3 && before !== undefined && before.label !== label
    if (!isSecond) photo++
    return { label, vector, photo: String(photo) }
  })
}

/** How far a photo's face lies from its person: now and then one is poor. */
export function photoNoise(random: () => number): number {
  return random() < poorShare ? poorNoise : ordinaryNoise
}

function facesOfPerson(random: () => number): number {
  if (random() < seenOnceShare) return 1
  return Math.min(mostFaces, Math.floor(2 * (1 - random()) ** (-1 / sizeExponent)))
}

/** A unit vector in any direction, or at `noise` from one. */
export function direction(random: () => number, centre?: Float32Array, noise = 1): Float32Array {
  const vector = new Float32Array(embeddingLength)
  let squared = 0
  for (let i = 0; i < dimensions; i++) {
    // The sum of four uniform numbers, of variance a third, is near enough to a normal one.
    const normal = (random() + random() + random() + random() - 2) * Math.sqrt(3 / dimensions)
    const value = (centre?.[i] ?? 0) + noise * normal
    vector[i] = value
    squared += value * value
  }
  const length = Math.sqrt(squared)
  for (let i = 0; i < dimensions; i++) vector[i]! /= length
  return vector
}

/** Cosine distance of two unit vectors. */
export function distanceOf(a: Float32Array, b: Float32Array): number {
  let product = 0
  for (let i = 0; i < embeddingLength; i++) product += a[i]! * b[i]!
  return 1 - product
}

export interface PairwiseScore {
  /** Of the pairs that were grouped, the share of one person. */
  readonly precision: number
  /** Of the pairs of one person, the share that was grouped. */
  readonly recall: number
  /** Their harmonic mean. */
  readonly f: number
}

/** How well groups fit labels, over all pairs of faces; `undefined` = in no group. */
export function pairwiseScore(
  labels: readonly number[],
  groups: readonly (number | undefined)[],
): PairwiseScore {
  const pairs = (keys: Iterable<unknown>): number => {
    const counts = new Map<unknown, number>()
    for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1)
    let sum = 0
    for (const count of counts.values()) sum += (count * (count - 1)) / 2
    return sum
  }
  const grouped = groups.flatMap((group, face) => (group === undefined ? [] : [{ group, face }]))
  const together = pairs(grouped.map(({ group }) => group))
  const right = pairs(grouped.map(({ group, face }) => `${group} ${labels[face]}`))
  const precision = right / Math.max(1, together)
  const recall = right / Math.max(1, pairs(labels))
  return { precision, recall, f: (2 * precision * recall) / Math.max(Number.EPSILON, precision + recall) }
}
