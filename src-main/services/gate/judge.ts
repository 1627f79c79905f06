/** What speaks against a face joining a person: facts from evidence, without a policy. Pure maths, any process. */
import type { Quality } from '../../../src-shared/face'
import type { FaceChoice, GateFinding, QualityPart } from '../../../src-shared/gate'
import { type Box, intersectionOverUnion, sameFaceIou } from '../../../src-shared/geometry'
import type { Domain, FaceId, PersonId } from '../../../src-shared/ids'
import type { EnrolmentLimits } from '../../../src-shared/model-pack'
import { hammingDistance, type PerceptualHash } from '../../../src-shared/perceptual-hash'
import type { ThresholdsInForce } from '../../../src-shared/recognition'
import type { KnownFace } from '../../storage/gallery-records'
import type { PersonHit } from '../../storage/search-records'

/** Photos of a person from which the distance to them says anything. Measured: docs/enrolment-gate.md. */
const enoughOwnPhotos = 2

/** One of the person's own faces, as the face in question sees it. */
export interface OwnFaceSeen {
  /** Absent for one of the same batch, which is not stored yet. */
  readonly faceId?: FaceId
  readonly perceptualHash?: PerceptualHash | undefined
  /** Cosine distance to the face in question. */
  readonly distance: number
  /** One of the same batch that comes after the face in question: of two copies the later one is the copy. */
  readonly isLater?: boolean
}

/** All that is known of a face that is to join a person. */
export interface GateEvidence {
  /** Whom it is to join; without an id somebody new. */
  readonly person: { readonly personId?: PersonId | undefined; readonly name: string }
  readonly domain: Domain
  readonly box: Box
  readonly quality: Quality
  /** Likelihood of being a real face, 0 … 1; absent where no model tells. */
  readonly real?: number | undefined
  readonly perceptualHash?: PerceptualHash | undefined
  readonly facesInPhoto: number
  readonly choice: FaceChoice
  /** What is known of the photo's faces. */
  readonly known: readonly KnownFace[]
  /** A face that is somebody else's may be taken from them: whoever points at it corrects what was said. */
  readonly mayMove: boolean
  /** The person's own faces, nearest first, the nearest of them at least; faces of this very photo are left out. */
  readonly own: readonly OwnFaceSeen[]
  /** How many own faces there are, and their median distance. */
  readonly ownFaces: number
  readonly ownMedian: number | undefined
  /** The nearest people of the domain, nearest first; the person themselves may be among them. */
  readonly nearest: readonly PersonHit[]
  readonly thresholds: ThresholdsInForce
  /** Cosine distance of one comparison. */
  readonly verifyDistance: number
  readonly limits: EnrolmentLimits
}

/** Every finding, the weightiest first. */
export function judge(evidence: GateEvidence): GateFinding[] {
  return [
    ...ruledOut(evidence),
    ...samePhoto(evidence),
    ...nearAnother(evidence),
    ...farFromOwn(evidence),
    ...printOrScreen(evidence),
    ...severalFaces(evidence),
    ...poorParts(evidence),
    ...nearDuplicate(evidence),
  ]
}

/** The records of this very face: each domain keeps one of its own. */
function thisFace({ known, box }: GateEvidence): readonly KnownFace[] {
  return known.filter((face) => intersectionOverUnion(face.box, box) >= sameFaceIou)
}

function ruledOut(evidence: GateEvidence): GateFinding[] {
  const { personId, name } = evidence.person
  const isRuledOut =
    personId !== undefined && thisFace(evidence).some(({ rejected }) => rejected.includes(personId))
  return isRuledOut ? [{ kind: 'ruled-out', name }] : []
}

