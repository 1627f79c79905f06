/** Enrolling a folder: whose photo is whose, what must never be mixed, and the three piles. Store, gate and models are stand-ins that keep what they are given. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import {
  type EnrolNeeds,
  type EnrolOptions,
  enrolFolder,
  enrolPhotos,
} from '../../../../src-main/services/enrolment/enrol-people'
import type { FaceAssignment } from '../../../../src-main/storage/gallery-records'
import type { GalleryStore } from '../../../../src-main/storage/gallery-store'
import type { NewReview } from '../../../../src-main/storage/review-store'
import type { EmbeddedFace } from '../../../../src-shared/face'
import type { GateReason } from '../../../../src-shared/gate'
import {
  clientIdSchema,
  domainSchema,
  faceIdSchema,
  modelIdSchema,
  personIdSchema,
} from '../../../../src-shared/ids'
import type { AnalyseResult } from '../../../../src-shared/vision-protocol'
import { madeFace, madePhoto, madeSha256, randomNumbers, unitVector } from '../../../contract/made-faces'

const modelId = modelIdSchema.parse('pack/embedder@1')
const options: EnrolOptions = {
  clientId: clientIdSchema.parse('default'),
  domain: domainSchema.parse('team'),
  modelId,
  verifyDistance: 0.5,
  actor: 'curator',
  flip: false,
}
const ana = personIdSchema.parse('00000000-0000-7000-8000-000000000001')

let folder: string
let kept: FaceAssignment[]
let waiting: NewReview[]
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'visor-people-'))
  kept = []
  waiting = []
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

function photo(...parts: string[]): void {
  const path = join(folder, ...parts)
  mkdirSync(join(path, '..'), { recursive: true })
  writeFileSync(path, parts.join())
}

const blurred: GateReason = {
  action: 'warn',
  finding: { kind: 'quality', part: 'sharpness', value: 0.1, minimum: 0.2, sizePx: 90, yawDegrees: 0 },
}
const elsewhere: GateReason = {
  action: 'block',
  finding: { kind: 'same-photo', whose: 'another', personId: ana, name: 'Ana' },
}

interface Given {
  readonly analysedBy?: typeof modelId
  /** The faces of a photo, by its name; one by default. */
  readonly faces?: (name: string) => EmbeddedFace[]
  /** What the gate has against each photo, by its hash; nothing by default. */
  readonly reasons?: ReadonlyMap<string, readonly GateReason[]>
  /** Photos that wait in review or were decided, by their hash. */
  readonly reviewed?: ReadonlyMap<string, readonly string[]>
  readonly own?: EmbeddedFace
}

const random = randomNumbers(1)

function needs({ analysedBy = modelId, faces, reasons, reviewed, own }: Given): EnrolNeeds {
  const gallery = {
    ensureDomain: async () => {},
    enrolledPhotos: async () => new Map(),
    persons: async () => ({ total: 0, persons: [] }),
    ownFaces: async ({ probes }) =>
      probes.map((probe) => ({
        faces: 1,
        nearest: [
          {
            faceId: faceIdSchema.parse('00000000-0000-7000-8000-000000000002'),
            photoSha256: madeSha256('own'),
            distance: own?.embedding === probe ? 0.1 : 0.9,
          },
        ],
      })),
    assignFaces: async (_client, _domain, _model, assignments) => {
      kept.push(...assignments)
      return {
        value: assignments.map(() => ({
          personId: ana,
          faceId: faceIdSchema.parse('00000000-0000-7000-8000-000000000002'),
          outcome: 'added' as const,
          personCreated: true,
        })),
      }
    },
  } satisfies Partial<GalleryStore>
  return {
    gallery: gallery as unknown as GalleryStore,
    reviews: {
      photos: async () => (reviewed ?? new Map()) as never,
      add: async (_scope, reviews) => {
        waiting.push(...reviews)
        return reviews.length
      },
    },
    gate: {
      reasons: async (_scope, _person, joining) =>
        joining.map(({ photo: { sha256 } }) => [...(reasons?.get(sha256) ?? [])]),
      underPolicy: (_scope, findings) => findings.map((finding) => ({ action: 'warn', finding })),
    },
    analyser: {
      run: async ({ params }): Promise<AnalyseResult> => {
        const { path } = params.source as { path: string }
        const made = madePhoto(readFileSync(path, 'utf8'))
        return {
          ...made,
          perceptualHash: made.perceptualHash!,
          bytes: 1,
          modelId: analysedBy,
          faces: faces?.(basename(path)) ?? [madeFace(unitVector(random))],
          timings: { read: 0, decode: 0, detect: 0, align: 0, embed: 0, total: 0 },
        }
      },
    },
  }
}

/** `person: file` of each, in order. */
const named = (
  list: readonly { readonly person: object; readonly photo: { readonly path: string } }[],
): string[] =>
  list
    .map(
      ({ person, photo: { path } }) =>
        `${'name' in person ? String(person.name) : ''}: ${path.slice(folder.length + 1)}`,
    )
    .sort()

const enrolled = (given: Given = {}) => enrolFolder(folder, needs(given), options)

