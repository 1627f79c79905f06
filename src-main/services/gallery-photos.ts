/** Whole photos of the gallery: shown, their boxes drawn and changed by hand, their files found again. Runs in main. */
import { hasCode, VisorError } from '../../src-shared/errors'
import type { GalleryPhoto } from '../../src-shared/gallery'
import type { Box } from '../../src-shared/geometry'
import type { FaceId, PhotoId, Sha256 } from '../../src-shared/ids'
import type { EmbedBoxesResult } from '../../src-shared/vision-protocol'
import type { PhotoRunner } from '../host/photo-runner'
import type { VisionClient } from '../host/vision-client'
import type { GalleryStore } from '../storage/gallery-store'
import type { Written } from '../storage/written'
import { seeInFile } from './import/see-in-file'
import { fingerprint } from './photo-files'
import { photoTimeoutMs } from './photo-timeout'

const renderTimeoutMs = 30_000

interface GalleryPhotosDependencies {
  readonly gallery: GalleryStore
  readonly vision: VisionClient
  readonly photos: Pick<PhotoRunner, 'embedBoxes' | 'run'>
  /** Whether embeddings are averaged with those of the mirror image, from the settings in force. */
  readonly flip: () => boolean
  readonly actor: string
}

/** What came of drawing a box. */
export interface DrawnBox {
  readonly written: Written<FaceId>
  readonly summary: string
  readonly alignedBy: EmbedBoxesResult['faces'][number]['alignedBy']
}

export class GalleryPhotos {
  readonly #needs: GalleryPhotosDependencies

  constructor(needs: GalleryPhotosDependencies) {
    this.#needs = needs
  }

  /**
   * The upright photo as a JPEG, longer edge at most `maxEdgePx` pixels (0 = full size). Raises `not-found`, `file-missing`,
   * `file-unreadable`, `file-changed` where the file is another picture now, and what decoding raises.
   */
  async picture(photoId: PhotoId, maxEdgePx: number): Promise<Uint8Array> {
    const photo = await this.#needs.gallery.photo(photoId)
    const { jpeg } = await sameBytes(photo, (path) =>
      this.#needs.vision.request('render', { source: { path }, maxEdgePx }, { timeoutMs: renderTimeoutMs }),
    )
    return jpeg
  }

  /** Adds a face of nobody where the box is. Raises as {@link picture}, `invalid-argument`, `conflict`. */
  async draw(photoId: PhotoId, box: Box): Promise<DrawnBox> {
    const { gallery, actor } = this.#needs
    const { face, modelId } = await this.#embed(await gallery.photo(photoId), box)
    const summary = 'Drew a face'
    const written = await gallery.addFace(photoId, modelId, face, { actor, summary })
    return { written, summary, alignedBy: face.alignedBy }
  }

  /** Gives a face of the photo another box. Raises as {@link draw}. */
  async changeBox(photoId: PhotoId, faceId: FaceId, box: Box): Promise<DrawnBox> {
    const { gallery, actor } = this.#needs
    const photo = await gallery.photo(photoId)
    const before = photo.faces.find((face) => face.faceId === faceId)
    if (before === undefined) throw new VisorError('not-found', 'That face is no longer in the gallery.')
    const { face, modelId } = await this.#embed(photo, box)
    const summary = `Changed the box of ${before.person?.name ?? 'a face'}`
    const written = await gallery.changeBox(faceId, modelId, face, { actor, summary })
    return { written: { ...written, value: faceId }, summary, alignedBy: face.alignedBy }
  }

  /**
   * Says where the photo's file is now. Raises `not-found`; `conflict` where the file is another picture, or, of a photo that was
   * never seen, has none of its faces.
   */
  async locate(photoId: PhotoId, path: string): Promise<{ written: Written<void>; summary: string }> {
    const { gallery, actor } = this.#needs
    const photo = await gallery.photo(photoId)
    if (!photo.seen) return this.#see(photo, path)
    const { sha256 } = photo
    if ((await fingerprint(path)) !== sha256) {
      throw new VisorError('conflict', 'That file is another picture.', {
        consequence: 'Nothing was changed.',
        remedy: 'Choose the photo itself: a copy that was edited or saved anew has other bytes.',
        detail: path,
      })
    }
    const summary = 'Located a photo'
    return { written: await gallery.locatePhoto(photoId, path, { actor, summary }), summary }
  }

  async #see(photo: GalleryPhoto, path: string): Promise<{ written: Written<void>; summary: string }> {
    const { gallery, photos, flip, actor } = this.#needs
    const { sighting, unfound, modelId } = await seeInFile(photos, photo, path, { flip: flip() })
    const summary = 'Located a photo'
    const written =
      sighting.faces.length === 0
        ? undefined
        : await gallery.seePhotos(photo.clientId, photo.domain, modelId, [sighting], { actor, summary })
    if (written?.ledgerId !== undefined) {
      return { written: { value: undefined, ledgerId: written.ledgerId }, summary }
    }
    throw new VisorError('conflict', 'The faces of this photo are not in that file.', {
      consequence: 'Nothing was changed.',
      remedy: 'Choose the photo that the import is of.',
      detail: unfound[0]?.detail ?? path,
    })
  }

  async #embed(photo: GalleryPhoto, box: Box) {
    const { photos, flip } = this.#needs
    const { faces, modelId } = await sameBytes(photo, (path) =>
      photos.embedBoxes(
        { params: { source: { path }, flip: flip(), boxes: [box] } },
        { timeoutMs: photoTimeoutMs },
      ),
    )
    return { face: faces[0]!, modelId }
  }
}

/** Does what reads the photo's file, which must still be the photo. */
async function sameBytes<T extends { readonly sha256: Sha256 }>(
  { path, sha256, seen }: GalleryPhoto,
  read: (path: string) => Promise<T>,
): Promise<T> {
  if (path === '') {
    throw new VisorError('file-missing', 'No file is known of this photo.', {
      consequence:
        'It was pasted, or another system had it in its database only, or its place named somebody who was erased. It cannot be shown, nor its boxes changed.',
      remedy: 'Where there is a file of it, choose that.',
    })
  }
  const answer = await read(path).catch((cause: unknown) => {
    if (!hasCode(cause, 'file-missing')) throw cause
    throw new VisorError('file-missing', 'The photo’s file is not where it was.', {
      cause,
      consequence: 'Its faces are kept; it cannot be shown, nor its boxes changed.',
      remedy: 'Choose where it is now.',
      detail: path,
    })
  })
  if (answer.sha256 === sha256) return answer
  if (!seen) {
    throw new VisorError('file-changed', 'This photo was imported, and not looked at yet.', {
      consequence: 'Whether the file is the photo nobody knows, so it is not shown.',
      remedy: 'Choose the file: Visor looks for the faces in it. Or look for all photos of the import.',
      detail: path,
    })
  }
  throw new VisorError('file-changed', 'The photo’s file holds another picture now.', {
    consequence: 'Boxes and names belong to the picture that was there, so this one is not shown.',
    remedy: 'Put the photo back, or choose where it is now.',
    detail: path,
  })
}
