/** Requests about a whole photo of the gallery and the boxes on it. Runs in main. */
import type { Act } from '../../../src-shared/act'
import { toWireError, VisorError } from '../../../src-shared/errors'
import type { ClientId } from '../../../src-shared/ids'
import { pictureUrl } from '../../../src-shared/picture-url'
import type { DrawnBox } from '../../services/gallery-photos'
import type { Written } from '../../storage/written'
import type { Handlers } from '../register'
import type { Services } from './services'

/** Size at which the window first shows a photo, longer edge, pixels. */
const shownEdgePx = 2048

export function photoHandlers({
  gallery,
  galleryPhotos,
  pictures,
  desktop,
  actor,
  recentActs,
  galleriesChanged,
}: Services) {
  const done = (clientId: ClientId, { ledgerId }: Written<unknown>, summary: string): Act => {
    if (ledgerId === undefined) throw new VisorError('conflict', 'There was nothing to change.')
    const undo = async () => {
      const undone = await gallery.undo(ledgerId, { actor })
      galleriesChanged(clientId)
      return undone
    }
    recentActs.add({ clientId, id: ledgerId, undo })
    galleriesChanged(clientId)
    return { ledgerId, summary }
  }
  const drawn = (clientId: ClientId, { written, summary, alignedBy }: DrawnBox) => ({
    act: done(clientId, written, summary),
    faceId: written.value,
    alignedBy,
  })
  return {
    'photo.open': ({ photoId }) => gallery.photo(photoId),
    'photo.trouble': ({ photoId }) =>
      pictures.at(pictureUrl.galleryPhoto(photoId, shownEdgePx)).then(() => null, toWireError),
    'photo.drawFace': async ({ photoId, box }) => {
      const { clientId } = await gallery.photo(photoId)
      return drawn(clientId, await galleryPhotos.draw(photoId, box))
    },
    'photo.changeBox': async ({ photoId, faceId, box }) => {
      const { clientId } = await gallery.photo(photoId)
      return drawn(clientId, await galleryPhotos.changeBox(photoId, faceId, box))
    },
    'photo.deleteFace': async ({ photoId, faceId }) => {
      const { clientId, faces } = await gallery.photo(photoId)
      const face = faces.find((one) => one.faceId === faceId)
      if (face === undefined) throw new VisorError('not-found', 'That face is no longer in the gallery.')
      const summary = face.person === undefined ? 'Deleted a face' : `Deleted a face of ${face.person.name}`
      return done(clientId, await gallery.deleteFaces([faceId], { actor, summary }), summary)
    },
    'photo.locate': async ({ photoId }) => {
      const { clientId } = await gallery.photo(photoId)
      const [path] = await desktop.choosePhotos('files')
      if (path === undefined) return null
      const { written, summary } = await galleryPhotos.locate(photoId, path)
      return done(clientId, written, summary)
    },
  } satisfies Partial<Handlers>
}
