/** The command line with the real models on real photos: its answers, its exit codes, and what it makes of bad input. */
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { sharp } from '../../../src-main/vision/native/sharp'
import { type RecognitionJson, recognitionJsonSchema } from '../../../src-shared/recognition'
import { makeBadPhotos, makeOddPhotos, samplePhoto } from '../../fixtures/bad-photos'
import { newFolder, runHere, runUnheard, runVisor, visor } from './visor'

const samples = [1, 2, 3, 4, 5, 6].map(samplePhoto)

interface FacesAnswer {
  path: string
  width: number
  height: number
  faces: {
    box: { x: number; y: number; w: number; h: number }
    quality: number
    score: number
    embedding?: string
  }[]
}

describe('faces', () => {
  it('finds 3, 3, 3, 4, 5 and 4 faces in the sample photos, in their order', async () => {
    const { code, answers } = await visor(newFolder(), 'faces', ...samples)
    expect(code).toBe(0)
    const found = answers as unknown as FacesAnswer[]
    expect(found.map(({ path }) => path)).toEqual(samples)
    expect(found.map(({ faces }) => faces.length)).toEqual([3, 3, 3, 4, 5, 4])
    for (const { width, height, faces } of found) {
      expect([width, faces.every(({ embedding }) => embedding === undefined)]).toEqual([1920, true])
      for (const { box, quality, score } of faces) {
        expect(box.x + box.w / 2).toBeGreaterThan(0)
        expect(box.y + box.h / 2).toBeLessThan(height)
        expect(quality).toBeGreaterThan(0)
        expect(quality).toBeLessThanOrEqual(1)
        expect(score).toBeGreaterThanOrEqual(0.7)
      }
    }
  })

  it('gives embeddings as 512 little-endian float32 of length 1', async () => {
    const { answers } = await visor(newFolder(), 'faces', samples[0]!, '--embeddings')
    for (const { embedding } of (answers[0] as unknown as FacesAnswer).faces) {
      const bytes = Buffer.from(embedding!, 'base64')
      expect(bytes.length).toBe(2048)
      let squared = 0
      for (let at = 0; at < bytes.length; at += 4) squared += bytes.readFloatLE(at) ** 2
      expect(Math.sqrt(squared)).toBeCloseTo(1, 5)
    }
  })

  it('answers for every odd photo, and the same for all eight orientations', async () => {
    const folder = newFolder()
    const expected = await makeOddPhotos(folder)
    const paths = Object.keys(expected).map((name) => join(folder, name))
    const { code, answers } = await visor(newFolder(), 'faces', ...paths)
    const found = answers as unknown as FacesAnswer[]
    expect(
      Object.fromEntries(found.map(({ path, faces }) => [path.slice(folder.length + 1), faces.length])),
    ).toEqual(expected)
    expect(code).toBe(0)
    const turned = found.filter(({ path }) => path.includes('turned-'))
    for (const { width, height, faces } of turned) {
      expect([width, height]).toEqual([1920, 1280])
      for (const [index, { box }] of faces.entries()) {
        const upright = turned[0]!.faces[index]!.box
        for (const side of ['x', 'y', 'w', 'h'] as const)
          expect(Math.abs(box[side] - upright[side])).toBeLessThan(6)
      }
    }
  })

  it('says of every bad file what is wrong with it, answers the others, and exits with 1', async () => {
    const folder = newFolder()
    const bad = makeBadPhotos(folder)
    const paths = [samples[0]!, ...Object.keys(bad).map((name) => join(folder, name)), samples[1]!]
    const { code, answers, stderr } = await visor(newFolder(), 'faces', ...paths)
    expect(code).toBe(1)
    expect(answers).toHaveLength(paths.length)
    const codes = answers
      .filter((answer) => 'error' in answer)
      .map(({ path, error }) => [String(path).slice(folder.length + 1), (error as { code: string }).code])
    expect(Object.fromEntries(codes)).toEqual(bad)
    for (const name of Object.keys(bad)) expect(stderr).toContain(name)
  })
})

