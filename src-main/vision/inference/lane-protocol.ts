/** What the vision process and its lanes say to each other: two threads of one process, built together. Vision process. */
import type { WireError } from '../../../src-shared/errors'
import type { UnitEmbedding } from '../../../src-shared/face'
import type { VisionParams, VisionResult } from '../../../src-shared/vision-protocol'
import type { Detection } from '../maths/detection'
import type { Pixels } from '../maths/pixels'

export interface LaneData {
  readonly configuration: VisionParams<'configure'>
}

export type ToLane =
  | { readonly type: 'detect'; readonly id: number; readonly pixels: Pixels; readonly minScore: number }
  | { readonly type: 'embed'; readonly id: number; readonly pixels: Pixels; readonly flip: boolean }
  | { readonly type: 'real'; readonly id: number; readonly pixels: Pixels }

export type FromLane =
  | { readonly type: 'ready'; readonly summary: VisionResult<'configure'> }
  | { readonly type: 'failed'; readonly error: WireError }
  | { readonly type: 'done'; readonly id: number; readonly value: Detection[] | UnitEmbedding | number }
  | { readonly type: 'refused'; readonly id: number; readonly error: WireError }
