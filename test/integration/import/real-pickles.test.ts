/** Files that DeepFace itself wrote, on machines that have them: every row is a face or has its reason. */
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { SourceThread } from '../../../src-main/import/thread/source-thread'
import { specOf } from '../../unit/import/read-all'

const root = join(import.meta.dirname, '../../..')
const folder = join(root, '../shared/legacy/deepface')

/** By file: rows, model, dimension. */
const expected: Readonly<Record<string, readonly [number, string, number] | readonly [0]>> = {
  'ds_facenet_mtcnn_v2.pkl': [71, 'deepface/facenet', 128],
  'ds_model_facenet_detector_mtcnn_aligned_normalization_base_expand_0.pkl': [77, 'deepface/facenet', 128],
  'ds_model_facenet_detector_opencv_aligned_normalization_base_expand_0.pkl': [0],
  'ds_model_vggface_detector_opencv_aligned_normalization_base_expand_0.pkl': [72, 'deepface/vggface', 4096],
  'representations_vgg_face.pkl': [61, 'deepface/vggface', 2622],
}

test.runIf(existsSync(folder))('DeepFace’s own files', async () => {
  expect(readdirSync(folder).sort()).toEqual(Object.keys(expected).sort())
  for (const [name, [rows, modelId, dimension]] of Object.entries(expected)) {
    const spec = specOf(join(folder, name), {
      kind: 'deepface-pkl',
      personRule: { by: 'file-name', pattern: '{person}' },
    })
    const source = new SourceThread(spec, { builtFolder: join(root, 'out/main') })
    try {
      const inspection = await source.inspect()
      expect(inspection).toMatchObject({ rows, problems: [] })
      expect(inspection.models.map((model) => [model.modelId, model.dimension, model.rows])).toEqual(
        rows === 0 ? [] : [[modelId, dimension, rows]],
      )
      let read = 0
      for await (const portion of source.rows()) read += portion.rows.length
      expect(read).toBe(rows)
    } finally {
      await source.close()
    }
  }
})
