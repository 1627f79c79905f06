/** SHA-256 of files, streamed, and remembered while they do not change. Main process and command line. */
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { systemCodeOf, VisorError } from '../../src-shared/errors'

/** A piece takes well under a millisecond to hash: main's event loop is never held up by more. */
const pieceBytes = 256 * 1024

const known = new Map<
  string,
  { readonly bytes: number; readonly modifiedMs: number; readonly sha256: string }
>()

interface HashedFile {
  readonly bytes: number
  /** 64 lower-case hexadecimal digits. */
  readonly sha256: string
}

/**
 * Size and hash of a file; `undefined` where there is none. A hash is remembered by path, size and time of change. That is
 * enough to tell what to show and to fetch; the vision process hashes the bytes that it loads, each time. Raises
 * `file-unreadable`.
 */
export async function hashFile(path: string): Promise<HashedFile | undefined> {
  try {
    const { size: bytes, mtimeMs: modifiedMs } = await stat(path)
    const last = known.get(path)
    if (last !== undefined && last.bytes === bytes && last.modifiedMs === modifiedMs) return last
    const hash = createHash('sha256')
    for await (const piece of createReadStream(path, { highWaterMark: pieceBytes })) hash.update(piece)
    const hashed = { bytes, modifiedMs, sha256: hash.digest('hex') }
    known.set(path, hashed)
    return hashed
  } catch (error) {
    const code = systemCodeOf(error)
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined
    throw new VisorError('file-unreadable', `${path} cannot be read.`, {
      cause: error,
      consequence: 'It is not known whether it is the right file.',
      remedy: 'Give yourself the right to read it, or remove it and fetch it again.',
    })
  }
}
