/** Finds the faces in decoded pixels: one look at the whole, or many at tiles. Vision process. */
import type { Engine } from './inference/engine'
import { type Detection, suppress } from './maths/detection'
import {
  type PhotoPixels,
  type Pixels,
  type Placement,
  pixelsToPhoto,
  placeBox,
  placeLandmarks,
} from './maths/pixels'
import { copyRegion, isCut, type TileLevel, tileLevel, tileLevels } from './maths/tiles'
import { sharp } from './native/sharp'
import type { Stages } from './stages'

/** Tiles overlap by this much: a face of half the size of the largest that must be whole in a tile, pixels. */
const tileOverlapPx = 96

/**
 * [Note: Second look] The default detector is sure of a face from about 40 pixels of its input on. Below, its score falls
 * quickly: fifty faces of 29 px score at most 0.35, and 0.98 or more at twice that size. So the first look is read down to
 * `hintScore`; where it holds anything smaller than `smallFacePx`, the photo is decoded and looked at once more, in tiles of
 * twice the scale. Photos without small faces cost nothing more; still smaller faces are what thorough mode is for.
 */
const hintScore = 0.15
const smallFacePx = 40
/** How much closer the second look is. */
const closer = 2

interface DetectionOptions {
  readonly minScore: number
  readonly thorough: boolean
}

interface FirstLook {
  /** In pixels of the photo, doubles suppressed. */
  readonly found: Detection[]
  /** The longer edge that the photo should have for a second look; absent where there is no need for one. */
  readonly secondLookPx?: number
}

/**
 * Faces of `pixels`: the whole photo, perhaps shrunk. In thorough mode tiles of all scales are looked at as well; they only
 * add: where a coarser look has found a face, that finding stays, so that thorough or not its embedding is the same.
 */
export async function detectFaces(
  engine: Engine,
  pixels: PhotoPixels,
  { minScore, thorough }: DetectionOptions,
  stages: Stages,
): Promise<FirstLook> {
  const fitted = await toInput(engine, pixels)
  stages.check()
  const hints = await engine.detect(fitted, Math.min(hintScore, minScore))
  const sure = hints.filter(({ score }) => score >= minScore)
  const seen = sure.map((detection) => place(detection, enlargement(fitted, pixels)))
  const found = suppress(toPhoto(seen, pixels), engine.pack.detector.nmsIou)
  if (thorough) {
    const tilePx = engine.pack.detector.input.width
    const levels = tileLevels(pixels.width, pixels.height, tilePx, tileOverlapPx)
    for (const level of levels.toReversed())
      await addFromTiles(engine, pixels, level, minScore, found, stages)
    return { found }
  }
  const isShrunk = (fitted.width / pixels.width) * pixels.scaleX < 1
  const holdsSmall = hints.some(({ box }) => Math.min(box.w, box.h) < smallFacePx)
  const fittedEdgePx = Math.max(fitted.width, fitted.height)
  return isShrunk && holdsSmall ? { found, secondLookPx: closer * fittedEdgePx } : { found }
}

/** Faces of one look at `pixels`, part of a photo, scaled to the detector's input; in pixels of the photo, doubles suppressed. */
export async function detectOnce(
  engine: Engine,
  pixels: PhotoPixels,
  minScore: number,
): Promise<Detection[]> {
  const fitted = await toInput(engine, pixels)
  const found = await engine.detect(fitted, minScore)
  const seen = found.map((detection) => place(detection, enlargement(fitted, pixels)))
  return suppress(toPhoto(seen, pixels), engine.pack.detector.nmsIou)
}

/** The picture at the largest size that the detector's input holds. */
function toInput(engine: Engine, pixels: Pixels): Promise<Pixels> {
  const { input } = engine.pack.detector
  const scale = Math.min(input.width / pixels.width, input.height / pixels.height)
  return resize(pixels, Math.round(pixels.width * scale), Math.round(pixels.height * scale))
}

/** [Note: Second look] Adds to `found` what is seen in tiles of `pixels` shrunk to `edgePx`, or as they are where they are smaller. */
export async function lookCloser(
  engine: Engine,
  pixels: PhotoPixels,
  edgePx: number,
  minScore: number,
  found: Detection[],
  stages: Stages,
): Promise<void> {
  const scale = Math.min(1, edgePx / Math.max(pixels.width, pixels.height))
  const tilePx = engine.pack.detector.input.width
  const level = tileLevel(pixels.width, pixels.height, scale, tilePx, tileOverlapPx)
  await addFromTiles(engine, pixels, level, minScore, found, stages)
}

async function addFromTiles(
  engine: Engine,
  pixels: PhotoPixels,
  level: TileLevel,
  minScore: number,
  found: Detection[],
  stages: Stages,
): Promise<void> {
  const more = await detectInTiles(engine, pixels, level, minScore, stages)
  found.push(...suppress(toPhoto(more, pixels), engine.pack.detector.nmsIou, found))
}

function toPhoto(detections: readonly Detection[], pixels: PhotoPixels): Detection[] {
  return detections.map((detection) => place(detection, pixelsToPhoto(pixels)))
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
    const detections = await engine.detect(copyRegion(picture, tile), minScore)
    for (const detection of detections) {
      if (isCut(detection.box, tile, level)) continue
      const { scaleX, scaleY } = enlargement(level, pixels)
      found.push(place(detection, { scaleX, scaleY, x: scaleX * tile.x, y: scaleY * tile.y }))
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

interface Size {
  readonly width: number
  readonly height: number
}

/** The axes differ by the rounding of the smaller size; over a whole photo that is several pixels. */
function enlargement(from: Size, to: Size): Placement {
  return { scaleX: to.width / from.width, scaleY: to.height / from.height, x: 0, y: 0 }
}

function place(detection: Detection, to: Placement): Detection {
  return {
    box: placeBox(detection.box, to),
    landmarks: placeLandmarks(detection.landmarks, to),
    score: detection.score,
  }
}
