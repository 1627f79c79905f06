/** Copies of photos: of one person, or one face under two names. Store worker thread. */
import { type Box, intersectionOverUnion, sameFaceIou } from '../../../../src-shared/geometry'
import type { FaceId, ModelId } from '../../../../src-shared/ids'
import { hammingDistance } from '../../../../src-shared/perceptual-hash'
import { nameKey } from '../../health/name-key'
import type { Connection } from '../connection'
import type { PhotoHashes } from '../search/photo-hashes'
import type { FoundThing } from './findings'
import {
  type CopiedFace,
  facesInPhotos,
  type LookedFace,
  type LookedPerson,
  vectorOfFace,
} from './health-people'
import { distanceBetween, harmOf, inOrder } from './health-things'

/**
 * Bits of 64 in which the hashes of two copies may differ, and the cosine distance that their faces may have. Measured
 * (docs/gallery-health.md): nine in ten copies that were scaled, saved anew, lightened or trimmed differ in 7 bits or fewer and
 * 0.08 or less, the faces of small ones in up to 0.2; photos that have nothing to do with one another in 10 bits and more.
 */
const copyBits = 7
const copyDistance = 0.15
/** Bits for faces that cannot be compared. */
const copyBitsAlone = 2

/** Photos of the person that are copies of a better one of theirs. */
export function copiesAmongOwn({ personId, domain, faces }: LookedPerson): FoundThing[] {
  const kept: LookedFace[] = []
  const found: FoundThing[] = []
  // Best first: what is kept is the best of its copies.
  for (const face of faces) {
    const original = kept.find((one) => copyOf(one, face) !== undefined)
    if (original === undefined) {
      kept.push(face)
      continue
    }
    found.push({
      personId,
      otherId: null,
      domain,
      subject: `${original.faceId} ${face.faceId}`,
      ...asCopy('copy', original, face, copyOf(original, face)!),
    })
  }
  return found
}

interface Copy {
  readonly bits: number
  readonly distance?: number
}

/** How alike two faces' photos are, where one is a copy of the other. */
function copyOf(a: LookedFace, b: LookedFace): Copy | undefined {
  if (a.photoId === b.photoId || a.hash === null || b.hash === null) return undefined
  const bits = hammingDistance(a.hash, b.hash)
  return bits > copyBits ? undefined : sameFace(bits, distanceBetween(a.vector, b.vector))
}

function sameFace(bits: number, distance: number | undefined): Copy | undefined {
  if (distance === undefined) return bits <= copyBitsAlone ? { bits } : undefined
  return distance <= copyDistance ? { bits, distance } : undefined
}

function asCopy(
  kind: 'copy' | 'copyUnderTwoNames',
  a: { readonly faceId: FaceId },
  b: { readonly faceId: FaceId },
  copy: Copy,
): Pick<FoundThing, 'harm' | 'evidence' | 'print'> {
  return {
    harm: harmOf(kind, 1 - copy.bits / 64),
    evidence: { kind: 'near-duplicate', faceId: a.faceId, otherFaceId: b.faceId, ...copy },
    print: '',
  }
}

/** Faces of the person that are somebody else's in a copy of the photo. */
export function copiesOfOthers(
  connection: Connection,
  modelId: ModelId,
  person: LookedPerson,
  hashes: PhotoHashes,
): FoundThing[] {
  const found: FoundThing[] = []
  for (const face of person.faces) {
    if (face.hash === null) continue
    const near = new Map(hashes.near(face.photoId, face.hash, copyBits).map((one) => [one.photoId, one.bits]))
    if (near.size === 0) continue
    for (const other of facesInPhotos(connection, [...near.keys()], face.photoId)) {
      if (other.personId === person.personId || !tellsSomething(person, other)) continue
      if (intersectionOverUnion(relative(face), relative(other)) < sameFaceIou) continue
      const distance = distanceBetween(face.vector, vectorOfFace(connection, other.faceId, modelId))
      const copy = sameFace(near.get(other.photoId)!, distance)
      if (copy === undefined) continue
      const pair = inOrder(person.personId, other.personId)
      const isFirst = pair.personId === person.personId
      const [a, b] = isFirst ? [face, other] : [other, face]
      found.push({
        ...pair,
        domain: (isFirst ? person : other).domain,
        subject: `${a.faceId} ${b.faceId}`,
        ...asCopy('copyUnderTwoNames', a, b, copy),
      })
    }
  }
  return found
}

/** In another domain a person may have another name: there only the very same photo under two unlike names tells something. */
function tellsSomething(person: LookedPerson, other: CopiedFace): boolean {
  if (other.domain === person.domain) return true
  return other.sameBytes && nameKey(other.name) !== nameKey(person.name)
}

/** The box in shares of its photo: copies may be of other sizes. */
function relative({
  x,
  y,
  w,
  h,
  width,
  height,
}: Box & { readonly width: number; readonly height: number }): Box {
  return { x: x / width, y: y / height, w: w / width, h: h / height }
}
