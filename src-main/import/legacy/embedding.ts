/** Embeddings as legacy databases keep them: bytes, JSON, arrays, pgvector's text. Import worker thread. */
import { lengthProblem } from '../row'
import type { RowProblem } from '../source'

/** Bytes of one number in a blob. Little-endian, as every machine that these systems ran on. */
export type FloatBytes = 4 | 8

export interface ReadEmbedding {
  readonly embedding: Float32Array | null
  readonly problem: RowProblem | null
}

/** Characters or bytes; what is longer is no embedding, however it is written. */
export const longestEmbedding = 400_000
/** No model gives numbers beyond it. */
const sane = 1e6

/**
 * Whether blobs hold float32 or float64, by a sample of them: the halves of a float64, read as float32, are wild numbers. One
 * answer for the whole table, so that a broken row does not pass for one of the other kind.
 */
export function floatBytesOf(blobs: readonly Uint8Array[]): FloatBytes {
  let votes = 0
  for (const blob of blobs) {
    if (blob.length === 0 || blob.length % 8 !== 0) {
      votes -= blob.length % 4 === 0 ? 1 : 0
      continue
    }
    votes += !isSane(numbersIn(blob, 4)) && isSane(numbersIn(blob, 8)) ? 1 : -1
  }
  return votes > 0 ? 8 : 4
}

const isSane = (numbers: readonly number[]) => numbers.every((value) => Math.abs(value) <= sane)

function numbersIn(blob: Uint8Array, bytes: FloatBytes): number[] {
  const view = new DataView(blob.buffer, blob.byteOffset, blob.byteLength)
  return Array.from({ length: blob.length / bytes }, (_, index) =>
    bytes === 4 ? view.getFloat32(index * 4, true) : view.getFloat64(index * 8, true),
  )
}

/** One column's value as a vector. `floatBytes`: of blobs. */
export function readEmbedding(value: unknown, floatBytes: FloatBytes): ReadEmbedding {
  if (value === null || value === undefined) {
    return none({ reason: 'no-embedding', detail: 'The embedding is NULL.' })
  }
  if (value instanceof Uint8Array) return ofBlob(value, floatBytes)
  if (typeof value === 'string') return ofText(value)
  if (Array.isArray(value)) return ofNumbers(value)
  return none(noVector(`a ${typeof value}`))
}

const none = (problem: RowProblem): ReadEmbedding => ({ embedding: null, problem })

const noVector = (what: string): RowProblem => ({
  reason: 'not-a-vector',
  detail: `In place of an embedding stands ${what}.`,
})

function ofBlob(blob: Uint8Array, floatBytes: FloatBytes): ReadEmbedding {
  // JSON that was stored as bytes: no float begins with “[” and ends with “]” in sane numbers.
  if (blob[0] === 0x5b && blob.at(-1) === 0x5d) {
    const read = ofText(Buffer.from(blob).toString('latin1'))
    if (read.embedding !== null) return read
  }
  if (blob.length > longestEmbedding) return none(noVector('more bytes than any vector has'))
  if (blob.length === 0) return none(noVector('nothing'))
  if (blob.length % floatBytes !== 0) {
    return none(
      noVector(`${blob.length.toLocaleString('en-GB')} bytes, which are no row of float${floatBytes * 8}`),
    )
  }
  const tooLong = lengthProblem(blob.length / floatBytes)
  if (tooLong !== undefined) return none(tooLong)
  return { embedding: Float32Array.from(numbersIn(blob, floatBytes)), problem: null }
}

/** `[0.1, 0.2]` of JSON and pgvector, `{0.1,0.2}` of PostgreSQL's arrays; Python also writes NaN and Infinity. */
function ofText(text: string): ReadEmbedding {
  if (text.length > longestEmbedding) return none(noVector('a text that is longer than any vector'))
  const inner = /^\s*(?:\[([^[\]{}]*)\]|\{([^[\]{}]*)\})\s*$/.exec(text)
  const list = inner?.[1] ?? inner?.[2]
  if (list === undefined || list.trim() === '') return none(noVector('a text that is no list of numbers'))
  const parts = list.split(',')
  const tooLong = lengthProblem(parts.length)
  if (tooLong !== undefined) return none(tooLong)
  const embedding = new Float32Array(parts.length)
  for (const [index, part] of parts.entries()) {
    const number = numberOf(part.trim())
    if (number === undefined) return none(noVector('a list with something that is no number'))
    embedding[index] = number
  }
  return { embedding, problem: null }
}

const words: ReadonlyMap<string, number> = new Map([
  ['nan', Number.NaN],
  ['inf', Number.POSITIVE_INFINITY],
  ['infinity', Number.POSITIVE_INFINITY],
  ['-inf', Number.NEGATIVE_INFINITY],
  ['-infinity', Number.NEGATIVE_INFINITY],
])

function numberOf(text: string): number | undefined {
  const number = Number(text)
  return text !== '' && Number.isFinite(number) ? number : words.get(text.toLowerCase())
}

function ofNumbers(values: readonly unknown[]): ReadEmbedding {
  if (values.length === 0) return none(noVector('an empty array'))
  const tooLong = lengthProblem(values.length)
  if (tooLong !== undefined) return none(tooLong)
  const embedding = new Float32Array(values.length)
  for (const [index, value] of values.entries()) {
    // PostgreSQL's numeric comes as text.
    const number = typeof value === 'string' ? numberOf(value) : value
    if (typeof number !== 'number') return none(noVector('an array with something that is no number'))
    embedding[index] = number
  }
  return { embedding, problem: null }
}
