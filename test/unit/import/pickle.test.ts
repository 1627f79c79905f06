/** Reading pickles: what DeepFace writes in every protocol, in bounded memory; what is broken. */
import { describe, expect, test } from 'vitest'
import { modelOfFileName } from '../../../src-main/import/deepface/file-name'
import { type DeepfaceFace, facesOf } from '../../../src-main/import/deepface/rows'
import { FileBytes } from '../../../src-main/import/file-bytes'
import { PickleInterpreter } from '../../../src-main/import/pickle/interpreter'
import type { Value } from '../../../src-main/import/pickle/values'
import { hasCode } from '../../../src-shared/errors'
import { NumpyInt64, type Python, pickled, Tuple, type WriteOptions } from './pickle-writer'
import { readAll, specOf } from './read-all'
import { fileIn, temporaryFolder } from './temp-file'

const folder = temporaryFolder()

function itemsOf(content: Uint8Array): Value[] {
  const bytes = FileBytes.open(fileIn(folder, content))
  try {
    return [...new PickleInterpreter(bytes).batches()].flat()
  } finally {
    bytes.close()
  }
}

const facesIn = (content: Uint8Array): DeepfaceFace[] =>
  itemsOf(content).flatMap((item) => facesOf(item, null, () => undefined))

/** Numbers that float32 has exactly. */
const numbers = (length: number, seed = 1) =>
  Array.from({ length }, (_, index) => ((index * 37 + seed) % 256) / 64 - 2)

const dictionary = (path: string, embedding: Python): Python => ({
  identity: path,
  hash: `hash of ${path}`,
  embedding,
  target_x: 10n,
  target_y: 70_000n,
  target_w: 300n,
  target_h: new NumpyInt64(400),
})

const protocols = [0, 1, 2, 3, 4, 5] as const

describe.each(protocols)('protocol %s', (protocol) => {
  const options: WriteOptions = { protocol }

  test('dictionaries, with and without a face, of one photo and of several', () => {
    const path = 'dataset/Ana Kovač/1.jpg'
    const rows = [
      dictionary(path, numbers(512)),
      dictionary(path, numbers(512, 2)),
      dictionary('b.jpg', null),
    ]
    const [first, second, third, ...more] = facesIn(pickled(rows, options))
    expect(more).toEqual([])
    expect(first).toMatchObject({
      photoPath: path,
      box: { x: 10, y: 70_000, w: 300, h: 400 },
      problem: null,
    })
    expect(first?.embedding).toEqual(Float32Array.from(numbers(512)))
    expect(second).toMatchObject({ photoPath: path, problem: null })
    expect(second?.embedding).toEqual(Float32Array.from(numbers(512, 2)))
    expect(third).toMatchObject({ photoPath: 'b.jpg', embedding: null, problem: { reason: 'no-embedding' } })
  })

  test.each(['numpy.core', 'numpy._core'] as const)('lists with arrays, as %s writes them', (numpy) => {
    const rows = [
      ['a.jpg', Float32Array.from(numbers(2622))],
      ['b.jpg', Float64Array.from(numbers(128))],
    ]
    for (const bigEndian of [false, true]) {
      const [first, second] = facesIn(pickled(rows, { ...options, numpy, bigEndian }))
      expect(first).toMatchObject({ photoPath: 'a.jpg', problem: null, box: null })
      expect(first?.embedding).toEqual(Float32Array.from(numbers(2622)))
      expect(second?.embedding).toEqual(Float32Array.from(numbers(128)))
      const [empty] = facesIn(pickled([['c.jpg', new Float32Array()]], { ...options, numpy, bigEndian }))
      expect(empty?.problem?.reason).toBe('not-a-vector')
    }
  })

  test('lists with a box, and an ensemble: a face for each model', () => {
    const boxed = facesIn(pickled([['a.jpg', numbers(128), 1n, 2n, 3n, 4n]], options))
    expect(boxed).toMatchObject([{ photoPath: 'a.jpg', box: { x: 1, y: 2, w: 3, h: 4 }, problem: null }])
    const ensemble = ['a.jpg', numbers(2622), Float32Array.from(numbers(128)), numbers(128, 3), numbers(4096)]
    const faces = facesIn(pickled([ensemble], options))
    expect(faces.map(({ part, modelId, embedding }) => [part, modelId, embedding?.length])).toEqual([
      ['VGG-Face', 'deepface/vggface', 2622],
      ['Facenet', 'deepface/facenet', 128],
      ['OpenFace', 'deepface/openface', 128],
      ['DeepFace', 'deepface/deepface', 4096],
    ])
  })

  test('an empty list', () => {
    expect(itemsOf(pickled([], options))).toEqual([])
  })

  test('thousands of rows, in batches, with paths that are named again much later', () => {
    const rows = Array.from({ length: 2500 }, (_, index) =>
      dictionary(`photo ${index % 1300}.jpg`, numbers(8, index)),
    )
    const faces = facesIn(pickled(rows, options))
    expect(faces).toHaveLength(2500)
    for (const [index, { photoPath, embedding, problem }] of faces.entries()) {
      expect(problem).toBeNull()
      expect(photoPath).toBe(`photo ${index % 1300}.jpg`)
      expect(embedding).toEqual(Float32Array.from(numbers(8, index)))
    }
  })
})

