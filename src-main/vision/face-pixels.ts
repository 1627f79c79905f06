/** Chooses the resolution for a photo and for its faces: as little as recognition needs. Vision process. */
import type { Box, Landmarks, Point } from '../../src-shared/geometry'
import { enclosingBox, meanScale, type PhotoPixels, photoToPixels } from './maths/pixels'
import { rollOf } from './maths/quality'
import { apply, compose, fitSimilarity, invert, type Similarity, scaleOf } from './maths/similarity'
import type { Photo } from './photo/photo'

/**
 * Shrinks for regions of small faces. sharp has a JPEG decoder work at 1/8 from a shrink of 9, at 1/4 from 5, at 1/2 from 3,
 * and does the rest itself.
 */
const regionShrinks = [9, 5, 3] as const
/** The longer edge of the working picture where shrinking saves no decoding, only memory, is about this; pixels. */
const unshrunkEdgePx = 2000
/** Thorough mode looks at no more pixels than this. */
const thoroughPixels = 16_000_000
/** A region of full-resolution pixels has at most this many; larger ones are decoded face by face. */
const regionPixels = 16_000_000
/** Enlarging a face by up to this factor costs no recognition: measured up to 1.8, see docs/recognition.md. */
const harmlessEnlargement = 1.6

/** Side of the picture of a face that is kept, pixels, and how much of the face's surroundings it shows. */
export const cropPx = 192
const cropMargin = 1.5

/**
 * How much to shrink the photo while it is decoded, 1 or more: to `edgePx`, the detector's input, where the decoder does
 * that itself. A second decoding for small faces costs less than the pixels that nobody looks at.
 */
export function workingShrink(photo: Photo, edgePx: number, thorough: boolean): number {
  const { width, height } = photo.info
  if (thorough) return Math.max(1, Math.sqrt((width * height) / thoroughPixels))
  const wantedPx = photo.shrinksOnDecode ? edgePx : Math.max(edgePx, unshrunkEdgePx)
  return Math.max(1, Math.max(width, height) / wantedPx)
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
  /** A larger square of the same face that is to be cut from the same pixels. */
  readonly around?: FaceSquare
}

/**
 * For each face the pixels to cut it from: the working picture, or, where that is too coarse, a finer one of the region
 * where the face is. All regions come from one decoding, unless that would be too large.
 */
export async function facePixels(
  photo: Photo,
  working: PhotoPixels,
  faces: readonly FaceSquare[],
): Promise<PhotoPixels[]> {
  const workingScale = meanScale(working)
  const isCoarse = ({ transform }: FaceSquare) =>
    workingScale < 1 && scaleOf(transform) > harmlessEnlargement * workingScale
  const coarse = faces.filter(isCoarse)
  if (coarse.length === 0) return faces.map(() => working)

  const shrink = Math.min(...coarse.map(neededShrink))
  const all = enclosingBox(coarse.map(wholeBox))
  if ((all.w * all.h) / (shrink * shrink) <= regionPixels) {
    const shared = await photo.pixels(shrink, all)
    return faces.map((face) => (isCoarse(face) ? shared : working))
  }
  const pixels: PhotoPixels[] = []
  for (const face of faces) {
    pixels.push(isCoarse(face) ? await photo.pixels(neededShrink(face), wholeBox(face)) : working)
  }
  return pixels
}

/** The largest shrink that leaves the face large enough. */
function neededShrink({ transform }: FaceSquare): number {
  return regionShrinks.find((shrink) => shrink * scaleOf(transform) <= harmlessEnlargement) ?? 1
}

/** The box of photo pixels that a face's squares show together. */
function wholeBox(face: FaceSquare): Box {
  return face.around === undefined ? photoBox(face) : enclosingBox([photoBox(face), photoBox(face.around)])
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
export function fromPixels(pixels: PhotoPixels, { transform, size }: FaceSquare): Similarity {
  const centre = apply(invert(transform), { x: size / 2, y: size / 2 })
  return compose(invert(photoToPixels(pixels, centre)), transform)
}
