/** Which face of a photo is the person's who is to be enrolled. Pure, any process. */

import { cosineDistance } from '../../../src-shared/cosine-distance'
import type { EmbeddedFace } from '../../../src-shared/face'
import type { FaceChoice } from '../../../src-shared/gate'
import type { AnalyseResult } from '../../../src-shared/vision-protocol'

/**
 * [Note: Whose face] In a photo of several faces the enrolled person is the one that dominates it: a box at least this
 * many times the area of the next. Else it is the one face within the *verify* distance of the person's other photos, of the
 * same enrolment or enrolled before. Else nobody can say, and somebody has to look.
 */
const dominatingArea = 4

export interface EnrolledPhoto {
  readonly path: string
  readonly analysis: AnalyseResult
}

/** A photo with the person's face, or with those to choose from. */
export interface ChosenPhoto {
  readonly photo: EnrolledPhoto
  readonly choice: FaceChoice
  /** One, or all of the photo's where the choice is `unclear`. */
  readonly faces: readonly EmbeddedFace[]
}

/** What is known by size alone: the only face, or the one that dominates. `undefined` where neither is there. */
function largestFace({ analysis }: EnrolledPhoto): EmbeddedFace | undefined {
  const [largest, next] = analysis.faces
  if (largest === undefined) return undefined
  return next === undefined || area(largest) >= dominatingArea * area(next) ? largest : undefined
}

/**
 * The person's face in each photo, by [Note: Whose face]; photos have at least one face.
 *
 * @param isTheirs whether a face is within the *verify* distance of one that is enrolled for the person
 */
export function choosePhotos(
  photos: readonly EnrolledPhoto[],
  verifyDistance: number,
  isTheirs: (face: EmbeddedFace) => boolean,
): ChosenPhoto[] {
  const certain = photos.flatMap((photo) => largestFace(photo) ?? [])
  return photos.map((photo): ChosenPhoto => {
    const largest = largestFace(photo)
    if (largest !== undefined) return { photo, choice: 'largest', faces: [largest] }
    const near = photo.analysis.faces.filter(
      (face) =>
        isTheirs(face) ||
        certain.some(({ embedding }) => cosineDistance(face.embedding, embedding) <= verifyDistance),
    )
    return near.length === 1
      ? { photo, choice: 'resembles', faces: near }
      : { photo, choice: 'unclear', faces: photo.analysis.faces }
  })
}

function area({ box }: Pick<EmbeddedFace, 'box'>): number {
  return box.w * box.h
}
