/** The distances chosen for single domains: found, set, set back, and set anew after a measurement. */
import { describe, expect, it } from 'vitest'
import {
  afterMeasurement,
  choiceAtRate,
  chosenFor,
  withChoice,
  withRenamedDomain,
} from '../../../src-main/services/domain-thresholds'
import { readSettings } from '../../../src-main/services/settings-file'
import {
  type Calibration,
  calibrationSentence,
  ratesAt,
  shortageSentence,
} from '../../../src-shared/calibration'
import { clientIdSchema, domainSchema, modelIdSchema } from '../../../src-shared/ids'
import { settingsSchema } from '../../../src-shared/settings'

const scope = {
  clientId: clientIdSchema.parse('default'),
  // Names that would break an object used as a table.
  domain: domainSchema.parse('__proto__'),
  modelId: modelIdSchema.parse('pack/embedder'),
}
const other = domainSchema.parse('constructor')

const rate = (estimate: number) => ({ estimate, low: estimate / 3, high: Math.min(1, estimate * 3) })
const zero = { estimate: 0, low: 0, high: 0 }
const point = (distance: number, wrongName: number, miss: number) => ({
  distance,
  falseMatch: zero,
  falseNonMatch: zero,
  wrongName: rate(wrongName),
  miss: { estimate: miss, low: miss * 0.7, high: Math.min(1, miss * 1.6) },
})
const calibration: Calibration = {
  ...scope,
  measuredAt: '2026-11-20T05:00:00.000Z',
  fingerprint: '1-1-0',
  counts: {
    persons: 400,
    embeddings: 800,
    personsWithTwoPhotos: 200,
    personsMissed: 200,
    personsSearched: 400,
    withinComparisons: 200,
    betweenComparisons: 3000,
  },
  shortage: { persons: 0, personsWithTwoPhotos: 0 },
  within: { width: 0.02, counts: [] },
  between: { width: 0.02, counts: [] },
  nearestOther: { width: 0.02, counts: [] },
  curve: [point(0, 0, 1), point(0.3, 0.0001, 0.2), point(0.4, 1 / 2400, 0.03), point(0.5, 0.4, 0.001)],
  lowestRate: 1 / 4000,
}

describe('what is chosen for a domain', () => {
  it('is found for that client, domain and model alone, and not for several domains', () => {
    const all = withChoice([], scope, 'match', { distance: 0.3 })
    expect(chosenFor(all, scope.clientId, [scope.domain], scope.modelId)?.match).toEqual({ distance: 0.3 })
    expect(chosenFor(all, scope.clientId, [other], scope.modelId)).toBeUndefined()
    expect(chosenFor(all, clientIdSchema.parse('x'), [scope.domain], scope.modelId)).toBeUndefined()
    expect(chosenFor(all, scope.clientId, [scope.domain, other], scope.modelId)).toBeUndefined()
    expect(chosenFor(all, scope.clientId, 'all', scope.modelId)).toBeUndefined()
    expect(chosenFor(all, scope.clientId, [scope.domain], modelIdSchema.parse('y'))).toBeUndefined()
  })

  it('is set level by level, and gone when both are set back', () => {
    const one = withChoice([], scope, 'match', { distance: 0.3 })
    const both = withChoice(one, scope, 'possible', { distance: 0.4, rate: 0.01 })
    expect(both).toEqual([{ ...scope, match: { distance: 0.3 }, possible: { distance: 0.4, rate: 0.01 } }])
    expect(withChoice(withChoice(both, scope, 'match', null), scope, 'possible', null)).toEqual([])
    expect(withChoice(both, { ...scope, domain: other }, 'match', { distance: 0.2 })).toHaveLength(2)
  })

  it('survives the settings file, and a broken one costs no other setting', () => {
    const thresholds = withChoice([], scope, 'match', { distance: 0.3 })
    expect(settingsSchema.parse({ thresholds }).thresholds).toEqual(thresholds)
    const broken = settingsSchema.parse({ theme: 'light', thresholds: [{ ...thresholds[0], match: 'near' }] })
    expect([broken.theme, broken.thresholds]).toEqual(['light', []])
    expect(readSettings('/nowhere/settings.json').thresholds).toEqual([])
  })

  it('by rate is the distance of that rate, and follows the next measurement', () => {
    expect(choiceAtRate(calibration, 1 / 2400).distance).toBeCloseTo(0.4, 9)
    const all = withChoice([], scope, 'match', { distance: 0.1, rate: 1 / 2400 })
    const after = afterMeasurement(withChoice(all, scope, 'possible', { distance: 0.5 }), calibration)
    expect(after[0]!.match!.distance).toBeCloseTo(0.4, 9)
    expect(after[0]!.possible).toEqual({ distance: 0.5 })
  })

  it('goes with the domain when it is renamed, and is still there when that is undone', () => {
    const all = withChoice([], scope, 'match', { distance: 0.3 })
    const stale = withChoice(all, { ...scope, domain: other }, 'match', { distance: 0.9 })
    const renamed = withRenamedDomain(stale, scope.clientId, scope.domain, other)
    expect(renamed).toHaveLength(2)
    for (const domain of [scope.domain, other])
      expect(chosenFor(renamed, scope.clientId, [domain], scope.modelId)?.match).toEqual({ distance: 0.3 })
  })

  it('cannot be a rate that the data say nothing of', () => {
    expect(() => choiceAtRate(calibration, 1 / 5000)).toThrow('rates below 1 in 4,000')
    expect(() => choiceAtRate({ ...calibration, curve: [] }, 0.01)).toThrow('no measured error rates')
    expect(() => choiceAtRate(undefined, 0.01)).toThrow('no measured error rates')
  })
})

describe('the sentence', () => {
  it('says the rates and their intervals in plain words', () => {
    expect(calibrationSentence(calibration, 0.4)).toBe(
      'At this setting expect about 1 wrong name in 2,400 searches of this gallery (between 1 in 800 and 1 in more than 4,000), and to miss 3 in 100 of those enrolled (2 to 5).',
    )
    expect(calibrationSentence(calibration, 0.5)).toBe(
      'At this setting expect about 40 wrong names in 100 searches of this gallery (between 13 and 100), and to miss 1 in 1,000 of those enrolled (1 to 2).',
    )
    expect(calibrationSentence(calibration, 0.3)).toBe(
      'At this setting expect fewer than 1 wrong name in 4,000 searches of this gallery (at most 1 in 3,300), and to miss 20 in 100 of those enrolled (14 to 32).',
    )
  })

  it('says what is missing instead', () => {
    const shortage = { persons: 81, personsWithTwoPhotos: 1 }
    const sentence =
      'Not enough data: this gallery needs 1 more person with two photos and 81 more people in all before its distances say anything about its errors.'
    expect(shortageSentence(shortage)).toBe(sentence)
    expect(calibrationSentence({ ...calibration, curve: [], shortage }, 0.4)).toBe(sentence)
  })

  it('goes between the points in proportion, and stays at the ends', () => {
    expect(ratesAt(calibration.curve, 0.45)!.miss.estimate).toBeCloseTo(0.0155, 9)
    expect(ratesAt(calibration.curve, 2)!.miss.estimate).toBe(0.001)
    expect(ratesAt([], 0.4)).toBeUndefined()
  })
})
