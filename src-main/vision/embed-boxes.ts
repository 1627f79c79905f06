/** Boxes that somebody drew, embedded as faces. Vision process. */
import { VisorError } from '../../src-shared/errors'
import { type Box, boxFault, faceInBox } from '../../src-shared/geometry'
import type { EmbedBoxesParams, EmbedBoxesResult } from '../../src-shared/vision-protocol'
import { detectOnce } from './detect'
import { embedFaces } from './embed-faces'
import type { Engine } from './inference/engine'
import { landmarksOfBox } from './maths/box-landmarks'
import type { Detection } from './maths/detection'
import type { PhotoPixels } from './maths/pixels'
import { openPhoto, type Photo } from './photo/photo'
import { readSource } from './photo/source'
import type { Stages } from './stages'

/**
 * The detector sees the box with its surroundings: a square of so many of its longer sides, the second only where the first
 * shows no face. Measured: of 2, 2.5, 3.5, 5, 7 and 9 the 5 gave landmarks nearest to those of the whole photo.
 */
const surroundings = [5, 9] as const
/** Somebody saw a face here: this score is enough to take its landmarks. */
const leastScore = 0.1

/**
 * Embeds each box as one face. Its landmarks are those of the detection that fits the box best, where there is one; else they
 * follow from the box, [Note: Alignment by box]. Raises `invalid-argument` for a box that cannot be a face of the photo, what
 * reading and decoding raise, and `cancelled`.
 */
export async function embedBoxes(
  engine: Engine,
  params: EmbedBoxesParams,
  stages: Stages,
): Promise<EmbedBoxesResult> {
  const bytes = await stages.time('read', () => readSource(params.source))
  const photo = await stages.time('decode', () => openPhoto(bytes, stages.beforeBlocking))
  for (const box of params.boxes) check(box, photo)
  const faces: EmbedBoxesResult['faces'] = []
  for (const box of params.boxes) {
    const { pixels, found } = await lookInto(engine, photo, box, stages)
    const { template, input } = engine.pack.embedder
    const detection: Detection =
      found === undefined
        ? { box, landmarks: landmarksOfBox(box, template, input.width), score: 0 }
        : { ...found, box }
    const options = { flip: params.flip, crops: true }
    const [face] = await embedFaces(engine, photo, pixels, [detection], options, stages)
    faces.push({ ...face!, manual: true, alignedBy: found === undefined ? 'box' : 'landmarks' })
  }
  return { ...photo.info, modelId: engine.modelId, faces, timings: stages.timings() }
}

function check(box: Box, { info }: Photo): void {
  const fault = boxFault(box, info)
  if (fault === undefined) return
  const { x, y, w, h } = box
  throw new VisorError('invalid-argument', fault, {
    consequence: 'No face was made of it.',
    remedy: 'Draw the box around the face, inside the photo.',
    detail: `x ${x}, y ${y}, w ${w}, h ${h} in ${info.width} × ${info.height}`,
  })
}

/** The face that the box is around, and the pixels of the last look for it. */
async function lookInto(
  engine: Engine,
  photo: Photo,
  box: Box,
  stages: Stages,
): Promise<{ pixels: PhotoPixels; found: Detection | undefined }> {
  const look = async (sides: number) => {
    const pixels = await stages.time('decode', () => pixelsAround(engine, photo, box, sides))
    const seen = await stages.time('detect', () => detectOnce(engine, pixels, leastScore))
    return { pixels, found: faceInBox(seen, box) }
  }
  const first = await look(surroundings[0])
  return first.found === undefined ? look(surroundings[1]) : first
}

/** A square of the photo around the box, of so many of its longer sides, no finer than the detector's input. */
function pixelsAround(engine: Engine, photo: Photo, box: Box, sides: number): Promise<PhotoPixels> {
  const side = sides * Math.max(box.w, box.h)
  const region = { x: box.x + (box.w - side) / 2, y: box.y + (box.h - side) / 2, w: side, h: side }
  const { width, height } = engine.pack.detector.input
  return photo.pixels(Math.max(1, side / Math.min(width, height)), region)
}
