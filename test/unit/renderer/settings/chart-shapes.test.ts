/** The chart's geometry: distances and pixels, and the shapes of histograms. */
import { describe, expect, it } from 'vitest'
import {
  clampedDistance,
  distanceOfX,
  histogramPath,
  plot,
  rangeEnd,
  ticks,
  xOf,
} from '../../../../src-renderer/features/settings/chart-shapes'

describe('the axis', () => {
  it('gives a pixel its distance back, in hundredths, within its ends', () => {
    for (const distance of [0, 0.01, 0.37, 1.2]) expect(distanceOfX(xOf(distance, 1.2), 1.2)).toBe(distance)
    expect(distanceOfX(-50, 1.2)).toBe(0)
    expect(distanceOfX(5000, 1.2)).toBe(1.2)
    expect(clampedDistance(0.30000000000000004, 1)).toBe(0.3)
  })

  it('reaches as far as there are counts and lines', () => {
    const histogram = { width: 0.1, counts: [0, 4, 0, 0, 0, 0, 0, 2, 0, 0] }
    expect(rangeEnd([histogram], 0.4)).toBeCloseTo(0.8, 9)
    expect(rangeEnd([histogram], 0.93)).toBeCloseTo(1, 9)
    expect(rangeEnd([{ width: 0.1, counts: [1] }], 0.1)).toBe(0.6)
    expect(rangeEnd([histogram], 2)).toBe(1.4)
    expect(ticks(0.8)).toEqual([0, 0.2, 0.4, 0.6, 0.8])
  })
})

describe('a histogram', () => {
  it('reaches the top of the plot with its fullest bin and ends on the axis', () => {
    const path = histogramPath({ width: 0.5, counts: [1, 2] }, 1)
    const middle = (plot.left + plot.right) / 2
    const half = (plot.top + plot.bottom) / 2
    expect(path).toBe(
      `M${plot.left} ${plot.bottom}V${half.toFixed(1)}H${middle.toFixed(1)}V${plot.top.toFixed(1)}H${plot.right.toFixed(1)}V${plot.bottom}Z`,
    )
  })

  it('is nothing where nothing was counted', () => {
    expect(histogramPath({ width: 0.5, counts: [0, 0] }, 1)).toBe('')
    expect(histogramPath({ width: 0.5, counts: [] }, 1)).toBe('')
  })
})
