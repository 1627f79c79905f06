/** From figures over time to the shapes of a chart: pure geometry, pixels. Renderer. */

export const chartSize = { width: 720, height: 190 } as const
export const plot = { left: 74, right: 704, top: 14, bottom: 158 } as const

/** A figure at a moment (Unix ms); `null`: there was none. */
export interface Point {
  readonly at: number
  readonly value: number | null
}

/** The values that a chart has room for. */
export interface Range {
  readonly from: number
  readonly to: number
}

export const xOf = (at: number, { from, to }: Range): number =>
  plot.left + ((at - from) / Math.max(1, to - from)) * (plot.right - plot.left)

/** Values beyond the range lie on its edge. */
export function yOf(value: number, { from, to }: Range): number {
  const share = Math.min(1, Math.max(0, (value - from) / (to - from)))
  return plot.bottom - share * (plot.bottom - plot.top)
}

/** Parts from a floor that shows what differs, up to 1. */
export function partRange(values: readonly number[]): Range {
  const least = Math.min(1, ...values)
  const from = [0.98, 0.95, 0.9, 0.8, 0.5].find((floor) => floor <= least) ?? 0
  return { from, to: 1 }
}

/** Amounts from 0 to the next round one: 1, 2 or 5 and noughts. */
export function amountRange(values: readonly number[]): Range {
  const most = Math.max(1, ...values)
  const power = 10 ** Math.floor(Math.log10(most))
  const to = [1, 2, 5, 10].map((step) => step * power).find((end) => end >= most)
  return { from: 0, to: to ?? 10 * power }
}

/** The path through the points; it stops where nothing was measured in between (`gapMs`). */
export function linePath(points: readonly Point[], time: Range, range: Range, gapMs: number): string {
  const known = points.filter((point) => point.value !== null)
  let before: number | undefined
  return known
    .map(({ at, value }) => {
      const place = `${xOf(at, time).toFixed(1)} ${yOf(value ?? 0, range).toFixed(1)}`
      const joined = before !== undefined && at - before <= gapMs
      before = at
      return `${joined ? 'L' : 'M'}${place}`
    })
    .join('')
}

const marksAcross = 4

/** Five marks from end to end. */
export function marks({ from, to }: Range, amount = marksAcross): number[] {
  return Array.from({ length: amount + 1 }, (_, step) => from + ((to - from) * step) / amount)
}

/** A time at an axis that ends at `end`, milliseconds; all marks of it alike in unit and decimals: `0.0 ms`, `12.5 ms`, `25.0 ms`. */
export function timeMark(ms: number, { to }: Range): string {
  const [unitMs, unit] = to >= 1000 ? [1000, 's'] : [1, 'ms']
  const step = to / unitMs / marksAcross
  const decimals = [0, 1].find((digits) => Number(step.toFixed(digits)) === step) ?? 2
  return `${(ms / unitMs).toFixed(decimals)} ${unit}`
}

/** The point whose moment is nearest to a pixel; `undefined` where there is none. */
export function nearestPoint<P extends { readonly at: number }>(
  points: readonly P[],
  x: number,
  time: Range,
): P | undefined {
  let best: P | undefined
  for (const point of points) {
    if (best === undefined || Math.abs(xOf(point.at, time) - x) < Math.abs(xOf(best.at, time) - x))
      best = point
  }
  return best
}
