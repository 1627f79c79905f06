/**
 * The model that a DeepFace file's name claims. Import worker thread.
 *
 * From DeepFace's `find`, by version: `representations_vgg_face.pkl` (until 0.0.82), `ds_facenet_mtcnn_v2.pkl` (0.0.84 – 0.0.89),
 * `ds_model_arcface_detector_retinaface_aligned_normalization_base_expand_0.pkl` (since 0.0.90).
 */
import { basename } from 'node:path'
import type { ModelId } from '../../../src-shared/ids'
import { claimedModel } from '../row'

const forms = [
  /^ds_model_(.+?)_detector_.+\.pkl$/i,
  /^ds_(.+?)_[^_]+(?:_aligned|_unaligned)?(?:_v\d+)?\.pkl$/i,
  /^representations_(.+)\.pkl$/i,
]

/** Of an ensemble, the models of its columns in their order. */
export const ensembleModels = ['VGG-Face', 'Facenet', 'OpenFace', 'DeepFace'] as const

/** `null`: the name claims none, or that it is an ensemble. */
export function modelOfFileName(path: string): ModelId | null {
  for (const form of forms) {
    const found = form.exec(basename(path))?.[1]
    if (found !== undefined) return found.toLowerCase() === 'ensemble' ? null : claimedModel(found)
  }
  return null
}
