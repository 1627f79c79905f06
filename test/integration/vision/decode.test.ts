/** What may and what may not be decoded. */
import { execFileSync } from 'node:child_process'
import { closeSync, ftruncateSync, mkdirSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { crc32, deflateSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { alignment, facePixels, workingShrink } from '../../../src-main/vision/face-pixels'
import { sharp } from '../../../src-main/vision/native/sharp'
import { openPhoto, type Photo } from '../../../src-main/vision/photo/photo'
import { readSource } from '../../../src-main/vision/photo/source'
import { manifest, samplePath } from './vision-child'

let folder: string
let sample: Buffer

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'visor-decode-'))
  sample = await readFile(samplePath(2))
})

afterAll(() => rmSync(folder, { recursive: true }))

const nothing = () => undefined

/** The code that reading and fully decoding a file raises. */
async function codeOf(path: string): Promise<string> {
  try {
    const photo = await openPhoto(await readSource({ path }), nothing)
    await photo.pixels(1)
  } catch (error) {
    return (error as { code: string }).code
  }
  return 'no error'
}

function file(name: string, bytes: Uint8Array | string): string {
  const path = join(folder, name)
  writeFileSync(path, bytes)
  return path
}

/** A PNG that says it has so many pixels, and holds none. */
function pngHeader(width: number, height: number): Buffer {
  const chunk = (type: string, data: Buffer) => {
    const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
    const bytes = Buffer.alloc(8 + body.length)
    bytes.writeUInt32BE(data.length)
    body.copy(bytes, 4)
    bytes.writeUInt32BE(crc32(body), 4 + body.length)
    return bytes
  }
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width)
  header.writeUInt32BE(height, 4)
  header.set([8, 2], 8)
  const signature = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1')
  const pixels = deflateSync(Buffer.alloc(100))
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', pixels),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

describe('files that are refused', () => {
  it('an empty one', async () => {
    expect(await codeOf(file('empty.jpg', ''))).toBe('file-empty')
  })

  it('a missing one, and one below a file', async () => {
    expect(await codeOf(join(folder, 'nowhere.jpg'))).toBe('file-missing')
    expect(await codeOf(join(file('a-file', 'x'), 'below.jpg'))).toBe('file-missing')
  })

  it('a folder and a device', async () => {
    mkdirSync(join(folder, 'folder.jpg'))
    expect(await codeOf(join(folder, 'folder.jpg'))).toBe('file-unreadable')
    if (process.platform !== 'win32') expect(await codeOf('/dev/zero')).toBe('file-unreadable')
  })

  it.skipIf(process.platform === 'win32')('a pipe, without waiting for a writer', async () => {
    const path = join(folder, 'pipe.jpg')
    execFileSync('mkfifo', [path])
    expect(await codeOf(path)).toBe('file-unreadable')
  })

  it('one of 200 MB, without reading it', async () => {
    const path = join(folder, 'sparse.jpg')
    const descriptor = openSync(path, 'w')
    ftruncateSync(descriptor, 200 * 1024 * 1024)
    closeSync(descriptor)
    const before = process.memoryUsage.rss()
    expect(await codeOf(path)).toBe('file-too-large')
    expect(process.memoryUsage.rss() - before).toBeLessThan(50 * 1024 * 1024)
  })

  it.each([
    ['text named .jpg', 'not a picture at all'],
    [
      'SVG',
      '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>',
    ],
    ['PDF', '%PDF-1.4 nothing'],
  ])('%s', async (name, content) => {
    expect(await codeOf(file(`${name.replaceAll(/\W/g, '')}.jpg`, content))).toBe('format-unsupported')
  })

  it('a PNG that unpacks to 40,000 × 40,000', async () => {
    expect(await codeOf(file('bomb.png', pngHeader(40_000, 40_000)))).toBe('image-too-many-pixels')
  })

  it('a PNG without its pixels', async () => {
    expect(await codeOf(file('hollow.png', pngHeader(400, 400)))).toBe('image-corrupt')
  })

  it.each([0.1, 0.5, 0.98])('a JPEG cut after %s of its bytes', async (share) => {
    const cut = sample.subarray(0, Math.floor(sample.length * share))
    expect(await codeOf(file('cut.jpg', cut))).toBe('image-corrupt')
  })

  it('a JPEG whose end is cut, however small it is decoded', async () => {
    const photo = await openPhoto(sample.subarray(0, sample.length * 0.7), nothing)
    await expect(photo.pixels(5)).rejects.toMatchObject({ code: 'image-corrupt' })
  })

  it.each(['png', 'webp', 'avif', 'tiff', 'gif'] as const)('a cut %s', async (format) => {
    const whole = await sharp(sample).resize(600).toFormat(format).toBuffer()
    expect(await codeOf(file(`cut.${format}`, whole))).toBe('no error')
    expect(await codeOf(file(`cut.${format}`, whole.subarray(0, whole.length * 0.6)))).toBe('image-corrupt')
  })

  it('a cut HEIC', async () => {
    const whole = await readFile('test/fixtures/face.heic')
    expect(await codeOf(file('cut.heic', whole.subarray(0, whole.length * 0.6)))).toBe('image-corrupt')
  })

  it('bytes that only begin like a JPEG', async () => {
    expect(await codeOf(file('begins.jpg', Buffer.from('\xff\xd8\xff\xe0 and then words', 'latin1')))).toBe(
      'image-corrupt',
    )
  })
})

