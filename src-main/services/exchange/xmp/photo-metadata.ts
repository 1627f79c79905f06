/**
 * Where photo files keep XMP and EXIF's orientation: JPEG, PNG, WebP and TIFF by their structure, others by the packet's
 * own marks (ISO 16684-1 allows such a scan). Never decodes a pixel. Main and the command line; pure.
 */

import { inflateSync } from 'node:zlib'
import { systemCodeOf } from '../../../../src-shared/errors'
import type { Orientation } from './orientation'
import { longestXmp } from './xmp-document'

export interface PhotoMetadata {
  /** The packet's text; absent where there is none. */
  readonly xmp?: string
  readonly orientation: Orientation
}

const jpegXmp = Buffer.from('http://ns.adobe.com/xap/1.0/\0', 'latin1')
const jpegExif = Buffer.from('Exif\0\0', 'latin1')
/** Largest content of a JPEG segment, bytes. */
const largestSegment = 65_533
const pngXmp = 'XML:com.adobe.xmp'

/** What a photo's file says of itself. A file that ends too early gives what was found before. */
export function readPhotoMetadata(bytes: Buffer): PhotoMetadata {
  if (bytes.subarray(0, 2).equals(Buffer.from([0xff, 0xd8]))) return ofJpeg(bytes)
  if (bytes.subarray(1, 4).toString('latin1') === 'PNG') return ofPng(bytes)
  if (bytes.subarray(0, 4).toString('latin1') === 'RIFF') return ofWebp(bytes)
  if (/^(?:II\*\0|MM\0\*)/.test(bytes.subarray(0, 4).toString('latin1'))) return ofTiff(bytes)
  return metadata(1, scanned(bytes))
}

/**
 * A JPEG with this packet in place of its own. Nothing else is changed, no pixel is encoded again. `undefined` where the
 * packet is too long for a JPEG, or the file's structure cannot be followed.
 */
export function withJpegXmp(bytes: Buffer, xmp: string): Buffer | undefined {
  const content = Buffer.concat([jpegXmp, Buffer.from(xmp, 'utf8')])
  if (content.byteLength > largestSegment) return undefined
  const segments = jpegSegments(bytes)
  if (segments === undefined) return undefined
  const header = Buffer.from([0xff, 0xe1, 0, 0])
  header.writeUInt16BE(content.byteLength + 2, 2)
  const own = segments.filter((segment) => isXmp(segment))
  // Behind JFIF and EXIF, which have to come first.
  const leading = segments.findIndex(({ marker, data }) => marker !== 0xe0 && !startsWith(data, jpegExif))
  const at = own[0]?.start ?? segments[leading]?.start ?? segments.at(-1)?.end ?? 2
  const kept: Buffer[] = []
  let from = 0
  for (const { start, end } of own) {
    kept.push(bytes.subarray(from, start))
    from = end
  }
  kept.push(bytes.subarray(from))
  const rest = Buffer.concat(kept)
  return Buffer.concat([rest.subarray(0, at), header, content, rest.subarray(at)])
}

interface Segment {
  readonly marker: number
  /** From the marker to behind the content. */
  readonly start: number
  readonly end: number
  readonly data: Buffer
}

/** The segments before the picture itself; `undefined` where the file is not built of such. */
function jpegSegments(bytes: Buffer): Segment[] | undefined {
  const segments: Segment[] = []
  let at = 2
  while (at + 4 <= bytes.length) {
    if (bytes[at] !== 0xff) return undefined
    const marker = bytes[at + 1]!
    if (marker === 0xff) {
      at += 1
      continue
    }
    if (marker === 0xda || marker === 0xd9) return segments
    const end = at + 2 + bytes.readUInt16BE(at + 2)
    if (end < at + 4 || end > bytes.length) return undefined
    segments.push({ marker, start: at, end, data: bytes.subarray(at + 4, end) })
    at = end
  }
  return undefined
}

const isXmp = ({ marker, data }: Segment) => marker === 0xe1 && startsWith(data, jpegXmp)

function ofJpeg(bytes: Buffer): PhotoMetadata {
  const segments = jpegSegments(bytes) ?? []
  const xmp = segments.find(isXmp)?.data.subarray(jpegXmp.length).toString('utf8')
  const exif = segments.find(({ marker, data }) => marker === 0xe1 && startsWith(data, jpegExif))
  return metadata(exif === undefined ? 1 : ofTiff(exif.data.subarray(jpegExif.length)).orientation, xmp)
}

