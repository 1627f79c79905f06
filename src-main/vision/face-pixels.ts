/** Chooses the resolution for a photo and for its faces: as little as recognition needs. Vision process. */
import type { Box, Landmarks, Point } from '../../src-shared/geometry'
import { enclosingBox, type PhotoPixels, photoToPixels } from './maths/pixels'
import { rollOf } from './maths/quality'
import { apply, compose, fitSimilarity, invert, type Similarity, scaleOf } from './maths/similarity'
import type { Denominator, Photo } from './photo/photo'

/** The longer edge of the working picture is at least this, where decoding may shrink; pixels. Measured, see docs. */
const workingEdgePx = 1000
/** The same where shrinking saves no decoding, only memory. */
const workingEdgeUnshrunkPx = 2000
/** Thorough mode looks at no more pixels than this. */
const thoroughPixels = 16_000_000
/** A region of full-resolution pixels has at most this many; larger ones are decoded face by face. */
const regionPixels = 16_000_000
/** Enlarging a face by up to this factor costs no recognition. */
const harmlessEnlargement = 1.2

/** Side of the picture of a face that is kept, pixels, and how much of the face's surroundings it shows. */
export const cropPx = 192
const cropMargin = 1.5

const denominators: readonly Denominator[] = [8, 4, 2, 1]

/** How much to shrink the photo while it is decoded. */
export function workingDenominator(photo: Photo, thorough: boolean): Denominator {
  const { width, height } = photo.info
  if (thorough) return denominators.findLast((d) => (width * height) / (d * d) <= thoroughPixels) ?? 8
  const edge = photo.shrinksOnDecode ? workingEdgePx : workingEdgeUnshrunkPx
  return denominators.find((d) => Math.max(width, height) / d >= edge) ?? 1
}

/** Carries photo points to the embedder's input. */
export function alignment(
  landmarks: Landmarks,
  template: readonly (readonly [number, number])[],
): Similarity {
  return fitSimilarity(
    landmarks,
    template.map(([x, y]) => ({ x, y })),
  )
}

/** Carries photo points to the kept picture of the face: its box, enlarged, rolled upright. */
export function uprightCrop(box: Box, landmarks: Landmarks): Similarity {
  const side = Math.max(box.w, box.h) * cropMargin
  const scale = cropPx / side
  const roll = rollOf(landmarks)
  const turn = { a: scale * Math.cos(-roll), b: scale * Math.sin(-roll), tx: 0, ty: 0 }
  const centre = apply(turn, { x: box.x + box.w / 2, y: box.y + box.h / 2 })
  return { ...turn, tx: cropPx / 2 - centre.x, ty: cropPx / 2 - centre.y }
}

/** A face's transform from photo points to the square of `size` that is cut from it. */
export interface FaceSquare {
  readonly transform: Similarity
  readonly size: number
}

/**
 * For each face the pixels to cut it from: the working picture, or, where that is too coarse, a finer one of the region
 * where the face is. All regions come from one decoding, unless that would be too large.
 */
export async function facePixels(
  photo: Photo,
  working: PhotoPixels,
  denominator: Denominator,
  faces: readonly FaceSquare[],
): Promise<PhotoPixels[]> {
  const needed = faces.map((face) => neededDenominator(face.transform, denominator))
  const fine = faces.flatMap((face, index) => (needed[index]! < denominator ? [photoBox(face)] : []))
  if (fine.length === 0) return faces.map(() => working)

  const finest = denominators.findLast((d) => needed.includes(d)) ?? 1
  const all = enclosingBox(fine)
  if ((all.w * all.h) / (finest * finest) <= regionPixels) {
    const shared = await photo.pixels(finest, all)
    return needed.map((d) => (d < denominator ? shared : working))
  }
  const pixels: PhotoPixels[] = []
  for (const [index, face] of faces.entries()) {
    const d = needed[index]!
    pixels.push(d < denominator ? await photo.pixels(d, photoBox(face)) : working)
  }
  return pixels
}

/** The coarsest picture, none coarser than `working`, that need not be enlarged much. */
function neededDenominator(transform: Similarity, working: Denominator): Denominator {
  const scale = scaleOf(transform)
  return denominators.find((d) => d <= working && scale * d <= harmlessEnlargement) ?? 1
}

/** The upright box of photo pixels that a square shows, with a pixel to spare. */
function photoBox({ transform, size }: FaceSquare): Box {
  const back = invert(transform)
  const corners: Point[] = [
    { x: -1, y: -1 },
    { x: size, y: -1 },
    { x: -1, y: size },
    { x: size, y: size },
  ]
  return enclosingBox(corners.map((corner) => ({ ...apply(back, corner), w: 0, h: 0 })))
}

/** From pixel points of `pixels` to the square. */
export function fromPixels(pixels: PhotoPixels, transform: Similarity): Similarity {
  return compose(invert(photoToPixels(pixels)), transform)
}
