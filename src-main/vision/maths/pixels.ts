/** Pixels in memory, and where in the photo they lie. Pure; vision process. */
import type { Box, Landmarks, Point } from '../../../src-shared/geometry'
import type { Similarity } from './similarity'

/** An RGB picture: `data[3 · (y · width + x)]` is the red of column x, row y; 8 bits each. */
export interface Pixels {
  readonly data: Uint8Array
  readonly width: number
  readonly height: number
}

/**
 * Pixels of a part of the upright photo: photo point (x, y) lies at (`scaleX`·(x − `originX`), `scaleY`·(y − `originY`)).
 * The scales are 1 for full resolution, less for a shrunk picture; they differ by rounding only.
 */
export interface PhotoPixels extends Pixels {
  readonly originX: number
  readonly originY: number
  readonly scaleX: number
  readonly scaleY: number
}

/** Pixels for a photo's pixel, the mean over the axes; 1 or less. */
export function meanScale(pixels: PhotoPixels): number {
  return (pixels.scaleX + pixels.scaleY) / 2
}

/**
 * Carries photo points to pixel points, exactly at `centre` (a photo point). A similarity has one scale, the mean of the two:
 * over a face the difference is far below a pixel, but not over the whole photo.
 */
export function photoToPixels(pixels: PhotoPixels, centre: Point): Similarity {
  const scale = meanScale(pixels)
  return {
    a: scale,
    b: 0,
    tx: pixels.scaleX * (centre.x - pixels.originX) - scale * centre.x,
    ty: pixels.scaleY * (centre.y - pixels.originY) - scale * centre.y,
  }
}

/** From one picture's points to another's: (x, y) → (`scaleX` · x + `x`, `scaleY` · y + `y`). */
export interface Placement {
  readonly scaleX: number
  readonly scaleY: number
  readonly x: number
  readonly y: number
}

/** From pixel points to the photo's. */
export function pixelsToPhoto({ originX, originY, scaleX, scaleY }: PhotoPixels): Placement {
  return { scaleX: 1 / scaleX, scaleY: 1 / scaleY, x: originX, y: originY }
}

export function placePoint(point: Point, to: Placement): Point {
  return { x: to.scaleX * point.x + to.x, y: to.scaleY * point.y + to.y }
}

export function placeLandmarks(landmarks: Landmarks, to: Placement): Landmarks {
  const [a, b, c, d, e] = landmarks
  return [placePoint(a, to), placePoint(b, to), placePoint(c, to), placePoint(d, to), placePoint(e, to)]
}

export function placeBox(box: Box, to: Placement): Box {
  return { ...placePoint(box, to), w: to.scaleX * box.w, h: to.scaleY * box.h }
}

/** The smallest box around all of them. Precondition: at least one. */
export function enclosingBox(boxes: readonly Box[]): Box {
  const x = Math.min(...boxes.map((box) => box.x))
  const y = Math.min(...boxes.map((box) => box.y))
  return {
    x,
    y,
    w: Math.max(...boxes.map((box) => box.x + box.w)) - x,
    h: Math.max(...boxes.map((box) => box.y + box.h)) - y,
  }
}
