/**
 * The rates against galleries whose true rates are known: similarities of two people are drawn normal with deviation 1/√128
 * (as independent unit vectors in 128 directions have it), the nearest of N by the distribution of the greatest of N.
 */
import { describe, expect, it } from 'vitest'
import { sharesWithin, wilson } from '../../../../src-main/services/calibration/proportion'
import {
  curveDistances,
  curveOf,
  histogram,
  type Measured,
  shortageOf,
} from '../../../../src-main/services/calibration/rates'
import { Tail } from '../../../../src-main/services/calibration/tail'
import { normalQuantile } from '../../../../src-main/services/thresholds'
import { type CurvePoint, distanceAtRate, ratesAt } from '../../../../src-shared/calibration'
import { randomNumbers } from '../../../contract/made-faces'

const noPause = async () => undefined

/** The greatest of `count` standard normal numbers, drawn by its distribution function. */
const greatestOf = (uniform: number, count: number) => -normalQuantile(-Math.expm1(Math.log(uniform) / count))
const normal = (random: () => number) => normalQuantile(Math.max(1e-12, random()))

const deviation = 1 / Math.sqrt(128)
/** The distance at which a search of `gallery` people errs at this rate: 1 − F(t)^gallery = rate. */
const trueDistance = (rate: number, gallery: number) => 1 - deviation * greatestOf(1 - rate, gallery)

/** A gallery as its measurement would find it: `persons` searches, photos of one person alike by 0.7 ± 0.1. */
function made(random: () => number, persons: number, gallery: number): Measured {
  const own = Array.from({ length: persons }, () => {
    const centre = 0.3 + 0.08 * normal(random)
    return Array.from({ length: 3 }, () => Math.max(0, centre + 0.06 * normal(random)))
  })
  return {
    personsSearched: persons,
    probes: Array.from({ length: persons }, (_, person) => ({
      person,
      nearestOther: 1 - deviation * greatestOf(Math.max(1e-12, random()), gallery),
      nearestOtherPerson: undefined,
    })),
    personsMissed: persons,
    matedProbes: own.flatMap((distances, person) =>
      distances.map((nearestOwn) => ({ person, nearestOwn, nearestOther: undefined })),
    ),
    within: own.map((distances) => ({ distances })),
    between: Array.from({ length: Math.ceil(persons / 16) }, () => ({
      distances: Array.from({ length: 120 }, () => 1 - deviation * normal(random)),
    })),
  }
}

describe('the share of comparisons within a distance', () => {
  it('has the interval of Wilson: the figures for 0 of 10, 5 of 10 and 81 of 263', () => {
    expect(wilson(0, 10).high).toBeCloseTo(0.2775, 3)
    expect([wilson(0.5, 10).low, wilson(0.5, 10).high].map((limit) => limit.toFixed(3))).toEqual([
      '0.237',
      '0.763',
    ])
    expect([wilson(81 / 263, 263).low, wilson(81 / 263, 263).high].map((limit) => limit.toFixed(4))).toEqual([
      '0.2553',
      '0.3662',
    ])
  })

  it('holds the truth in about 95 of 100 repeats although the photos of a person are alike', () => {
    const random = randomNumbers(11)
    const repeats = 300
    let held = 0
    let heldUngrouped = 0
    // Each person's own share is 0 or 0.4, evenly; the true share is 0.2.
    for (let repeat = 0; repeat < repeats; repeat++) {
      const comparisons = Array.from({ length: 100 }, (_, group) => {
        const share = random() < 0.5 ? 0 : 0.4
        return Array.from({ length: 8 }, () => ({ distance: random() < share ? 0 : 1, group, weight: 1 }))
      }).flat()
      const [rate] = sharesWithin(comparisons, 100, 100, [0.5])
      if (rate!.low <= 0.2 && 0.2 <= rate!.high) held++
      const naive = wilson(rate!.estimate, comparisons.length)
      if (naive.low <= 0.2 && 0.2 <= naive.high) heldUngrouped++
    }
    // Four standard errors of a share of 300 repeats around 95 % are ± 5 %; without groups it is far below that.
    expect(held / repeats).toBeGreaterThan(0.9)
    expect(held / repeats).toBeLessThan(0.995)
    expect(heldUngrouped / repeats).toBeLessThan(0.85)
  })

  it('promises no more than one comparison a person could where nobody was missed', () => {
    const comparisons = Array.from({ length: 400 }, (_, group) =>
      Array.from({ length: 3 }, () => ({ distance: 0.3, group, weight: 1 })),
    ).flat()
    const [none, all] = sharesWithin(comparisons, 400, 400, [0.2, 0.4])
    expect(none!.high).toBeCloseTo(3.84 / 403.84, 4)
    expect(all!.low).toBeCloseTo(1 - 3.84 / 403.84, 4)
  })

  it('without one comparison knows nothing', () => {
    expect(sharesWithin([], 5, 5, [0.5])).toEqual([{ estimate: 0, low: 0, high: 1 }])
  })
})

