/** Enrolling many photos in three piles with the real models, and deciding on those that wait, on the command line. */
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { sharp } from '../../../src-main/vision/native/sharp'
import { samplePhoto } from '../../fixtures/bad-photos'
import { newFolder, visor, visorProcess } from './visor'

/** Where faces are in the sample photos, with room around them. */
const cuts = {
  cleo: [1, 1320, 100, 520, 620],
  cleoAgain: [3, 920, 150, 500, 500],
  turned: [2, 300, 60, 480, 480],
  stranger: [4, 1180, 90, 420, 420],
} as const

async function cut(name: keyof typeof cuts, change = (image: ReturnType<typeof sharp>) => image) {
  const [photo, left, top, width, height] = cuts[name]
  const image = sharp(readFileSync(samplePhoto(photo))).extract({ left, top, width, height })
  return change(sharp(await image.png().toBuffer()))
    .jpeg({ quality: 92 })
    .toBuffer()
}

interface Waiting {
  readonly review: string
  readonly name: string
  readonly path: string
  readonly kinds: readonly string[]
  readonly faces: readonly { readonly face: number; readonly reasons: readonly string[] }[]
}

describe('enrolments that wait', () => {
  const data = newFolder()
  const people = newFolder()
  const put = (person: string, name: string, bytes: Buffer) => {
    mkdirSync(join(people, person), { recursive: true })
    writeFileSync(join(people, person, name), bytes)
  }
  const waiting = async () =>
    (await visor(data, 'review', 'list', '--domain', 'team')).answers as unknown as Waiting[]
  const faces = async () => {
    const { answers } = await visor(data, 'stats')
    return (answers[0] as { faces?: number } | undefined)?.faces ?? 0
  }

  beforeAll(async () => {
    put('Cleo', '1 good.jpg', await cut('cleo'))
    put('Cleo', '2 blurred.jpg', await cut('cleoAgain', (image) => image.blur(9)))
    put('Cleo', '3 copy.jpg', await cut('cleo', (image) => image.resize(300)))
    put('Dora', 'turned.jpg', await cut('turned'))
    put('Same woman', 'again.jpg', await cut('cleoAgain'))
    mkdirSync(join(people, 'Group'))
    cpSync(samplePhoto(4), join(people, 'Group', 'four.jpg'))
  })

  it('are the second of three piles, each with the reasons', async () => {
    const { code, answers } = await visor(data, 'enrol', people, '--domain', 'team')
    const [{ photos, persons, needs_look, refused }] = answers as unknown as [
      {
        photos: number
        persons: number
        needs_look: { path: string; name: string; reasons: string[] }[]
        refused: object[]
      },
    ]
    expect([code, photos, persons, refused]).toEqual([0, 1, 1, []])
    const reasons = Object.fromEntries(
      needs_look.map((one) => [one.path.slice(people.length + 1), one.reasons.join(' ')]),
    )
    expect(Object.keys(reasons).sort()).toEqual([
      'Cleo/2 blurred.jpg',
      'Cleo/3 copy.jpg',
      'Dora/turned.jpg',
      'Group/four.jpg',
      'Same woman/again.jpg',
    ])
    expect(reasons['Cleo/2 blurred.jpg']).toMatch(/blurred/)
    expect(reasons['Cleo/3 copy.jpg']).toBe('Nearly the same photo of Cleo is there already.')
    expect(reasons['Dora/turned.jpg']).toMatch(/turned away/)
    expect(reasons['Group/four.jpg']).toMatch(/4 faces/)
    expect(reasons['Same woman/again.jpg']).toMatch(/^Looks like Cleo: distance 0\.\d\d, a match is within/)
  })

  it('are kept, and not analysed or put in again by a second run', async () => {
    const { answers } = await visor(data, 'enrol', people, '--domain', 'team')
    expect(answers).toMatchObject([{ photos: 0, already_there: 6, needs_look: [], refused: [], skipped: [] }])
    expect(await waiting()).toHaveLength(5)
  })

  it('join their person once somebody says so, and wait again when that is undone', async () => {
    const turned = (await waiting()).find(({ name }) => name === 'Dora')!
    const accepted = await visor(data, 'review', 'accept', turned.review, '--why', 'The only one')
    expect(accepted.code).toBe(0)
    const { ledger_id: entry } = accepted.answers[0] as { ledger_id: string }
    expect(await faces()).toBe(2)
    const history = await visor(data, 'ledger', 'list')
    expect(history.answers).toContainEqual(
      expect.objectContaining({ reason: 'The only one (in spite of: poor picture)' }),
    )
    await visor(data, 'ledger', 'undo', entry)
    expect(await faces()).toBe(1)
    expect((await waiting()).map(({ review }) => review)).toContain(turned.review)
  })

  it('are rejected, and the reject of a pair is remembered', async () => {
    const copy = (await waiting()).find(({ path }) => path.endsWith('3 copy.jpg'))!
    expect((await visor(data, 'review', 'reject', copy.review)).code).toBe(0)
    expect((await waiting()).map(({ review }) => review)).not.toContain(copy.review)
    const again = await visor(data, 'enrol', people, '--domain', 'team')
    expect(again.answers).toMatchObject([{ photos: 0, needs_look: [], already_there: 6 }])
  })

  it('have faces to choose from, where it cannot be told which is meant, and may be somebody else', async () => {
    const group = (await waiting()).find(({ name }) => name === 'Group')!
    expect(group.faces).toHaveLength(4)
    const { code } = await visor(data, 'review', 'accept', group.review, '--face', '2')
    expect(code).toBe(0)
    const twin = (await waiting()).find(({ name }) => name === 'Same woman')!
    const asCleo = await visor(data, 'review', 'accept', twin.review, '--as', 'Cleo', '--domain', 'team')
    expect(asCleo.answers).toMatchObject([{ summary: 'Enrolled 1 photo of Cleo' }])
    const { answers } = await visor(data, 'persons', 'list', '--domain', 'team')
    expect(answers).toMatchObject([{ name: 'Cleo' }, { name: 'Group' }])
  })

  it('exit with 2 where nothing can be done', async () => {
    for (const id of ['nonsense', '00000000-0000-7000-8000-000000000000']) {
      expect((await visorProcess(data, 'review', 'accept', id)).code).toBe(2)
    }
  })
})

describe('what a domain blocks', () => {
  it('is refused, listed with its reason, and exits with 1', async () => {
    const data = newFolder()
    const people = newFolder()
    mkdirSync(join(people, 'Dora'))
    writeFileSync(join(people, 'Dora', 'turned.jpg'), await cut('turned'))
    const strict = Object.fromEntries(
      [
        'ruled-out',
        'same-photo',
        'near-another',
        'far-from-own',
        'print-or-screen',
        'several-faces',
        'quality',
        'near-duplicate',
      ].map((kind) => [kind, 'block']),
    )
    const gatePolicies = [{ clientId: 'default', domain: 'team', policy: strict }]
    writeFileSync(join(data, 'settings.json'), JSON.stringify({ gatePolicies }))
    const { code, answers } = await visor(data, 'enrol', people, '--domain', 'team')
    expect(code).toBe(1)
    expect(answers).toMatchObject([
      {
        photos: 0,
        needs_look: [],
        refused: [{ path: join(people, 'Dora', 'turned.jpg'), code: 'quality', reason: expect.any(String) }],
      },
    ])
  })
})
