/** Real models, real photos, the real process. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sharp } from '../../../src-main/vision/native/sharp'
import { intersectionOverUnion } from '../../../src-shared/geometry'
import { hammingDistance } from '../../../src-shared/perceptual-hash'
import type { VisionResult } from '../../../src-shared/vision-protocol'
import { manifest, samplePath, similarity, VisionChild } from './vision-child'

let vision: VisionChild
let folder: string
let sample: Buffer
let reference: VisionResult<'analyse'>

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'visor-analyse-'))
  vision = await VisionChild.configured()
  sample = await readFile(samplePath(6))
  reference = await vision.analyse(samplePath(6))
})

afterAll(async () => {
  await vision.end()
  rmSync(folder, { recursive: true })
})

function file(name: string, bytes: Uint8Array): string {
  const path = join(folder, name)
  writeFileSync(path, bytes)
  return path
}

/** Every face of the reference is there, at the same place, with the same embedding, within these limits. */
function expectSameFaces(answer: VisionResult<'analyse'>, leastIou: number, leastSimilarity: number): void {
  expect(answer.faces).toHaveLength(reference.faces.length)
  for (const face of reference.faces) {
    const twin = answer.faces.toSorted(
      (a, b) => intersectionOverUnion(b.box, face.box) - intersectionOverUnion(a.box, face.box),
    )[0]!
    expect(intersectionOverUnion(twin.box, face.box)).toBeGreaterThan(leastIou)
    expect(similarity(twin.embedding, face.embedding)).toBeGreaterThan(leastSimilarity)
  }
}

describe('the sample photos', () => {
  it.each(manifest.samples.map((entry, index) => [index + 1, entry] as const))(
    'sample %i has its faces',
    async (number, entry) => {
      const answer = await vision.analyse(samplePath(number))
      expect(answer.faces).toHaveLength(entry.faces)
      expect(answer).toMatchObject({ sha256: entry.sha256, bytes: entry.bytes, format: 'jpeg', width: 1920 })
      const areas = answer.faces.map(({ box }) => box.w * box.h)
      expect(areas).toEqual(areas.toSorted((a, b) => b - a))
      for (const { landmarks, box } of answer.faces) {
        for (const { x, y } of landmarks) {
          expect(x > box.x && x < box.x + box.w && y > box.y && y < box.y + box.h).toBe(true)
        }
      }
    },
  )

  it('tells the woman who is in two of them from everybody else', async () => {
    const first = (await vision.analyse(samplePath(1))).faces
    const third = (await vision.analyse(samplePath(3))).faces
    const fromLeft = <T extends { box: { x: number } }>(faces: T[]) =>
      faces.toSorted((a, b) => a.box.x - b.box.x)
    const values = fromLeft(first).map((a) =>
      fromLeft(third).map((b) => similarity(a.embedding, b.embedding)),
    )
    expect(values[2]![1]).toBeGreaterThan(0.6)
    const others = values.flatMap((row, i) => row.filter((_, j) => !(i === 2 && j === 1)))
    expect(Math.max(...others)).toBeLessThan(0.4)
  })

  it('averages with the mirror image when asked', async () => {
    const flipped = await vision.analyse(samplePath(6), { flip: true })
    flipped.faces.forEach((face, index) => {
      const value = similarity(face.embedding, reference.faces[index]!.embedding)
      expect(value).toBeGreaterThan(0.9)
      expect(value).toBeLessThan(0.9999)
    })
  })

  it('takes bytes as well as a path', async () => {
    const answer = await vision.analyse('', { source: { bytes: new Uint8Array(sample) } })
    expectSameFaces(answer, 0.999, 0.9999)
  })
})

