/** What speaks against a face joining a person: each finding from its evidence, and none without. */
import { expect, it } from 'vitest'
import { type GateEvidence, judge } from '../../../../src-main/services/gate/judge'
import type { KnownFace } from '../../../../src-main/storage/gallery-records'
import type { PersonHit } from '../../../../src-main/storage/search-records'
import { domainSchema, faceIdSchema, personIdSchema, photoIdSchema } from '../../../../src-shared/ids'
import { perceptualHashSchema } from '../../../../src-shared/perceptual-hash'
import { defaultBox, madeSha256 } from '../../../contract/made-faces'

const id = (number: number) => `00000000-0000-7000-8000-00000000000${number}`
const [ana, bela] = [personIdSchema.parse(id(1)), personIdSchema.parse(id(2))]
const team = domainSchema.parse('team')
const face = faceIdSchema.parse(id(3))
const photoId = photoIdSchema.parse(id(4))
const hash = perceptualHashSchema.parse('00000000000000ff')

const limits = {
  quality: { size: 0.25, sharpness: 0.17, pose: 0.5, exposure: 0.5, source: '' },
  duplicate: { faceDistance: 0.08, alikeDistance: 0.25, hashBits: 8, source: '' },
  real: { minimum: 0.5, source: '' },
}

/** A face against which nothing speaks. */
const good: GateEvidence = {
  person: { personId: ana, name: 'Ana' },
  domain: team,
  box: defaultBox,
  quality: {
    value: 0.8,
    size: 1,
    sharpness: 0.6,
    pose: 0.9,
    exposure: 0.9,
    sizePx: 140,
    yawDegrees: -12,
    rollDegrees: 0,
  },
  real: 0.9,
  perceptualHash: hash,
  facesInPhoto: 1,
  choice: 'largest',
  known: [],
  mayMove: false,
  own: [
    { faceId: face, perceptualHash: perceptualHashSchema.parse('ffffffffffffffff'), distance: 0.3 },
    { distance: 0.4 },
  ],
  ownFaces: 2,
  ownMedian: 0.4,
  nearest: [hit(ana, 'Ana', 0.3), hit(bela, 'Bela', 0.62)],
  thresholds: {
    match: 0.46,
    possible: 0.55,
    matchSource: 'gallery-size',
    possibleSource: 'gallery-size',
    comparisons: 100,
  },
  verifyDistance: 0.575,
  limits,
}

function hit(personId: typeof ana, name: string, distance: number): PersonHit {
  const nearestPhotoSha256 = madeSha256(name)
  const found = { personId, name, domain: team, distance, nearestFaceId: face, nearestPhotoSha256 }
  return { ...found, occurrences: 1, bestDistances: [] }
}

function known(patch: Partial<KnownFace>): KnownFace {
  return {
    faceId: face,
    photoId,
    box: defaultBox,
    source: 'enrolled',
    rejected: [],
    photoRepeats: false,
    ...patch,
  }
}

const elsewhere = { x: 600, y: 80, w: 120, h: 150 }
const asAna = { personId: ana, name: 'Ana', domain: team }
const asBela = { personId: bela, name: 'Bela', domain: team }
const found = (evidence: Partial<GateEvidence>) => judge({ ...good, ...evidence })

it('has nothing against a good face of the person', () => {
  expect(found({})).toEqual([])
})

it.each([
  ['size', { size: 0.2, sizePx: 22 }],
  ['sharpness', { sharpness: 0.1 }],
  ['pose', { pose: 0.3, yawDegrees: 57 }],
  ['exposure', { exposure: 0.4 }],
] as const)('tells of a poor %s', (part, poor) => {
  expect(found({ quality: { ...good.quality, ...poor } })).toMatchObject([
    { kind: 'quality', part, minimum: limits.quality[part] },
  ])
})

it('tells of further faces, unless somebody pointed at the one', () => {
  const several = { kind: 'several-faces', faces: 4 }
  expect(found({ facesInPhoto: 4, choice: 'unclear' })).toEqual([{ ...several, choice: 'unclear' }])
  expect(found({ facesInPhoto: 4, choice: 'largest' })).toEqual([{ ...several, choice: 'largest' }])
  expect(found({ facesInPhoto: 4, choice: 'pointed' })).toEqual([])
})

