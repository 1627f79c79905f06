/** Rows that wait to be written at once. Main, command line. */
import type { RejectedRow } from '../../../src-shared/import-run'
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

/** Gathers rows to writes of as many as take a fixed time: many at once are written faster than one portion after the other. */
export class Gathering {
  #wanted: number
  #from: number
  #to: number
  #faces: PackedFaces[] = []
  #rejects: RejectedRow[] = []
  #since = 0
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
    if (this.isEmpty) this.#since = performance.now()
    if (faces.length > 0) this.#faces.push(packFaces(faces))
    this.#rejects.push(...rejects)
    this.#to = to
  }

  get isEmpty(): boolean {
    return this.#to === this.#from
  }

  /** Whether it is to be written; `idle`: nothing is being written, and whoever writes would only wait for more. */
  isEnough({ idle }: { readonly idle: boolean }): boolean {
    const enough = idle ? Math.min(fewest, this.#wanted) : this.#wanted
    return this.#to - this.#from >= enough || performance.now() - this.#since > gatherMs
  }

  /** All that was gathered, which is gone from here. */
  take(): ImportPortion {
    const portion = { from: this.#from, to: this.#to, faces: this.#faces, rejects: this.#rejects }
    this.#from = this.#to
    this.#faces = []
    this.#rejects = []
    return portion
  }

  /** Learns from a write how many rows the next ones are to have. */
  note({ from, to }: Pick<ImportPortion, 'from' | 'to'>, tookMs: number): void {
    const fitting = ((to - from) * writeMs) / Math.max(1, tookMs)
    // Not all at once: one write in the way of another says little of the next.
    const soon = Math.min(2 * this.#wanted, Math.max(fewest, fitting))
    this.#wanted = Math.round(Math.min(this.#most, soon))
  }
}
