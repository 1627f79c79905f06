/** How a face from elsewhere stands to what a gallery knows, and which face a region is around. */
import { describe, expect, test } from 'vitest'
import { faceInRegion, standingOf } from '../../../../src-main/services/exchange/face-standing'
import type { KnownFace } from '../../../../src-main/storage/gallery-store'
import { domainSchema, faceIdSchema, personIdSchema } from '../../../../src-shared/ids'

const here = domainSchema.parse('here')
const ana = personIdSchema.parse('00000000-0000-7000-8000-000000000001')
const bor = personIdSchema.parse('00000000-0000-7000-8000-000000000002')
const box = { x: 100, y: 100, w: 50, h: 60 }
const face = (more: Partial<KnownFace> = {}): KnownFace => ({
  faceId: faceIdSchema.parse('00000000-0000-7000-8000-00000000000f'),
  box: { x: 104, y: 98, w: 50, h: 60 },
  source: 'enrolled',
  rejected: [],
  ...more,
})
const of = (personId: typeof ana, name: string, domain = here) => ({ person: { personId, name, domain } })

test.each<[string, KnownFace[], object]>([
  ['nothing known', [], { kind: 'new' }],
  ['another face of the photo', [face({ box: { ...box, x: 300 }, ...of(bor, 'Bor') })], { kind: 'new' }],
  ['nobody’s', [face()], { kind: 'new' }],
  ['theirs', [face(of(ana, 'Ana'))], { kind: 'theirs' }],
  ['somebody else’s', [face(of(bor, 'Bor'))], { kind: 'others', name: 'Bor' }],
  ['in another domain', [face(of(bor, 'Bor', domainSchema.parse('there')))], { kind: 'new' }],
  ['nobody’s, ruled out', [face({ rejected: [ana] })], { kind: 'ruled-out' }],
  ['somebody else’s, ruled out', [face({ ...of(bor, 'Bor'), rejected: [ana] })], { kind: 'ruled-out' }],
  ['nobody’s, ruled out for another', [face({ rejected: [bor] })], { kind: 'new' }],
])('%s', (_, known, standing) => {
  expect(standingOf(known, box, ana, here)).toEqual(standing)
})

describe('the face in a region', () => {
  const faces = [{ box }, { box: { ...box, x: 200 } }]
  test.each([
    ['around a face', { x: 90, y: 90, w: 70, h: 80 }, 0],
    ['far too wide, with one face inside', { x: 0, y: 0, w: 180, h: 400 }, 0],
    ['around both', { x: 0, y: 0, w: 400, h: 400 }, -1],
    ['beside them', { x: 300, y: 300, w: 50, h: 60 }, -1],
    ['nearer to the second', { x: 170, y: 100, w: 80, h: 60 }, 1],
  ])('%s', (_, region, index) => {
    expect(faceInRegion(faces, region)).toBe(faces[index])
  })
})
