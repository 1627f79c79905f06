/** `visor calibrate` on a gallery whose people are made, and on one with too few of them. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { directions, enrolMadeGallery } from '../../fixtures/made-gallery'
import { newFolder, runVisor, visor } from './visor'

interface Answer {
  readonly enough_data: boolean
  readonly distance: number
  readonly wrong_name: { readonly estimate: number; readonly low: number; readonly high: number }
  readonly miss: { readonly estimate: number; readonly low: number; readonly high: number }
  readonly false_match: { readonly low: number; readonly high: number }
  readonly sentence: string
  readonly more_persons: number
  readonly more_persons_with_two_photos: number
}

const calibrate = async (data: string, ...args: readonly string[]) => {
  const ended = await visor(data, 'calibrate', ...args)
  return { ...ended, answer: ended.answers[0] as unknown as Answer }
}

describe('calibrate', () => {
  const data = newFolder()
  beforeAll(async () => {
    await enrolMadeGallery(data, { domain: 'made', persons: 400, photosEach: 3, spread: 0.7, seed: 3 })
    await enrolMadeGallery(data, { domain: 'few', persons: 12, photosEach: 2, spread: 0.7, seed: 4 })
  })

  it('says how often a search errs, with the rates that the vectors were drawn with', async () => {
    const { code, answer } = await calibrate(data, '--domain', 'made', '--fpir', '0.02')
    expect(code).toBe(0)
    expect(answer.sentence).toMatch(
      /^At this setting expect about 1 wrong name in 50 searches of this gallery \(between 1 in \d+ and 1 in \d+\), and to miss .+ of those enrolled \(.+\)\.$/,
    )
    expect(answer.wrong_name.estimate).toBeCloseTo(0.02, 6)
    // Two directions by chance are alike by more than s with probability I(1 − s²; (d − 1)/2, 1/2)/2.
    const passes = shareMoreAlikeThan(1 - answer.distance)
    expect(answer.false_match.low).toBeLessThan(passes)
    expect(answer.false_match.high).toBeGreaterThan(passes)
    // A search of 1,197 faces: at most as many chances; three photos of one person are less than three.
    const most = 1 - (1 - passes) ** (399 * 3)
    const least = 1 - (1 - passes) ** 399
    expect(answer.wrong_name.high).toBeGreaterThan(least)
    expect(answer.wrong_name.low).toBeLessThan(most)
  })

  it('keeps the distance of a rate as the domain’s own: it is in force from then on', async () => {
    const { code, answer } = await calibrate(data, '--domain', 'made', '--fpir', '0.01', '--set')
    expect(code).toBe(0)
    const { thresholds } = JSON.parse(readFileSync(join(data, 'settings.json'), 'utf8'))
    expect(thresholds).toHaveLength(1)
    expect(thresholds[0]).toMatchObject({ clientId: 'default', domain: 'made', possible: null })
    expect(thresholds[0].match.rate).toBe(0.01)
    expect(thresholds[0].match.distance).toBeCloseTo(answer.distance, 5)
    const again = await calibrate(data, '--domain', 'made')
    expect(again.answer.distance).toBe(answer.distance)
  })

  it('says what is missing where there is not enough data, and refuses a rate there', async () => {
    const { code, answer } = await calibrate(data, '--domain', 'few')
    expect(code).toBe(0)
    expect([answer.enough_data, answer.more_persons, answer.more_persons_with_two_photos]).toEqual([
      false,
      88,
      18,
    ])
    expect(answer.sentence).toMatch(/^Not enough data: this gallery needs 18 more people with two photos/)
    const refused = await calibrate(data, '--domain', 'few', '--fpir', '0.01')
    expect(refused.code).toBe(2)
    expect(refused.answer).toMatchObject({ error: { code: 'not-found' } })
  })

  it.each([
    [['--domain', 'nowhere'], 'not-found'],
    [['--domain', 'made', '--fpir', '0.00001'], 'invalid-argument'],
    [['--domain', 'made', '--set'], 'invalid-argument'],
  ])('refuses %j with %s', async (args, errorCode) => {
    const { code, answer } = await calibrate(data, ...args)
    expect(code).toBe(2)
    expect(answer).toMatchObject({ error: { code: errorCode } })
  })

  it('tells people in words', async () => {
    const { stdout } = await runVisor(['--data', data, 'calibrate', '--domain', 'made'])
    expect(stdout).toMatch(
      /^made: 400 people, 400 with two photos or more\.\nMatch within 0\.\d{3} \(in force\)\. At this setting/,
    )
  })
})

/** By numbers: the density of the similarity of two directions is proportional to (1 − s²)^((d − 3)/2). */
function shareMoreAlikeThan(similarity: number): number {
  const steps = 20_000
  let above = 0
  let all = 0
  for (let step = 0; step < steps; step++) {
    const s = -1 + (2 * (step + 0.5)) / steps
    const density = (1 - s * s) ** ((directions - 3) / 2)
    all += density
    if (s > similarity) above += density
  }
  return above / all
}
