/** What an analyst does with a face. Gallery and queue are stand-ins. */
import { expect, it } from 'vitest'
import { FaceActs } from '../../../src-main/services/face-acts'
import type { PersonsQuery } from '../../../src-main/storage/gallery-records'
import type { GalleryStore } from '../../../src-main/storage/gallery-store'
import { clientIdSchema, domainSchema, itemIdSchema } from '../../../src-shared/ids'

it('enrols nobody new by a name that is taken, however many have it in theirs', async () => {
  const names = [...Array.from({ length: 600 }, (_, index) => `Adriana ${index}`), 'Ana']
  const gallery = {
    persons: async ({ text, offset, limit }: PersonsQuery) => {
      const found = names.filter((name) => name.toLowerCase().includes(text.toLowerCase()))
      return {
        total: found.length,
        persons: found.slice(offset, offset + limit).map((name) => ({ personId: name, name })),
      }
    },
  } as unknown as GalleryStore
  const acts = new FaceActs(gallery, {} as never, {} as never, {} as never, 'tester')
  const face = { itemId: itemIdSchema.parse('00000000-0000-7000-8000-000000000001'), faceIndex: 0 }
  await expect(
    acts.enrolNew(clientIdSchema.parse('default'), face, domainSchema.parse('team'), 'Ana'),
  ).rejects.toMatchObject({ code: 'conflict' })
})
