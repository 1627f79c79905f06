/** Faces on their way to the store's thread. */
import { expect, test } from 'vitest'
import type { ImportedFace } from '../../../src-main/storage/import-store'
import { packFaces, unmeasured, unpackFaces } from '../../../src-main/storage/packed-faces'
import type { UnitEmbedding } from '../../../src-shared/face'
import {
  domainSchema,
  faceIdSchema,
  modelIdSchema,
  personIdSchema,
  photoIdSchema,
  sha256Schema,
} from '../../../src-shared/ids'
import { madeFace, randomNumbers, unitVector } from '../../contract/made-faces'

const random = randomNumbers(3)
const id = '01900000-0000-8000-8000-000000000000'

const imported = (face: ImportedFace['face'], name: string): ImportedFace => ({
  position: 4,
  key: 'row 4',
  domain: domainSchema.parse('slovenia'),
  modelId: modelIdSchema.parse('deepface/arcface'),
  person: { name, details: { wikidataId: null, occupation: 'judge', description: null } },
  photo: {
    sha256: sha256Schema.parse('0'.repeat(64)),
    path: '/photos/\uD800.jpg',
    format: 'unknown',
    width: 12,
    height: 9,
    seen: false,
  },
  face,
  ids: {
    personId: personIdSchema.parse(id),
    photoId: photoIdSchema.parse(id),
    faceId: faceIdSchema.parse(id),
  },
})

test('come out as they were', () => {
  const { crop: _crop, ...plain } = madeFace(unitVector(random))
  const unseen = { box: { x: 0.1, y: 1e-300, w: 7, h: 8 }, score: 0.1 + 0.2, embedding: unitVector(random) }
  const faces = [
    imported(madeFace(unitVector(random)), 'Ana'),
    imported(plain, 'Bor \u0000 "č"'),
    imported({ ...unseen, ...unmeasured }, 'Cene'),
    imported({ ...unseen, ...unmeasured, crop: new Uint8Array([1, 2, 3]) }, 'Cene'),
  ]
  expect(unpackFaces(structuredClone(packFaces(faces)))).toEqual(faces)
  expect(packFaces(faces).count).toBe(4)
  expect(unpackFaces(packFaces([]))).toEqual([])
})

test('vectors have memory of their own: it goes over to another thread, and what was packed stays', () => {
  const all = new Float32Array(3 * 512)
  for (let index = 0; index < 3; index++) all.set(unitVector(random), index * 512)
  const faces = [1, 2].map((index) => {
    const embedding = all.subarray(index * 512, (index + 1) * 512) as UnitEmbedding
    return imported({ ...madeFace(embedding), embedding }, 'Ana')
  })
  const packed = packFaces(faces)
  const moved = structuredClone(packed, { transfer: [packed.vectors.buffer] })
  expect(packed.vectors.length).toBe(0)
  expect(unpackFaces(moved)).toEqual(faces)
})