describe('a gallery', () => {
  const data = newFolder()
  const people = newFolder()
  beforeAll(async () => {
    // The woman who is in two of the sample photos, from one of them, and somebody else from another.
    mkdirSync(join(people, 'Žofie Nováková'))
    writeFileSync(
      join(people, 'Žofie Nováková', 'from the first.jpg'),
      await sharp(readFileSync(samplePhoto(1)))
        .extract({ left: 1320, top: 100, width: 520, height: 620 })
        .jpeg({ quality: 95 })
        .toBuffer(),
    )
    mkdirSync(join(people, 'Група'))
    cpSync(samplePhoto(4), join(people, 'Група', 'four faces.jpg'))
    mkdirSync(join(people, 'Nobody'))
    writeFileSync(
      join(people, 'Nobody', 'wall.png'),
      await sharp({ create: { width: 300, height: 300, channels: 3, background: '#777' } })
        .png()
        .toBuffer(),
    )
    cpSync(samplePhoto(2), join(people, 'loose.jpg'))
  })

  it('enrols a folder of people, and says what needs a look, what it skipped, and why', async () => {
    const { code, answers } = await visor(data, 'enrol', people, '--domain', 'team')
    expect(answers).toEqual([
      {
        persons: 1,
        photos: 1,
        faces: 1,
        already_there: 0,
        needs_look: [
          {
            path: join(people, 'Група', 'four faces.jpg'),
            name: 'Група',
            reasons: ['The photo has 4 faces, and which of them is meant cannot be told.'],
          },
        ],
        refused: [],
        skipped: [
          { path: join(people, 'loose.jpg'), reason: expect.any(String), code: 'invalid-argument' },
          { path: join(people, 'Nobody', 'wall.png'), reason: 'No face was found.', code: 'no-face' },
        ],
      },
    ])
    expect(code).toBe(0)
  })

  it('exits with 1 where a photo cannot be read, and enrols the others', async () => {
    const folder = newFolder()
    mkdirSync(join(folder, 'Ana'))
    cpSync(join(people, 'Žofie Nováková', 'from the first.jpg'), join(folder, 'Ana', 'good.jpg'))
    writeFileSync(join(folder, 'Ana', 'empty.jpg'), '')
    const { code, answers } = await visor(newFolder(), 'enrol', folder, '--domain', 'team')
    expect([code, answers]).toMatchObject([1, [{ persons: 1, skipped: [{ code: 'file-empty' }] }]])
  })

  it('says of a photo that it is a mirror, once, and takes that back', async () => {
    const photo = join(people, 'Žofie Nováková', 'from the first.jpg')
    const said = await visor(data, 'mirror', photo)
    expect([said.code, said.answers]).toMatchObject([0, [{ mirror: true, ledger_id: expect.any(String) }]])
    const again = await visor(data, 'mirror', photo)
    expect(again.answers[0]).not.toHaveProperty('ledger_id')
    expect((await visor(data, 'ledger', 'undo', String(said.answers[0]!.ledger_id))).code).toBe(0)
    expect((await visor(data, 'mirror', photo, '--undo')).answers).toMatchObject([{ mirror: false }])
    const unknown = await visor(data, 'mirror', samplePhoto(6))
    expect([unknown.code, unknown.answers]).toMatchObject([2, [{ error: { code: 'not-found' } }]])
  })

  it('adds nothing when it is run again', async () => {
    const { answers } = await visor(data, 'enrol', people, '--domain', 'team')
    expect(answers[0]).toMatchObject({ persons: 0, photos: 0, faces: 0, already_there: 2, needs_look: [] })
  })

  it('finds her in the other photo and nobody else anywhere', async () => {
    const { code, answers } = await visor(data, 'recognize', ...samples, '--domain', 'team')
    expect(code).toBe(0)
    const found = answers.map((answer) => recognitionJsonSchema.parse(answer))
    expect(found.map((answer) => answer.recognized_persons.map(({ name }) => name))).toEqual([
      ['Žofie Nováková'],
      [],
      ['Žofie Nováková'],
      [],
      [],
      [],
    ])
    expect(found.flatMap((answer) => answer.all_detected_matches)).toHaveLength(2)
    expect(found[2]!.best_match!.distance).toBeLessThan(0.5)
    expect(found.map(({ path }) => path)).toEqual(samples)
  })

  it('takes a threshold and a number of candidates, and draws what it found', async () => {
    const drawn = join(newFolder(), 'new', 'folder')
    const { answers } = await visor(
      data,
      ...[
        'recognize',
        samplePhoto(3),
        '--domain',
        'team',
        '--threshold',
        '0.01',
        '--top-k',
        '1',
        '--annotate',
        drawn,
      ],
    )
    const answer = answers[0] as unknown as RecognitionJson
    expect(answer.recognized_persons).toEqual([])
    expect(answer.threshold.match).toBe(0.01)
    expect(answer.faces.every(({ candidates }) => candidates.length === 1)).toBe(true)
    expect(readdirSync(drawn)).toEqual(['sample3.jpg'])
    const { width, height } = await sharp(readFileSync(join(drawn, 'sample3.jpg'))).metadata()
    expect([width, height]).toEqual([1920, 1350])
  })

  it('never draws over the photos themselves', async () => {
    const photos = newFolder()
    const path = join(photos, 'photo.jpg')
    cpSync(samplePhoto(3), path)
    for (const [source, drawn] of [
      [path, photos],
      [photos, join(photos, 'drawn')],
    ] as const) {
      const { code, stderr } = await visor(data, 'recognize', source, '--domain', 'team', '--annotate', drawn)
      expect([code, readFileSync(path).equals(readFileSync(samplePhoto(3)))]).toEqual([2, true])
      expect(stderr).toContain('--annotate')
    }
  })

  it('never looks into another client or domain', async () => {
    await visor(data, 'enrol', people, '--domain', 'other', '--client', 'guest')
    const { answers } = await visor(data, 'stats')
    expect(
      answers.map(({ client, domain, persons, photos, faces }) => [client, domain, persons, photos, faces]),
    ).toEqual([
      ['default', 'team', 1, 1, 1],
      ['guest', 'other', 1, 1, 1],
    ])
    const refused = await visor(data, 'recognize', samplePhoto(3), '--domain', 'other')
    expect([refused.code, refused.answers]).toMatchObject([2, [{ error: { code: 'not-found' } }]])
    expect(refused.stderr).toContain('team')
  })

  it('goes through a folder with everything bad in it, and on', async () => {
    const folder = newFolder()
    const bad = makeBadPhotos(folder)
    cpSync(samplePhoto(3), join(folder, 'good.jpg'))
    const { code, answers } = await visor(data, 'recognize', folder, '--domain', 'team')
    expect(code).toBe(1)
    expect(answers.filter((answer) => 'error' in answer)).toHaveLength(Object.keys(bad).length - 1)
    expect(answers.find((answer) => !('error' in answer))).toMatchObject({
      recognized_persons: [{ name: 'Žofie Nováková' }],
    })
  })
})

