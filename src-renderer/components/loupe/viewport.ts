/**
 * Where the loupe is on the photo: zoom, pan and the way from pixels of the photo to those of the loupe. Pure. Renderer.
 *
 * Frames: *photo* = pixels of the upright photo, origin top left; *loupe* = CSS pixels of the pane, origin top left.
 */
import type { Box, Point } from '../../../src-shared/geometry'

export interface Size {
  readonly width: number
  readonly height: number
}

export interface Viewport {
  /** Loupe pixels per photo pixel, > 0. */
  readonly scale: number
  /** The point of the photo in the middle of the loupe. */
  readonly centre: Point
}

/** `fit` = the whole photo; `actual` = one pixel of the photo is one of the loupe, around the chosen face. */
export type Zoom = 'fit' | 'actual' | Viewport

/** Loupe pixels left free around a photo that is shown whole. */
const marginPx = 16
const largestScale = 16

/** The whole photo in the middle; a small photo is not enlarged. */
export function fitView(photo: Size, loupe: Size): Viewport {
  const scale = Math.min(
    (loupe.width - 2 * marginPx) / photo.width,
    (loupe.height - 2 * marginPx) / photo.height,
    1,
  )
  return { scale: Math.max(scale, 1e-3), centre: { x: photo.width / 2, y: photo.height / 2 } }
}

/** The view that a zoom means for this photo and loupe. */
export function viewOf(zoom: Zoom, photo: Size, loupe: Size, focus?: Box): Viewport {
  const fit = fitView(photo, loupe)
  if (zoom === 'fit') return fit
  if (zoom === 'actual') {
    const centre = focus === undefined ? fit.centre : { x: focus.x + focus.w / 2, y: focus.y + focus.h / 2 }
    return withinPhoto({ scale: 1, centre }, photo, loupe)
  }
  return withinPhoto(zoom, photo, loupe)
}

/** Zooms so that what is under `at` (loupe pixels) stays there. Never smaller than the whole photo. */
export function zoomedAbout(view: Viewport, photo: Size, loupe: Size, factor: number, at: Point): Viewport {
  const smallest = Math.min(fitView(photo, loupe).scale, view.scale)
  const scale = Math.min(Math.max(view.scale * factor, smallest), largestScale)
  const fixed = toPhoto(view, loupe, at)
  const centre = {
    x: fixed.x - (at.x - loupe.width / 2) / scale,
    y: fixed.y - (at.y - loupe.height / 2) / scale,
  }
  return withinPhoto({ scale, centre }, photo, loupe)
}

/** Keeps the photo in the loupe: no gap on a side where the photo could fill it, centred where it cannot. */
export function withinPhoto(view: Viewport, photo: Size, loupe: Size): Viewport {
  const { scale, centre } = view
  return {
    scale,
    centre: {
      x: clampedCentre(centre.x, photo.width, loupe.width / scale),
      y: clampedCentre(centre.y, photo.height, loupe.height / scale),
    },
  }
}

function clampedCentre(centre: number, photo: number, shown: number): number {
  if (shown >= photo) return photo / 2
  return Math.min(Math.max(centre, shown / 2), photo - shown / 2)
}

/** From photo to loupe pixels. */
export function toLoupe({ scale, centre }: Viewport, loupe: Size, point: Point): Point {
  return {
    x: (point.x - centre.x) * scale + loupe.width / 2,
    y: (point.y - centre.y) * scale + loupe.height / 2,
  }
}

/** From loupe to photo pixels. */
export function toPhoto({ scale, centre }: Viewport, loupe: Size, point: Point): Point {
  return {
    x: (point.x - loupe.width / 2) / scale + centre.x,
    y: (point.y - loupe.height / 2) / scale + centre.y,
  }
}

/** A box of the photo in loupe pixels. */
export function boxInLoupe(view: Viewport, loupe: Size, box: Box): Box {
  const corner = toLoupe(view, loupe, box)
  return { x: corner.x, y: corner.y, w: box.w * view.scale, h: box.h * view.scale }
}
