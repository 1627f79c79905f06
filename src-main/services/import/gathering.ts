/** Rows that wait to be written at once. Main, command line. */
import { portionRows } from '../../import/source'
import type { ImportPortion, ImportRows } from '../../storage/import-store'
import { type PackedFaces, packFaces } from '../../storage/packed-faces'

/** One write is to take so long, ms: whoever edits meanwhile waits for it, and so does a pause. */
const writeMs = 1000
/** What is gathered goes after so long, ms, however little it is. */
const gatherMs = 1000
/** Rows in one write at first, and at least. */
const fewest = 2 * portionRows
/** Whatever it takes. */
const mostRowsInWrite = 10_000

/** What is written as a whole: the faces of one turn are packed together. */
interface Part extends Pick<ImportPortion, 'to' | 'faces' | 'rejects'> {
  readonly since: number
}

/** Gathers rows to writes of as many as take a fixed time: many at once are written faster than one portion after the other. */
export class Gathering {
  #wanted: number
  #from: number
  #to: number
  #parts: Part[] = []
  readonly #most: number

  /** `position`: behind the last row that was written. `most`: rows in one write. */
  constructor(position: number, most = mostRowsInWrite) {
    this.#from = position
    this.#to = position
    this.#most = most
    this.#wanted = Math.min(fewest, most)
  }

  /** Adds rows that follow those before. */
  add({ faces, rejects, to }: ImportRows): void {
    const packed: PackedFaces[] = faces.length > 0 ? [packFaces(faces)] : []
    this.#parts.push({ to, faces: packed, rejects, since: performance.now() })
    this.#to = to
  }

  get isEmpty(): boolean {
    return this.#parts.length === 0
  }

  /** Whether to begin a write; nothing is being written, and whoever writes would only wait for more. */
  get isEnough(): boolean {
    const [first] = this.#parts
    if (first === undefined) return false
    const enough = Math.min(fewest, this.#wanted)
    return this.#to - this.#from >= enough || performance.now() - first.since > gatherMs
  }

  /** Whether no more are to be gathered before something was taken: there are as many as the next write could have. */
  get isFull(): boolean {
    return this.#to - this.#from >= Math.min(2 * this.#wanted, this.#most)
  }

  /** The rows of one write, which are gone from here. */
  take(): ImportPortion {
    const from = this.#from
    const over = this.#parts.findIndex(({ to }, index) => index > 0 && to - from > this.#wanted)
    const parts = this.#parts.splice(0, over < 0 ? this.#parts.length : over)
    const to = parts.at(-1)?.to ?? from
    this.#from = to
    return {
      from,
      to,
      faces: parts.flatMap(({ faces }) => faces),
      rejects: parts.flatMap(({ rejects }) => rejects),
    }
  }

  /** Learns from a write how many rows the next ones are to have. */
  note({ from, to }: Pick<ImportPortion, 'from' | 'to'>, tookMs: number): void {
    const fitting = ((to - from) * writeMs) / Math.max(1, tookMs)
    // Not all at once: one write in the way of another says little of the next.
    const soon = Math.min(2 * this.#wanted, Math.max(fewest, fitting))
    this.#wanted = Math.round(Math.min(this.#most, soon))
  }
}
