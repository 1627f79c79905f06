/** How a face that comes from elsewhere stands to what the gallery knows. Main and the command line; pure. */
import { VisorError } from '../../../src-shared/errors'
import { type Box, intersectionOverUnion, sameFaceIou } from '../../../src-shared/geometry'
import type { Domain, PersonId } from '../../../src-shared/ids'
import type { KnownFace } from '../../storage/gallery-store'

/** Boxes that others drew are wider or narrower than a detector's, around the same face. */
const regionIou = 0.3

/**
 * `new`: the gallery has no such face, or it is nobody's. `theirs`: it is this person's. `others`: somebody decided that
 * it is another person's. `ruled-out`: somebody decided that it is not this person's. Decisions stay: an import changes none.
 */
export type Standing =
  | { readonly kind: 'new' | 'theirs' | 'ruled-out' }
  | { readonly kind: 'others'; readonly name: string }

/**
 * @param known what the store knows of the photo's faces, in any domain
 * @param personId `undefined` for a person who is not in the gallery yet
 */
export function standingOf(
  known: readonly KnownFace[],
  box: Box,
  personId: PersonId | undefined,
  domain: Domain,
): Standing {
  const same = sameFace(known, box, domain)
  if (same === undefined) return { kind: 'new' }
  if (personId !== undefined && same.person?.personId === personId) return { kind: 'theirs' }
  if (personId !== undefined && same.rejected.includes(personId)) return { kind: 'ruled-out' }
  return same.person === undefined ? { kind: 'new' } : { kind: 'others', name: same.person.name }
}

/** Why a face cannot go to the person of this name; `undefined` where it can. */
export function decidedOtherwise(standing: Standing, name: string): VisorError | undefined {
  if (standing.kind !== 'others' && standing.kind !== 'ruled-out') return undefined
  const decided = standing.kind === 'others' ? standing.name : `not ${name}`
  return new VisorError('conflict', `The gallery knows that this face is ${decided}.`)
}

/** The known face of this domain, or of nobody, that overlaps most. */
function sameFace(known: readonly KnownFace[], box: Box, domain: Domain): KnownFace | undefined {
  const here = known.filter(({ person }) => person === undefined || person.domain === domain)
  return best(here, box, sameFaceIou)
}

/**
 * The detected face that a region somebody else drew is around: the one that overlaps most, by IoU ≥ 0.3; else the only
 * one with its centre inside.
 */
export function faceInRegion<F extends { readonly box: Box }>(
  faces: readonly F[],
  region: Box,
): F | undefined {
  const overlapping = best(faces, region, regionIou)
  if (overlapping !== undefined) return overlapping
  const inside = faces.filter(({ box }) => {
    const [x, y] = [box.x + box.w / 2 - region.x, box.y + box.h / 2 - region.y]
    return x >= 0 && y >= 0 && x <= region.w && y <= region.h
  })
  return inside.length === 1 ? inside[0] : undefined
}

function best<F extends { readonly box: Box }>(faces: readonly F[], box: Box, least: number): F | undefined {
  let found: F | undefined
  let overlap = least
  for (const face of faces) {
    const own = intersectionOverUnion(face.box, box)
    if (own < overlap) continue
    found = face
    overlap = own
  }
  return found
}
