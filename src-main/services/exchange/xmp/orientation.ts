/** Boxes as shares of a photo, in the frame it is stored in and in the upright one. Main and the command line; pure. */
import type { Box } from '../../../../src-shared/geometry'

/**
 * EXIF's orientation, 1 … 8 (CIPA DC-008, tag 0x0112): what has to be done to the stored pixels before they are upright.
 * 6 and 8 turn by a quarter, 5 and 7 turn and mirror.
 */
export type Orientation = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8

/** Whether width and height change places on the way to the upright photo. */
export function isSideways(orientation: Orientation): boolean {
  return orientation >= 5
}

/** Where a point of the stored photo is in the upright one; both as shares, 0 … 1. */
const upright: Readonly<Record<Orientation, (x: number, y: number) => readonly [number, number]>> = {
  1: (x, y) => [x, y],
  2: (x, y) => [1 - x, y],
  3: (x, y) => [1 - x, 1 - y],
  4: (x, y) => [x, 1 - y],
  5: (x, y) => [y, x],
  6: (x, y) => [1 - y, x],
  7: (x, y) => [1 - y, 1 - x],
  8: (x, y) => [y, 1 - x],
}

/** A box of the stored photo in the upright one. */
export function toUpright(box: Box, orientation: Orientation): Box {
  return mapped(box, upright[orientation])
}

/** A box of the upright photo in the stored one. */
export function toStored(box: Box, orientation: Orientation): Box {
  // A quarter turn is taken back by the other one; everything else by itself.
  return mapped(box, upright[orientation === 6 ? 8 : orientation === 8 ? 6 : orientation])
}

function mapped({ x, y, w, h }: Box, map: (x: number, y: number) => readonly [number, number]): Box {
  const [x1, y1] = map(x, y)
  const [x2, y2] = map(x + w, y + h)
  return { x: Math.min(x1, x2), y: Math.min(y1, y2), w: Math.abs(x2 - x1), h: Math.abs(y2 - y1) }
}
