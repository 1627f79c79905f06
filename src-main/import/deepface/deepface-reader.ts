/** Reads a file that DeepFace keeps its embeddings in. Import worker thread. */
import type { ModelId } from '../../../src-shared/ids'
import { FileBytes } from '../file-bytes'
import { fileFingerprint } from '../fingerprint'
import type { PersonOfPath } from '../person-rule'
import { PickleInterpreter } from '../pickle/interpreter'
import type { Reader, ReaderFacts } from '../reader'
import { personByName, rowOf } from '../row'
import { portionRows, type SourcePerson, type SourceRow } from '../source'
import { modelOfFileName } from './file-name'
import { facesOf, layoutOf } from './rows'

/** Other entries of rows that are named in an inspection. */
const mostOthers = 20

export class DeepfaceReader implements Reader {
  readonly kind = 'deepface-pkl'
  readonly #path: string
  readonly #personOf: PersonOfPath
  readonly #modelId: ModelId | null
  #bytes: FileBytes | undefined
  #layout = 'an empty list'
  #protocol = 0
  #trailingBytes = 0
  readonly #others = new Set<string>()

  constructor(path: string, personOf: PersonOfPath) {
    this.#path = path
    this.#personOf = personOf
    this.#modelId = modelOfFileName(path)
  }

  *batches(): Generator<readonly SourceRow[]> {
    const bytes = FileBytes.open(this.#path)
    this.#bytes = bytes
    const pickle = new PickleInterpreter(bytes)
    try {
      let position = 0
      let number = 0
      let rows: SourceRow[] = []
      for (const items of pickle.batches()) {
        for (const item of items) {
          if (number === 0) this.#layout = layoutOf(item)
          for (const { part, photoPath, ...face } of facesOf(item, this.#modelId, this.#other)) {
            const key = part === null ? `row ${number}` : `row ${number} (${part})`
            rows.push(rowOf({ ...face, position, key, photoPath, person: this.#person(photoPath) }))
            position += 1
          }
          number += 1
          // A batch may name one vector a hundred thousand times.
          if (rows.length < portionRows) continue
          yield rows
          rows = []
        }
      }
      if (rows.length > 0) yield rows
      this.#protocol = pickle.protocol
      this.#trailingBytes = pickle.trailingBytes
    } finally {
      bytes.close()
      this.#bytes = undefined
    }
  }

  async holdsImages(): Promise<boolean> {
    return false
  }

  share(): number {
    return this.#bytes === undefined || this.#bytes.size === 0 ? 0 : this.#bytes.offset / this.#bytes.size
  }

  async facts(): Promise<ReaderFacts> {
    const notes: string[] = []
    const others = [...this.#others].filter((key) => key !== 'hash')
    if (this.#others.has('hash')) {
      notes.push(
        '“hash” is not kept: DeepFace makes it of the size and the times of the photo’s file, not of what is in it.',
      )
    }
    if (others.length > 0) {
      notes.push(`Rows also have ${others.map((key) => `“${key}”`).join(', ')}, which Visor has no use for.`)
    }
    notes.push('Rows are counted from 0, as Python does: “row 12” is item 12 of the list, the thirteenth.')
    if (this.#trailingBytes > 0) {
      notes.push(`${this.#trailingBytes.toLocaleString('en-GB')} bytes follow the list and are not read.`)
    }
    if (this.#modelId === null && !this.#layout.includes('ensemble')) {
      notes.push('The file’s name does not say which model its embeddings are of.')
    }
    return {
      layout: `Pickle, protocol ${this.#protocol}: ${this.#layout}`,
      fingerprint: await fileFingerprint(this.#path),
      columns: [],
      mapping: null,
      notes,
    }
  }

  async close(): Promise<void> {
    // A reading closes its file itself, also when it is given up.
  }

  readonly #other = (key: string): void => {
    if (this.#others.size < mostOthers) this.#others.add(key.slice(0, 60))
  }

  #person(path: string | null): SourcePerson | null {
    const name = path === null ? null : this.#personOf(path)
    return name === null ? null : personByName(name)
  }
}
