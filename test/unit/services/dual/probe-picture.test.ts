/** The picture of a probe is where its photo is: in the queue first, then in the gallery; else it is gone. */
import { expect, test } from 'vitest'
import { probePicture } from '../../../../src-main/services/dual/probe-picture'
import type { KnownFace } from '../../../../src-main/storage/gallery-records'
import {
  clientIdSchema,
  faceIdSchema,
  itemIdSchema,
  photoIdSchema,
  sha256Schema,
} from '../../../../src-shared/ids'

const clientId = clientIdSchema.parse('default')
const sha256 = sha256Schema.parse('ab'.repeat(32))
const itemId = itemIdSchema.parse('00000000-0000-7000-8000-0000000000ee')
const photoId = photoIdSchema.parse('00000000-0000-7000-8000-0000000000bb')
const [one, other] = ['a', 'b'].map((end) =>
  faceIdSchema.parse(`00000000-0000-7000-8000-0000000000f${end}`),
) as [KnownFace['faceId'], KnownFace['faceId']]
const known = (faceId: KnownFace['faceId']): KnownFace => ({
  faceId,
  photoId,
  box: { x: 0, y: 0, w: 9, h: 9 },
  source: 'enrolled',
  rejected: [],
  photoRepeats: false,
})
const places = (queued: boolean, faces: readonly KnownFace[]) => ({
  queue: { itemOf: () => (queued ? itemId : undefined) },
  gallery: { knownFaces: async () => new Map(faces.length === 0 ? [] : [[sha256, faces] as const]) },
})

test.each([
  ['the queue has its crop', true, [known(one)], [one], { kind: 'queued', itemId }],
  ['it is enrolled itself', false, [known(other), known(one)], [one], { kind: 'enrolled', faceId: one }],
  ['others of its photo are', false, [known(other)], [one], { kind: 'photo', photoId }],
  ['nowhere', false, [], [one], undefined],
] as const)('%s', async (_, queued, faces, same, picture) => {
  expect(await probePicture(places(queued, faces), { clientId, sha256, same })).toEqual(picture)
})