describe('the same photo in other clothes', () => {
  it.each([2, 3, 4, 5, 6, 7, 8])('orientation %i gives the same answer', async (orientation) => {
    // The pixels are turned so that the tag turns them back.
    const undo: Record<number, (image: typeof pipeline) => typeof pipeline> = {
      2: (image) => image.flop(),
      3: (image) => image.rotate(180),
      4: (image) => image.flip(),
      5: (image) => image.rotate(270).flop(),
      6: (image) => image.rotate(270),
      7: (image) => image.rotate(90).flop(),
      8: (image) => image.rotate(90),
    }
    const pipeline = sharp(sample)
    const turned = await undo[orientation]!(pipeline)
      .keepIccProfile()
      .withMetadata({ orientation })
      .jpeg({ quality: 97, chromaSubsampling: '4:4:4' })
      .toBuffer()
    const answer = await vision.analyse(file(`orientation-${orientation}.jpg`, turned))
    expect([answer.width, answer.height]).toEqual([reference.width, reference.height])
    expectSameFaces(answer, 0.95, 0.98)
  })

  it.each([
    ['png', 'png', () => sharp(sample).png({ compressionLevel: 1 })],
    ['webp', 'webp', () => sharp(sample).webp({ quality: 92 })],
    ['avif', 'avif', () => sharp(sample).avif({ quality: 75, effort: 0 })],
    ['tiff', 'tiff', () => sharp(sample).tiff({ compression: 'lzw' })],
    ['a progressive JPEG', 'jpeg', () => sharp(sample).jpeg({ quality: 95, progressive: true })],
    ['CMYK', 'jpeg', () => sharp(sample).toColourspace('cmyk').jpeg({ quality: 97 })],
    ['16 bits', 'png', () => sharp(sample).toColourspace('rgb16').png({ compressionLevel: 1 })],
    ['alpha', 'png', () => sharp(sample).ensureAlpha(0.999).png({ compressionLevel: 1 })],
    ['a wide colour space', 'jpeg', () => sharp(sample).withIccProfile('p3').jpeg({ quality: 95 })],
  ])('%s gives the same faces', async (name, format, make) => {
    const answer = await vision.analyse(file(`clothes-${name}`, await make().toBuffer()))
    expect(answer.format).toBe(format)
    expectSameFaces(answer, 0.9, 0.93)
  })

  it('grey gives the same people', async () => {
    const answer = await vision.analyse(file('grey.jpg', await sharp(sample).greyscale().jpeg().toBuffer()))
    expectSameFaces(answer, 0.85, 0.7)
  })

  it('GIF gives the first frame', async () => {
    const frame = await sharp(sample).resize(960).gif({ effort: 1 }).toBuffer()
    const answer = await vision.analyse(file('photo.gif', frame))
    expect(answer).toMatchObject({ format: 'gif', width: 960 })
    expect(answer.faces).toHaveLength(reference.faces.length)
  })

  it('HEIC is read', async () => {
    const answer = await vision.analyse('test/fixtures/face.heic')
    expect(answer).toMatchObject({ format: 'heic', width: 400, height: 300 })
    expect(answer.faces).toHaveLength(1)
    const best = Math.max(
      ...reference.faces.map((face) => similarity(face.embedding, answer.faces[0]!.embedding)),
    )
    expect(best).toBeGreaterThan(0.8)
  })

  it.each(['name with spaces.jpg', 'quote\'s "and" more.jpg', 'Ђорђе Петровић.jpg', 'smile 😀.jpg'])(
    'the name %s is only a name',
    async (name) => {
      expect((await vision.analyse(file(name, sample))).faces).toHaveLength(reference.faces.length)
    },
  )
})

describe('sizes', () => {
  it('cuts small faces from finer pixels than it looks for them in', async () => {
    // A photo of 4,000 pixels is decoded at a fifth, where these faces have 40 pixels: too few for a good crop.
    const wide = await sharp({ create: { width: 4000, height: 1600, channels: 3, background: '#777' } })
      .composite([{ input: sample, left: 1000, top: 200 }])
      .jpeg({ quality: 95 })
      .toBuffer()
    const answer = await vision.analyse(file('wide.jpg', wide))
    const moved = answer.faces.map((face) => ({
      ...face,
      box: { ...face.box, x: face.box.x - 1000, y: face.box.y - 200 },
    }))
    expectSameFaces({ ...answer, faces: moved }, 0.75, 0.8)
  })

  it('finds faces of 24 px in 12 megapixels when thorough, and not otherwise', async () => {
    const faces = await Promise.all(
      reference.faces.map(async ({ box }) => {
        const region = {
          left: Math.round(box.x - box.w / 2),
          top: Math.round(box.y - box.h / 2),
          width: Math.round(2 * box.w),
          height: Math.round(2 * box.h),
        }
        return sharp(sample)
          .extract(region)
          .resize(Math.round((24 * region.width) / box.w))
          .toBuffer()
      }),
    )
    const places = [
      [300, 200],
      [2013, 1490],
      [3700, 2800],
      [620, 2400],
    ] as const
    const crowd = await sharp({ create: { width: 4000, height: 3000, channels: 3, background: '#8a8f86' } })
      .composite(places.map(([left, top], index) => ({ input: faces[index]!, left, top })))
      .jpeg({ quality: 95 })
      .toBuffer()
    const path = file('crowd.jpg', crowd)
    expect((await vision.analyse(path)).faces).toHaveLength(0)
    const found = (await vision.analyse(path, { thorough: true })).faces
    expect(found).toHaveLength(4)
    for (const [left, top] of places) {
      expect(
        found.some(({ box }) => Math.abs(box.x - left - 12) < 8 && Math.abs(box.y - top - 15) < 12),
      ).toBe(true)
    }
  })

  it('thorough adds nothing to a photo of large faces', async () => {
    expectSameFaces(await vision.analyse(samplePath(6), { thorough: true }), 0.98, 0.98)
  })

  it('fifty faces are fifty', async () => {
    const face = await sharp(sample)
      .extract({ left: 190, top: 440, width: 350, height: 380 })
      .resize(170, 180)
      .toBuffer()
    const grid = Array.from({ length: 50 }, (_, index) => ({
      input: face,
      left: (index % 10) * 190 + 10,
      top: Math.floor(index / 10) * 190 + 10,
    }))
    const crowd = await sharp({ create: { width: 1920, height: 980, channels: 3, background: '#444' } })
      .composite(grid)
      .jpeg({ quality: 92 })
      .toBuffer()
    expect((await vision.analyse(file('fifty.jpg', crowd))).faces).toHaveLength(50)
  })

  it('no face is no error', async () => {
    const plain = await sharp({ create: { width: 300, height: 200, channels: 3, background: '#9ab' } })
      .png()
      .toBuffer()
    expect(await vision.analyse(file('plain.png', plain))).toMatchObject({
      width: 300,
      height: 200,
      faces: [],
    })
  })

  it('a picture of one pixel is no error', async () => {
    const dot = await sharp({ create: { width: 1, height: 1, channels: 3, background: '#fff' } })
      .png()
      .toBuffer()
    expect((await vision.analyse(file('dot.png', dot))).faces).toEqual([])
  })
})

