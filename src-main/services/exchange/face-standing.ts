/** How a face that comes from elsewhere stands to what the gallery knows. Main and the command line; pure. */
import { VisorError } from '../../../src-shared/errors'
import { type Box, mostOverlapping, sameFaceIou } from '../../../src-shared/geometry'
import type { Domain, PersonId } from '../../../src-shared/ids'
import type { KnownFace } from '../../storage/gallery-records'

/**
 * `new`: the gallery has no such face, or it is nobody's. `theirs`: it is this person's. `others`: somebody decided that
 * it is another person's. `ruled-out`: somebody decided that it is not this person's. `twice`: the photo has another face
 * of this person. Decisions stay: an import changes none.
 */
export type Standing =
  | { readonly kind: 'new' | 'theirs' | 'ruled-out' | 'twice' }
  | { readonly kind: 'others'; readonly name: string }

/**
 * @param known what the store knows of the photo's faces, in any domain
 * @param personId `undefined` for a person who is not in the gallery yet
 * @param photoRepeats the photo is said to be a mirror or a collage, by where it comes from
 */
export function standingOf(
  known: readonly KnownFace[],
  box: Box,
  personId: PersonId | undefined,
  domain: Domain,
  photoRepeats = false,
): Standing {
  const same = sameFace(known, box, domain)
  if (personId !== undefined && same?.person?.personId === personId) return { kind: 'theirs' }
  if (personId !== undefined && same?.rejected.includes(personId)) return { kind: 'ruled-out' }
  if (same?.person !== undefined) return { kind: 'others', name: same.person.name }
  const there = known.find(({ person }) => personId !== undefined && person?.personId === personId)
  return { kind: there === undefined || there.photoRepeats || photoRepeats ? 'new' : 'twice' }
}

/** Why a face cannot go to the person of this name; `undefined` where it can. */
export function decidedOtherwise(standing: Standing, name: string): VisorError | undefined {
  if (standing.kind === 'twice') return new VisorError('person-twice', `The photo shows ${name} already.`)
  if (standing.kind !== 'others' && standing.kind !== 'ruled-out') return undefined
  const decided = standing.kind === 'others' ? standing.name : `not ${name}`
  return new VisorError('conflict', `The gallery knows that this face is ${decided}.`)
}

/** The known face of this domain, or of nobody, that overlaps most. */
function sameFace(known: readonly KnownFace[], box: Box, domain: Domain): KnownFace | undefined {
  const here = known.filter(({ person }) => person === undefined || person.domain === domain)
  return mostOverlapping(here, box, sameFaceIou)
}
