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
 * (intersection over union, 0 … 1). Those in `before` come first, whatever their score, and are not given back. The
 * result is sorted by falling score.
 */
export function suppress(
  detections: readonly Detection[],
  maxIou: number,
  before: readonly Detection[] = [],
): Detection[] {
  const kept: Detection[] = []
  const isNew = ({ box }: Detection, others: readonly Detection[]) =>
    others.every((other) => intersectionOverUnion(box, other.box) <= maxIou)
  for (const candidate of detections.toSorted((a, b) => b.score - a.score)) {
    if (isNew(candidate, before) && isNew(candidate, kept)) kept.push(candidate)
  }
  return kept
}
