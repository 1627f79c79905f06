/** Which kind of source is somewhere, by looking at it. Import worker thread, main, command line. */
import { open, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { VisorError } from '../../src-shared/errors'
import type { ImportKind, SourcePlace } from '../../src-shared/import'
import { fileError } from './file-bytes'

/** Raises `file-missing`, `file-unreadable`, and `format-unsupported` where it is nothing that is known. */
export async function findKind(place: SourcePlace): Promise<ImportKind> {
  if (place.at === 'server') return 'legacy-postgres'
  try {
    const { path } = place
    const found = await stat(path)
    if (found.isDirectory()) return (await isOfVisor(path)) ? 'visor' : 'folder'
    // A pipe or a device may never end, or never begin.
    if (!found.isFile()) throw unsupported(path)
    return kindOfFile(path, await beginning(path))
  } catch (cause) {
    throw fileError(place.path, cause)
  }
}

/** A data folder of Visor, or an export of one. */
async function isOfVisor(folder: string): Promise<boolean> {
  for (const name of ['visor.sqlite', 'visor-manifest.json']) {
    const found = await stat(join(folder, name)).then(
      () => true,
      () => false,
    )
    if (found) return true
  }
  return false
}

async function beginning(path: string): Promise<Buffer> {
  const file = await open(path, 'r')
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(16), 0, 16, 0)
    return buffer.subarray(0, bytesRead)
  } finally {
    await file.close()
  }
}

function kindOfFile(path: string, bytes: Buffer): ImportKind {
  // https://www.sqlite.org/fileformat.html#magic_header_string
  if (bytes.toString('latin1') === 'SQLite format 3\0') return 'legacy-sqlite'
  const [first = 0, second = 0] = bytes
  const isPickle = first === 0x80 ? second <= 5 : bytes.toString('latin1', 0, 2) === '(l' || first === 0x5d
  if (isPickle) return 'deepface-pkl'
  throw unsupported(path)
}

const unsupported = (path: string) =>
  new VisorError('format-unsupported', `“${path}” is nothing that Visor can import.`, {
    consequence: 'Nothing was read.',
    remedy: 'Visor reads pickles of DeepFace, SQLite files and folders of photos.',
  })
