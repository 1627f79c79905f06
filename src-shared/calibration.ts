/**
 * What a gallery's own faces say of its thresholds: how often a search of it would be wrong, and how often it would miss.
 * Every process.
 *
 * [Note: Calibration rates] The words are those of ISO/IEC 19795-1:2021. One comparison: *false match rate* (two people
 * pass as one) and *false non-match rate* (two photos of one person do not pass). One search: *false positive
 * identification rate* (somebody who is not enrolled is given a name: a wrong name) and *false negative identification
 * rate* (somebody who is enrolled is not found, or somebody else is nearer: a miss).
 */

import { z } from 'zod'
import { count, counted } from './amounts'
import { clientIdSchema, domainSchema, modelIdSchema } from './ids'
import { distanceSchema } from './recognition'

/** A rate, 0 … 1, and the interval that holds the true one with a probability of about 95 %. */
const rateSchema = z.object({
  estimate: z.number().min(0).max(1),
  low: z.number().min(0).max(1),
  high: z.number().min(0).max(1),
})
export type Rate = z.infer<typeof rateSchema>

const curvePointSchema = z.object({
  distance: distanceSchema,
  falseMatch: rateSchema,
  falseNonMatch: rateSchema,
  wrongName: rateSchema,
  miss: rateSchema,
})
export type CurvePoint = z.infer<typeof curvePointSchema>

/** Counts of distances; bin i holds those from i · width up to (i + 1) · width. */
const histogramSchema = z.object({
  width: z.number().positive(),
  counts: z.array(z.number().int().nonnegative()).max(1000),
})
export type Histogram = z.infer<typeof histogramSchema>

/** What was compared. */
const calibrationCountsSchema = z.object({
  /** People and faces of the domain under this model. */
  persons: z.number().int().nonnegative(),
  embeddings: z.number().int().nonnegative(),
  /** People with two photos or more, all of them and those that were sampled. */
  personsWithTwoPhotos: z.number().int().nonnegative(),
  personsMissed: z.number().int().nonnegative(),
  /** People each of whom was searched for as if not enrolled. */
  personsSearched: z.number().int().nonnegative(),
  withinComparisons: z.number().int().nonnegative(),
  betweenComparisons: z.number().int().nonnegative(),
})

/** How many more are needed before anything is said. Both 0: there is enough. */
const shortageSchema = z.object({
  persons: z.number().int().nonnegative(),
  personsWithTwoPhotos: z.number().int().nonnegative(),
})
export type Shortage = z.infer<typeof shortageSchema>

const scope = { clientId: clientIdSchema, domain: domainSchema, modelId: modelIdSchema }

export const calibrationSchema = z.object({
  ...scope,
  /** ISO 8601, UTC. */
  measuredAt: z.iso.datetime(),
  /** Of the faces it was measured on; another one now means that the gallery has changed. */
  fingerprint: z.string(),
  counts: calibrationCountsSchema,
  shortage: shortageSchema,
  /** Distances of two photos of one person, of two people, and of each search to the nearest wrong person. */
  within: histogramSchema,
  between: histogramSchema,
  nearestOther: histogramSchema,
  /** By distance, ascending; empty where there is not enough data. */
  curve: z.array(curvePointSchema).max(1000),
  /** The lowest wrong-name rate that these data can speak of. */
  lowestRate: z.number().positive().max(1),
})
export type Calibration = z.infer<typeof calibrationSchema>

/** A level's distance, chosen for one domain; `rate` where it was chosen by its wrong-name rate. */
const chosenDistanceSchema = z.object({
  distance: distanceSchema,
  rate: z.number().positive().max(0.5).optional(),
})
export type ChosenDistance = z.infer<typeof chosenDistanceSchema>

/** What was chosen for one client, domain and model; `null` = follow the gallery's size. */
export const domainThresholdsSchema = z.object({
  ...scope,
  match: chosenDistanceSchema.nullable(),
  possible: chosenDistanceSchema.nullable(),
})
export type DomainThresholds = z.infer<typeof domainThresholdsSchema>

export const thresholdLevelSchema = z.enum(['match', 'possible'])
export type ThresholdLevel = z.infer<typeof thresholdLevelSchema>

