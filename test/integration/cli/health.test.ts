/** `visor health` on a gallery that is made: what it finds, its exit codes, what it takes. */
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { openLocalStore } from '../../../src-main/storage/threads/local-store'
import { domainSchema } from '../../../src-shared/ids'
import { scope as madeScope } from '../../fixtures/made-unknown'
import { enrolPlantedGallery, type PlantedTruth } from '../../fixtures/planted-gallery'
import { newFolder, runVisor, visor } from './visor'

const builtFolder = join(import.meta.dirname, '../../../out/main')
const scope = { ...madeScope, domain: domainSchema.parse('planted') }

describe('health', () => {
  const data = newFolder()
  const health = (...args: readonly string[]) => visor(data, 'health', ...args)
  let truth: PlantedTruth
  beforeAll(async () => {
    const store = await openLocalStore({ folder: data, builtFolder, threads: 1 })
    try {
      const planted = { wrongOfOther: 3, wrongOfStranger: 0, doubles: 2, copies: 2 }
      truth = await enrolPlantedGallery(store.gallery, scope, 40, planted, 5)
    } finally {
      await store.close()
    }
  })

  it('knows nothing before the first look, and ends with 0', async () => {
    const { code, answers } = await health()
    expect(code).toBe(0)
    expect(answers).toEqual([{ open: 0, dismissed: 0, counts: [] }])
  })

  it('looks, lists what it found greatest harm first, and ends with 1', async () => {
    const { code, answers } = await health('--run')
    const [summary, ...findings] = answers
    expect(code).toBe(1)
    expect(summary).toMatchObject({ open: findings.length, dismissed: 0 })
    const harms = findings.map(({ harm }) => Number(harm))
    expect(harms).toEqual(harms.toSorted((a, b) => b - a))
    const outliers = findings.filter(({ kind }) => kind === 'outlier')
    expect(outliers.map(({ evidence }) => (evidence as { faceId: string }).faceId).sort()).toEqual(
      [...truth.wrongFaces].sort(),
    )
    expect(outliers[0]).toMatchObject({
      domain: 'planted',
      person: { name: expect.any(String) },
      other: { name: expect.any(String) },
      sentence: expect.stringContaining('nearer to somebody else'),
    })
    // Asked again, it knows without looking.
    expect((await health()).answers.slice(1)).toEqual(findings)
  })

  it('is asked of one kind and one domain', async () => {
    const copies = await health('--kind', 'near-duplicate', '--domain', 'planted')
    expect([copies.code, copies.answers.length]).toEqual([1, 3])
    const none = await health('--kind', 'no-photo')
    expect([none.code, none.answers.length]).toEqual([0, 1])
    expect((await health('--domain', 'nowhere')).answers).toEqual([{ open: 0, dismissed: 0, counts: [] }])
  })

  it('marks people in the list of people', async () => {
    const { answers } = await visor(data, 'persons', 'list', 'Alias', '--domain', 'planted')
    expect(answers.map(({ flags }) => flags)).toEqual([['look-alike'], ['look-alike']])
  })

  it('looks at everybody anew where it is told to', async () => {
    const before = (await health()).answers
    const { answers, code } = await health('--all')
    expect([code, answers.slice(1)]).toEqual([1, before.slice(1)])
  })

  it('ends with 2 for a kind that there is not', async () => {
    const { code, stderr } = await health('--kind', 'ugly')
    expect(code).toBe(2)
    expect(stderr).toContain('look-alike')
  })

  it('speaks plainly without --json', async () => {
    const { stdout, code } = await runVisor(['--data', data, 'health', '--kind', 'look-alike'])
    expect(code).toBe(1)
    expect(stdout).toMatch(
      /^2 to look at\. As of the last look; --run looks again\.\n {2}planted {2}look-alike: 2 open/,
    )
    expect(stdout).toMatch(/planted {2}look-alike {2}(Alias|Person) \d+ and (Alias|Person) \d+: /)
  })
})
