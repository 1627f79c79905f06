/** What is found of people, as it is kept: subject, evidence, harm. Store worker thread. */
import { z } from 'zod'
import { cosineDistance } from '../../../../src-shared/cosine-distance'
import { goodQuality } from '../../../../src-shared/health'
import { faceIdSchema, type PersonId } from '../../../../src-shared/ids'
import type { Likeness } from '../../health/look-alike'
import {
  isNearerToOther,
  isOutlier,
  type OutlierLimits,
  type OwnSpread,
  type PlacedFace,
} from '../../health/own-distances'
import type { Connection } from '../connection'
import type { FoundThing } from './findings'
import type { LookedPerson, SeenFace } from './health-people'

/**
 * How much each kind can cost a search, 0 … 1; a kind's own numbers move it a little within its place. First what gives wrong
 * names, then what is never found, then what is found badly, last what is only untidy.
 */
export const harms = {
  outlierOfOther: 0.9,
  copyUnderTwoNames: 0.88,
  neverFound: 0.8,
  lookAlike: 0.65,
  outlier: 0.6,
  twice: 0.55,
  sameName: 0.5,
  partlyFound: 0.4,
  poorPhotos: 0.3,
  onePhoto: 0.2,
  copy: 0.1,
} as const
/** The most that a kind's own numbers add. */
const within = 0.08

/** A harm within its kind's place, rounded: the last digits of a distance are no news. */
export function harmOf(kind: keyof typeof harms, share: number): number {
  return Math.round((harms[kind] + within * Math.min(1, Math.max(0, share))) * 1000) / 1000
}

const rounded = (distance: number) => Math.round(distance * 10_000) / 10_000

/** Two people in the order in which a finding names them. */
export function inOrder(a: PersonId, b: PersonId): { personId: PersonId; otherId: PersonId } {
  return a < b ? { personId: a, otherId: b } : { personId: b, otherId: a }
}

/** What the numbers of photos, faces and their quality tell. */
export function foundByCounting({ personId, domain, faces, seen }: LookedPerson): FoundThing[] {
  const found = { personId, otherId: null, domain, subject: '' }
  const [best] = faces
  if (best === undefined) {
    const harm = harmOf('neverFound', 0)
    return [{ ...found, harm, evidence: { kind: 'no-photo' }, print: '' }]
  }
  const { faceId, quality, measured } = best
  const things: FoundThing[] = []
  const missing = faces.length - seen.length
  if (missing > 0) {
    const share = missing / faces.length
    const harm = share === 1 ? harmOf('neverFound', 1) : harmOf('partlyFound', share)
    const first = faces.find(({ embedding }) => embedding === null)!
    things.push({
      ...found,
      harm,
      evidence: { kind: 'older-model', faceId: first.faceId, missing, faces: faces.length },
      print: `${missing}`,
    })
  }
  if (new Set(faces.map(({ photoId }) => photoId)).size === 1) {
    const evidence = { kind: 'one-photo', faceId } as const
    things.push({ ...found, harm: harmOf('onePhoto', measured ? 1 - quality : 0), evidence, print: faceId })
  }
  // A quality that nobody measured is not a poor one.
  if (measured && quality < goodQuality) {
    const evidence = { kind: 'poor-photos', faceId, quality: rounded(quality) } as const
    things.push({ ...found, harm: harmOf('poorPhotos', 1 - quality / goodQuality), evidence, print: faceId })
  }
  return things
}

/** Photos that have the person twice, but for mirrors and collages. */
export function foundTwice({ personId, domain, faces }: LookedPerson): FoundThing[] {
  const byPhoto = new Map<string, LookedPerson['faces'][number][]>()
  for (const face of faces) {
    if (face.repeats) continue
    byPhoto.set(face.photoId, [...(byPhoto.get(face.photoId) ?? []), face])
  }
  return [...byPhoto.values()].flatMap(([first, second, ...more]) => {
    if (first === undefined || second === undefined) return []
    const distance = distanceBetween(first.vector, second.vector)
    return {
      personId,
      otherId: null,
      domain,
      subject: first.photoId,
      harm: harmOf('twice', distance ?? 0),
      evidence: {
        kind: 'twice-in-photo' as const,
        photoId: first.photoId,
        faceId: first.faceId,
        otherFaceId: second.faceId,
        ...(distance === undefined ? {} : { distance }),
      },
      print: [first, second, ...more]
        .map(({ faceId }) => faceId)
        .sort()
        .join(' '),
    }
  })
}

