/** How likely faces are real ones and no prints or screens; only where the pack's optional model is here. Vision process. */
import type { Box } from '../../src-shared/geometry'
import type { Engine } from './inference/engine'
import { enclosingBox } from './maths/pixels'
import { sampleRegion, surroundingsOf } from './maths/surroundings'
import type { Photo } from './photo/photo'
import type { Stages } from './stages'

/** All faces come out of one decoding of at most so many pixels; else each is decoded by itself. */
const sharedPixels = 16_000_000

/** One a box, 0 … 1; `undefined` without the model. Photo pixels are decoded in full: shrinking takes away what tells a screen. */
export async function realFaces(
  engine: Engine,
  photo: Photo,
  boxes: readonly Box[],
  stages: Stages,
): Promise<(number | undefined)[]> {
  const { liveness } = engine.pack
  if (liveness === undefined || !engine.summary.tellsReal || boxes.length === 0)
    return boxes.map(() => undefined)
  const { input, surroundings } = liveness
  const regions = boxes.map((box) => surroundingsOf(box, photo.info, surroundings))
  const all = enclosingBox(regions)
  const decode = (region: Box) => stages.time('decode', () => photo.pixels(1, region))
  const shared = all.w * all.h <= sharedPixels ? await decode(all) : undefined
  const likelihoods: number[] = []
  for (const region of regions) {
    const pixels = shared ?? (await decode(region))
    const seen = await stages.time('align', () => sampleRegion(pixels, region, input.width, input.height))
    likelihoods.push(await stages.time('embed', () => engine.real(seen)))
  }
  return likelihoods
}
