/** Files out of a zip archive on a web server. Main process and command line. */
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { openPromise } from 'yauzl'
import { VisorError } from '../../src-shared/errors'
import { corruptDownload, writeFailure } from './fetch-errors'
import type { Transfer } from './transfer'
import type { CheckedFile, WorkFolder } from './work-folder'

/** No archive may be larger: the largest pack's has 275 MB. */
const archiveLimitBytes = 2 * 1024 ** 3

/** Downloads the archive into the work folder and writes the files wanted of it there. */
export async function readZip(url: string, transfer: Transfer): Promise<readonly CheckedFile[]> {
  const archive = join(transfer.work.path, 'archive.zip')
  await download(url, archive, transfer)
  return unzip(archive, transfer)
}

async function download(url: string, archive: string, transfer: Transfer): Promise<void> {
  const { work, guard, progress } = transfer
  const response = await fetch(url, { signal: guard.signal })
  if (!response.ok || response.body === null) {
    throw new Error(`The server answered ${response.status} ${response.statusText}.`)
  }
  if (!isSafe(response.url)) throw new Error('The server led to an address that is not encrypted.')
  const totalBytes = Number(response.headers.get('content-length') ?? 0)
  const file = await onDisk(open(archive, 'wx'), work)
  try {
    let bytes = 0
    for await (const piece of response.body) {
      guard.moved()
      bytes += piece.byteLength
      if (bytes > archiveLimitBytes) throw new Error(`The archive is larger than ${archiveLimitBytes} bytes.`)
      await onDisk(file.write(piece), work)
      if (totalBytes > 0) progress.share(Math.min(1, bytes / totalBytes))
    }
  } finally {
    await file.close()
  }
}

async function unzip(archive: string, { wanted, work }: Transfer): Promise<readonly CheckedFile[]> {
  const [anyWanted] = wanted.values()
  const files: CheckedFile[] = []
  const zip = await openPromise(archive, { lazyEntries: true, autoClose: false }).catch((error: unknown) => {
    throw damaged(error)
  })
  try {
    for await (const entry of zip.eachEntry()) {
      const artefact = wanted.get(entry.fileName)
      if (artefact === undefined) continue
      files.push(await work.write(artefact, await zip.openReadStreamPromise(entry), () => {}))
    }
  } catch (error) {
    throw damaged(error)
  } finally {
    zip.close()
  }
  const missing = [...wanted.values()].find((artefact) => !files.some((file) => file.artefact === artefact))
  if (missing !== undefined) throw corruptDownload(missing, work.target, 'It is not in the archive.')
  return files

  function damaged(error: unknown): Error {
    if (error instanceof VisorError || anyWanted === undefined) return error as Error
    return corruptDownload(anyWanted, work.target, error instanceof Error ? error.message : String(error))
  }
}

/** Encrypted, or on this very computer. */
function isSafe(url: string): boolean {
  const { protocol, hostname } = new URL(url)
  return protocol === 'https:' || hostname === '127.0.0.1' || hostname === 'localhost'
}

async function onDisk<T>(work: Promise<T>, { target }: WorkFolder): Promise<T> {
  try {
    return await work
  } catch (error) {
    throw writeFailure(error, target)
  }
}
