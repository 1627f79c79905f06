/** Where a face's landmarks are when only its box is known. Pure maths; vision process. */
import type { Box, Landmarks } from '../../../src-shared/geometry'

/**
 * [Note: Alignment by box] The landmarks of the template, carried into the box: the template's square of `templatePx` has the
 * side `squareSide` · √(w · h), and its centre lies `squareDrop` · √(w · h) below the centre of the box; upright, because a box says
 * nothing of how a head is turned. Both constants are means over detected faces that look ahead, see docs/recognition.md.
 */
const squareSide = 1.085
const squareDrop = -0.08

/** The landmarks of a face that fills `box` and looks ahead, by the template of the pack's embedder (`templatePx` square). */
export function landmarksOfBox(
  box: Box,
  template: readonly (readonly [number, number])[],
  templatePx: number,
): Landmarks {
  const size = Math.sqrt(box.w * box.h)
  const scale = (squareSide * size) / templatePx
  const centre = { x: box.x + box.w / 2, y: box.y + box.h / 2 + squareDrop * size }
  const point = (index: number) => {
    const [x, y] = template[index]!
    return { x: centre.x + scale * (x - templatePx / 2), y: centre.y + scale * (y - templatePx / 2) }
  }
  return [point(0), point(1), point(2), point(3), point(4)]
}
