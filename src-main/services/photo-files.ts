/** Finds photos under files and folders, and fingerprints them. Runs in main and on the command line. */
import { createHash } from 'node:crypto'
import { createReadStream, type Dirent } from 'node:fs'
import { readdir, realpath, stat } from 'node:fs/promises'
import { extname, join, sep } from 'node:path'
import { isDiskFull, systemCodeOf, VisorError } from '../../src-shared/errors'
import { type Sha256, sha256Schema } from '../../src-shared/ids'

/** File names that are taken from a folder. A file named by itself is always tried, whatever its name. */
const photoExtensions = new Set(
  '.jpg .jpeg .jpe .jfif .png .webp .avif .tif .tiff .gif .heic .heif'.split(' '),
)

/** Whether a folder's file of this name is taken for a photo. */
export function isPhotoName(name: string): boolean {
  return !name.startsWith('.') && photoExtensions.has(extname(name).toLowerCase())
}

export interface FoundPhoto {
  readonly path: string
  /** Why it cannot be read; the photo is still listed, so that nothing is passed over in silence. */
  readonly error?: VisorError
}

/**
 * The photos at `paths`: files as they are, folders with all below them in the order of their names. Symbolic links are
 * followed, but for those that lead back to a folder they are in: its photos were not asked for. A folder that was visited
 * already is not visited again.
 *
 * @param within the folder that `paths` are in, without links; a path that leads back to it has no photos
 */
export async function* findPhotos(
  paths: readonly string[],
  signal?: AbortSignal,
  within?: string,
): AsyncGenerator<FoundPhoto> {
  const visited = new Set<string>()
  for (const path of paths) {
    const found = await stat(path).catch((cause: unknown) => fileError(path, cause))
    if (found instanceof VisorError) yield { path, error: found }
    else if (found.isDirectory()) yield* walk(path, visited, signal, within)
    else yield { path }
  }
}

async function* walk(
  folder: string,
  visited: Set<string>,
  signal?: AbortSignal,
  within?: string,
): AsyncGenerator<FoundPhoto> {
  signal?.throwIfAborted()
  const real = await realpath(folder).catch((cause: unknown) => fileError(folder, cause))
  if (real instanceof VisorError) {
    yield { path: folder, error: real }
    return
  }
  if (visited.has(real) || (within !== undefined && holds(real, within))) return
  visited.add(real)
  const entries = await listFolder(folder)
  if (entries instanceof VisorError) {
    yield { path: folder, error: entries }
    return
  }
  for (const entry of entries) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) yield* walk(path, visited, signal, real)
    else if (entry.isFile() && isPhotoName(entry.name)) yield { path }
    else if (entry.isSymbolicLink()) {
      const target = await stat(path).catch((cause: unknown) => fileError(path, cause))
      if (target instanceof VisorError) {
        if (isPhotoName(entry.name)) yield { path, error: target }
      } else if (target.isDirectory()) yield* walk(path, visited, signal, real)
      else if (target.isFile() && isPhotoName(entry.name)) yield { path }
    }
  }
}

/** Whether `inner` is `folder` or somewhere in it; both without links. */
export function holds(folder: string, inner: string): boolean {
  return inner === folder || inner.startsWith(folder.endsWith(sep) ? folder : folder + sep)
}

/** A folder's entries by name, numbers in their order (`2.jpg` before `10.jpg`). */
export async function listFolder(folder: string): Promise<Dirent[] | VisorError> {
  try {
    const entries = await readdir(folder, { withFileTypes: true })
    return entries.sort((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }))
  } catch (cause) {
    return fileError(folder, cause)
  }
}

/** SHA-256 of a file's bytes. Raises `file-missing`, `file-unreadable`, `cancelled`. */
export async function fingerprint(path: string, signal?: AbortSignal): Promise<Sha256> {
  const hash = createHash('sha256')
  try {
    for await (const chunk of createReadStream(path, { signal, highWaterMark: 256 * 1024 }))
      hash.update(chunk)
  } catch (cause) {
    signal?.throwIfAborted()
    throw fileError(path, cause)
  }
  return sha256Schema.parse(hash.digest('hex'))
}

/** The `VisorError` of a file or folder that could not be read. */
export function fileError(path: string, cause: unknown): VisorError {
  const code = systemCodeOf(cause)
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    return new VisorError('file-missing', 'The file is not there any more.', {
      cause,
      detail: path,
      remedy: 'Put it back or take it out of the list.',
    })
  }
  return new VisorError('file-unreadable', 'The file cannot be read.', {
    cause,
    detail: `${path}${code === undefined ? '' : ` (${code})`}`,
    remedy: 'Check its permissions, then retry.',
  })
}

/** The `VisorError` of a file or folder that could not be written: `disk-full` or `read-only`. */
export function writeError(path: string, cause: unknown): VisorError {
  const code = systemCodeOf(cause)
  const full = isDiskFull(cause)
  return new VisorError(
    full ? 'disk-full' : 'read-only',
    full ? 'The disk is full.' : 'The file or folder cannot be written.',
    {
      cause,
      detail: `${path}${code === undefined ? '' : ` (${code})`}`,
      consequence: 'Nothing was written there.',
      remedy: full ? 'Free some space and try again.' : 'Choose a folder that can be written to.',
    },
  )
}
