/** From histograms to the shapes of the chart: pure geometry, pixels. Renderer. */
import type { Histogram } from '../../../src-shared/calibration'

export const chartSize = { width: 720, height: 250 } as const
export const plot = { left: 12, right: 708, top: 46, bottom: 212 } as const

/** The greatest distance shown: where the last of the counts and every line has room, in tenths, 0.6 … 1.4. */
export function rangeEnd(histograms: readonly Histogram[], distance: number): number {
  const last = Math.max(
    ...histograms.map(({ width, counts }) => (counts.findLastIndex((count) => count > 0) + 1) * width),
    distance + 0.05,
  )
  return Math.min(1.4, Math.max(0.6, Math.ceil(last * 10) / 10))
}

/** The pixel of a distance where `end` is the greatest. */
export function xOf(distance: number, end: number): number {
  return plot.left + (distance / end) * (plot.right - plot.left)
}

/** The distance of a pixel, in hundredths, 0 … `end`. */
export function distanceOfX(x: number, end: number): number {
  const distance = ((x - plot.left) / (plot.right - plot.left)) * end
  return clampedDistance(distance, end)
}

export function clampedDistance(distance: number, end: number): number {
  return Math.round(Math.min(end, Math.max(0, distance)) * 100) / 100
}

/** The path over the bins, each histogram as high as the plot; empty where nothing was counted. */
export function histogramPath({ width, counts }: Histogram, end: number): string {
  const most = Math.max(...counts)
  if (!(most > 0)) return ''
  const steps = counts
    .slice(0, Math.ceil(end / width - 1e-9))
    .map((count, bin) => {
      const y = plot.bottom - (count / most) * (plot.bottom - plot.top)
      return `V${y.toFixed(1)}H${xOf(Math.min(end, (bin + 1) * width), end).toFixed(1)}`
    })
    .join('')
  return `M${plot.left} ${plot.bottom}${steps}V${plot.bottom}Z`
}

/** Marks of the axis, every 0.2. */
export function ticks(end: number): number[] {
  return Array.from({ length: Math.floor(end / 0.2 + 1e-9) + 1 }, (_, step) => step / 5)
}
