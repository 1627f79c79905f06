/** Where the photos of another system are now: at their paths, or in a folder that somebody names. Main, command line. */
import { access, opendir } from 'node:fs/promises'
import { isAbsolute, join, relative } from 'node:path'
import { VisorError } from '../../../src-shared/errors'

/** Where a photo is, or why nobody knows, one sentence. */
export type FoundPhoto = { readonly path: string } | { readonly why: string }

/** Of either kind of machine, without regard to case and to how accents are written. */
const segmentsOf = (path: string) =>
  path
    .normalize('NFC')
    .toLowerCase()
    .split(/[\\/]+/)
    .filter((segment) => segment !== '' && segment !== '.')

interface Listed {
  readonly path: string
  readonly segments: readonly string[]
}

export class PhotoFinder {
  /** By the name of the file. */
  readonly #files: ReadonlyMap<string, readonly Listed[]>

  private constructor(files: ReadonlyMap<string, readonly Listed[]>) {
    this.#files = files
  }

  /** Lists the folder, with all that is in it. Raises `file-missing`, and what `signal` is aborted with. */
  static async open(folder: string | null, signal?: AbortSignal): Promise<PhotoFinder> {
    const files = new Map<string, Listed[]>()
    if (folder === null) return new PhotoFinder(files)
    try {
      for await (const entry of await opendir(folder, { recursive: true })) {
        signal?.throwIfAborted()
        if (!entry.isFile()) continue
        const path = join(entry.parentPath, entry.name)
        const segments = segmentsOf(relative(folder, path))
        const name = segments.at(-1) ?? ''
        files.set(name, [...(files.get(name) ?? []), { path, segments }])
      }
    } catch (cause) {
      if (signal?.aborted === true) throw cause
      throw new VisorError('file-missing', 'The folder with the photos cannot be read.', {
        cause,
        consequence: 'No photo was looked for.',
        remedy: 'Choose another folder.',
        detail: folder,
      })
    }
    return new PhotoFinder(files)
  }

  /** The file at the path, else the one in the folder whose path ends like it for longest; of several that do nobody knows. */
  async find(path: string): Promise<FoundPhoto> {
    if (path === '') return { why: 'The source names no photo.' }
    const isThere =
      isAbsolute(path) &&
      (await access(path).then(
        () => true,
        () => false,
      ))
    if (isThere) return { path }
    const wanted = segmentsOf(path)
    let best: Listed[] = []
    let longest = 0
    for (const file of this.#files.get(wanted.at(-1) ?? '') ?? []) {
      const length = commonTail(wanted, file.segments)
      if (length < longest) continue
      if (length > longest) best = []
      longest = length
      best.push(file)
    }
    const [only] = best
    if (only === undefined) return { why: 'The photo is not there.' }
    return best.length === 1 ? { path: only.path } : { why: 'Several files could be the photo.' }
  }
}

function commonTail(a: readonly string[], b: readonly string[]): number {
  let length = 0
  while (length < a.length && length < b.length && a.at(-1 - length) === b.at(-1 - length)) length++
  return length
}