describe('pictures', () => {
  it('gives a thumbnail and crops', async () => {
    const answer = await vision.analyse(samplePath(6), { thumbnailPx: 320, crops: true })
    expect(await sharp(answer.thumbnail).metadata()).toMatchObject({ format: 'jpeg', width: 320 })
    for (const { crop } of answer.faces) {
      expect(await sharp(crop).metadata()).toMatchObject({ format: 'jpeg', width: 192, height: 192 })
    }
  })

  it('renders upright, and no larger than the photo', async () => {
    const turned = await sharp(sample).rotate(270).withMetadata({ orientation: 6 }).jpeg().toBuffer()
    const path = file('upright.jpg', turned)
    const small = await vision.request('render', { source: { path }, maxEdgePx: 600 })
    expect(await sharp(small.jpeg).metadata()).toMatchObject({ format: 'jpeg', width: 600, height: 480 })
    expect(small).toMatchObject({ width: 600, height: 480 })
    const full = await vision.request('render', { source: { path }, maxEdgePx: 16_000 })
    expect(full).toMatchObject({ width: 1920, height: 1537 })
  })

  it('draws boxes where they belong, and names beside them', async () => {
    const plain = await sharp({ create: { width: 800, height: 600, channels: 3, background: '#808080' } })
      .png()
      .toBuffer()
    const box = { x: 200, y: 250, w: 150, h: 180 }
    const draw = async (label: string) => {
      const picture = await vision.request('annotate', {
        source: { bytes: new Uint8Array(plain) },
        marks: [{ box, label, decision: 'match' }],
      })
      expect(picture).toMatchObject({ width: 800, height: 600 })
      return sharp(picture.jpeg).raw().toBuffer()
    }
    const pixels = await draw('Ana <Š> & "Ђорђе" 😀')
    const at = (x: number, y: number) => [...pixels.subarray(3 * (y * 800 + x), 3 * (y * 800 + x) + 3)]
    const [red, green] = at(200, 340)
    expect(green! - red!).toBeGreaterThan(40)
    expect(at(275, 340).every((value) => Math.abs(value - 128) < 6)).toBe(true)
    expect((await draw('')).equals(pixels)).toBe(false)
  })
})

it('a small face has a whole crop, with its surroundings, though its own pixels come from a region', async () => {
  // On a grey wall nothing is black: black would be where the region ended.
  const faces = await sharp(await readFile(samplePath(6)))
    .resize(900)
    .toBuffer()
  const wall = sharp({ create: { width: 4000, height: 3000, channels: 3, background: '#9a9a9a' } })
  const photo = await wall
    .composite([{ input: faces, left: 1500, top: 1100 }])
    .jpeg({ quality: 95 })
    .toBuffer()
  const answer = await vision.request('analyse', {
    source: { path: file('small.jpg', photo) },
    thorough: false,
    flip: false,
    thumbnailPx: 0,
    crops: true,
  })
  expect(answer.faces).toHaveLength(4)
  for (const { crop } of answer.faces) {
    const { data } = await sharp(crop!).greyscale().raw().toBuffer({ resolveWithObject: true })
    const edge = [...data.subarray(0, 192), ...data.subarray(192 * 191)]
    expect(edge.filter((value) => value < 4).length).toBeLessThan(edge.length * 0.05)
  }
})

it('copies of a photo have nearly the same perceptual hash, other photos another one', async () => {
  const copies = [
    await sharp(sample).resize(700).jpeg({ quality: 60 }).toBuffer(),
    await sharp(sample).resize(3000).webp({ quality: 80 }).toBuffer(),
    await sharp(sample).modulate({ brightness: 1.15 }).png().toBuffer(),
    await sharp(sample).rotate(270).withMetadata({ orientation: 6 }).jpeg().toBuffer(),
  ]
  for (const [index, copy] of copies.entries()) {
    const { perceptualHash } = await vision.analyse(file(`copy-${index}`, copy))
    expect(hammingDistance(perceptualHash, reference.perceptualHash)).toBeLessThanOrEqual(4)
  }
  for (const other of [1, 2, 3, 4, 5]) {
    const { perceptualHash } = await vision.analyse(samplePath(other))
    expect(hammingDistance(perceptualHash, reference.perceptualHash)).toBeGreaterThan(12)
  }
})
