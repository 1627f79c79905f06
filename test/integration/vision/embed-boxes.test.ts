/** Boxes drawn by hand become faces: by landmarks where the detector sees a face in them, else by the box. Real models. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Box } from '../../../src-shared/geometry'
import type { VisionResult } from '../../../src-shared/vision-protocol'
import { samplePath, similarity, VisionChild } from './vision-child'

let vision: VisionChild
const analyses: VisionResult<'analyse'>[] = []
const path = samplePath(6)
const numbers = [1, 2, 3, 4, 5, 6]

beforeAll(async () => {
  vision = await VisionChild.configured()
  for (const number of numbers) analyses.push(await vision.analyse(samplePath(number)))
})
afterAll(() => vision.end())

const embed = (boxes: Box[], number = 6) =>
  vision.request('embedBoxes', { source: { path: samplePath(number) }, flip: false, boxes })

/** The box, as wide and as high times `by`, about its centre. */
const grown = ({ x, y, w, h }: Box, by: number): Box => ({
  x: x - ((by - 1) * w) / 2,
  y: y - ((by - 1) * h) / 2,
  w: w * by,
  h: h * by,
})

describe('a box around a face', () => {
  it.each([1, 0.8, 1.4])(
    'drawn at %f of its size is that face: as near as one photo of a person to another never is',
    async (by) => {
      for (const [index, { faces }] of analyses.entries()) {
        const boxes = faces.map(({ box }) => grown(box, by))
        const embedded = await embed(boxes, numbers[index]!)
        expect(embedded).toMatchObject({ sha256: analyses[index]!.sha256, width: 1920 })
        for (const [at, face] of embedded.faces.entries()) {
          expect(face).toMatchObject({ box: boxes[at], manual: true, alignedBy: 'landmarks' })
          expect(face.score).toBeGreaterThan(0.1)
          expect(face.crop!.byteLength).toBeGreaterThan(1000)
          expect(1 - similarity(face.embedding, faces[at]!.embedding)).toBeLessThan(0.35)
          const others = faces.filter((_, other) => other !== at)
          for (const other of others)
            expect(1 - similarity(face.embedding, other.embedding)).toBeGreaterThan(0.5)
        }
      }
    },
  )

  it('has landmarks in it, and the quality of what is in it', async () => {
    const [face] = analyses[5]!.faces
    const [again] = (await embed([face!.box])).faces
    for (const [index, { x, y }] of again!.landmarks.entries()) {
      const expected = face!.landmarks[index]!
      expect(Math.hypot(x - expected.x, y - expected.y)).toBeLessThan(0.08 * face!.box.w)
    }
    expect(again!.quality.value).toBeCloseTo(face!.quality.value, 1)
  })
})

describe('a box without a face', () => {
  it('is aligned by the box, says so, and is near to nobody', async () => {
    const box = { x: 40, y: 40, w: 90, h: 110 }
    const [face] = (await embed([box])).faces
    expect(face).toMatchObject({ box, score: 0, manual: true, alignedBy: 'box' })
    for (const { x, y } of face!.landmarks) {
      expect(x > box.x && x < box.x + box.w && y > box.y && y < box.y + box.h).toBe(true)
    }
    expect(face!.quality).toMatchObject({ yawDegrees: expect.closeTo(0, 0), sizePx: 90 })
    for (const other of analyses[5]!.faces)
      expect(1 - similarity(face!.embedding, other.embedding)).toBeGreaterThan(0.5)
  })
})

describe('a box that cannot be a face', () => {
  it.each<[string, Box, string]>([
    ['outside', { x: 5000, y: 10, w: 100, h: 100 }, 'half'],
    ['of no size', { x: 10, y: 10, w: 0, h: 0 }, 'pixels'],
    ['of five pixels', { x: 10, y: 10, w: 5, h: 5 }, 'pixels'],
    ['far larger than the photo', { x: -9000, y: -9000, w: 20_000, h: 20_000 }, 'half'],
  ])('%s is refused with the reason, and the others with it', async (_, box, reason) => {
    const answer = embed([analyses[5]!.faces[0]!.box, box])
    await expect(answer).rejects.toMatchObject({
      code: 'invalid-argument',
      message: expect.stringContaining(reason) as string,
      detail: expect.stringContaining(`${box.x}`) as string,
    })
  })

  it('of NaN or without an end does not get past the protocol', async () => {
    for (const x of [Number.NaN, Number.POSITIVE_INFINITY]) {
      const answer = embed([{ x, y: 10, w: 100, h: 100 }])
      await expect(answer).rejects.toMatchObject({ code: 'invalid-argument' })
    }
    await expect(embed([])).rejects.toMatchObject({ code: 'invalid-argument' })
  })

  it('leaves the process as it was', async () => {
    const source = { path: 'nowhere.jpg' }
    const boxes = [{ x: 0, y: 0, w: 50, h: 50 }]
    const answer = vision.request('embedBoxes', { source, flip: false, boxes })
    await expect(answer).rejects.toMatchObject({ code: 'file-missing' })
    expect((await vision.analyse(path)).faces).toHaveLength(4)
  })
})

it('is cancelled', async () => {
  const id = vision.nextId
  const boxes = Array.from({ length: 20 }, () => analyses[5]!.faces[0]!.box)
  const answer = embed(boxes)
  vision.post({ type: 'cancel', id })
  await expect(answer).rejects.toMatchObject({ code: 'cancelled' })
})
