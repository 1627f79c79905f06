/**
 * What a pickle may refer back to, in bounded memory. Import worker thread.
 *
 * [Note: Memo] A pickle numbers nearly all its values, and any of them may be named again: millions in a large file, which
 * together are the file. Of rows that were given away, a text is kept as the place where it stands and read again (those used
 * last are at hand); names and types of NumPy are kept; lists, dictionaries and arrays are let go. A file that
 * names one of those again holds the same row or vector twice: it gets a {@link LetGo} that says of which row.
 */
import { LRUCache } from 'lru-cache'
import type { FileBytes } from '../file-bytes'
import { readText } from './text-opcodes'
import { LetGo, NumpyGlobal, NumpyType, PickledDict, PickledList, PickledTuple, type Value } from './values'

/** Entries at most: 8 bytes each. */
export const mostEntries = 16_777_216
/** Values that are kept for good at most: a file of DeepFace's has a dozen. */
export const mostKept = 10_000
/** Characters, with some for each text: the keys of the dictionaries, and the paths of the last thousands of rows. */
const textsAtHand = 2 * 1024 * 1024

/** A longer text is no path: it is let go like a list, or a few bytes of a file could have it read again without end. Characters. */
const longestText = 4096

/** Entry of a place that nothing was ever put in. */
const nothing = Number.NaN
/** Entry of a value that is kept for good, or until the rows are given away. */
const held = Number.POSITIVE_INFINITY
const letGoOfSomeRow = Number.NEGATIVE_INFINITY

export class Memo {
  /** Places of texts, ≥ 0; `-1 - row` of what was let go; or one of the marks above. */
  #entries = new Float64Array(1024).fill(nothing)
  readonly #kept = new Map<number, Value>()
  /** Of the rows that are being read. */
  #young = new Map<number, Value>()
  readonly #texts = new LRUCache<number, string>({
    maxSize: textsAtHand,
    sizeCalculation: (text) => text.length + 64,
  })
  readonly #aside: FileBytes
  /** How often something was put: the number that MEMOIZE gives next. */
  puts = 0

  constructor(aside: FileBytes) {
    this.#aside = aside
  }

  /** `textPlace`: where the text opcode stands that made `value`, had it just been read. `false`: too many are kept. */
  put(index: number, value: Value, textPlace: number | undefined): boolean {
    this.puts += 1
    this.#grow(index)
    if (typeof value === 'string' && textPlace !== undefined && value.length <= longestText) {
      this.#entries[index] = textPlace
      this.#texts.set(textPlace, value)
      this.#young.delete(index)
      return true
    }
    this.#entries[index] = held
    this.#young.set(index, value)
    return this.#kept.size <= mostKept
  }

  /** `undefined`: there is no such entry. */
  get(index: number): Value | undefined {
    const entry = this.#entries[index]
    if (entry === undefined || Number.isNaN(entry)) return undefined
    if (entry === held) return this.#young.get(index) ?? this.#kept.get(index) ?? null
    if (entry < 0) return new LetGo(entry === letGoOfSomeRow ? null : -1 - entry)
    return this.#texts.get(entry) ?? this.#readAgain(entry)
  }

  /** The rows read so far were given away: what only they need is let go. */
  letGo(): void {
    for (const [index, value] of this.#young) {
      if (this.#entries[index] !== held) continue
      if (isKept(value)) this.#kept.set(index, value)
      else this.#entries[index] = entryOf(value)
    }
    this.#young = new Map()
  }

  #readAgain(place: number): string {
    this.#aside.seek(place)
    const text = readText(this.#aside, this.#aside.byte())
    this.#texts.set(place, text)
    return text
  }

  #grow(index: number): void {
    if (index < this.#entries.length) return
    const grown = new Float64Array(Math.min(mostEntries, Math.max(this.#entries.length * 2, index + 1)))
    grown.set(this.#entries)
    grown.fill(nothing, this.#entries.length)
    this.#entries = grown
  }
}

/** Of bytes only the `b'b'` of every NumPy array is named again: Python has one of each single byte. */
const isKept = (value: Value): boolean =>
  value instanceof NumpyGlobal ||
  value instanceof NumpyType ||
  (value instanceof Uint8Array && value.length <= 1)

function entryOf(value: Value): number {
  const isContainer =
    value instanceof PickledList || value instanceof PickledDict || value instanceof PickledTuple
  return isContainer && value.row !== null ? -1 - value.row : letGoOfSomeRow
}
