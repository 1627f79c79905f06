/** Reads the outputs of an SCRFD detector. Pure maths; vision process. */
import type { Landmarks } from '../../../src-shared/geometry'
import type { ModelPack } from '../../../src-shared/model-pack'
import { type Detection, type DetectorOutputs, outputNamed } from './detection'

type ScrfdDecoder = Extract<ModelPack['detector']['decoder'], { kind: 'scrfd' }>

/**
 * Detections with at least `minScore`, in pixels of the detector's input of `inputWidth` × `inputHeight`.
 *
 * Per stride, row by row over the cells and, within a cell, its anchors: score N × 1 (already a probability), box N × 4
 * (distances from the cell's corner to the left, top, right and bottom edge, in strides), landmarks N × 10 (x and y
 * offsets from the same point, in strides). A leading batch of 1 changes nothing. Source: SCRFD (Guo et al., ICLR 2022)
 * and its published exports.
 */
export function decodeScrfd(
  decoder: ScrfdDecoder,
  outputs: DetectorOutputs,
  inputWidth: number,
  inputHeight: number,
  minScore: number,
): Detection[] {
  const detections: Detection[] = []
  for (const level of decoder.levels) {
    const { stride } = level
    const columns = Math.ceil(inputWidth / stride)
    const rows = columns * Math.ceil(inputHeight / stride) * decoder.anchorsPerCell
    const scores = outputNamed(outputs, level.score)
    const boxes = outputNamed(outputs, level.box)
    const landmarks = outputNamed(outputs, level.landmark)
    if (scores.length !== rows || boxes.length !== 4 * rows || landmarks.length !== 10 * rows) {
      throw new Error(`The detector's outputs for stride ${stride} do not have ${rows} rows.`)
    }
    for (let row = 0; row < rows; row++) {
      const score = scores[row]!
      if (score < minScore) continue
      const cell = Math.floor(row / decoder.anchorsPerCell)
      const x = (cell % columns) * stride
      const y = Math.floor(cell / columns) * stride
      const edge = (index: number) => stride * boxes[4 * row + index]!
      const point = (index: number) => ({
        x: x + stride * landmarks[10 * row + 2 * index]!,
        y: y + stride * landmarks[10 * row + 2 * index + 1]!,
      })
      detections.push({
        box: {
          x: x - edge(0),
          y: y - edge(1),
          w: Math.max(0, edge(0) + edge(2)),
          h: Math.max(0, edge(1) + edge(3)),
        },
        landmarks: [point(0), point(1), point(2), point(3), point(4)] satisfies Landmarks,
        score: Math.min(1, score),
      })
    }
  }
  return detections
}
