/** Clears the database file of what was deleted, in a thread of its own. Store worker thread. */
import { once } from 'node:events'
import { statSync } from 'node:fs'
import { Worker } from 'node:worker_threads'
import { z } from 'zod'
import type { ErasureReport } from '../../../src-shared/erasure'
import { VisorError } from '../../../src-shared/errors'
import type { WriteControl } from '../written'
import { explainStorageError } from './sqlite-errors'

/** What the thread starts with, and the one message that it ends with. */
export const scrubDataSchema = z.object({ file: z.string() })
const scrubResultSchema = z.discriminatedUnion('ok', [
  z.object({ ok: z.literal(true) }),
  /** SQLite's code, or the operating system's. */
  z.object({ ok: z.literal(false), code: z.string(), message: z.string() }),
])
export type ScrubResult = z.infer<typeof scrubResultSchema>

const progressMs = 250

/**
 * Rewrites the database. Nothing may be written meanwhile. Raises `disk-full`, `store-unavailable`; the database is as it
 * was then.
 */
export async function scrubDatabase(
  file: string,
  workerUrl: URL,
  folder: string,
  { onProgress }: Pick<WriteControl, 'onProgress'>,
): Promise<ErasureReport['cleared']> {
  const bytesBefore = bytesOf(file)
  // SQLite says nothing meanwhile, but the new pages go through the log.
  const tell = () => onProgress?.({ done: Math.min(bytesBefore, sizeOf(`${file}-wal`)), total: bytesBefore })
  const timer = setInterval(tell, progressMs)
  try {
    await runScrub(file, workerUrl, folder, bytesBefore)
  } finally {
    clearInterval(timer)
  }
  return { at: new Date().toISOString(), bytesBefore, bytesAfter: bytesOf(file) }
}

async function runScrub(file: string, workerUrl: URL, folder: string, bytesBefore: number): Promise<void> {
  const worker = new Worker(workerUrl, { workerData: { file }, name: 'scrub' })
  const exit = once(worker, 'exit')
  const [raw] = await Promise.race([
    once(worker, 'message'),
    exit.then(() => Promise.reject(new Error('The thread ended without a word.'))),
  ])
  const result = scrubResultSchema.parse(raw)
  await exit
  if (!result.ok) throw stillDue(result, bytesBefore, folder)
}

/** Bytes of the database and its log. */
function bytesOf(file: string): number {
  return sizeOf(file) + sizeOf(`${file}-wal`)
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0
}

function stillDue({ code, message }: ScrubResult & { ok: false }, bytes: number, folder: string): VisorError {
  const cause = explainStorageError(Object.assign(new Error(message), { code }), folder)
  const full = cause instanceof VisorError && cause.code === 'disk-full'
  const megabytes = Math.ceil((2 * bytes) / 1e6).toLocaleString('en-GB')
  return new VisorError(
    full ? 'disk-full' : 'store-unavailable',
    full
      ? 'There is too little space to clear the database file.'
      : 'The database file could not be cleared.',
    {
      cause,
      consequence:
        'Who was erased is gone from every list and search, but bytes of them may still be in the file. It stays due.',
      remedy: full
        ? `Free about ${megabytes} MB and clear again; Visor also does it at its next start.`
        : 'Clear again; Visor also does it at its next start.',
      detail: message,
    },
  )
}
