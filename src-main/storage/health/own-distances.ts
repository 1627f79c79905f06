/**
 * How far each face of a person lies from the person's others, and which of them does not belong. Pure; store worker thread.
 *
 * [Note: Outliers] A person's photos are alike in several ways (years, glasses, beards), so the mean is no measure of what is
 * theirs. A face's *own distance* is that within which at least half of the person's other photos lie (the lower median):
 * one wrong photo among three is far from both others, while each of these has one near; two wrong photos of one stranger are
 * near to one another only. From there, a face is an outlier
 *
 * - where somebody else's face is nearer than its own distance, and near enough to be a match: a search with this very photo
 *   would name the other; or
 * - where its own distance is one at which not even a single comparison would call two photos the same person (the pack's
 *   *verify* distance), and it is far from what is usual for this person: more than 3.5 robust standard deviations
 *   (1.4826 · median absolute deviation; Iglewicz & Hoaglin, *How to Detect and Handle Outliers*, 1993) above the median of
 *   the person's own distances.
 *
 * The first needs two photos; the second three, because of two that are unlike nobody can say which is wrong. Measured in
 * docs/gallery-health.md.
 */
import { cosineDistance } from '../../../src-shared/cosine-distance'
import { embeddingLength } from '../../../src-shared/face'

/** Own faces that each face is compared with, evenly spread where there are more: enough for a median. */
const comparedAtMost = 64
/** Robust standard deviations beyond which a face is unusual for the person. */
const unusualDeviations = 3.5
/** The same from which on it is worth a search among the others, … */
const suspectDeviations = 2
/** … and the share of the verify distance: a photo of somebody else is hardly ever nearer, and every search costs. */
const suspectShare = 0.85
/** Standard deviations in a median absolute deviation of a normal distribution: 1 / Φ⁻¹(¾). */
const deviationsOfMad = 1.4826
/** Least standard deviation taken for real, cosine distance: a person of few photos of one day has none at all. */
const leastDeviation = 0.03

export interface OwnFace {
  readonly faceId: string
  readonly photoId: string
  readonly vector: Float32Array
}

/** A face among the other photos of its person. */
export interface PlacedFace<F extends OwnFace = OwnFace> {
  readonly face: F
  /** Cosine distance within which at least half of the other photos' faces lie. */
  readonly ownDistance: number
  /** Other photos' faces that were compared, ≥ 1. */
  readonly compared: number
}

/** What is usual for a person: of the own distances of their faces. */
export interface OwnSpread {
  readonly median: number
  /** Robust standard deviation. */
  readonly deviation: number
}

/** Each face with its own distance; none where all are of one photo. */
export function placeFaces<F extends OwnFace>(faces: readonly F[]): PlacedFace<F>[] {
  const references = evenly(faces, comparedAtMost)
  return faces.flatMap((face) => {
    const distances = references
      .filter(({ photoId }) => photoId !== face.photoId)
      .map((reference) => cosineDistance(face.vector, reference.vector))
    if (distances.length === 0) return []
    return [{ face, ownDistance: lowerMedian(distances), compared: distances.length }]
  })
}

export function spreadOf(placed: readonly PlacedFace[]): OwnSpread {
  if (placed.length === 0) return { median: 0, deviation: leastDeviation }
  const median = lowerMedian(placed.map(({ ownDistance }) => ownDistance))
  const deviations = placed.map(({ ownDistance }) => Math.abs(ownDistance - median))
  return { median, deviation: Math.max(leastDeviation, deviationsOfMad * lowerMedian(deviations)) }
}

/** Distances of one comparison: a match of a search of the domain, and *the same person* of a single one. */
export interface OutlierLimits {
  readonly match: number
  readonly verify: number
}

/** Whether a face lies so far from its own that it is to be searched for among the others. */
export function isSuspect({ ownDistance }: PlacedFace, spread: OwnSpread, limits: OutlierLimits): boolean {
  const unusual = spread.median + suspectDeviations * spread.deviation
  const worthASearch = Math.max(limits.match, unusual, suspectShare * limits.verify)
  return ownDistance > Math.min(limits.verify, worthASearch)
}

/** Whether it is an outlier, given how far the nearest face of anybody else is. */
export function isOutlier(
  { ownDistance, compared }: PlacedFace,
  spread: OwnSpread,
  limits: OutlierLimits,
  otherDistance: number | undefined,
): boolean {
  if (isNearerToOther(ownDistance, otherDistance, limits)) return true
  const unusual = spread.median + unusualDeviations * spread.deviation
  return compared >= 2 && ownDistance > limits.verify && ownDistance > unusual
}

/** Whether a search with the face would name somebody else. */
export function isNearerToOther(
  ownDistance: number,
  otherDistance: number | undefined,
  { match }: Pick<OutlierLimits, 'match'>,
): boolean {
  return otherDistance !== undefined && otherDistance <= match && otherDistance < ownDistance
}

/** The value that half of the values do not exceed; of an even number the lower of the two in the middle. */
export function lowerMedian(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.ceil(sorted.length / 2) - 1] ?? Number.NaN
}

/** At most `limit` of a list, evenly spread over it. */
export function evenly<T>(list: readonly T[], limit: number): readonly T[] {
  if (list.length <= limit) return list
  return Array.from({ length: limit }, (_, at) => list[Math.floor((at * list.length) / limit)]!)
}

/** The mean direction of faces: unit length. */
export function centreOf(faces: readonly OwnFace[]): Float32Array {
  const centre = new Float32Array(embeddingLength)
  for (const { vector } of faces) for (let i = 0; i < embeddingLength; i++) centre[i]! += vector[i]!
  let squared = 0
  for (const value of centre) squared += value * value
  // Faces that cancel one another out have no mean direction; any of them stands for them as well.
  if (squared < 1e-12) return Float32Array.from(faces[0]?.vector ?? centre)
  const scale = 1 / Math.sqrt(squared)
  return centre.map((value) => value * scale)
}
