/** Pictures by id: rendered once, refused where there is none. Queue and vision process are stand-ins that count. */
import { expect, it } from 'vitest'
import { Pictures } from '../../../src-main/services/pictures'
import { pictureUrl } from '../../../src-shared/picture-url'

const itemId = '00000000-0000-7000-8000-000000000001'

function pictures() {
  let renders = 0
  let revision = 0
  const queue = { source: async () => ({ path: '/photo.jpg' }), revision: () => revision }
  const vision = {
    request: async () => {
      renders += 1
      return { jpeg: new Uint8Array([1]), width: 1, height: 1 }
    },
  }
  const photos = {
    picture: async () => {
      renders += 1
      return new Uint8Array([2])
    },
  }
  const made = new Pictures({} as never, {} as never, {} as never, queue as never, photos, vision as never)
  const analyseAnew = () => {
    revision += 1
  }
  return { made, analyseAnew, renders: () => renders }
}

it('renders a photo once that is asked for twice at once, and keeps it', async () => {
  const { made, renders } = pictures()
  const url = pictureUrl.photo(itemId, 2048)
  await Promise.all([made.at(url), made.at(url)])
  await made.at(url)
  expect(renders()).toBe(1)
})

it('renders a photo of the gallery once, too', async () => {
  const { made, renders } = pictures()
  const url = pictureUrl.galleryPhoto(itemId, 2048)
  expect(await Promise.all([made.at(url), made.at(url)])).toEqual([new Uint8Array([2]), new Uint8Array([2])])
  await made.at(url)
  await made.at(pictureUrl.galleryPhoto(itemId, 0))
  expect(renders()).toBe(2)
})

it('renders it again once it was analysed anew: the file may be another one by then', async () => {
  const { made, analyseAnew, renders } = pictures()
  const url = pictureUrl.photo(itemId, 2048)
  await made.at(url)
  analyseAnew()
  await made.at(url)
  expect(renders()).toBe(2)
})

it.each([
  'visor-picture://queue/not-an-id/photo/0',
  'visor-picture://gallery/face/not-an-id',
  'visor-picture://gallery/photo/not-an-id/0',
  `visor-picture://gallery/photo/${itemId}/-1`,
  `visor-picture://gallery/photo/${itemId}/1e9999`,
  `visor-picture://gallery/other/${itemId}/0`,
  `visor-picture://queue/${itemId}/photo/-1`,
  `visor-picture://queue/${itemId}/other`,
])('has no picture at %s', async (url) => {
  await expect(pictures().made.at(url)).rejects.toMatchObject({ code: 'not-found' })
})
