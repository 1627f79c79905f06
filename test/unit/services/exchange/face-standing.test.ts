/** How a face from elsewhere stands to what a gallery knows. */
import { expect, test } from 'vitest'
import { standingOf } from '../../../../src-main/services/exchange/face-standing'
import type { KnownFace } from '../../../../src-main/storage/gallery-records'
import { domainSchema, faceIdSchema, personIdSchema, photoIdSchema } from '../../../../src-shared/ids'

const here = domainSchema.parse('here')
const ana = personIdSchema.parse('00000000-0000-7000-8000-000000000001')
const bor = personIdSchema.parse('00000000-0000-7000-8000-000000000002')
const box = { x: 100, y: 100, w: 50, h: 60 }
const face = (more: Partial<KnownFace> = {}): KnownFace => ({
  faceId: faceIdSchema.parse('00000000-0000-7000-8000-00000000000f'),
  photoId: photoIdSchema.parse('00000000-0000-7000-8000-00000000000e'),
  box: { x: 104, y: 98, w: 50, h: 60 },
  source: 'enrolled',
  rejected: [],
  photoRepeats: false,
  ...more,
})
const of = (personId: typeof ana, name: string, domain = here) => ({ person: { personId, name, domain } })

test.each<[string, KnownFace[], object]>([
  ['nothing known', [], { kind: 'new' }],
  ['another face of the photo', [face({ box: { ...box, x: 300 }, ...of(bor, 'Bor') })], { kind: 'new' }],
  [
    'theirs in another place of the photo',
    [face({ box: { ...box, x: 300 }, ...of(ana, 'Ana') })],
    { kind: 'twice' },
  ],
  [
    'theirs in another place of a mirror',
    [face({ box: { ...box, x: 300 }, ...of(ana, 'Ana'), photoRepeats: true })],
    { kind: 'new' },
  ],
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