describe('verify', () => {
  it('tells the same person from another', async () => {
    const folder = newFolder()
    const cut = async (number: number, left: number, top: number, name: string) => {
      const path = join(folder, name)
      writeFileSync(
        path,
        await sharp(readFileSync(samplePhoto(number)))
          .extract({ left, top, width: 500, height: 520 })
          .jpeg({ quality: 95 })
          .toBuffer(),
      )
      return path
    }
    const [first, third, other] = [
      await cut(1, 1340, 130, 'a.jpg'),
      await cut(3, 920, 150, 'b.jpg'),
      await cut(3, 1320, 220, 'c.jpg'),
    ]
    const same = await visor(newFolder(), 'verify', first!, third!)
    expect([same.code, same.answers[0]]).toMatchObject([0, { same: true }])
    const { answers } = await visor(newFolder(), 'verify', first!, other!)
    expect(answers[0]).toMatchObject({ same: false })
    expect(answers[0]!.distance as number).toBeGreaterThan(answers[0]!.threshold as number)
  })
})

describe('models', () => {
  it('lists the packs: the default one is here, the research-only ones ask for consent', async () => {
    const { answers } = await visor(newFolder(), 'models', 'list')
    expect(answers.map(({ id, in_use }) => [id, in_use])).toEqual([
      ['retinaface-mobilefacenet', true],
      ['buffalo_l', false],
      ['buffalo_s', false],
    ])
    expect(answers[0]).toMatchObject({ state: 'present', licence: { consentRequired: false } })
    expect(answers[1]).toMatchObject({ licence: { consentRequired: true }, unproven: expect.any(String) })
  })

  it('fetches nothing without the consent it needs', async () => {
    const { code, answers } = await visor(newFolder(), 'models', 'fetch', 'buffalo_s')
    expect([code, answers]).toMatchObject([2, [{ error: { code: 'consent-required' } }]])
  })

  it('verifies what is here', async () => {
    const { code, answers } = await visor(newFolder(), 'models', 'verify', 'retinaface-mobilefacenet')
    expect([code, answers]).toEqual([0, [{ id: 'retinaface-mobilefacenet', state: 'present' }]])
  })
})