describe('rows that are not as they should be', () => {
  const read = (row: Python) => facesIn(pickled([row], { protocol: 5 }))

  test.each<[string, Python, string]>([
    ['no identity', { hash: 'x', embedding: [1] }, 'unreadable'],
    ['a text for a row', 'a.jpg', 'unreadable'],
    ['three values', ['a.jpg', [1], 2n], 'unreadable'],
    ['a path that is none', dictionary('', [1]), 'unreadable'],
    ['a text for an embedding', dictionary('a.jpg', 'vector'), 'not-a-vector'],
    ['a text in an embedding', dictionary('a.jpg', [1, 'two', 3]), 'not-a-vector'],
    ['an empty embedding', dictionary('a.jpg', []), 'not-a-vector'],
    ['100,000 numbers', dictionary('a.jpg', new Float32Array(100_000)), 'not-a-vector'],
  ])('%s', (_, row, reason) => {
    expect(read(row)).toMatchObject([{ problem: { reason } }])
  })

  test.each<[string, readonly [Python], number[]]>([
    ['numbers after a whole one', [[0.5, 1n, 2.5]], [0.5, 1, 2.5]],
    ['a whole number first', [[1n, 0.5, 2.5]], [1, 0.5, 2.5]],
    ['one number', [[0.25]], [0.25]],
    ['as many as stand between two marks', [numbers(1000)], numbers(1000)],
    ['one more', [numbers(1001)], numbers(1001)],
    ['as many as are read at once', [numbers(1024)], numbers(1024)],
    ['a tuple', [new Tuple([0.5, 1.5])], [0.5, 1.5]],
  ])('vectors are what was written: %s', (_, [vector], expected) => {
    for (const protocol of protocols) {
      const [face] = facesIn(pickled([['a.jpg', vector]], { protocol }))
      expect(face?.problem).toBeNull()
      expect(face?.embedding).toEqual(Float32Array.from(expected))
    }
  })

  test('other entries are told and do no harm', () => {
    const others: string[] = []
    const item = itemsOf(
      pickled([{ identity: 'a.jpg', embedding: [1], shape: new Tuple([1n, 2n]) }], { protocol: 4 }),
    )[0]
    expect(facesOf(item!, null, (key) => others.push(key))).toMatchObject([{ problem: null }])
    expect(others).toEqual(['shape'])
  })

  test('the same row and the same vector once more, after they were let go', () => {
    const vector = numbers(16)
    const first = dictionary('a.jpg', vector)
    const fill = Array.from({ length: 1000 }, (_, index) => dictionary(`${index}.jpg`, numbers(4)))
    const faces = facesIn(pickled([first, ...fill, first, dictionary('b.jpg', vector)], { protocol: 5 }))
    expect(faces[1001]?.problem).toEqual({
      reason: 'duplicate',
      detail: 'The row is the same object as that of row 0.',
    })
    expect(faces[1002]).toMatchObject({
      photoPath: 'b.jpg',
      problem: { reason: 'duplicate', detail: 'The embedding is the same object as that of row 0.' },
    })
  })
})

test('every place at which a small file may be cut off ends in a clear error', () => {
  for (const protocol of protocols) {
    const whole = pickled([dictionary('a.jpg', numbers(4)), ['b.jpg', Float32Array.from([1, 2])]], {
      protocol,
    })
    for (let length = 0; length < whole.length; length++) {
      let thrown: unknown
      try {
        itemsOf(whole.subarray(0, length))
      } catch (error) {
        thrown = error
      }
      expect(
        hasCode(thrown, 'source-unfit'),
        `${length} of ${whole.length} bytes, protocol ${protocol}`,
      ).toBe(true)
    }
  }
})

test.each([
  ['ds_model_arcface_detector_retinaface_aligned_normalization_base_expand_0.pkl', 'deepface/arcface'],
  ['ds_model_facenet512_detector_opencv_unaligned_normalization_base_expand_10.pkl', 'deepface/facenet512'],
  ['ds_facenet_mtcnn_v2.pkl', 'deepface/facenet'],
  ['/photos/ds_ghostfacenet_opencv_v3.pkl', 'deepface/ghostfacenet'],
  ['representations_vgg_face.pkl', 'deepface/vggface'],
  ['representations_ensemble.pkl', null],
  ['my-faces.pkl', null],
])('the name %s claims %s', (name, modelId) => {
  expect(modelOfFileName(name)).toBe(modelId)
})

test('what rows have besides is named, and why the hash is not kept', async () => {
  const rows = [{ identity: 'Ana/1.jpg', hash: 'ab', embedding: numbers(512), gender: 'Woman' }]
  const { inspection } = await readAll(specOf(fileIn(folder, pickled(rows, { protocol: 5 }))))
  expect(inspection.notes).toEqual([
    '“hash” is not kept: DeepFace makes it of the size and the times of the photo’s file, not of what is in it.',
    'Rows also have “gender”, which Visor has no use for.',
    'Rows are counted from 0, as Python does: “row 12” is item 12 of the list, the thirteenth.',
    'The file’s name does not say which model its embeddings are of.',
  ])
})
