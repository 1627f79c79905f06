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

/**
 * Carries photo points to pixel points. A similarity has one scale, the mean of the two: over a face the difference is
 * far below a pixel.
 */
export function photoToPixels(pixels: PhotoPixels): Similarity {
  const scale = (pixels.scaleX + pixels.scaleY) / 2
  return { a: scale, b: 0, tx: -scale * pixels.originX, ty: -scale * pixels.originY }
}

/** A box that is `factor` times as large and offset by (`dx`, `dy`) after scaling. */
export function scaleBox(box: Box, factor: number, dx = 0, dy = 0): Box {
  return { x: box.x * factor + dx, y: box.y * factor + dy, w: box.w * factor, h: box.h * factor }
}

/** The same for landmarks. */
export function scaleLandmarks(landmarks: Landmarks, factor: number, dx = 0, dy = 0): Landmarks {
  const move = (point: Point): Point => ({ x: point.x * factor + dx, y: point.y * factor + dy })
  const [a, b, c, d, e] = landmarks
  return [move(a), move(b), move(c), move(d), move(e)]
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
