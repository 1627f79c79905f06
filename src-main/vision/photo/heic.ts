/** Decodes HEIC with libheif compiled to WebAssembly; sharp's own build has no HEVC decoder. Vision process. */
import { createRequire } from 'node:module'
import { VisorError } from '../../../src-shared/errors'

/** The part of libheif-js that is used here; the package's own types describe the raw bindings only. */
interface HeifImage {
  get_width(): number
  get_height(): number
  is_primary(): boolean
  display(
    target: { data: Uint8ClampedArray; width: number; height: number },
    done: (result: { data: Uint8ClampedArray } | null) => void,
  ): void
  free(): void
}
interface Libheif {
  HeifDecoder: new () => { decode(bytes: Uint8Array): HeifImage[] }
}

const createLibheif = createRequire(import.meta.url)(
  'libheif-js/libheif-wasm/libheif-bundle.js',
) as () => Libheif

/** An upright picture (libheif applies the file's own rotation): RGBA, 8 bits, row by row. */
interface HeicPicture {
  readonly data: Uint8ClampedArray
  readonly width: number
  readonly height: number
}

/**
 * Decodes the primary picture; blocks the thread, about a second for 12 megapixels. Every call has its own WebAssembly
 * instance, because the memory of one never shrinks. `check` sees the size before anything is unpacked, and may throw.
 * Raises `image-corrupt`.
 */
export async function decodeHeic(
  bytes: Uint8Array,
  check: (width: number, height: number) => void,
): Promise<HeicPicture> {
  const images = new (createLibheif().HeifDecoder)().decode(bytes)
  const image = images.find((candidate) => candidate.is_primary()) ?? images[0]
  if (image === undefined) throw corruptHeic()
  const [width, height] = [image.get_width(), image.get_height()]
  check(width, height)
  const data = new Uint8ClampedArray(width * height * 4)
  const decoded = await new Promise<boolean>((resolve) => {
    image.display({ data, width, height }, (result) => resolve(result !== null))
  })
  if (!decoded) throw corruptHeic()
  return { data, width, height }
}

function corruptHeic(): VisorError {
  return new VisorError('image-corrupt', 'The HEIC picture is damaged.', {
    consequence: 'The file was left out.',
    remedy: 'Copy it again from where it came from.',
  })
}
