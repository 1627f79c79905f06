/** Lays overlapping tiles over a large picture, so that small faces are seen at full size. Pure maths; vision process. */
import type { Box } from '../../../src-shared/geometry'
import type { Pixels } from './pixels'

/** One look at the picture: shrunk by `scale` (0 … 1), in tiles of the detector's input size. */
export interface TileLevel {
  readonly scale: number
  /** Pixels of the shrunk picture. */
  readonly width: number
  readonly height: number
  readonly tiles: readonly Box[]
}

/**
 * Levels of a `width` × `height` picture, from full size down by halves, until one tile of `tilePx` would show it all.
 *
 * Tiles overlap by at least `overlapPx`. A face larger than that may be cut by every tile of a level, but has half the
 * size at the next one: each face is whole in some tile as long as it is whole in the picture.
 */
export function tileLevels(width: number, height: number, tilePx: number, overlapPx: number): TileLevel[] {
  const levels: TileLevel[] = []
  for (let scale = 1; Math.max(width, height) * scale > tilePx; scale /= 2) {
    levels.push(tileLevel(width, height, scale, tilePx, overlapPx))
  }
  return levels
}

/** The level of a `width` × `height` picture at one scale, 0 … 1: see {@link tileLevels}. */
export function tileLevel(
  width: number,
  height: number,
  scale: number,
  tilePx: number,
  overlapPx: number,
): TileLevel {
  const [levelWidth, levelHeight] = [Math.round(width * scale), Math.round(height * scale)]
  const tiles = starts(levelHeight, tilePx, overlapPx).flatMap((y) =>
    starts(levelWidth, tilePx, overlapPx).map((x) => ({
      x,
      y,
      w: Math.min(tilePx, levelWidth),
      h: Math.min(tilePx, levelHeight),
    })),
  )
  return { scale, width: levelWidth, height: levelHeight, tiles }
}

/** Evenly spread starts of as few tiles as cover `length` with the overlap. */
function starts(length: number, tilePx: number, overlapPx: number): number[] {
  if (length <= tilePx) return [0]
  const count = Math.ceil((length - overlapPx) / (tilePx - overlapPx))
  return Array.from({ length: count }, (_, index) => Math.round((index * (length - tilePx)) / (count - 1)))
}

/** Whether `box` (pixels of the tile) reaches an edge of the tile that is not an edge of the level. */
export function isCut(box: Box, tile: Box, level: TileLevel): boolean {
  return (
    (box.x < 1 && tile.x > 0) ||
    (box.y < 1 && tile.y > 0) ||
    (box.x + box.w > tile.w - 1 && tile.x + tile.w < level.width) ||
    (box.y + box.h > tile.h - 1 && tile.y + tile.h < level.height)
  )
}

/** The part of the picture under `box`. Precondition: whole pixels, inside the picture. */
export function copyRegion(source: Pixels, box: Box): Pixels {
  const data = new Uint8Array(box.w * box.h * 3)
  for (let row = 0; row < box.h; row++) {
    const from = ((box.y + row) * source.width + box.x) * 3
    data.set(source.data.subarray(from, from + box.w * 3), row * box.w * 3)
  }
  return { data, width: box.w, height: box.h }
}