/** The distance of two faces where both have a vector, rounded. */
export function distanceBetween(
  a: Float32Array | undefined,
  b: Float32Array | undefined,
): number | undefined {
  return a === undefined || b === undefined ? undefined : rounded(cosineDistance(a, b))
}

const ownerRow = z.object({ faceId: faceIdSchema })

/** Of an embedding that is somebody's now. */
export const selectFaceOfEmbedding = `
  SELECT f.id AS faceId FROM embeddings e CROSS JOIN faces f ON same_client(f, e) AND f.id = e.face_id
  WHERE e.id = ? AND f.person_id = ? AND f.removed_by IS NULL`

/** The face as an outlier, where it is one. */
export function foundOutlier(
  connection: Connection,
  { personId, domain, seen }: LookedPerson,
  placed: PlacedFace<SeenFace>,
  spread: OwnSpread,
  limits: OutlierLimits,
  nearest: { readonly personId: PersonId; readonly embedding: number; readonly distance: number } | undefined,
): FoundThing | undefined {
  const { face, ownDistance } = placed
  if (!isOutlier(placed, spread, limits, nearest?.distance)) return undefined
  const other =
    nearest !== undefined && isNearerToOther(ownDistance, nearest.distance, limits) ? nearest : undefined
  const otherFace = other && connection.row(ownerRow, selectFaceOfEmbedding, other.embedding, other.personId)
  const { faceId } = face
  return {
    personId,
    otherId: otherFace === undefined ? null : other!.personId,
    domain,
    subject: faceId,
    harm:
      other === undefined
        ? harmOf('outlier', ownDistance - limits.verify)
        : harmOf('outlierOfOther', ownDistance - other.distance),
    evidence: {
      kind: 'outlier',
      faceId,
      ownFaceId: bestOfOthers(seen, face).faceId,
      ownDistance: rounded(ownDistance),
      ...(otherFace === undefined
        ? {}
        : { otherFaceId: otherFace.faceId, otherDistance: rounded(other!.distance) }),
    },
    print: otherFace === undefined ? '' : other!.personId,
  }
}

/** The best face of another photo: it stands for the person. */
function bestOfOthers(seen: readonly SeenFace[], than: SeenFace): SeenFace {
  return seen.find(({ photoId }) => photoId !== than.photoId) ?? than
}

/** Two people who look like one. */
export function foundAlike(
  person: LookedPerson,
  other: LookedPerson,
  { face, otherFace, distance, near, compared, otherNear, otherCompared }: Likeness<SeenFace, SeenFace>,
  matchDistance: number,
): FoundThing {
  const pair = inOrder(person.personId, other.personId)
  const own = { faceId: face.faceId, near, compared }
  const others = { faceId: otherFace.faceId, near: otherNear, compared: otherCompared }
  const [a, b] = pair.personId === person.personId ? [own, others] : [others, own]
  return {
    ...pair,
    domain: person.domain,
    subject: pair.otherId,
    harm: harmOf('lookAlike', 1 - distance / matchDistance),
    evidence: {
      kind: 'look-alike',
      faceId: a.faceId,
      otherFaceId: b.faceId,
      distance: rounded(distance),
      near: a.near,
      compared: a.compared,
      otherNear: b.near,
      otherCompared: b.compared,
    },
    print: '',
  }
}

/** Two people of one name. */
export function foundNamesake(person: LookedPerson, other: LookedPerson): FoundThing {
  const pair = inOrder(person.personId, other.personId)
  const [a, b] = pair.personId === person.personId ? [person, other] : [other, person]
  const [face, otherFace] = [a.faces[0], b.faces[0]]
  return {
    ...pair,
    domain: person.domain,
    subject: pair.otherId,
    harm: harmOf('sameName', 0),
    evidence: {
      kind: 'same-name',
      ...(face === undefined ? {} : { faceId: face.faceId }),
      ...(otherFace === undefined ? {} : { otherFaceId: otherFace.faceId }),
    },
    print: '',
  }
}
