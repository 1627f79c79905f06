/** A photo that was opened: what it is, and its pixels at the resolution that is asked for. Vision process. */
import { hash } from 'node:crypto'
import type { Sharp, SharpOptions } from 'sharp'
import { count } from '../../../src-shared/amounts'
import { VisorError } from '../../../src-shared/errors'
import type { Box } from '../../../src-shared/geometry'
import { sha256Schema } from '../../../src-shared/ids'
import type { PhotoInfo, Picture } from '../../../src-shared/vision-protocol'
import type { PhotoPixels } from '../maths/pixels'
import { sharp } from '../native/sharp'
import { isSrgbProfile } from './colour-profile'
import { type PhotoFormat, sniffFormat } from './format'
import { decodeHeic } from './heic'

/** Photos with more pixels are refused from their header, without being unpacked. */
const maxPixels = 400_000_000

/** An opened photo. Its sizes and boxes are those of the upright photo. */
export interface Photo {
  readonly info: PhotoInfo
  /** Whether a shrunk picture costs less to decode than the full one. */
  readonly shrinksOnDecode: boolean
  /**
   * Decodes at 1 / `shrink` of the size (1 or more), the whole or one region (photo pixels, cut to the photo): sRGB, alpha
   * laid on white. Raises `image-corrupt`, also where the file ends too soon.
   */
  pixels(shrink: number, region?: Box): Promise<PhotoPixels>
  /** The upright photo as a sharp pipeline, to resize and draw on. */
  open(): Sharp
  /** Runs such a pipeline, which ends in a JPEG. Raises `image-corrupt`. */
  encode(pipeline: Sharp): Promise<Picture>
}

/**
 * Opens a photo from a file's bytes; reads its header only (HEIC: decodes it, after `beforeBlocking`, because that blocks
 * the thread). Raises `format-unsupported`, `image-corrupt`, `image-too-many-pixels`.
 */
export async function openPhoto(bytes: Uint8Array, beforeBlocking: () => void): Promise<Photo> {
  const format = sniffFormat(bytes)
  const digest = sha256Schema.parse(hash('sha256', bytes))
  const { input, options, width, height } = await readHeader(bytes, format, beforeBlocking)
  const open = () => sharp(input, options).autoOrient().flatten({ background: '#ffffff' })

  return {
    info: { sha256: digest, bytes: bytes.byteLength, format, width, height },
    shrinksOnDecode: format === 'jpeg' || format === 'webp',
    open,
    async encode(pipeline) {
      const { data, info } = await decode(pipeline.toBuffer({ resolveWithObject: true }))
      return { sha256: digest, jpeg: data, width: info.width, height: info.height }
    },
    async pixels(shrink, region) {
      const scaledWidth = Math.max(1, Math.round(width / shrink))
      const scaledHeight = Math.max(1, Math.round(height / shrink))
      const [scaleX, scaleY] = [scaledWidth / width, scaledHeight / height]
      const pipeline = open()
      if (shrink > 1) pipeline.resize(scaledWidth, scaledHeight, { fit: 'fill', kernel: 'linear' })
      let [left, top] = [0, 0]
      if (region !== undefined) {
        left = clamp(Math.floor(region.x * scaleX), 0, scaledWidth - 1)
        top = clamp(Math.floor(region.y * scaleY), 0, scaledHeight - 1)
        pipeline.extract({
          left,
          top,
          width: clamp(Math.ceil((region.x + region.w) * scaleX) - left, 1, scaledWidth - left),
          height: clamp(Math.ceil((region.y + region.h) * scaleY) - top, 1, scaledHeight - top),
        })
      }
      const { data, info } = await decode(
        pipeline.toColourspace('srgb').raw().toBuffer({ resolveWithObject: true }),
      )
      if (info.channels !== 3) throw new Error(`Expected three channels, got ${info.channels}.`)
      return {
        data,
        width: info.width,
        height: info.height,
        originX: left / scaleX,
        originY: top / scaleY,
        scaleX,
        scaleY,
      }
    },
  }
}

interface Header {
  readonly input: Uint8Array
  readonly options: SharpOptions
  readonly width: number
  readonly height: number
}

async function readHeader(
  bytes: Uint8Array,
  format: PhotoFormat,
  beforeBlocking: () => void,
): Promise<Header> {
  if (format === 'heic') {
    beforeBlocking()
    const { data, width, height } = await decodeHeic(bytes, checkPixels)
    const input = new Uint8Array(data.buffer)
    return { input, options: { raw: { width, height, channels: 4 } }, width, height }
  }
  const metadata = await decode(sharp(bytes, { limitInputPixels: false }).metadata())
  checkPixels(metadata.width, metadata.height)
  const options: SharpOptions = {
    limitInputPixels: maxPixels,
    failOn: 'truncated',
    ignoreIcc: metadata.icc !== undefined && isSrgbProfile(metadata.icc),
  }
  return { input: bytes, options, ...metadata.autoOrient }
}

function checkPixels(width: number, height: number): void {
  if (width * height <= maxPixels) return
  throw new VisorError(
    'image-too-many-pixels',
    `The picture has ${count(width)} × ${count(height)} pixels; Visor reads up to ${maxPixels / 1e6} million.`,
    { consequence: 'It was left out without being unpacked.', remedy: 'Save a smaller copy.' },
  )
}

/** What a decoder throws is the photo's fault. */
async function decode<T>(work: Promise<T>): Promise<T> {
  return work.catch((cause: unknown) => {
    throw new VisorError('image-corrupt', 'The picture is damaged or incomplete.', {
      cause,
      consequence: 'The file was left out.',
      remedy: 'Copy it again from where it came from.',
    })
  })
}

function clamp(value: number, lowest: number, highest: number): number {
  return Math.min(Math.max(value, lowest), highest)
}
