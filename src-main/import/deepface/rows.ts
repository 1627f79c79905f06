/**
 * Rows of what DeepFace pickles. Import worker thread.
 *
 * [Note: DeepFace’s rows] A dictionary since 0.0.84: `identity` (the photo’s path), `hash` (SHA-1 of the size and the times of the photo’s file, which tells nothing once it was copied), `embedding` (a list, `None` where
 * no face was found), `target_x`, `target_y`, `target_w`, `target_h`. Before, a list: path and vector; in some
 * versions the four numbers of the box after them; of an ensemble, path and one vector for each model. Vectors are lists or
 * NumPy arrays. No version wrote anything else of pandas or of its own.
 */
import type { Box } from '../../../src-shared/geometry'
import type { ModelId } from '../../../src-shared/ids'
import {
  kindOf,
  LetGo,
  NumpyArray,
  PickledDict,
  PickledList,
  PickledTuple,
  type Value,
} from '../pickle/values'
import { claimedModel, lengthProblem } from '../row'
import type { RowProblem } from '../source'
import { ensembleModels } from './file-name'

/** One face of one row of the file. */
export interface DeepfaceFace {
  /** In addition to the row's number, where a row has several. */
  readonly part: string | null
  readonly photoPath: string | null
  readonly box: Box | null
  readonly modelId: ModelId | null
  readonly embedding: Float32Array | null
  readonly problem: RowProblem | null
}

const nothing: DeepfaceFace = {
  part: null,
  photoPath: null,
  box: null,
  modelId: null,
  embedding: null,
  problem: null,
}

const keptKeys = new Set(['identity', 'embedding', 'target_x', 'target_y', 'target_w', 'target_h'])

/** The faces of an item of the list; `modelId`: what the file's name claims. `other` is told of entries that are not kept. */
export function facesOf(item: Value, modelId: ModelId | null, other: (key: string) => void): DeepfaceFace[] {
  if (item instanceof PickledDict) return [ofDictionary(item, modelId, other)]
  if (item instanceof PickledList || item instanceof PickledTuple) return ofList(item.items, modelId)
  if (item instanceof LetGo) return [{ ...nothing, problem: again(item, 'The row') }]
  return [unreadable(`The row is ${kindOf(item)}, where DeepFace writes a dictionary or a list.`)]
}

/** What the list holds, for people. */
export function layoutOf(item: Value): string {
  if (item instanceof PickledDict) return 'a list of dictionaries'
  if (!(item instanceof PickledList)) return `a list of something else (${kindOf(item)})`
  if (isEnsemble(item.items)) return 'a list of lists, an ensemble of four models'
  return item.items.length > 2 ? 'a list of lists with boxes' : 'a list of lists'
}

function ofDictionary(
  { entries }: PickledDict,
  modelId: ModelId | null,
  other: (key: string) => void,
): DeepfaceFace {
  if (!entries.has('identity') || !entries.has('embedding')) {
    return unreadable('The row has no “identity” or no “embedding”.')
  }
  for (const key of entries.keys()) if (!keptKeys.has(key)) other(key)
  return face(entries.get('identity'), entries.get('embedding'), {
    modelId,
    box: boxOf(['target_x', 'target_y', 'target_w', 'target_h'].map((key) => entries.get(key))),
  })
}

const isEnsemble = (items: readonly Value[]) =>
  items.length === 1 + ensembleModels.length && items.slice(1).every(isVector)

const isVector = (value: Value) =>
  value === null || value instanceof PickledList || value instanceof NumpyArray || value instanceof LetGo

function ofList(items: readonly Value[], modelId: ModelId | null): DeepfaceFace[] {
  const [path, vector, ...rest] = items
  if (isEnsemble(items)) {
    return ensembleModels.map((name, index) =>
      face(path, items[index + 1], { part: name, modelId: claimedModel(name) }),
    )
  }
  if (items.length === 2) return [face(path, vector, { modelId })]
  if (items.length === 6) return [face(path, vector, { modelId, box: boxOf(rest) })]
  return [
    unreadable(`The row has ${items.length.toLocaleString('en-GB')} values; DeepFace writes 2, 5 or 6.`),
  ]
}

function face(path: Value | undefined, vector: Value | undefined, more: Partial<DeepfaceFace>): DeepfaceFace {
  if (typeof path !== 'string' || path === '') {
    return { ...unreadable(`The photo’s path is ${path === '' ? 'empty' : kindOf(path)}.`), ...more }
  }
  const read = vectorOf(vector)
  return {
    ...nothing,
    ...more,
    photoPath: path,
    embedding: read.embedding,
    problem: read.problem,
  }
}

const unreadable = (detail: string): DeepfaceFace => ({
  ...nothing,
  problem: { reason: 'unreadable', detail },
})

function again({ row }: LetGo, what: string): RowProblem {
  return {
    reason: 'duplicate',
    detail: `${what} is the same object as that of ${row === null ? 'an earlier row' : `row ${row}`}.`,
  }
}

interface ReadVector {
  readonly embedding: Float32Array | null
  readonly problem: RowProblem | null
}

function vectorOf(value: Value | undefined, isInner = false): ReadVector {
  const none = (problem: RowProblem): ReadVector => ({ embedding: null, problem })
  if (value === null) {
    return none({ reason: 'no-embedding', detail: 'DeepFace found no face in this photo.' })
  }
  if (value instanceof LetGo) return none(again(value, 'The embedding'))
  const empty = (): ReadVector => none({ reason: 'not-a-vector', detail: 'The embedding has no numbers.' })
  if (value instanceof NumpyArray && value.data !== null) {
    const { data } = value
    if (data.length === 0) return empty()
    if (!value.isVector) {
      return none({ reason: 'not-a-vector', detail: 'The embedding is an array of several dimensions.' })
    }
    const tooLong = lengthProblem(data.length)
    if (tooLong !== undefined) return none(tooLong)
    return { embedding: data instanceof Float32Array ? data : new Float32Array(data), problem: null }
  }
  if (!(value instanceof PickledList || value instanceof PickledTuple)) {
    return none({ reason: 'not-a-vector', detail: `In place of an embedding stands ${kindOf(value)}.` })
  }
  const numbers = value instanceof PickledList ? value.numbers : undefined
  if (numbers !== undefined) {
    const tooLong = lengthProblem(numbers.length)
    return tooLong === undefined ? { embedding: numbers, problem: null } : none(tooLong)
  }
  const [only] = value.items
  // One vector in a list of its own: what a model gives for a batch of one.
  if (!isInner && value.items.length === 1 && typeof only === 'object') return vectorOf(only, true)
  const tooLong = lengthProblem(value.items.length)
  if (tooLong !== undefined) return none(tooLong)
  const embedding = new Float32Array(value.items.length)
  for (const [index, number] of value.items.entries()) {
    if (typeof number !== 'number') {
      return none({
        reason: 'not-a-vector',
        detail: `Number ${index + 1} of ${value.items.length} of the embedding is ${kindOf(number)}.`,
      })
    }
    embedding[index] = number
  }
  return embedding.length === 0 ? empty() : { embedding, problem: null }
}

/** `null` where a number is missing or the box is empty, as it is in rows without a face. */
function boxOf(values: readonly (Value | undefined)[]): Box | null {
  const [x, y, w, h] = values.map((value) =>
    typeof value === 'number' && Number.isFinite(value) ? value : null,
  )
  if (x == null || y == null || w == null || h == null || w <= 0 || h <= 0) return null
  return { x, y, w, h }
}
