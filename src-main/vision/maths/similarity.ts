/** The similarity transform that carries one set of points onto another. Pure maths; vision process. */
import type { Point } from '../../../src-shared/geometry'

/**
 * Rotation, uniform scale and shift, without reflection:
 * `x' = a·x − b·y + tx`, `y' = b·x + a·y + ty`; scale = √(a² + b²).
 */
export interface Similarity {
  readonly a: number
  readonly b: number
  readonly tx: number
  readonly ty: number
}

/**
 * The similarity that carries `from` onto `to` with the least sum of squared distances. In two dimensions Umeyama's
 * solution (IEEE PAMI 13(4), 1991) needs no decomposition: it is one complex least-squares fit.
 * Precondition: as many points in both, at least two of them distinct.
 */
export function fitSimilarity(from: readonly Point[], to: readonly Point[]): Similarity {
  const [fromMean, toMean] = [mean(from), mean(to)]
  let [dot, cross, norm] = [0, 0, 0]
  from.forEach((point, index) => {
    const [x, y] = [point.x - fromMean.x, point.y - fromMean.y]
    const [u, v] = [to[index]!.x - toMean.x, to[index]!.y - toMean.y]
    dot += x * u + y * v
    cross += x * v - y * u
    norm += x * x + y * y
  })
  const [a, b] = norm === 0 ? [1, 0] : [dot / norm, cross / norm]
  return {
    a,
    b,
    tx: toMean.x - a * fromMean.x + b * fromMean.y,
    ty: toMean.y - b * fromMean.x - a * fromMean.y,
  }
}

/** Length in the target of one unit in the source. */
export function scaleOf(transform: Similarity): number {
  return Math.hypot(transform.a, transform.b)
}

/** Where `transform` carries a point. */
export function apply(transform: Similarity, point: Point): Point {
  const { a, b, tx, ty } = transform
  return { x: a * point.x - b * point.y + tx, y: b * point.x + a * point.y + ty }
}

/** The way back. Precondition: the scale is not 0. */
export function invert({ a, b, tx, ty }: Similarity): Similarity {
  const norm = a * a + b * b
  return {
    a: a / norm,
    b: -b / norm,
    tx: -(a * tx + b * ty) / norm,
    ty: (b * tx - a * ty) / norm,
  }
}

/** First `first`, then `second`. */
export function compose(first: Similarity, second: Similarity): Similarity {
  const shift = apply(second, { x: first.tx, y: first.ty })
  return {
    a: second.a * first.a - second.b * first.b,
    b: second.b * first.a + second.a * first.b,
    tx: shift.x,
    ty: shift.y,
  }
}

function mean(points: readonly Point[]): Point {
  let [x, y] = [0, 0]
  for (const point of points) {
    x += point.x
    y += point.y
  }
  return { x: x / points.length, y: y / points.length }
}
