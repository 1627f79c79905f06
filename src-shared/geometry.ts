/** Boxes and points. Coordinates are pixels of the upright photo (EXIF orientation applied), origin top left. */
import { z } from 'zod'

export const pointSchema = z.object({ x: z.number(), y: z.number() })
export type Point = z.infer<typeof pointSchema>

/** Top-left corner, width and height. May reach outside the photo where a face is cut by its edge. */
export const boxSchema = z.object({
  x: z.number(),
  y: z.number(),
  w: z.number().nonnegative(),
  h: z.number().nonnegative(),
})
export type Box = z.infer<typeof boxSchema>

/** Left eye, right eye, nose tip, left and right corner of the mouth, as the viewer sees them. */
export const landmarksSchema = z.tuple([pointSchema, pointSchema, pointSchema, pointSchema, pointSchema])
export type Landmarks = z.infer<typeof landmarksSchema>

/** Two boxes in one photo that overlap by this much (intersection over union) are the same face. */
export const sameFaceIou = 0.5

/** Intersection over union of two boxes, 0 … 1; 0 where both are empty. */
export function intersectionOverUnion(a: Box, b: Box): number {
  const width = Math.min(a.x + a.w, b.x + b.w) - Math.max(a.x, b.x)
  const height = Math.min(a.y + a.h, b.y + b.h) - Math.max(a.y, b.y)
  if (width <= 0 || height <= 0) return 0
  const intersection = width * height
  return intersection / (a.w * a.h + b.w * b.h - intersection)
}
