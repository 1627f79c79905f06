/** What a detector's decoder gives, and the suppression of doubles. Pure maths; vision process. */
import { type Box, intersectionOverUnion, type Landmarks } from '../../../src-shared/geometry'

/** One detection, in pixels of the picture that the detector saw. */
export interface Detection {
  readonly box: Box
  readonly landmarks: Landmarks
  /** 0 … 1. */
  readonly score: number
}

/** A detector's output tensors by name, float32. */
export type DetectorOutputs = ReadonlyMap<string, Float32Array>

/** The tensor of that name. Throws where the graph has none: the manifest does not fit the file. */
export function outputNamed(outputs: DetectorOutputs, name: string): Float32Array {
  const tensor = outputs.get(name)
  if (tensor === undefined) throw new Error(`The detector has no output named ${name}.`)
  return tensor
}

/**
 * Greedy non-maximum suppression: by falling score, each detection removes those that overlap it by more than `maxIou`
 * (intersection over union, 0 … 1). The result is sorted by falling score.
 */
export function suppress(detections: readonly Detection[], maxIou: number): Detection[] {
  const kept: Detection[] = []
  for (const candidate of detections.toSorted((a, b) => b.score - a.score)) {
    if (kept.every((other) => intersectionOverUnion(candidate.box, other.box) <= maxIou)) kept.push(candidate)
  }
  return kept
}
