/** How near and how many make a group, from a pack's thresholds. Pure, any process. */
import type { PackThresholds } from '../../../src-shared/model-pack'
import { identifyDistance } from '../thresholds'
import type { ClusterParameters } from './face-clusters'

/**
 * How many unknown faces the distance is made for: among so many, one face in 1 / `matchFpir` has a neighbour who is
 * somebody else, and a group needs more than one such neighbour to go wrong. Fewer faces go wrong less often still.
 */
const facesExpected = 100_000

/** A face and two more that are near it: two that are alike by chance make no group. */
const minPoints = 3

/** Neighbours kept of a face. More make no difference once groups hold together: see `docs/unknown-faces.md`. */
export const nearestKept = 32

/** `maxDistance` is the distance of a match in a search of {@link facesExpected} faces: see [Note: Identification threshold]. */
export function clusterParametersOf(thresholds: PackThresholds): ClusterParameters {
  return {
    maxDistance: identifyDistance(thresholds, thresholds.identify.matchFpir, facesExpected),
    minPoints,
  }
}