function samePhoto(evidence: GateEvidence): GateFinding[] {
  const { person, domain, known, mayMove } = evidence
  const findings: GateFinding[] = []
  const these = thisFace(evidence)
  // In a mirror or a collage they may be more than once.
  const own = known.find(
    (face) => face.person?.personId === person.personId && !these.includes(face) && !face.photoRepeats,
  )
  if (person.personId !== undefined && own !== undefined) {
    findings.push({ kind: 'same-photo', whose: 'own', personId: person.personId, name: person.name })
  }
  const owner = these.find((face) => face.person?.domain === domain)?.person
  if (owner !== undefined && owner.personId !== person.personId && !mayMove) {
    findings.push({ kind: 'same-photo', whose: 'another', personId: owner.personId, name: owner.name })
  }
  return findings
}

/**
 * Within *match* of somebody else: a search would name them. Within *possible* only where they are nearer than the person's own
 * faces: a search of a large gallery finds somebody possible for one face in twenty, whoever it is.
 */
function nearAnother(evidence: GateEvidence): GateFinding[] {
  const { person, own, nearest, thresholds } = evidence
  const owners = new Set(thisFace(evidence).map((face) => face.person?.personId))
  const other = nearest.find(({ personId }) => personId !== person.personId && !owners.has(personId))
  if (other === undefined) return []
  const ownDistance = own[0]?.distance
  const isMatch = other.distance <= thresholds.match
  const isNearer = ownDistance === undefined || other.distance < ownDistance
  if (!isMatch && !(isNearer && other.distance <= thresholds.possible)) return []
  return [
    {
      kind: 'near-another',
      personId: other.personId,
      name: other.name,
      faceId: other.nearestFaceId,
      distance: other.distance,
      level: isMatch ? 'match' : 'possible',
      limit: isMatch ? thresholds.match : thresholds.possible,
      ...(ownDistance === undefined ? {} : { ownDistance }),
    },
  ]
}

function farFromOwn({ person, own, ownFaces, ownMedian, verifyDistance }: GateEvidence): GateFinding[] {
  const nearest = own[0]?.distance
  if (nearest === undefined || ownMedian === undefined) return []
  if (ownFaces < enoughOwnPhotos || nearest <= verifyDistance) return []
  const { name } = person
  return [{ kind: 'far-from-own', name, nearest, median: ownMedian, limit: verifyDistance, photos: ownFaces }]
}

function printOrScreen({ real, limits }: GateEvidence): GateFinding[] {
  if (real === undefined || limits.real === undefined || real >= limits.real.minimum) return []
  return [{ kind: 'print-or-screen', likelihood: real, limit: limits.real.minimum }]
}

function severalFaces({ facesInPhoto, choice }: GateEvidence): GateFinding[] {
  return facesInPhoto > 1 && choice !== 'pointed'
    ? [{ kind: 'several-faces', faces: facesInPhoto, choice }]
    : []
}

function poorParts({ quality, limits }: GateEvidence): GateFinding[] {
  const parts: readonly QualityPart[] = ['size', 'sharpness', 'pose', 'exposure']
  const { sizePx, yawDegrees } = quality
  return parts.flatMap((part): GateFinding[] => {
    const [value, minimum] = [quality[part], limits.quality[part]]
    return value < minimum ? [{ kind: 'quality', part, value, minimum, sizePx, yawDegrees }] : []
  })
}

/**
 * As alike as copies of one photo are: the faces alone, or the faces less so and the photos as a whole as well. The numbers
 * are the pack's.
 */
function nearDuplicate({ person, perceptualHash, own, limits }: GateEvidence): GateFinding[] {
  const { faceDistance, alikeDistance, hashBits } = limits.duplicate
  for (const face of own) {
    if (face.isLater) continue
    const bits =
      perceptualHash === undefined || face.perceptualHash === undefined
        ? undefined
        : hammingDistance(perceptualHash, face.perceptualHash)
    const isCopy =
      face.distance <= faceDistance ||
      (bits !== undefined && bits <= hashBits && face.distance <= alikeDistance)
    if (!isCopy) continue
    return [
      {
        kind: 'near-duplicate',
        name: person.name,
        distance: face.distance,
        ...(face.faceId === undefined ? {} : { faceId: face.faceId }),
        ...(bits === undefined ? {} : { bits }),
      },
    ]
  }
  return []
}
