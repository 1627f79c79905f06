/** Enrolling a folder: whose photo is whose, and what must never be mixed. The gallery and the models are stand-ins that keep what they are given. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { type EnrolOptions, enrolFolder } from '../../../src-main/services/enrolment'
import type { FaceAssignment, GalleryStore, KnownFace } from '../../../src-main/storage/gallery-store'
import {
  clientIdSchema,
  domainSchema,
  faceIdSchema,
  modelIdSchema,
  personIdSchema,
  type Sha256,
} from '../../../src-shared/ids'
import type { AnalyseResult } from '../../../src-shared/vision-protocol'
import { defaultBox, madeFace, madePhoto, randomNumbers, unitVector } from '../../contract/made-faces'

const modelId = modelIdSchema.parse('pack/embedder@1')
const options: EnrolOptions = {
  clientId: clientIdSchema.parse('default'),
  domain: domainSchema.parse('team'),
  modelId,
  verifyDistance: 0.5,
  actor: 'curator',
  flip: false,
}

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'visor-people-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

function photo(...parts: string[]): void {
  const path = join(folder, ...parts)
  mkdirSync(join(path, '..'), { recursive: true })
  writeFileSync(path, parts.join())
}

/** Enrols `folder`; every photo has one face. Gives `person: file` of each assignment. */
async function enrolled(analysedBy = modelId, known: (sha256: Sha256) => KnownFace[] = () => []) {
  const kept: FaceAssignment[] = []
  const random = randomNumbers(1)
  const gallery = {
    ensureDomain: async () => {},
    enrolledPhotos: async () => new Map(),
    knownFaces: async (_client, photos) => new Map(photos.map((sha256) => [sha256, known(sha256)])),
    assignFaces: async (_client, _domain, _model, assignments) => {
      kept.push(...assignments)
      return {
        value: assignments.map(() => ({
          personId: personIdSchema.parse('00000000-0000-7000-8000-000000000001'),
          faceId: faceIdSchema.parse('00000000-0000-7000-8000-000000000002'),
          outcome: 'added' as const,
          personCreated: true,
        })),
      }
    },
  } satisfies Pick<GalleryStore, 'ensureDomain' | 'enrolledPhotos' | 'knownFaces' | 'assignFaces'>
  const analyser = {
    run: async ({ params }: { params: { source: object } }): Promise<AnalyseResult> => ({
      ...madePhoto(readFileSync((params.source as { path: string }).path, 'utf8')),
      bytes: 1,
      modelId: analysedBy,
      faces: [madeFace(unitVector(random))],
      timings: { read: 0, decode: 0, detect: 0, align: 0, embed: 0, total: 0 },
    }),
  }
  const report = await enrolFolder(folder, gallery as unknown as GalleryStore, analyser, options)
  const names = kept.map(
    ({ person, photo: { path } }) =>
      `${'name' in person ? person.name : ''}: ${path.slice(folder.length + 1)}`,
  )
  return { names: names.sort(), report }
}

it('gives nobody the photos of others through a link that leads back', async () => {
  photo('Ana', '1.jpg')
  photo('Bela', '2.jpg')
  symlinkSync('..', join(folder, 'Ana', 'loop'))
  symlinkSync('.', join(folder, 'self'))
  symlinkSync('..', join(folder, 'above'))
  expect((await enrolled()).names).toEqual(['Ana: Ana/1.jpg', 'Bela: Bela/2.jpg'])
})

it('makes nobody of a link to a photo, and says why', async () => {
  photo('Ana', '1.jpg')
  symlinkSync(join('Ana', '1.jpg'), join(folder, 'cover.jpg'))
  const { names, report } = await enrolled()
  expect(names).toEqual(['Ana: Ana/1.jpg'])
  expect(report.skipped).toMatchObject([{ path: join(folder, 'cover.jpg'), code: 'invalid-argument' }])
})

it('keeps no embedding of another model, should the pack be changed meanwhile', async () => {
  photo('Ana', '1.jpg')
  await expect(enrolled(modelIdSchema.parse('pack/embedder@2'))).rejects.toMatchObject({ code: 'conflict' })
})

it('takes no face from whoever has it: not within a run, not from what was confirmed before', async () => {
  for (const name of ['Ana', 'Bela']) {
    mkdirSync(join(folder, name))
    writeFileSync(join(folder, name, 'same.jpg'), 'one and the same photo')
  }
  const first = await enrolled()
  expect(first.names).toHaveLength(1)
  expect(first.report.skipped).toMatchObject([{ code: 'conflict' }])

  const cleo: KnownFace = {
    faceId: faceIdSchema.parse('00000000-0000-7000-8000-000000000003'),
    box: defaultBox,
    person: {
      personId: personIdSchema.parse('00000000-0000-7000-8000-000000000004'),
      name: 'Cleo',
      domain: options.domain,
    },
    source: 'confirmed',
    rejected: [],
    photoRepeats: false,
  }
  const second = await enrolled(modelId, () => [cleo])
  expect(second.names).toEqual([])
  expect(second.report.skipped.map(({ reason }) => reason)).toEqual(
    Array(2).fill("This face is Cleo's already."),
  )
})
