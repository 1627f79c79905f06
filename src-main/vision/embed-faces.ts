/** From faces whose places are known to their embeddings, quality and crops. Vision process. */
import type { EmbeddedFace } from '../../src-shared/face'
import { alignment, cropPx, type FaceSquare, facePixels, fromPixels, uprightCrop } from './face-pixels'
import type { Engine } from './inference/engine'
import type { Detection } from './maths/detection'
import type { PhotoPixels } from './maths/pixels'
import { assessQuality } from './maths/quality'
import { warp } from './maths/warp'
import type { Photo } from './photo/photo'
import { encodeJpeg, smallPictureQuality } from './pictures'
import { realFaces } from './real-faces'
import type { Stages } from './stages'

/**
 * Aligns and embeds faces of a photo, in their order.
 *
 * @param working pixels that show them all, perhaps too coarsely for some
 * @param flip whether to average with the embedding of the mirror image
 * @param crops whether to cut a crop of each
 */
export async function embedFaces(
  engine: Engine,
  photo: Photo,
  working: PhotoPixels,
  detections: readonly Detection[],
  { flip, crops: wantsCrops }: { readonly flip: boolean; readonly crops: boolean },
  stages: Stages,
): Promise<EmbeddedFace[]> {
  const { embedder } = engine.pack
  const squares = detections.map(({ box, landmarks }): FaceSquare => {
    const square = { transform: alignment(landmarks, embedder.template), size: embedder.input.width }
    const around = { transform: uprightCrop(box, landmarks), size: cropPx }
    return wantsCrops ? { ...square, around } : square
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
  const embeddings = await stages.time('embed', () =>
    Promise.all(aligned.map((crop) => engine.embed(crop, flip))),
  )
  // Only faces that may join a person are asked for crops.
  const real = wantsCrops
    ? await realFaces(
        engine,
        photo,
        detections.map(({ box }) => box),
        stages,
      )
    : []
  return detections.map((detection, index): EmbeddedFace => {
    const picture = crops[index]
    const likelihood = real[index]
    return {
      ...detection,
      quality: assessQuality(detection.box, detection.landmarks, aligned[index]!),
      embedding: embeddings[index]!,
      ...(likelihood === undefined ? {} : { real: likelihood }),
      ...(picture === undefined ? {} : { crop: picture }),
    }
  })
}