it('gives nobody the photos of others through a link that leads back', async () => {
  photo('Ana', '1.jpg')
  photo('Bela', '2.jpg')
  symlinkSync('..', join(folder, 'Ana', 'loop'))
  symlinkSync('.', join(folder, 'self'))
  symlinkSync('..', join(folder, 'above'))
  await enrolled()
  expect(named(kept)).toEqual(['Ana: Ana/1.jpg', 'Bela: Bela/2.jpg'])
})

it('makes nobody of a link to a photo, and says why', async () => {
  photo('Ana', '1.jpg')
  symlinkSync(join('Ana', '1.jpg'), join(folder, 'cover.jpg'))
  const report = await enrolled()
  expect(named(kept)).toEqual(['Ana: Ana/1.jpg'])
  expect(report.skipped).toMatchObject([{ path: join(folder, 'cover.jpg'), code: 'invalid-argument' }])
})

it('keeps no embedding of another model, should the pack be changed meanwhile', async () => {
  photo('Ana', '1.jpg')
  await expect(enrolled({ analysedBy: modelIdSchema.parse('pack/embedder@2') })).rejects.toMatchObject({
    code: 'conflict',
  })
})

it('sorts into fine, a look and refused', async () => {
  photo('Ana', '1.jpg')
  photo('Ana', '2.jpg')
  photo('Bela', '3.jpg')
  const reasons = new Map([
    [madeSha256('Ana,2.jpg'), [blurred]],
    [madeSha256('Bela,3.jpg'), [elsewhere, blurred]],
  ])
  const report = await enrolled({ reasons })
  expect(named(kept)).toEqual(['Ana: Ana/1.jpg'])
  expect(named(waiting)).toEqual(['Ana: Ana/2.jpg'])
  expect(waiting[0]).toMatchObject({ kinds: ['quality'], facesInPhoto: 1, choice: 'largest' })
  expect(waiting[0]!.faces[0]!.crop).toBeInstanceOf(Uint8Array)
  expect(report).toMatchObject({
    photos: 1,
    needsLook: [{ path: join(folder, 'Ana', '2.jpg'), name: 'Ana', reasons: [expect.any(String)] }],
    refused: [
      {
        path: join(folder, 'Bela', '3.jpg'),
        reason: 'This face is Ana’s already. The face is blurred: sharpness 0.10, where 0.20 is the least.',
        code: 'same-photo',
      },
    ],
    skipped: [],
  })
})

it('analyses no photo again that waits or was decided for this person', async () => {
  photo('Ana', '1.jpg')
  photo('Bela', '2.jpg')
  const { createHash } = await import('node:crypto')
  const sha256 = createHash('sha256')
    .update(readFileSync(join(folder, 'Ana', '1.jpg')))
    .digest('hex')
  const report = await enrolled({ reviewed: new Map([[sha256, ['Ana']]]) })
  expect(named(kept)).toEqual(['Bela: Bela/2.jpg'])
  expect(report.alreadyThere).toBe(1)
})

it('asks whose face is meant where it cannot be told, with the faces to choose from', async () => {
  photo('Ana', 'two.jpg')
  const pair = [madeFace(unitVector(random)), madeFace(unitVector(random), { x: 600, y: 80, w: 110, h: 140 })]
  const report = await enrolled({ faces: () => pair })
  expect(kept).toEqual([])
  expect(waiting).toMatchObject([{ kinds: ['several-faces'], facesInPhoto: 2, choice: 'unclear' }])
  expect(waiting[0]!.faces).toEqual(pair)
  expect(report.needsLook[0]!.reasons).toEqual([
    'The photo has 2 faces, and which of them is meant cannot be told.',
  ])
})

it('takes the face that dominates, or that is like the person’s others', async () => {
  photo('Ana', '1.jpg')
  photo('Ana', 'large.jpg')
  photo('Ana', 'two.jpg')
  const one = madeFace(unitVector(random))
  const stranger = (box = { x: 600, y: 80, w: 110, h: 140 }) => madeFace(unitVector(random), box)
  const alike = madeFace(unitVector(random, one.embedding, 0.3), { x: 300, y: 80, w: 100, h: 130 })
  const small = { x: 600, y: 80, w: 30, h: 40 }
  const faces = (name: string) =>
    name === '1.jpg'
      ? [one]
      : name === 'large.jpg'
        ? [madeFace(unitVector(random)), stranger(small)]
        : [stranger(), alike]
  const report = await enrolled({ faces })
  expect(report).toMatchObject({ photos: 3, needsLook: [] })
  expect(kept.map(({ face }) => face)).toContain(alike)
})

it('takes the face that is like one that is enrolled, where photos are added to a person', async () => {
  photo('two.jpg')
  const own = madeFace(unitVector(random), { x: 600, y: 80, w: 110, h: 140 })
  const given = { faces: () => [madeFace(unitVector(random)), own], own }
  const person = { personId: ana, name: 'Ana' }
  const report = await enrolPhotos(person, [join(folder, 'two.jpg')], needs(given), options)
  expect(report.photos).toBe(1)
  expect(kept).toMatchObject([{ person: { personId: ana }, face: { box: own.box } }])
})
