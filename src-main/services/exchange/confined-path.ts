/** Paths that somebody else wrote down: they stay inside their folder, or are refused. Main and the command line. */
import { constants } from 'node:fs'
import { open, realpath, stat } from 'node:fs/promises'
import { isAbsolute, join, relative, sep } from 'node:path'
import { VisorError } from '../../../src-shared/errors'
import { fileError } from '../photo-files'

/**
 * The real path of `path`, given with `/` between its parts, inside `root`. Raises `invalid-argument` where it leads
 * out of it (by `..`, a root, a drive, a backslash or a symbolic link), `file-missing`, `file-unreadable`
 * (neither file nor folder, or the file system's reasons).
 */
export async function confinedPath(root: string, path: string): Promise<string> {
  const parts = path.split('/')
  const escapes = parts.some((part) => part === '' || part === '.' || part === '..' || /[\\:\0]/.test(part))
  if (escapes || isAbsolute(path)) throw outside(path)
  const real = async (at: string) =>
    realpath(at).catch((cause: unknown) => {
      throw fileError(at, cause)
    })
  const realRoot = await real(root)
  const found = await real(join(realRoot, ...parts))
  const way = relative(realRoot, found)
  if (way === '' || way === '..' || way.startsWith(`..${sep}`) || isAbsolute(way)) throw outside(path)
  const status = await stat(found).catch((cause: unknown) => {
    throw fileError(found, cause)
  })
  // Reading a pipe or a device may never end.
  if (status.isFile() || status.isDirectory()) return found
  throw new VisorError('file-unreadable', 'The export names something that is no file.', { detail: path })
}

/** The bytes of a regular file of at most so many. Raises `file-too-large`, `file-missing`, `file-unreadable`. */
export async function readLimited(path: string, mostBytes: number): Promise<Buffer> {
  // Without waiting for whoever writes into it, should it be a pipe.
  const flags = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0)
  const file = await open(path, flags).catch((cause: unknown) => {
    throw fileError(path, cause)
  })
  try {
    const status = await file.stat()
    if (!status.isFile()) throw new VisorError('file-unreadable', 'That is not a file.', { detail: path })
    if (status.size > mostBytes) {
      throw new VisorError('file-too-large', 'The file is larger than such a file can be.', { detail: path })
    }
    return await file.readFile()
  } catch (cause) {
    throw cause instanceof VisorError ? cause : fileError(path, cause)
  } finally {
    await file.close()
  }
}

function outside(path: string): VisorError {
  return new VisorError('invalid-argument', 'The export names a file outside its own folder.', {
    detail: path,
    consequence: 'That file was not touched.',
    remedy: 'Do not import this folder unless you know who made it.',
  })
}
