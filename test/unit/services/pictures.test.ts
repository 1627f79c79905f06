/** Pictures by id: rendered once, refused where there is none. Queue and vision process are stand-ins that count. */
import { expect, it } from 'vitest'
import { Pictures } from '../../../src-main/services/pictures'
import { pictureUrl } from '../../../src-shared/ipc'

const itemId = '00000000-0000-7000-8000-000000000001'

function pictures() {
  let renders = 0
  const queue = { source: async () => ({ path: '/photo.jpg' }) }
  const vision = {
    request: async () => {
      renders += 1
      return { jpeg: new Uint8Array([1]), width: 1, height: 1 }
    },
  }
  const made = new Pictures({} as never, {} as never, queue as never, vision as never)
  return { made, renders: () => renders }
}

it('renders a photo once that is asked for twice at once, and keeps it', async () => {
  const { made, renders } = pictures()
  const url = pictureUrl.photo(itemId, 2048)
  await Promise.all([made.at(url), made.at(url)])
  await made.at(url)
  expect(renders()).toBe(1)
})

it.each([
  'visor-picture://queue/not-an-id/photo/0',
  'visor-picture://gallery/face/not-an-id',
  `visor-picture://queue/${itemId}/photo/-1`,
  `visor-picture://queue/${itemId}/other`,
])('has no picture at %s', async (url) => {
  await expect(pictures().made.at(url)).rejects.toMatchObject({ code: 'not-found' })
})
