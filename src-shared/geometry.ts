/** Boxes and points. Coordinates are pixels of the upright photo (EXIF orientation applied), origin top left. */
import { z } from 'zod'

const pointSchema = z.object({ x: z.number(), y: z.number() })
export type Point = z.infer<typeof pointSchema>

/** Top-left corner, width and height. May reach outside the photo where a face is cut by its edge. */
export const boxSchema = z.object({
  x: z.number(),
  y: z.number(),
  w: z.number().nonnegative(),
  h: z.number().nonnegative(),
})
export type Box = z.infer<typeof boxSchema>

/** A box that came from outside: four finite numbers. Whether it fits the photo, {@link boxFault} says. */
export const drawnBoxSchema = z.object(
  {
    x: z.number('A box is four numbers.'),
    y: z.number('A box is four numbers.'),
    w: z.number('A box is four numbers.'),
    h: z.number('A box is four numbers.'),
  },
  'A box is four numbers.',
)

/** The shorter side that a drawn box has at least, pixels: below, there is nothing to recognise anybody by. */
export const leastBoxPx = 12

/** Why a box cannot be a face of a photo of this size, one sentence; `undefined` where it can. */
export function boxFault({ x, y, w, h }: Box, photo: { width: number; height: number }): string | undefined {
  if (![x, y, w, h].every(Number.isFinite)) return 'A box is four numbers.'
  if (Math.min(w, h) < leastBoxPx) return `A box is at least ${leastBoxPx} × ${leastBoxPx} pixels.`
  const inside = overlapArea({ x, y, w, h }, { x: 0, y: 0, w: photo.width, h: photo.height })
  return inside < (w * h) / 2 ? 'At least half of a box has to be in the photo.' : undefined
}

/** Left eye, right eye, nose tip, left and right corner of the mouth, as the viewer sees them. */
export const landmarksSchema = z.tuple([pointSchema, pointSchema, pointSchema, pointSchema, pointSchema])
export type Landmarks = z.infer<typeof landmarksSchema>

/** Two boxes in one photo that overlap by this much (intersection over union) are the same face. */
export const sameFaceIou = 0.5

/** Intersection over union of two boxes, 0 … 1; 0 where both are empty. */
export function intersectionOverUnion(a: Box, b: Box): number {
  const intersection = overlapArea(a, b)
  return intersection === 0 ? 0 : intersection / (a.w * a.h + b.w * b.h - intersection)
}

/** Area that two boxes share. */
function overlapArea(a: Box, b: Box): number {
  const width = Math.min(a.x + a.w, b.x + b.w) - Math.max(a.x, b.x)
  const height = Math.min(a.y + a.h, b.y + b.h) - Math.max(a.y, b.y)
  return width <= 0 || height <= 0 ? 0 : width * height
}

/** Boxes that people draw are wider or narrower than a detector's, around the same face. */
const drawnIou = 0.3

/**
 * The detected face that a drawn box is around: the one that overlaps most, by IoU ≥ 0.3; else the only one with its centre
 * inside.
 */
export function faceInBox<F extends { readonly box: Box }>(faces: readonly F[], drawn: Box): F | undefined {
  const overlapping = mostOverlapping(faces, drawn, drawnIou)
  if (overlapping !== undefined) return overlapping
  const inside = faces.filter(({ box }) => {
    const [x, y] = [box.x + box.w / 2 - drawn.x, box.y + box.h / 2 - drawn.y]
    return x >= 0 && y >= 0 && x <= drawn.w && y <= drawn.h
  })
  return inside.length === 1 ? inside[0] : undefined
}

/** The face that overlaps a box most, by an IoU of `least` or more. */
export function mostOverlapping<F extends { readonly box: Box }>(
  faces: readonly F[],
  box: Box,
  least: number,
): F | undefined {
  let found: F | undefined
  let overlap = least
  for (const face of faces) {
    const own = intersectionOverUnion(face.box, box)
    if (own < overlap) continue
    found = face
    overlap = own
  }
  return found
}
