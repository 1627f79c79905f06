/** Pictures for people: encoded JPEGs of photos and faces. Vision process. */
import type { PhotoSource, Picture } from '../../src-shared/vision-protocol'
import type { Pixels } from './maths/pixels'
import { sharp } from './native/sharp'
import { openPhoto } from './photo/photo'
import { readSource } from './photo/source'
import type { Stages } from './stages'

/** Quality of pictures at screen size and larger, 1 … 100. */
export const pictureQuality = 88

/** Quality of thumbnails and crops, 1 … 100. */
export const smallPictureQuality = 85

/** A JPEG of `pixels` whose longer edge has at most `maxEdgePx` pixels. */
export async function encodeJpeg(pixels: Pixels, maxEdgePx: number, quality: number): Promise<Uint8Array> {
  const raw = { width: pixels.width, height: pixels.height, channels: 3 } as const
  const picture = sharp(pixels.data, { raw, limitInputPixels: false })
  if (Math.max(pixels.width, pixels.height) > maxEdgePx) {
    picture.resize(maxEdgePx, maxEdgePx, { fit: 'inside', kernel: 'linear' })
  }
  return picture.jpeg({ quality }).toBuffer()
}

/**
 * The upright photo as a JPEG whose longer edge has at most `maxEdgePx` pixels; 0 = as it is. Raises what reading and
 * decoding raise, and `cancelled`.
 */
export async function renderPhoto(source: PhotoSource, maxEdgePx: number, stages: Stages): Promise<Picture> {
  const bytes = await stages.time('read', () => readSource(source))
  const photo = await stages.time('decode', () => openPhoto(bytes, stages.beforeBlocking))
  const picture = photo.open()
  if (maxEdgePx > 0) picture.resize(maxEdgePx, maxEdgePx, { fit: 'inside', withoutEnlargement: true })
  return photo.encode(picture.jpeg({ quality: pictureQuality }))
}
