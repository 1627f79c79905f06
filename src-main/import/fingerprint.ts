/** Tells whether a file is the one that was read before. Import worker thread. */
import { stat } from 'node:fs/promises'
import { fingerprint } from '../services/photo-files'
import { fileError } from './file-bytes'

/** `1234 bytes, SHA-256 …` of a file's content. Raises `file-missing`, `file-unreadable`. */
export async function fileFingerprint(path: string): Promise<string> {
  const { size } = await stat(path).catch((cause: unknown) => {
    throw fileError(path, cause)
  })
  return `${size} bytes, SHA-256 ${await fingerprint(path)}`
}
