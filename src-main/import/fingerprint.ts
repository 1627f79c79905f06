/** Tells whether a file is the one that was read before. Import worker thread. */
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { fileError } from './file-bytes'

/** `1234 bytes, SHA-256 …` of a file's content. Raises `file-missing`, `file-unreadable`. */
export async function fileFingerprint(path: string): Promise<string> {
  const hash = createHash('sha256')
  let bytes = 0
  try {
    await pipeline(
      createReadStream(path, { highWaterMark: 1024 * 1024 }),
      async (chunks: AsyncIterable<Buffer>) => {
        for await (const chunk of chunks) {
          hash.update(chunk)
          bytes += chunk.length
        }
      },
    )
  } catch (cause) {
    throw fileError(path, cause)
  }
  return `${bytes} bytes, SHA-256 ${hash.digest('hex')}`
}