describe('usage and environment', () => {
  it.each([
    [['recognize', samplePhoto(1)]],
    [['recognize', samplePhoto(1), '--domain', 'team', '--top-k', '0']],
    [['recognize', samplePhoto(1), '--domain', 'team', '--threshold', 'near']],
    [['enrol', '/no/such/folder', '--domain', 'team']],
    [['enrol', samplePhoto(1), '--domain', ' ']],
    [['faces']],
    [['dance']],
    [[]],
  ])('%j exits with 2 and says why on stderr', async (args) => {
    const { code, stderr } = await runHere(['--data', newFolder(), ...args])
    expect(code).toBe(2)
    expect(stderr.trim()).not.toBe('')
    expect(stderr).not.toContain('    at ')
  })

  it('explains itself', async () => {
    const { code, stdout } = await runVisor(['--help'])
    expect(code).toBe(0)
    for (const command of ['faces', 'enrol', 'recognize', 'verify', 'stats', 'models'])
      expect(stdout).toContain(command)
  })

  it('prints for people without --json', async () => {
    const { stdout } = await runVisor(['--data', newFolder(), 'faces', samplePhoto(1)])
    expect(stdout).toMatch(/3 faces/)
  })

  it('leaves no answer half written: a photo that is not there costs nobody else anything', async () => {
    const { code, answers } = await visor(newFolder(), 'faces', '/no/such/photo.jpg', samplePhoto(1))
    expect([code, answers.length]).toEqual([1, 2])
    expect(answers[0]).toMatchObject({ path: '/no/such/photo.jpg', error: { code: 'file-missing' } })
  })

  it('answers on where nobody reads its messages any more', async () => {
    const missing = Array.from({ length: 20 }, (_, index) => `/no/such/photo ${index}.jpg`)
    const { code, stdout } = await runUnheard(['--json', '--data', newFolder(), 'faces', ...missing])
    expect([code, stdout.trim().split('\n').length]).toEqual([1, 20])
  })

  it('writes settings and database into the data folder and nowhere else', async () => {
    const data = newFolder()
    await visor(data, 'stats')
    expect(existsSync(join(data, 'visor.sqlite'))).toBe(true)
    expect(readFileSync(join(data, 'visor.sqlite')).subarray(0, 15).toString()).toBe('SQLite format 3')
  })
})
