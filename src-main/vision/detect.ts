/** Finds the faces in decoded pixels: one look at the whole, or many at tiles. Vision process. */
import type { Engine } from './inference/engine'
import { type Detection, suppress } from './maths/detection'
import { type PhotoPixels, type Pixels, scaleBox, scaleLandmarks } from './maths/pixels'
import { copyRegion, isCut, type TileLevel, tileLevels } from './maths/tiles'
import { sharp } from './native/sharp'
import type { Stages } from './stages'

/** Tiles overlap by this much: a face of half the size of the largest that must be whole in a tile, pixels. */
const tileOverlapPx = 96

/**
 * Faces in pixels of the photo, doubles suppressed. `pixels` is the whole photo, perhaps shrunk. Tiles only add: where a
 * coarser look has found a face, that finding stays, so that thorough or not its embedding is the same.
 */
export async function detectFaces(
  engine: Engine,
  pixels: PhotoPixels,
  options: { readonly minScore: number; readonly thorough: boolean },
  stages: Stages,
): Promise<Detection[]> {
  const { input, nmsIou } = engine.pack.detector
  const scale = Math.min(input.width / pixels.width, input.height / pixels.height)
  const fitted = await resize(pixels, Math.round(pixels.width * scale), Math.round(pixels.height * scale))
  stages.check()
  const seen = await engine.detect(fitted, options.minScore, stages.beforeBlocking)
  const factor = pixels.width / fitted.width
  const found = suppress(
    seen.map((detection) => scaled(detection, factor, 0, 0)),
    nmsIou,
  )
  if (options.thorough) {
    const levels = tileLevels(pixels.width, pixels.height, input.width, tileOverlapPx)
    for (const level of levels.toReversed()) {
      const more = await detectInTiles(engine, pixels, level, options.minScore, stages)
      found.push(...suppress(more, nmsIou, found))
    }
  }
  // One scale serves both axes: they differ by the rounding of the shrunk size, a fraction of a pixel over the photo.
  return found.map((detection) => scaled(detection, 1 / pixels.scaleX, pixels.originX, pixels.originY))
}

async function detectInTiles(
  engine: Engine,
  pixels: PhotoPixels,
  level: TileLevel,
  minScore: number,
  stages: Stages,
): Promise<Detection[]> {
  const picture = level.scale === 1 ? pixels : await resize(pixels, level.width, level.height)
  const found: Detection[] = []
  for (const tile of level.tiles) {
    stages.check()
    const detections = await engine.detect(copyRegion(picture, tile), minScore, stages.beforeBlocking)
    for (const detection of detections) {
      if (isCut(detection.box, tile, level)) continue
      const factor = pixels.width / level.width
      found.push(scaled(detection, factor, tile.x * factor, tile.y * factor))
    }
  }
  return found
}

async function resize(pixels: Pixels, width: number, height: number): Promise<Pixels> {
  if (width === pixels.width && height === pixels.height) return pixels
  const raw = { width: pixels.width, height: pixels.height, channels: 3 } as const
  const data = await sharp(pixels.data, { raw, limitInputPixels: false })
    .resize(Math.max(1, width), Math.max(1, height), { fit: 'fill', kernel: 'linear' })
    .raw()
    .toBuffer()
  return { data, width: Math.max(1, width), height: Math.max(1, height) }
}

function scaled(detection: Detection, factor: number, dx: number, dy: number): Detection {
  return {
    box: scaleBox(detection.box, factor, dx, dy),
    landmarks: scaleLandmarks(detection.landmarks, factor, dx, dy),
    score: detection.score,
  }
}
