/** Reads the outputs of a RetinaFace detector. Pure maths; vision process. */
import type { Landmarks } from '../../../src-shared/geometry'
import type { ModelPack } from '../../../src-shared/model-pack'
import { type Detection, type DetectorOutputs, outputNamed } from './detection'

type RetinafaceDecoder = Extract<ModelPack['detector']['decoder'], { kind: 'retinaface' }>

/** Side of an anchor of scale 1, pixels (RetinaFace, Deng et al., CVPR 2020: base size 16, one ratio). */
const anchorBasePx = 16
/** Where the first cell's anchors have their centre, pixels. */
const firstCentrePx = 8

/**
 * Detections with at least `minScore`, in pixels of the detector's input of `inputWidth` × `inputHeight`.
 *
 * Per stride, with A anchors a cell and h × w cells: score 1 × 2A × h × w (background channels first), box
 * 1 × 4A × h × w (dx, dy in anchor sizes, dw, dh logarithmic), landmarks 1 × 10A × h × w (x, y in
 * `landmarkScale` anchor widths from the centre).
 */
export function decodeRetinaface(
  decoder: RetinafaceDecoder,
  outputs: DetectorOutputs,
  inputWidth: number,
  inputHeight: number,
  minScore: number,
): Detection[] {
  const detections: Detection[] = []
  for (const level of decoder.levels) {
    const columns = Math.ceil(inputWidth / level.stride)
    const cells = columns * Math.ceil(inputHeight / level.stride)
    const scores = outputNamed(outputs, level.score)
    const boxes = outputNamed(outputs, level.box)
    const landmarks = outputNamed(outputs, level.landmark)
    const anchors = level.scales.length
    level.scales.forEach((scale, anchor) => {
      const side = anchorBasePx * scale
      const scorePlane = (anchors + anchor) * cells
      for (let cell = 0; cell < cells; cell++) {
        const score = scores[scorePlane + cell]!
        if (score < minScore) continue
        const centreX = firstCentrePx + (cell % columns) * level.stride
        const centreY = firstCentrePx + Math.floor(cell / columns) * level.stride
        const delta = (channel: number) => boxes[(4 * anchor + channel) * cells + cell]!
        const w = side * Math.exp(delta(2))
        const h = side * Math.exp(delta(3))
        const unit = decoder.landmarkScale * side
        const point = (index: number) => ({
          x: centreX + unit * landmarks[(10 * anchor + 2 * index) * cells + cell]!,
          y: centreY + unit * landmarks[(10 * anchor + 2 * index + 1) * cells + cell]!,
        })
        detections.push({
          box: { x: centreX + side * delta(0) - w / 2, y: centreY + side * delta(1) - h / 2, w, h },
          landmarks: [point(0), point(1), point(2), point(3), point(4)] satisfies Landmarks,
          score: Math.min(1, score),
        })
      }
    })
  }
  return detections
}
