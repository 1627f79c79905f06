/** Writes a fetched file beside its place, checks it, and moves it in. Main process and command line. */
import { createHash, randomUUID } from 'node:crypto'
import { mkdir, mkdtemp, open, readdir, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Artefact } from '../../src-shared/model-pack'
import { corruptDownload, writeFailure } from './fetch-errors'
import { stateOfFile } from './pack-files'

const prefix = '.fetching-'
/** Older than this, a work folder is what a killed process left. */
const leftoverMs = 24 * 3_600_000

/** A file that has been written and checked, and is not in its place yet. */
export interface CheckedFile {
  readonly artefact: Artefact
  readonly path: string
}

/**
 * A folder of one's own inside the target folder, so that the last step is a rename on one disk: others, this process or
 * another, see the whole file or none, and two who fetch the same file do not meet.
 */
export class WorkFolder {
  readonly target: string
  readonly path: string

  private constructor(target: string, path: string) {
    this.target = target
    this.path = path
  }

  /** Makes `target` where it is missing. Raises `read-only` or `disk-full`. */
  static async open(target: string): Promise<WorkFolder> {
    try {
      await mkdir(target, { recursive: true })
      await removeLeftovers(target)
      return new WorkFolder(target, await mkdtemp(join(target, prefix)))
    } catch (error) {
      throw writeFailure(error, target)
    }
  }

  /**
   * Writes `pieces` and checks size and hash of what was written. Raises `download-corrupt` (it stops as soon as there is
   * more than there should be), `disk-full`, `read-only`, and what reading `pieces` throws.
   */
  async write(
    artefact: Artefact,
    pieces: AsyncIterable<Uint8Array>,
    written: (bytes: number) => void,
  ): Promise<CheckedFile> {
    const path = join(this.path, `${artefact.name}.${randomUUID()}`)
    const file = await this.#onDisk(open(path, 'wx'))
    try {
      const hash = createHash('sha256')
      let bytes = 0
      for await (const piece of pieces) {
        bytes += piece.byteLength
        if (bytes > artefact.bytes) {
          throw corruptDownload(artefact, this.target, `It is larger than ${artefact.bytes} bytes.`)
        }
        hash.update(piece)
        await this.#onDisk(file.write(piece))
        written(piece.byteLength)
      }
      const sha256 = hash.digest('hex')
      if (sha256 !== artefact.sha256) {
        throw corruptDownload(artefact, this.target, `SHA-256 is ${sha256} over ${bytes} bytes.`)
      }
      await this.#onDisk(file.sync())
    } finally {
      await this.#onDisk(file.close())
    }
    return { artefact, path }
  }

  /** Moves a checked file into its place, over what is there. */
  async place({ artefact, path }: CheckedFile): Promise<void> {
    try {
      await rename(path, join(this.target, artefact.name))
    } catch (error) {
      // Windows refuses where somebody has the old file open; if that one is right, another process was faster.
      if ((await stateOfFile(artefact, this.target)) !== 'present') throw writeFailure(error, this.target)
    }
  }

  /** Removes the folder with all that was not moved out. */
  async close(): Promise<void> {
    await rm(this.path, { recursive: true, force: true })
  }

  async #onDisk<T>(work: Promise<T>): Promise<T> {
    try {
      return await work
    } catch (error) {
      throw writeFailure(error, this.target)
    }
  }
}

async function removeLeftovers(target: string): Promise<void> {
  for (const name of await readdir(target)) {
    if (!name.startsWith(prefix)) continue
    const path = join(target, name)
    // It may have gone since it was listed: its owner has finished.
    const found = await stat(path).catch(() => undefined)
    if (found !== undefined && Date.now() - found.mtimeMs > leftoverMs) await rm(path, { recursive: true })
  }
}
