/**
 * Whether two people look like one. Pure; store worker thread.
 *
 * [Note: Look-alikes] The nearest two faces of two people say little: one wrong photo in either makes them near. So every face
 * of both is asked whether its nearest face of the other is within the match distance (the one at which a search of the domain
 * names somebody), and two people look like one where more than half of the faces of *each* say yes. A wrong photo is one vote
 * on its own side, and whatever it attracts on the other side is outvoted on its own.
 */
import { cosineDistance } from '../../../src-shared/cosine-distance'
import { evenly, type OwnFace } from './own-distances'

/** Faces of each person that are compared, evenly spread where there are more. */
const comparedAtMost = 32

export interface Likeness<A extends OwnFace, B extends OwnFace> {
  /** The two nearest to one another, and how near. */
  readonly face: A
  readonly otherFace: B
  readonly distance: number
  /** Faces within the match distance of a face of the other, of those compared. */
  readonly near: number
  readonly compared: number
  readonly otherNear: number
  readonly otherCompared: number
}

/** How two people with faces are alike, or `undefined` where they are not. */
export function likenessOf<A extends OwnFace, B extends OwnFace>(
  faces: readonly A[],
  otherFaces: readonly B[],
  matchDistance: number,
): Likeness<A, B> | undefined {
  const own = evenly(faces, comparedAtMost)
  const other = evenly(otherFaces, comparedAtMost)
  const ownNearest = new Float64Array(own.length).fill(Number.POSITIVE_INFINITY)
  const otherNearest = new Float64Array(other.length).fill(Number.POSITIVE_INFINITY)
  let best = { distance: Number.POSITIVE_INFINITY, face: own[0], otherFace: other[0] }
  for (const [i, face] of own.entries()) {
    for (const [j, otherFace] of other.entries()) {
      const distance = cosineDistance(face.vector, otherFace.vector)
      ownNearest[i] = Math.min(ownNearest[i]!, distance)
      otherNearest[j] = Math.min(otherNearest[j]!, distance)
      if (distance < best.distance) best = { distance, face, otherFace }
    }
  }
  const within = (nearest: Float64Array) => nearest.filter((distance) => distance <= matchDistance).length
  const near = within(ownNearest)
  const otherNear = within(otherNearest)
  const { face, otherFace, distance } = best
  if (face === undefined || otherFace === undefined) return undefined
  if (2 * near <= own.length || 2 * otherNear <= other.length) return undefined
  return {
    face,
    otherFace,
    distance,
    near,
    compared: own.length,
    otherNear,
    otherCompared: other.length,
  }
}