describe('pixels', () => {
  const red = { create: { width: 64, height: 32, channels: 3, background: '#c81e14' } } as const

  /** The colour in the middle. */
  async function middle(bytes: Uint8Array): Promise<number[]> {
    const { data, width, height } = await (await openPhoto(bytes, nothing)).pixels(1)
    const at = 3 * (Math.floor(height / 2) * width + Math.floor(width / 2))
    return [...data.subarray(at, at + 3)]
  }

  function near(colour: readonly number[], wanted: readonly number[], tolerance: number): void {
    const differences = colour.map((value, index) => Math.abs(value - wanted[index]!))
    expect(Math.max(...differences)).toBeLessThanOrEqual(tolerance)
  }

  it('are sRGB, whatever they were', async () => {
    const wanted = [200, 30, 20]
    near(await middle(await sharp(red).png().toBuffer()), wanted, 0)
    near(
      await middle(await sharp(red).jpeg({ quality: 100, chromaSubsampling: '4:4:4' }).toBuffer()),
      wanted,
      2,
    )
    near(await middle(await sharp(red).toColourspace('rgb16').png().toBuffer()), wanted, 1)
    near(await middle(await sharp(red).withIccProfile('p3').png().toBuffer()), wanted, 3)
    near(await middle(await sharp(red).toColourspace('cmyk').jpeg({ quality: 100 }).toBuffer()), wanted, 30)
    const [r, g, b] = await middle(await sharp(red).greyscale().png().toBuffer())
    expect(r).toBe(g)
    expect(g).toBe(b)
  })

  it('lie on white where they are transparent', async () => {
    const clear = {
      create: { width: 20, height: 20, channels: 4, background: { r: 0, g: 0, b: 0, alpha: 0 } },
    } as const
    near(await middle(await sharp(clear).png().toBuffer()), [255, 255, 255], 0)
  })

  it.each([1, 2, 3, 4, 5, 6, 7, 8])(
    'of a region are those of the whole, orientation %i',
    async (orientation) => {
      const bytes = await sharp(sample).resize(300, 200).withMetadata({ orientation }).png().toBuffer()
      const photo = await openPhoto(bytes, nothing)
      const upright = orientation <= 4 ? [300, 200] : [200, 300]
      expect([photo.info.width, photo.info.height]).toEqual(upright)
      const whole = await photo.pixels(1)
      const part = await photo.pixels(1, { x: 40.5, y: 30.2, w: 60, h: 80 })
      expect([part.originX, part.originY, part.width, part.height]).toEqual([40, 30, 61, 81])
      for (const [x, y] of [
        [0, 0],
        [60, 80],
        [13, 57],
      ] as const) {
        const [a, b] = [3 * (y * part.width + x), 3 * ((y + 30) * whole.width + x + 40)]
        expect([...part.data.subarray(a, a + 3)]).toEqual([...whole.data.subarray(b, b + 3)])
      }
    },
  )

  it('of a region beyond the photo are those inside it', async () => {
    const photo = await openPhoto(sample, nothing)
    const part = await photo.pixels(1, { x: -50, y: 1300, w: 100, h: 500 })
    expect([part.originX, part.originY, part.width, part.height]).toEqual([0, 1300, 50, 67])
  })

  it('know their place when shrunk', async () => {
    const photo = await openPhoto(sample, nothing)
    const part = await photo.pixels(3, { x: 600, y: 300, w: 90, h: 60 })
    expect(part.scaleX).toBeCloseTo(1 / 3, 3)
    expect(part.originX).toBeCloseTo(600, 0)
    // Grown to whole pixels.
    expect([part.width, part.height]).toEqual([30, 21])
  })
})

describe('resolution', () => {
  const { embedder } = manifest.packs[0]!
  /** Landmarks of a face whose box is about `widthPx` wide. */
  const face = (x: number, y: number, widthPx: number) => ({
    size: 112,
    transform: alignment(
      embedder.template.map(([u, v]) => ({ x: x + (u * widthPx) / 80, y: y + (v * widthPx) / 80 })) as never,
      embedder.template,
    ),
  })

  async function large(width: number, height: number): Promise<Photo> {
    const bytes = await sharp({ create: { width, height, channels: 3, background: '#567' } })
      .jpeg()
      .toBuffer()
    return openPhoto(bytes, nothing)
  }

  it.each([
    [600, 400, 1],
    [1920, 1280, 3],
    [3000, 4000, 6.25],
  ])('a JPEG of %i × %i is shrunk by %f', async (width, height, shrink) => {
    expect(workingShrink(await large(width, height), 640, false)).toBe(shrink)
  })

  it('thorough looks at 16 megapixels', async () => {
    expect(workingShrink(await large(4000, 3000), 640, true)).toBe(1)
    expect(workingShrink(await large(8000, 6000), 640, true)).toBeCloseTo(Math.sqrt(3), 6)
  })

  it('small faces are cut from finer pixels, large ones from those at hand', async () => {
    const photo = await large(4000, 3000)
    const working = await photo.pixels(5)
    const [big, small, smaller] = await facePixels(photo, working, [
      face(100, 100, 900),
      face(2000, 1500, 180),
      face(2400, 1600, 100),
    ])
    expect(big).toBe(working)
    expect(small).toBe(smaller)
    // Of 180 and 100 px, a half leaves 90 and 50: the smaller one decides, and takes the full size.
    expect(small!.scaleX).toBe(1)
    expect(small!.width).toBeLessThan(1000)
  })
})