describe('the tail', () => {
  it.each([
    { persons: 200, gallery: 1000, worth: 50 },
    { persons: 1000, gallery: 20_000, worth: 100 },
  ])('covers the true rate in about 95 % of repeats with $persons people', ({ persons, gallery, worth }) => {
    const random = randomNumbers(5)
    const repeats = 80
    const rates = [0.03, 0.01, 0.003, 0.001]
    const held = rates.map(() => 0)
    for (let repeat = 0; repeat < repeats; repeat++) {
      const likenesses = Array.from({ length: persons }, () => greatestOf(Math.max(1e-12, random()), gallery))
      likenesses.sort((a, b) => b - a)
      const level = (likenesses[worth - 1]! + likenesses[worth]!) / 2
      const excesses = likenesses.slice(0, worth).map((likeness) => ({ by: likeness - level, weight: 1 }))
      const tail = new Tail(excesses, worth / persons, worth)
      for (const [index, rate] of rates.entries()) {
        const { low, high } = tail.rateAbove(Math.max(0, greatestOf(1 - rate, gallery) - level))
        if (low <= rate && rate <= high) held[index]!++
      }
    }
    // Three standard errors of a share of 80 repeats around 95 %: 7.3 %.
    for (const count of held) expect(count / repeats).toBeGreaterThan(0.877)
  })
})

describe('the curve of a gallery', () => {
  it('finds the known rates within its intervals and within a factor that the sample allows', async () => {
    const curve = await curveOf(made(randomNumbers(3), 2000, 2000), noPause)
    for (const [rate, factor] of [
      [0.3, 1.15],
      [0.1, 1.3],
      [0.03, 1.5],
      [0.01, 1.8],
      [0.003, 3],
    ] as const) {
      const { wrongName } = ratesAt(curve, trueDistance(rate, 2000))!
      expect(wrongName.estimate / rate).toBeGreaterThan(1 / factor)
      expect(wrongName.estimate / rate).toBeLessThan(factor)
      expect(wrongName.low).toBeLessThan(rate)
      expect(wrongName.high).toBeGreaterThan(rate)
    }
    // Own photos are at 0.3 ± 0.1 (0.08 between people, 0.06 within): 0.3 + 0.1 · 1.2816 misses one in ten.
    const { miss, falseNonMatch } = ratesAt(curve, 0.3 + 0.1 * 1.2816)!
    for (const rate of [miss, falseNonMatch]) {
      expect(rate.estimate).toBeCloseTo(0.1, 1)
      expect(rate.low).toBeLessThan(0.1)
      expect(rate.high).toBeGreaterThan(0.1)
    }
    const { falseMatch } = ratesAt(curve, 1 - 2 * deviation)!
    expect(falseMatch.low).toBeLessThan(0.0228)
    expect(falseMatch.high).toBeGreaterThan(0.0228)
  })

  it('holds the true wrong-name and miss rates in about 95 % of repeats', async () => {
    const random = randomNumbers(17)
    const repeats = 30
    const checks = [0.2, 0.02, 0.002].map((rate) => ({
      rate,
      at: trueDistance(rate, 500),
      of: (point: CurvePoint) => point.wrongName,
    }))
    checks.push({ rate: 0.1, at: 0.3 + 0.1 * 1.2816, of: (point) => point.miss })
    const held = checks.map(() => 0)
    for (let repeat = 0; repeat < repeats; repeat++) {
      const curve = await curveOf(made(random, 300, 500), noPause)
      for (const [index, { rate, at, of }] of checks.entries()) {
        const { low, high } = of(ratesAt(curve, at)!)
        if (low <= rate && rate <= high) held[index]!++
      }
    }
    // Three standard errors of a share of 30 repeats around 95 %: 12 %.
    for (const count of held) expect(count / repeats).toBeGreaterThan(0.83)
  })

  it('never falls for wrong names and never rises for misses, and gives the distance of a rate back', async () => {
    const measured = made(randomNumbers(29), 400, 400)
    const curve = await curveOf(measured, noPause)
    expect(curve).toHaveLength(curveDistances.length)
    for (const [step, point] of curve.entries()) {
      const before = curve[step - 1]
      if (before === undefined) continue
      expect(point.wrongName.estimate).toBeGreaterThanOrEqual(before.wrongName.estimate)
      expect(point.miss.estimate).toBeLessThanOrEqual(before.miss.estimate)
    }
    for (const rate of [0.3, 0.05, 0.001]) {
      const distance = distanceAtRate({ curve, lowestRate: 1 / 4000 }, rate)!
      expect(ratesAt(curve, distance)!.wrongName.estimate).toBeCloseTo(rate, 6)
    }
    expect(distanceAtRate({ curve, lowestRate: 1 / 4000 }, 1 / 5000)).toBeUndefined()
  })

  it('is as wide for people who are each other’s double as for half as many', async () => {
    const single = made(randomNumbers(31), 400, 400)
    const doubled: Measured = {
      ...single,
      probes: single.probes.map((probe, person) => ({
        ...probe,
        nearestOther: single.probes[person - (person % 2)]!.nearestOther,
        nearestOtherPerson: person % 2 === 0 ? person + 1 : person - 1,
      })),
    }
    const at = trueDistance(0.3, 400)
    const width = ({ low, high }: { low: number; high: number }) => high - low
    const narrow = ratesAt(await curveOf(single, noPause), at)!.wrongName
    const wide = ratesAt(await curveOf(doubled, noPause), at)!.wrongName
    expect(width(wide) / width(narrow)).toBeGreaterThan(1.25)
    expect(width(wide) / width(narrow)).toBeLessThan(1.6)
  })
})

describe('what is counted', () => {
  it('puts distances into bins', () => {
    const { width, counts } = histogram([0, 0.019, 0.02, 0.5, 2])
    expect([width, counts[0], counts[1], counts[25], counts.at(-1)]).toEqual([0.02, 2, 1, 1, 1])
  })

  it('says how many more people are needed', () => {
    expect(shortageOf(19, 4)).toEqual({ persons: 81, personsWithTwoPhotos: 26 })
    expect(shortageOf(100, 30)).toEqual({ persons: 0, personsWithTwoPhotos: 0 })
  })
})
