/** How good a face is for recognition. Pure maths; vision process. Described in docs/recognition.md. */
import type { Quality } from '../../../src-shared/face'
import type { Box, Landmarks } from '../../../src-shared/geometry'
import type { Pixels } from './pixels'

/** A face this large fills the embedder's input; more pixels bring nothing. Shorter side of the box, pixels. */
const fullSizePx = 112

/**
 * Variance of the Laplacian of the aligned crop (8-bit grey) that counts as half sharp. Measure: Pech-Pacheco et al.,
 * ICPR 2000. Constant: see docs/recognition.md.
 */
const halfSharpVariance = 100

/**
 * How far the nose's tip lies before the line between the pupils, in distances between the pupils: about 27 mm of
 * 63 mm, the means of published anthropometry.
 */
const noseDepth = 0.43

/** Grey values that count as too dark and too bright (ISO/IEC 29794-5:2025, under- and over-exposure prevention). */
const darkest = 25
const brightest = 247

/**
 * The quality of one face: `box` and `landmarks` in pixels of the upright photo, `crop` the aligned picture that the
 * embedder sees.
 */
export function assessQuality(box: Box, landmarks: Landmarks, crop: Pixels): Quality {
  const sizePx = Math.min(box.w, box.h)
  const grey = greyOf(crop)
  const yaw = yawOf(landmarks)
  const parts = {
    size: Math.min(1, sizePx / fullSizePx),
    sharpness: sharpnessOf(laplacianVariance(grey, crop.width, crop.height)),
    // ISO/IEC 29794-5:2025 maps the angle of the head to cos².
    pose: Math.max(0, Math.cos(yaw)) ** 2,
    exposure: exposureOf(grey),
  }
  return {
    value: (parts.size * parts.sharpness * parts.pose * parts.exposure) ** 0.25,
    ...parts,
    sizePx,
    yawDegrees: (yaw * 180) / Math.PI,
    rollDegrees: (rollOf(landmarks) * 180) / Math.PI,
  }
}

/** Angle of the line between the eyes, radians, clockwise; −π … π. */
export function rollOf([leftEye, rightEye]: Landmarks): number {
  return Math.atan2(rightEye.y - leftEye.y, rightEye.x - leftEye.x)
}

/**
 * Angle of the head about the vertical, radians, positive to the viewer's right. Seen from far away, a head turned by ψ
 * shows the eyes cos ψ as far apart and the nose's tip `noseDepth`·sin ψ to the side.
 */
export function yawOf(landmarks: Landmarks): number {
  const [leftEye, rightEye, nose] = landmarks
  const [ex, ey] = [rightEye.x - leftEye.x, rightEye.y - leftEye.y]
  const squared = ex * ex + ey * ey
  if (squared === 0) return Math.PI / 2
  const [nx, ny] = [nose.x - (leftEye.x + rightEye.x) / 2, nose.y - (leftEye.y + rightEye.y) / 2]
  return Math.atan((nx * ex + ny * ey) / squared / noseDepth)
}

/** Luma of an RGB picture (ITU-R BT.601), 8 bits. */
export function greyOf({ data }: Pixels): Uint8Array {
  const grey = new Uint8Array(data.length / 3)
  for (let index = 0; index < grey.length; index++) {
    const at = 3 * index
    grey[index] = 0.299 * data[at]! + 0.587 * data[at + 1]! + 0.114 * data[at + 2]! + 0.5
  }
  return grey
}

/** Variance of the 4-neighbour Laplacian over the inner pixels. */
export function laplacianVariance(grey: Uint8Array, width: number, height: number): number {
  let [sum, squares, count] = [0, 0, 0]
  for (let y = 1; y < height - 1; y++) {
    for (let x = 1; x < width - 1; x++) {
      const at = y * width + x
      const value = grey[at - 1]! + grey[at + 1]! + grey[at - width]! + grey[at + width]! - 4 * grey[at]!
      sum += value
      squares += value * value
      count++
    }
  }
  return count === 0 ? 0 : squares / count - (sum / count) ** 2
}

function sharpnessOf(variance: number): number {
  return variance / (variance + halfSharpVariance)
}

/**
 * The share of pixels that are neither too dark nor too bright. Brightness in between is not judged: a dark skin in good
 * light is no fault of the photo.
 */
function exposureOf(grey: Uint8Array): number {
  let clipped = 0
  for (const value of grey) if (value <= darkest || value >= brightest) clipped++
  return 1 - clipped / grey.length
}
