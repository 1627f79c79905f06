/**
 * From a search's answer to decisions: which face is whom, with the evidence. Pure, any process.
 *
 * [Note: One person per photo] A person is in a photo once. What people confirmed stands; the rest is settled nearest
 * first over all (face, person) pairs within *possible*: a face whose nearest person was taken by a nearer face gets
 * its next person, or none, and says with whom it is in conflict. In a mirror or a collage everybody may be more than once.
 */
import type { EmbeddedFace } from '../../src-shared/face'
import { intersectionOverUnion, sameFaceIou } from '../../src-shared/geometry'
import type { PersonId, Sha256 } from '../../src-shared/ids'
import type { Candidate, Decision, RecognisedFace, ThresholdsInForce } from '../../src-shared/recognition'
import type { KnownFace } from '../storage/gallery-records'
import type { PersonHit } from '../storage/search-records'

export interface ProbeAnswer {
  readonly face: Omit<EmbeddedFace, 'crop'>
  /** Nearest first. */
  readonly persons: readonly PersonHit[]
}

/** 100 · (1 − distance), 0 … 100. */
function confidenceOf(distance: number): number {
  return Math.min(100, Math.max(0, 100 * (1 - distance)))
}

/** Mean confidence of the person's best embeddings (at most three) within *possible*; 0 where there is none. */
export function weightedScoreOf(bestDistances: readonly number[]): number {
  if (bestDistances.length === 0) return 0
  return bestDistances.reduce((sum, distance) => sum + confidenceOf(distance), 0) / bestDistances.length
}

/**
 * The photo's faces with candidates and decisions.
 *
 * @param sha256 of the photo, to mark candidates whose reference is a face of this very photo
 * @param known what people said of this photo's faces before
 * @param topK candidates kept per face; rejected people are kept beyond it so that the reject can be seen
 */
export function decideFaces(
  sha256: Sha256,
  answers: readonly ProbeAnswer[],
  known: readonly KnownFace[],
  thresholds: ThresholdsInForce,
  topK: number,
): RecognisedFace[] {
  const decisionAt = (distance: number): Decision =>
    distance <= thresholds.match ? 'match' : distance <= thresholds.possible ? 'possible' : 'unknown'

  const drafts = answers.map(({ face, persons }, index) => {
    const same = sameFaces(face, known)
    const before = same.find(({ person }) => person !== undefined) ?? same[0]
    const rejected = new Set(same.flatMap((knownFace) => knownFace.rejected))
    const candidates = persons.map((hit): Candidate => {
      const isRejected = rejected.has(hit.personId)
      return {
        personId: hit.personId,
        name: hit.name,
        domain: hit.domain,
        distance: hit.distance,
        confidence: confidenceOf(hit.distance),
        occurrences: hit.occurrences,
        weightedScore: weightedScoreOf(hit.bestDistances),
        decision: isRejected ? 'unknown' : decisionAt(hit.distance),
        referenceFaceId: hit.nearestFaceId,
        samePhoto: hit.nearestPhotoSha256 === sha256,
        rejected: isRejected,
      }
    })
    return { index, face, before, candidates }
  })

  const photoRepeats = known.some((face) => face.photoRepeats)
  const faceOfPerson = new Map<PersonId, number>()
  const personOfFace = new Map<
    number,
    { person: NonNullable<RecognisedFace['person']>; decision: Decision }
  >()
  const conflictOfFace = new Map<number, NonNullable<RecognisedFace['conflict']>>()

  for (const { index, before } of drafts) {
    if (before?.person === undefined) continue
    faceOfPerson.set(before.person.personId, index)
    personOfFace.set(index, { person: before.person, decision: 'match' })
  }

  const offers = drafts
    .flatMap(({ index, candidates }) => candidates.map((candidate) => ({ index, candidate })))
    .filter(({ candidate }) => candidate.decision !== 'unknown')
    .sort((a, b) => a.candidate.distance - b.candidate.distance)
  for (const { index, candidate } of offers) {
    if (personOfFace.has(index)) continue
    const takenByFace = faceOfPerson.get(candidate.personId)
    if (takenByFace === undefined || photoRepeats) {
      const { personId, name, domain, decision } = candidate
      faceOfPerson.set(personId, index)
      personOfFace.set(index, { person: { personId, name, domain }, decision })
    } else if (!conflictOfFace.has(index)) {
      conflictOfFace.set(index, { personId: candidate.personId, name: candidate.name, takenByFace })
    }
  }

  return drafts.map(({ index, face, before, candidates }) => {
    const named = personOfFace.get(index)
    const conflict = conflictOfFace.get(index)
    const open = candidates.filter((candidate) => !candidate.rejected)
    const ruledOut = candidates.filter((candidate) => candidate.rejected)
    return {
      index,
      box: face.box,
      landmarks: face.landmarks,
      score: face.score,
      quality: face.quality,
      ...(face.manual === undefined ? {} : { manual: face.manual }),
      decision: named?.decision ?? 'unknown',
      ...(named === undefined ? {} : { person: named.person }),
      confirmed: before?.person !== undefined,
      ...(before === undefined ? {} : { faceId: before.faceId }),
      candidates: [...open.slice(0, topK), ...ruledOut].sort((a, b) => a.distance - b.distance),
      furtherCandidates: open.slice(topK).filter(({ decision }) => decision !== 'unknown'),
      ...(conflict === undefined ? {} : { conflict }),
    }
  })
}

/**
 * The known faces that are this one, those that overlap most first. Each domain keeps a record of its own: one may name
 * the person while another knows who was ruled out.
 */
function sameFaces(face: Pick<EmbeddedFace, 'box'>, known: readonly KnownFace[]): readonly KnownFace[] {
  return known
    .map((candidate) => ({ candidate, overlap: intersectionOverUnion(face.box, candidate.box) }))
    .filter(({ overlap }) => overlap >= sameFaceIou)
    .sort((a, b) => b.overlap - a.overlap)
    .map(({ candidate }) => candidate)
}