it('tells of somebody else within a match, however near the person is', () => {
  expect(found({ nearest: [hit(ana, 'Ana', 0.3), hit(bela, 'Bela', 0.45)] })).toMatchObject([
    { kind: 'near-another', name: 'Bela', level: 'match', distance: 0.45, limit: 0.46, ownDistance: 0.3 },
  ])
})

it('tells of somebody possible only where they are nearer than the person', () => {
  const possible = [hit(bela, 'Bela', 0.5)]
  expect(found({ nearest: possible })).toEqual([])
  expect(found({ nearest: possible, own: [{ distance: 0.52 }, { distance: 0.53 }] })).toMatchObject([
    { kind: 'near-another', level: 'possible', limit: 0.55 },
  ])
  expect(
    found({ person: { name: 'Cleo' }, own: [], ownFaces: 0, ownMedian: undefined, nearest: possible }),
  ).toMatchObject([{ kind: 'near-another', name: 'Bela' }])
})

it('does not hold somebody’s own face against its coming to somebody else', () => {
  const theirs = { known: [known({ person: asBela })], nearest: [hit(bela, 'Bela', 0)] }
  expect(found({ ...theirs, mayMove: true })).toEqual([])
  expect(found(theirs)).toMatchObject([{ kind: 'same-photo', whose: 'another', name: 'Bela' }])
})

it('tells of a face far from all of the person’s, from two photos on', () => {
  const far = { own: [{ distance: 0.7 }, { distance: 0.8 }], ownMedian: 0.8 }
  expect(found(far)).toMatchObject([
    { kind: 'far-from-own', nearest: 0.7, median: 0.8, limit: 0.575, photos: 2 },
  ])
  expect(found({ own: [{ distance: 0.7 }], ownMedian: 0.7, ownFaces: 1 })).toEqual([])
})

it('tells that the person is in the photo already, as another face', () => {
  expect(found({ known: [known({ person: asAna, box: elsewhere })] })).toMatchObject([
    { kind: 'same-photo', whose: 'own', name: 'Ana' },
  ])
  expect(found({ known: [known({ person: asAna, box: elsewhere, photoRepeats: true })] })).toEqual([])
  expect(found({ known: [known({ person: asAna })] })).toEqual([])
  expect(found({ known: [known({ person: asBela, box: elsewhere })] })).toEqual([])
})

it('tells of a copy: by the face alone, or by the face and the whole photo', () => {
  const copy = (distance: number, perceptualHash = hash) =>
    found({ own: [{ faceId: face, perceptualHash, distance }, { distance: 0.4 }] })
  expect(copy(0.05, perceptualHashSchema.parse('ffffffffffffff00'))).toMatchObject([
    { kind: 'near-duplicate', faceId: face, distance: 0.05, bits: 64 },
  ])
  expect(copy(0.2, perceptualHashSchema.parse('000000000000ffff'))).toMatchObject([
    { kind: 'near-duplicate', distance: 0.2, bits: 8 },
  ])
  expect(copy(0.2, perceptualHashSchema.parse('000000000001ffff'))).toEqual([])
  expect(copy(0.26)).toEqual([])
})

it('calls the later one of two the copy', () => {
  const copy = { distance: 0.01, perceptualHash: hash }
  expect(found({ own: [{ ...copy, isLater: true }, { distance: 0.4 }] })).toEqual([])
  expect(found({ own: [{ ...copy, isLater: false }, { distance: 0.4 }] })).toHaveLength(1)
})

it('tells of what may be no real face, where a model tells', () => {
  expect(found({ real: 0.1 })).toEqual([{ kind: 'print-or-screen', likelihood: 0.1, limit: 0.5 }])
  expect(found({ real: undefined })).toEqual([])
  expect(found({ real: 0.1, limits: { ...limits, real: undefined } })).toEqual([])
})

it('tells of an earlier reject of the same pair', () => {
  expect(found({ known: [known({ rejected: [ana] })] })).toEqual([{ kind: 'ruled-out', name: 'Ana' }])
  expect(found({ known: [known({ rejected: [bela] })] })).toEqual([])
  expect(found({ known: [known({ rejected: [ana], box: elsewhere })] })).toEqual([])
})
