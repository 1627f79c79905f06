/** Tells the format of a picture from its first bytes, never from its name. Pure; vision process. */
import { VisorError } from '../../../src-shared/errors'

/** The formats that Visor reads. Everything else, SVG and PDF above all, is never handed to a decoder. */
export type PhotoFormat = 'jpeg' | 'png' | 'webp' | 'avif' | 'tiff' | 'gif' | 'heic'

const heicBrands = new Set(['heic', 'heix', 'heim', 'heis', 'hevc', 'hevx', 'hevm', 'hevs'])
const avifBrands = new Set(['avif', 'avis'])

/** The format of the file that begins with `bytes`. Raises `format-unsupported`. */
export function sniffFormat(bytes: Uint8Array): PhotoFormat {
  const format = formatOf(bytes)
  if (format !== undefined) return format
  throw new VisorError('format-unsupported', 'This is not a picture in a format that Visor reads.', {
    consequence: 'The file was left out.',
    remedy: 'Use JPEG, PNG, WebP, AVIF, TIFF, GIF or HEIC.',
  })
}

function formatOf(bytes: Uint8Array): PhotoFormat | undefined {
  const at = (offset: number, length: number) =>
    String.fromCharCode(...bytes.subarray(offset, offset + length))
  if (at(0, 3) === '\xff\xd8\xff') return 'jpeg'
  if (at(0, 8) === '\x89PNG\r\n\x1a\n') return 'png'
  if (at(0, 4) === 'RIFF' && at(8, 4) === 'WEBP') return 'webp'
  if (at(0, 6) === 'GIF87a' || at(0, 6) === 'GIF89a') return 'gif'
  // Classic TIFF (version 42) and BigTIFF (43), either byte order.
  if (['II*\0', 'MM\0*', 'II+\0', 'MM\0+'].includes(at(0, 4))) return 'tiff'
  if (at(4, 4) === 'ftyp') return heifFormat(bytes, at)
  return undefined
}

/** ISO/IEC 23008-12: the major brand, then the compatible ones, say which codec the pictures are in. */
function heifFormat(
  bytes: Uint8Array,
  at: (offset: number, length: number) => string,
): PhotoFormat | undefined {
  const size = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(0)
  const brands = [at(8, 4)]
  for (let offset = 16; offset + 4 <= Math.min(size, bytes.length, 256); offset += 4)
    brands.push(at(offset, 4))
  if (brands.some((brand) => avifBrands.has(brand))) return 'avif'
  if (brands.some((brand) => heicBrands.has(brand))) return 'heic'
  return undefined
}
