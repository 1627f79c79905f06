/** Reads a photo's bytes, once, and refuses what cannot be a photo before reading it. Vision process. */
import { constants } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { VisorError } from '../../../src-shared/errors'
import type { PhotoSource } from '../../../src-shared/vision-protocol'

/** Larger files are refused without being read, bytes. */
const maxFileBytes = 150 * 1024 * 1024

/**
 * The bytes of `source`. Raises `file-missing`, `file-unreadable` (also for a folder, a pipe or a device), `file-empty`
 * and `file-too-large`.
 */
export async function readSource(source: PhotoSource): Promise<Uint8Array> {
  if ('bytes' in source) {
    checkSize(source.bytes.byteLength)
    return source.bytes
  }
  // Without O_NONBLOCK, opening a pipe waits for a writer that may never come.
  const handle = await open(source.path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0)).catch(refuse)
  try {
    return await readFile(handle)
  } finally {
    await handle.close()
  }
}

async function readFile(handle: FileHandle): Promise<Uint8Array> {
  const stat = await handle.stat().catch(refuse)
  if (!stat.isFile()) {
    throw new VisorError('file-unreadable', 'This is not a file.', {
      consequence: 'It was left out.',
      remedy: 'Choose a photo, or a folder of photos.',
    })
  }
  checkSize(stat.size)
  const bytes = Buffer.allocUnsafeSlow(stat.size)
  let length = 0
  while (length < bytes.length) {
    const { bytesRead } = await handle.read(bytes, length, bytes.length - length, length).catch(refuse)
    if (bytesRead === 0) break
    length += bytesRead
  }
  checkSize(length)
  return bytes.subarray(0, length)
}

function checkSize(bytes: number): void {
  if (bytes === 0) {
    throw new VisorError('file-empty', 'The file is empty.', { consequence: 'It was left out.' })
  }
  if (bytes > maxFileBytes) {
    const [megabytes, limit] = [Math.round(bytes / 1024 / 1024), maxFileBytes / 1024 / 1024]
    throw new VisorError('file-too-large', `The file has ${megabytes} MB; Visor reads up to ${limit} MB.`, {
      consequence: 'It was left out without being read.',
      remedy: 'Save the photo as a JPEG.',
    })
  }
}

function refuse(cause: NodeJS.ErrnoException): never {
  if (cause.code === 'ENOENT' || cause.code === 'ENOTDIR') {
    throw new VisorError('file-missing', 'The file is not there.', {
      cause,
      consequence: 'It was left out.',
      remedy: 'It may have been moved or deleted; add it again from where it is now.',
    })
  }
  throw new VisorError('file-unreadable', 'The file cannot be read.', {
    cause,
    consequence: 'It was left out.',
    remedy: 'Check that you may read it and that the disk is connected.',
  })
}