function ofPng(bytes: Buffer): PhotoMetadata {
  let orientation: Orientation = 1
  let xmp: string | undefined
  for (let at = 8; at + 12 <= bytes.length; ) {
    const length = bytes.readUInt32BE(at)
    const type = bytes.subarray(at + 4, at + 8).toString('latin1')
    const data = bytes.subarray(at + 8, at + 8 + length)
    if (type === 'eXIf') orientation = ofTiff(data).orientation
    if (type === 'iTXt') xmp ??= internationalText(data)
    // Against the standard, but libpng's users do it.
    if (type === 'zTXt') xmp ??= packedText(data)
    at += length + 12
  }
  return metadata(orientation, xmp)
}

/** An `iTXt` chunk: keyword, 0, compressed?, method, language, 0, translated keyword, 0, text. */
function internationalText(data: Buffer): string | undefined {
  const keyword = data.indexOf(0)
  if (data.subarray(0, keyword).toString('latin1') !== pngXmp) return undefined
  const language = data.indexOf(0, keyword + 3)
  const translated = data.indexOf(0, language + 1)
  if (language === -1 || translated === -1) return undefined
  const text = data.subarray(translated + 1)
  return (data[keyword + 1] === 1 ? inflated(text) : text).toString('utf8')
}

/** A `zTXt` chunk: keyword, 0, method, packed text. */
function packedText(data: Buffer): string | undefined {
  const keyword = data.indexOf(0)
  if (data.subarray(0, keyword).toString('latin1') !== pngXmp) return undefined
  return inflated(data.subarray(keyword + 2)).toString('utf8')
}

/** What cannot be unpacked is given as it is: it is no XMP, and is reported as such by who reads it. */
function inflated(text: Buffer): Buffer {
  try {
    return inflateSync(text, { maxOutputLength: longestXmp })
  } catch (error) {
    if (systemCodeOf(error) !== undefined) return text
    throw error
  }
}

function ofWebp(bytes: Buffer): PhotoMetadata {
  let orientation: Orientation = 1
  let xmp: string | undefined
  for (let at = 12; at + 8 <= bytes.length; ) {
    const type = bytes.subarray(at, at + 4).toString('latin1')
    const length = bytes.readUInt32LE(at + 4)
    const data = bytes.subarray(at + 8, at + 8 + length)
    if (type === 'EXIF') {
      orientation = ofTiff(startsWith(data, jpegExif) ? data.subarray(jpegExif.length) : data).orientation
    }
    if (type === 'XMP ') xmp = data.toString('utf8')
    at += 8 + length + (length % 2)
  }
  return metadata(orientation, xmp)
}

/** The first directory of a TIFF, which is what EXIF is, too: tags 274 (orientation) and 700 (XMP). */
function ofTiff(bytes: Buffer): PhotoMetadata {
  if (bytes.length < 8) return { orientation: 1 }
  const little = bytes[0] === 0x49
  const u16 = (at: number) => (little ? bytes.readUInt16LE(at) : bytes.readUInt16BE(at))
  const u32 = (at: number) => (little ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at))
  const directory = u32(4)
  if (directory + 2 > bytes.length) return { orientation: 1 }
  let orientation: Orientation = 1
  let xmp: string | undefined
  for (let entry = directory + 2; entry < directory + 2 + u16(directory) * 12; entry += 12) {
    if (entry + 12 > bytes.length) break
    const tag = u16(entry)
    if (tag === 274) orientation = orientationOf(u16(entry + 8))
    if (tag === 700) {
      const [start, length] = [u32(entry + 8), u32(entry + 4)]
      xmp = bytes.subarray(start, start + length).toString('utf8')
    }
  }
  return metadata(orientation, xmp)
}

function orientationOf(value: number): Orientation {
  return value >= 1 && value <= 8 ? (value as Orientation) : 1
}

function scanned(bytes: Buffer): string | undefined {
  const start = bytes.indexOf('<x:xmpmeta')
  const end = bytes.indexOf('</x:xmpmeta>', start)
  return start === -1 || end === -1
    ? undefined
    : bytes.subarray(start, end + '</x:xmpmeta>'.length).toString('utf8')
}

function startsWith(data: Buffer, prefix: Buffer): boolean {
  return data.subarray(0, prefix.length).equals(prefix)
}

function metadata(orientation: Orientation, xmp: string | undefined): PhotoMetadata {
  return xmp === undefined || xmp.trim() === '' ? { orientation } : { orientation, xmp }
}