/** The rates at a distance: between two points of the curve in proportion, beyond its ends those of the end. */
export function ratesAt(curve: readonly CurvePoint[], distance: number): CurvePoint | undefined {
  const after = curve.findIndex((point) => point.distance >= distance)
  if (after === -1) return curve.at(-1)
  const [a, b] = [curve[after - 1], curve[after]]
  if (a === undefined || b === undefined) return b
  const share = (distance - a.distance) / (b.distance - a.distance)
  const number = (from: number, to: number) => from + share * (to - from)
  const rate = (from: Rate, to: Rate): Rate => ({
    estimate: number(from.estimate, to.estimate),
    low: number(from.low, to.low),
    high: number(from.high, to.high),
  })
  return {
    distance,
    falseMatch: rate(a.falseMatch, b.falseMatch),
    falseNonMatch: rate(a.falseNonMatch, b.falseNonMatch),
    wrongName: rate(a.wrongName, b.wrongName),
    miss: rate(a.miss, b.miss),
  }
}

/**
 * The widest distance whose wrong-name rate is at most `rate`; `undefined` where the data cannot speak of so low a
 * rate, or there is no curve.
 */
export function distanceAtRate(
  { curve, lowestRate }: Pick<Calibration, 'curve' | 'lowestRate'>,
  rate: number,
): number | undefined {
  if (rate < lowestRate) return undefined
  const above = curve.findIndex((point) => point.wrongName.estimate > rate)
  if (above === -1) return curve.at(-1)?.distance
  const [a, b] = [curve[above - 1], curve[above]]
  if (a === undefined || b === undefined) return undefined
  const share = (rate - a.wrongName.estimate) / (b.wrongName.estimate - a.wrongName.estimate)
  return a.distance + share * (b.distance - a.distance)
}

/** What a distance means, in plain words; one sentence. */
export function calibrationSentence(calibration: Calibration, distance: number): string {
  const point = ratesAt(calibration.curve, distance)
  if (point === undefined) return shortageSentence(calibration.shortage)
  return `At this setting expect ${wrongNames(point.wrongName, calibration.lowestRate)}, and to miss ${misses(point.miss)}.`
}

/** What is missing before a gallery can be measured, one sentence. */
export function shortageSentence({ persons, personsWithTwoPhotos }: Shortage): string {
  const people = (wanted: number) => counted(wanted, 'more person', 'more people')
  const needs = [
    ...(personsWithTwoPhotos > 0 ? [`${people(personsWithTwoPhotos)} with two photos`] : []),
    ...(persons > personsWithTwoPhotos ? [`${people(persons)} in all`] : []),
  ]
  return `Not enough data: this gallery needs ${needs.join(' and ')} before its distances say anything about its errors.`
}

/** Rounded to two significant figures: no estimate here is finer. */
function rounded(value: number): number {
  return Number(value.toPrecision(2))
}

/** `1 in 2,400`. */
function oneIn(rate: number, lowestRate: number): string {
  if (rate < lowestRate) return `1 in more than ${count(rounded(1 / lowestRate))}`
  return `1 in ${count(Math.round(rounded(1 / rate)))}`
}

/** Rates from one in ten on are said by the hundred: 1 in 5.5 is hard to imagine. */
function wrongNames({ estimate, low, high }: Rate, lowestRate: number): string {
  const searches = 'searches of this gallery'
  if (estimate >= 0.1) {
    const [all, least, most] = [estimate, low, high].map((rate) => Math.round(rate * 100))
    return `about ${all} wrong names in 100 ${searches} (between ${least} and ${most})`
  }
  if (estimate < lowestRate) {
    const least = count(rounded(1 / lowestRate))
    return `fewer than 1 wrong name in ${least} ${searches} (at most ${oneIn(Math.max(high, lowestRate), lowestRate)})`
  }
  const interval = `between ${oneIn(high, lowestRate)} and ${oneIn(low, lowestRate)}`
  return `about ${oneIn(estimate, lowestRate).replace('1 in', '1 wrong name in')} ${searches} (${interval})`
}

function misses({ estimate, low, high }: Rate): string {
  const of = estimate >= 0.01 ? 100 : 1000
  const share = (rate: number) => count(Math.round(rate * of))
  const among = `in ${count(of)} of those enrolled`
  if (Math.round(estimate * of) === 0) return `fewer than 1 ${among} (at most ${share(high)})`
  return `${share(estimate)} ${among} (${share(low)} to ${share(high)})`
}
