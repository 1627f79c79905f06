/** A box that is drawn, moved and resized, by pointer and by keys. Pure. Renderer. */
import { type Box, leastBoxPx, type Point } from '../../../src-shared/geometry'

/** The parts of a box that can be pulled, as compass points. */
export const handles = ['nw', 'n', 'ne', 'e', 'se', 's', 'sw', 'w'] as const
export type Handle = (typeof handles)[number]

/** A change by the keys: its direction, in screen pixels. */
export interface Nudge {
  readonly what: 'move' | 'resize'
  readonly x: number
  readonly y: number
}

/** The box between two points of the photo. */
export function boxBetween(a: Point, b: Point): Box {
  return whole({
    x: Math.min(a.x, b.x),
    y: Math.min(a.y, b.y),
    w: Math.abs(a.x - b.x),
    h: Math.abs(a.y - b.y),
  })
}

/** The box, moved by photo pixels. */
export function movedBox(box: Box, x: number, y: number): Box {
  return whole({ ...box, x: box.x + x, y: box.y + y })
}

/** The box, pulled at a handle by photo pixels; never smaller than a box may be. */
export function pulledBox(box: Box, handle: Handle, x: number, y: number): Box {
  const left = handle.includes('w') ? Math.min(box.x + x, box.x + box.w - leastBoxPx) : box.x
  const top = handle.includes('n') ? Math.min(box.y + y, box.y + box.h - leastBoxPx) : box.y
  const right = handle.includes('e') ? Math.max(box.x + box.w + x, box.x + leastBoxPx) : box.x + box.w
  const bottom = handle.includes('s') ? Math.max(box.y + box.h + y, box.y + leastBoxPx) : box.y + box.h
  return whole({ x: left, y: top, w: right - left, h: bottom - top })
}

/** The box after a key: by screen pixels at this scale (screen pixels for a photo pixel), at least by one photo pixel. */
export function editedBox(box: Box, { what, x, y }: Nudge, scale: number): Box {
  const step = Math.max(1, 1 / scale)
  return what === 'move' ? movedBox(box, x * step, y * step) : pulledBox(box, 'se', x * step, y * step)
}

/** Whole pixels of the photo. */
function whole({ x, y, w, h }: Box): Box {
  return { x: Math.round(x), y: Math.round(y), w: Math.round(w), h: Math.round(h) }
}

/** Where a handle is on a box. */
export function handleAt(box: Box, handle: Handle): Point {
  return {
    x: box.x + (handle.includes('w') ? 0 : handle.includes('e') ? box.w : box.w / 2),
    y: box.y + (handle.includes('n') ? 0 : handle.includes('s') ? box.h : box.h / 2),
  }
}
