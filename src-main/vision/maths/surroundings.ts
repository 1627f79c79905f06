/** What a liveness model sees of a face: a part of the photo, sampled as it was when the model was trained. Pure; vision process. */
import type { Box } from '../../../src-shared/geometry'
import type { PhotoPixels, Pixels } from './pixels'

/**
 * The box enlarged about its centre by `times`, as far as the photo allows, and pushed into the photo; whole pixels. As the
 * package `faceplugin@1.0.3` (`lib/fr_liveness.js`) has it, after Silent-Face-Anti-Spoofing.
 */
export function surroundingsOf(
  box: Box,
  photo: { readonly width: number; readonly height: number },
  times: number,
): Box {
  const scale = Math.min((photo.width - 1) / box.w, (photo.height - 1) / box.h, times)
  const [w, h] = [box.w * scale, box.h * scale]
  const x = Math.min(Math.max(box.x + box.w / 2 - w / 2, 0), photo.width - 1 - w)
  const y = Math.min(Math.max(box.y + box.h / 2 - h / 2, 0), photo.height - 1 - h)
  const [left, top] = [Math.max(0, Math.floor(x)), Math.max(0, Math.floor(y))]
  return { x: left, y: top, w: Math.max(1, Math.floor(w)), h: Math.max(1, Math.floor(h)) }
}

/**
 * The region, in photo points, as `width` × `height` pixels: each between the four nearest, as OpenCV's `INTER_LINEAR` does it.
 * On purpose without smoothing where it shrinks: the model tells screens by what smoothing takes away.
 */
export function sampleRegion(
  { data, width: sourceWidth, height: sourceHeight, originX, originY, scaleX, scaleY }: PhotoPixels,
  region: Box,
  width: number,
  height: number,
): Pixels {
  const sampled = new Uint8Array(3 * width * height)
  const place = (
    at: number,
    from: number,
    size: number,
    steps: number,
    origin: number,
    scale: number,
    end: number,
  ) => {
    const point = (from + ((at + 0.5) * size) / steps - origin) * scale - 0.5
    const inside = Math.min(Math.max(point, 0), end - 1)
    const low = Math.floor(inside)
    return { low, high: Math.min(low + 1, end - 1), part: inside - low }
  }
  const columns = Array.from({ length: width }, (_, x) =>
    place(x, region.x, region.w, width, originX, scaleX, sourceWidth),
  )
  let to = 0
  for (let y = 0; y < height; y += 1) {
    const row = place(y, region.y, region.h, height, originY, scaleY, sourceHeight)
    const [above, below] = [row.low * sourceWidth, row.high * sourceWidth]
    for (const { low, high, part } of columns) {
      for (let channel = 0; channel < 3; channel += 1) {
        const at = (line: number, column: number) => data[3 * (line + column) + channel]!
        const upper = at(above, low) * (1 - part) + at(above, high) * part
        const lower = at(below, low) * (1 - part) + at(below, high) * part
        sampled[to] = Math.round(upper * (1 - row.part) + lower * row.part)
        to += 1
      }
    }
  }
  return { data: sampled, width, height }
}
