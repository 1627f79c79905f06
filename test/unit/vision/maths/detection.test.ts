import { describe, expect, it } from 'vitest'
import { type Detection, suppress } from '../../../../src-main/vision/maths/detection'

const point = { x: 0, y: 0 }
const detection = (x: number, score: number): Detection => ({
  box: { x, y: 0, w: 10, h: 10 },
  landmarks: [point, point, point, point, point],
  score,
})

describe('suppress', () => {
  it('keeps the best of overlapping detections, by falling score', () => {
    // Boxes 0 and 2 overlap by 8/12 = 0.667, 0 and 5 by 5/15 = 0.333.
    const kept = suppress([detection(2, 0.8), detection(5, 0.7), detection(0, 0.9), detection(30, 0.95)], 0.4)
    expect(kept.map(({ box, score }) => [box.x, score])).toEqual([
      [30, 0.95],
      [0, 0.9],
      [5, 0.7],
    ])
  })

  it('does not let a suppressed detection suppress others', () => {
    expect(
      suppress([detection(0, 0.9), detection(4, 0.8), detection(8, 0.7)], 0.3).map((d) => d.box.x),
    ).toEqual([0, 8])
  })

  it('keeps what overlaps exactly as much as allowed', () => {
    expect(suppress([detection(0, 0.9), detection(5, 0.8)], 1 / 3)).toHaveLength(2)
  })

  it('lets what came before win, and does not repeat it', () => {
    expect(
      suppress([detection(1, 0.9), detection(30, 0.8)], 0.4, [detection(0, 0.5)]).map((d) => d.box.x),
    ).toEqual([30])
  })
})
