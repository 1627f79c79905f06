import { describe, expect, it } from 'vitest'
import { apply, compose, fitSimilarity, invert, scaleOf } from '../../../../src-main/vision/maths/similarity'

const square = [
  { x: 0, y: 0 },
  { x: 10, y: 0 },
  { x: 10, y: 10 },
  { x: 0, y: 10 },
]

describe('fitSimilarity', () => {
  it('finds the transform that made the points', () => {
    const truth = { a: 0.6 * Math.cos(0.4), b: 0.6 * Math.sin(0.4), tx: 12, ty: -7 }
    const found = fitSimilarity(
      square,
      square.map((point) => apply(truth, point)),
    )
    for (const key of ['a', 'b', 'tx', 'ty'] as const) expect(found[key]).toBeCloseTo(truth[key], 12)
    expect(scaleOf(found)).toBeCloseTo(0.6, 12)
  })

  it('gives the ArcFace alignment of a known face', () => {
    const landmarks = [
      { x: 100, y: 120 },
      { x: 160, y: 118 },
      { x: 131, y: 155 },
      { x: 106, y: 186 },
      { x: 156, y: 184 },
    ]
    const template = [
      { x: 38.2946, y: 51.6963 },
      { x: 73.5318, y: 51.5014 },
      { x: 56.0252, y: 71.7366 },
      { x: 41.5493, y: 92.3655 },
      { x: 70.7299, y: 92.2041 },
    ]
    const found = fitSimilarity(landmarks, template)
    // Golden values of Umeyama's general solution, computed with NumPy's singular value decomposition; tolerance 5e-7.
    expect(found.a).toBeCloseTo(0.60282451, 6)
    expect(found.b).toBeCloseTo(0.01081098, 6)
    expect(found.tx).toBeCloseTo(-21.05296677, 6)
    expect(found.ty).toBeCloseTo(-21.50215434, 6)
  })

  it('is the best of its neighbours', () => {
    const target = square.map((point, index) => ({ x: point.x * 2 + (index % 2), y: point.y * 2 - index }))
    const best = fitSimilarity(square, target)
    const cost = (t: typeof best) =>
      square.reduce((sum, point, index) => {
        const { x, y } = apply(t, point)
        return sum + (x - target[index]!.x) ** 2 + (y - target[index]!.y) ** 2
      }, 0)
    for (const key of ['a', 'b', 'tx', 'ty'] as const) {
      for (const step of [-1e-3, 1e-3]) {
        expect(cost({ ...best, [key]: best[key] + step })).toBeGreaterThan(cost(best))
      }
    }
  })

  it('never reflects', () => {
    const mirrored = square.map(({ x, y }) => ({ x: -x, y }))
    expect(scaleOf(fitSimilarity(square, mirrored))).toBeCloseTo(0, 12)
  })
})

describe('invert and compose', () => {
  const first = { a: 1.5, b: -0.7, tx: 3, ty: 4 }
  const second = { a: 0.2, b: 0.9, tx: -8, ty: 1 }

  it('undo and chain', () => {
    const point = { x: 5, y: -2 }
    const there = apply(first, point)
    expect(apply(invert(first), there).x).toBeCloseTo(5, 12)
    expect(apply(invert(first), there).y).toBeCloseTo(-2, 12)
    const chained = apply(compose(first, second), point)
    const stepwise = apply(second, there)
    expect(chained.x).toBeCloseTo(stepwise.x, 12)
    expect(chained.y).toBeCloseTo(stepwise.y, 12)
  })
})
