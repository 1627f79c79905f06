/** Who is in a photo, as other programs say and read it: in its XMP, or in a sidecar beside it. Main and the command line. */
import type { Document } from '@xmldom/xmldom'
import { VisorError } from '../../../../src-shared/errors'
import type { Box } from '../../../../src-shared/geometry'
import type { PhotoCopy } from '../person-folder'
import { type PhotoMetadata, readPhotoMetadata, withJpegXmp } from './photo-metadata'
import { type PhotoFrame, type Region, readRegions, writeRegions } from './regions'
import { emptyXmp, parseXmp, xmpText } from './xmp-document'

interface Size {
  /** Pixels of the upright photo. */
  readonly width: number
  readonly height: number
}

/** A face's name and its box in pixels of the upright photo. */
export interface NamedBox {
  readonly name: string
  readonly box: Box
}

/**
 * A photo with names written into it as MWG regions: into the file where it is a JPEG, else into a sidecar, which
 * digiKam and darktable read. XMP that it has is kept. Where that is broken, the file is left as it is and the
 * names go into a sidecar, unless `force`: then the broken packet is replaced. `problem` says so.
 */
export function withNames(
  bytes: Buffer,
  { width, height }: Size,
  named: readonly NamedBox[],
  force: boolean,
): { readonly copy: PhotoCopy; readonly problem?: VisorError } {
  if (named.length === 0) return { copy: { bytes } }
  const { metadata, document, problem } = ownXmp(bytes)
  const regions = named.map(({ name, box: { x, y, w, h } }) => ({
    name,
    box: { x: x / width, y: y / height, w: w / width, h: h / height },
  }))
  writeRegions(document, regions, { width, height, orientation: metadata.orientation })
  const text = xmpText(document)
  const isJpeg = bytes[0] === 0xff && bytes[1] === 0xd8
  const written = isJpeg && (problem === undefined || force) ? withJpegXmp(bytes, text) : undefined
  const copy = written === undefined ? { bytes, sidecar: text } : { bytes: written }
  return problem === undefined || force ? { copy } : { copy, problem }
}

/**
 * The named faces that a photo and its sidecar tell of; the sidecar's count where it has any. Raises `image-corrupt`
 * where one of them is broken.
 */
export function readNames(bytes: Buffer, sidecar: string | undefined): (size: Size) => NamedBox[] {
  const { orientation, xmp } = readPhotoMetadata(bytes)
  const documents = [sidecar, xmp].flatMap((text) => (text === undefined ? [] : [parseXmp(text)]))
  return ({ width, height }) => {
    const frame: PhotoFrame = { width, height, orientation }
    const regions = firstWithRegions(documents, frame)
    return regions.map(({ name, box: { x, y, w, h } }) => ({
      name,
      box: { x: x * width, y: y * height, w: w * width, h: h * height },
    }))
  }
}

function firstWithRegions(documents: readonly Document[], frame: PhotoFrame): Region[] {
  for (const document of documents) {
    const regions = readRegions(document, frame)
    if (regions.length > 0) return regions
  }
  return []
}

/** The photo's own packet; an empty one where it has none, or a broken one. */
function ownXmp(bytes: Buffer): { metadata: PhotoMetadata; document: Document; problem?: VisorError } {
  const metadata = readPhotoMetadata(bytes)
  try {
    return { metadata, document: metadata.xmp === undefined ? emptyXmp() : parseXmp(metadata.xmp) }
  } catch (error) {
    if (!(error instanceof VisorError)) throw error
    return { metadata, document: emptyXmp(), problem: error }
  }
}
