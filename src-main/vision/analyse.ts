/** One photo from bytes to faces with embeddings. Vision process. */
import type { AnalyseParams, AnalyseResult } from '../../src-shared/vision-protocol'
import { detectFaces, lookCloser } from './detect'
import { embedFaces } from './embed-faces'
import { workingShrink } from './face-pixels'
import type { Engine } from './inference/engine'
import { perceptualHash } from './maths/perceptual-hash'
import { openPhoto } from './photo/photo'
import { readSource } from './photo/source'
import { encodeJpeg, smallPictureQuality } from './pictures'
import type { Stages } from './stages'

/** Decodes, detects, aligns and embeds. Raises what reading and decoding raise, and `cancelled`. */
export async function analysePhoto(
  engine: Engine,
  params: AnalyseParams,
  stages: Stages,
): Promise<AnalyseResult> {
  const bytes = await stages.time('read', () => readSource(params.source))
  const photo = await stages.time('decode', () => openPhoto(bytes, stages.beforeBlocking))
  const { detector } = engine.pack
  const decode = (edgePx: number) =>
    stages.time('decode', () => photo.pixels(workingShrink(photo, edgePx, params.thorough)))
  let working = await decode(Math.max(detector.input.width, detector.input.height, params.thumbnailPx))

  const wholeHash = await stages.time('align', () => perceptualHash(working))
  const options = { minScore: params.minScore ?? detector.minScore, thorough: params.thorough }
  const { found: detections, secondLookPx } = await stages.time('detect', () =>
    detectFaces(engine, working, options, stages),
  )
  if (secondLookPx !== undefined) {
    working = await decode(secondLookPx)
    await stages.time('detect', () =>
      lookCloser(engine, working, secondLookPx, options.minScore, detections, stages),
    )
  }
  detections.sort((a, b) => b.box.w * b.box.h - a.box.w * a.box.h)

  const faces = await embedFaces(engine, photo, working, detections, params, stages)
  const thumbnail =
    params.thumbnailPx === 0
      ? undefined
      : await stages.time('align', () => encodeJpeg(working, params.thumbnailPx, smallPictureQuality))
  return {
    ...photo.info,
    modelId: engine.modelId,
    perceptualHash: wholeHash,
    faces,
    ...(thumbnail === undefined ? {} : { thumbnail }),
    timings: stages.timings(),
  }
}
