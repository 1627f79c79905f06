/** Reads a folder of photos, one row a photo: who it is says its place, the face is found later. Import worker thread. */

import { createHash } from 'node:crypto'
import { stat } from 'node:fs/promises'
import { relative } from 'node:path'
import { byteSize } from '../../../src-shared/amounts'
import type { VisorError } from '../../../src-shared/errors'
import { findPhotos } from '../../services/photo-files'
import { fileError } from '../file-bytes'
import type { PersonOfPath } from '../person-rule'
import type { Reader, ReaderFacts } from '../reader'
import { personByName, rowOf } from '../row'
import { portionRows, type SourceRow } from '../source'

/** The rule is asked for the path below the folder: what lies in the folder itself has no parent there. */
export class FolderReader implements Reader {
  readonly kind = 'folder'
  readonly #folder: string
  readonly #personOf: PersonOfPath
  #photos = 0
  #bytes = 0
  #content = createHash('sha256')

  constructor(folder: string, personOf: PersonOfPath) {
    this.#folder = folder
    this.#personOf = personOf
  }

  async *batches(): AsyncGenerator<readonly SourceRow[]> {
    await this.#isThere()
    this.#photos = 0
    this.#bytes = 0
    this.#content = createHash('sha256')
    let rows: SourceRow[] = []
    for await (const { path, error } of findPhotos([this.#folder])) {
      const below = relative(this.#folder, path)
      rows.push(this.#row(this.#photos, path, below, error))
      this.#photos += 1
      await this.#note(path, below)
      if (rows.length < portionRows) continue
      yield rows
      rows = []
    }
    // What goes away while it is read has few photos, or none.
    await this.#isThere()
    if (rows.length > 0) yield rows
  }

  async holdsImages(): Promise<boolean> {
    return false
  }

  /** How many photos there are, nobody knows before they were listed. */
  share(): number {
    return 0
  }

  async facts(): Promise<ReaderFacts> {
    return {
      layout: `A folder of photos, ${byteSize(this.#bytes)}`,
      fingerprint: `${this.#photos} photos, SHA-256 of names, sizes and times ${this.#content.copy().digest('hex')}`,
      columns: [],
      mapping: null,
      notes: ['The photos have no embeddings yet: each is looked at when it is imported.'],
    }
  }

  async close(): Promise<void> {
    // Nothing is held open between two photos.
  }

  #row(position: number, path: string, below: string, unreadable: VisorError | undefined): SourceRow {
    const name = this.#personOf(below)
    return rowOf({
      position,
      key: below,
      person: name === null ? null : personByName(name),
      photoPath: path,
      problem: unreadable === undefined ? null : { reason: 'photo-missing', detail: unreadable.message },
    })
  }

  /** Raises `file-missing`, `file-unreadable`. */
  async #isThere(): Promise<void> {
    await stat(this.#folder).catch((cause: unknown) => {
      throw fileError(this.#folder, cause)
    })
  }

  /** Adds a photo to the fingerprint. */
  async #note(path: string, below: string): Promise<void> {
    const found = await stat(path).catch(() => null)
    this.#bytes += found?.size ?? 0
    this.#content.update(`${below}\0${found?.size ?? ''}\0${found?.mtimeMs ?? ''}\0`)
  }
}
