/** One photo from bytes to faces with embeddings. Vision process. */
import type { EmbeddedFace } from '../../src-shared/face'
import type { AnalyseParams, AnalyseResult } from '../../src-shared/vision-protocol'
import { detectFaces, lookCloser } from './detect'
import {
  alignment,
  cropPx,
  type FaceSquare,
  facePixels,
  fromPixels,
  uprightCrop,
  workingShrink,
} from './face-pixels'
import type { Engine } from './inference/engine'
import { perceptualHash } from './maths/perceptual-hash'
import { assessQuality } from './maths/quality'
import { warp } from './maths/warp'
import { openPhoto } from './photo/photo'
import { readSource } from './photo/source'
import { encodeJpeg } from './pictures'
import type { Stages } from './stages'

/** Quality of thumbnails and crops, 1 … 100. */
const smallPictureQuality = 85

/** Decodes, detects, aligns and embeds. Raises what reading and decoding raise, and `cancelled`. */
export async function analysePhoto(
  engine: Engine,
  params: AnalyseParams,
  stages: Stages,
): Promise<AnalyseResult> {
  const bytes = await stages.time('read', () => readSource(params.source))
  const photo = await stages.time('decode', () => openPhoto(bytes, stages.beforeBlocking))
  const { detector, embedder } = engine.pack
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

  const squares = detections.map(({ box, landmarks }): FaceSquare => {
    const square = { transform: alignment(landmarks, embedder.template), size: embedder.input.width }
    const around = { transform: uprightCrop(box, landmarks), size: cropPx }
    return params.crops ? { ...square, around } : square
  })
  const sources = await stages.time('decode', () => facePixels(photo, working, squares))
  const aligned = await stages.time('align', () =>
    squares.map((square, index) => {
      const source = sources[index]!
      return warp(source, fromPixels(source, square), square.size)
    }),
  )
  const crops = await stages.time('align', async () => {
    const squareCrops = squares.flatMap(({ around }, index) => {
      const source = sources[index]!
      return around === undefined ? [] : [warp(source, fromPixels(source, around), cropPx)]
    })
    return Promise.all(squareCrops.map((crop) => encodeJpeg(crop, cropPx, smallPictureQuality)))
  })
  const thumbnail =
    params.thumbnailPx === 0
      ? undefined
      : await stages.time('align', () => encodeJpeg(working, params.thumbnailPx, smallPictureQuality))

  const embeddings = await stages.time('embed', () =>
    Promise.all(aligned.map((crop) => engine.embed(crop, params.flip))),
  )
  const faces = detections.map((detection, index): EmbeddedFace => {
    const picture = crops[index]
    return {
      ...detection,
      quality: assessQuality(detection.box, detection.landmarks, aligned[index]!),
      embedding: embeddings[index]!,
      ...(picture === undefined ? {} : { crop: picture }),
    }
  })
  return {
    ...photo.info,
    modelId: engine.modelId,
    perceptualHash: wholeHash,
    faces,
    ...(thumbnail === undefined ? {} : { thumbnail }),
    timings: stages.timings(),
  }
}
