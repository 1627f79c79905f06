/** Where name chips go so that they stay in view and cover neither faces nor each other. Pure. Renderer. */
import type { Box } from '../../../src-shared/geometry'
import type { Size } from './viewport'

export interface ChipRequest {
  /** The face's box, loupe pixels. */
  readonly box: Box
  /** Size of the chip, loupe pixels. */
  readonly size: Size
}

interface ChipPlace {
  readonly x: number
  readonly y: number
}

const gapPx = 3
const edgePx = 4

/**
 * A place for each chip (its top-left corner, loupe pixels), in the order given; `undefined` where its face is out of
 * view. Each chip tries the four sides of its box and takes the place that covers least of other faces, earlier chips
 * and its own face; ties go to the first of below, above, right, left. Time: chips × (faces + chips).
 */
export function layoutChips(chips: readonly ChipRequest[], view: Size): (ChipPlace | undefined)[] {
  const placed: Box[] = []
  return chips.map((chip) => {
    if (!touches(chip.box, view)) return undefined
    let best: Box | undefined
    let least = Number.POSITIVE_INFINITY
    for (const place of places(chip, view)) {
      const cost =
        sum(chips, (other) => overlap(place, other.box) * (other === chip ? 2 : 1)) +
        sum(placed, (earlier) => overlap(place, earlier) * 4)
      if (cost < least) {
        best = place
        least = cost
      }
      if (cost === 0) break
    }
    if (best === undefined) return undefined
    placed.push(best)
    return { x: best.x, y: best.y }
  })
}

function places({ box, size }: ChipRequest, view: Size): Box[] {
  const middle = box.x + box.w / 2 - size.width / 2
  const level = box.y + box.h / 2 - size.height / 2
  const below = box.y + box.h + gapPx
  const above = box.y - size.height - gapPx
  return [
    [middle, below],
    [middle, above],
    [box.x, below],
    [box.x, above],
    [box.x + box.w + gapPx, level],
    [box.x - size.width - gapPx, level],
  ].map(([x = 0, y = 0]) => ({
    x: clamp(x, edgePx, view.width - size.width - edgePx),
    y: clamp(y, edgePx, view.height - size.height - edgePx),
    w: size.width,
    h: size.height,
  }))
}

function clamp(value: number, low: number, high: number): number {
  return Math.max(Math.min(value, high), low)
}

function touches(box: Box, view: Size): boolean {
  return box.x < view.width && box.y < view.height && box.x + box.w > 0 && box.y + box.h > 0
}

function overlap(a: Box, b: Box): number {
  const width = Math.min(a.x + a.w, b.x + b.w) - Math.max(a.x, b.x)
  const height = Math.min(a.y + a.h, b.y + b.h) - Math.max(a.y, b.y)
  return width > 0 && height > 0 ? width * height : 0
}

function sum<T>(values: readonly T[], of: (value: T) => number): number {
  return values.reduce((total, value) => total + of(value), 0)
}
