/** A folder that appears whole or not at all. Main and the command line. */
import { access, mkdir, readdir, rename, rm, rmdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { systemCodeOf, VisorError } from '../../../src-shared/errors'
import { writeError } from '../photo-files'
import { manifestName } from './manifest'

/** In a folder that is being written: what tells it from somebody's own folder of that name. */
export const markerName = 'visor-export-in-progress'

/**
 * Has `work` fill a new folder beside `target`, and puts it in its place when all is written. What an interrupted run left
 * is cleared away first. A folder that is there and not empty is never touched, unless `replace` and it is an export.
 *
 * Raises `conflict`, `disk-full`, `read-only`, `file-missing` (the folder vanished) and what `work` raises; then nothing
 * is at `target` that was not there before.
 */
export async function writeWholeFolder<T>(
  target: string,
  { replace }: { readonly replace: boolean },
  work: (folder: string) => Promise<T>,
): Promise<T> {
  const inPlace = await whatIsThere(target)
  if (inPlace === 'other' || (inPlace === 'export' && !replace)) throw taken(target, inPlace)
  const part = `${target}.visor-part`
  try {
    await prepare(part)
  } catch (error) {
    throw failedWrite(target, error)
  }
  try {
    const value = await work(part)
    await rm(join(part, markerName))
    await putInPlace(part, target, inPlace)
    return value
  } catch (error) {
    // What ended it says more than that what is left cannot be removed either; the next run clears it away.
    await Promise.allSettled([rm(part, { recursive: true, force: true })])
    throw failedWrite(target, error)
  }
}

/** The `VisorError` of a failed write; what is none of the file system's is passed on. */
function failedWrite(path: string, error: unknown): unknown {
  if (error instanceof VisorError || !(error instanceof Error && 'syscall' in error && 'code' in error))
    return error
  const options = { cause: error, detail: path, consequence: 'Nothing was exported.' }
  switch (error.code) {
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return new VisorError('read-only', 'The folder cannot be written to.', {
        ...options,
        remedy: 'Choose a folder that can be written to.',
      })
    case 'ENOENT':
    case 'ENOTDIR':
      return new VisorError(
        'file-missing',
        `The folder ${dirname(path)} is not there, or vanished meanwhile.`,
        {
          ...options,
          remedy: 'Make the folder, or connect the disk again, and repeat the export.',
        },
      )
    default:
      return writeError(path, error)
  }
}

/** Makes the folder to write in, without what an interrupted run left there. */
async function prepare(part: string): Promise<void> {
  await clear(part)
  await mkdir(part)
  await writeFile(join(part, markerName), '')
}

async function whatIsThere(target: string): Promise<'nothing' | 'empty' | 'export' | 'other'> {
  try {
    const names = await readdir(target)
    return names.length === 0 ? 'empty' : names.includes(manifestName) ? 'export' : 'other'
  } catch (error) {
    const code = systemCodeOf(error)
    if (code === 'ENOENT') return 'nothing'
    if (code === 'ENOTDIR') return 'other'
    throw failedWrite(target, error)
  }
}

async function putInPlace(
  part: string,
  target: string,
  inPlace: Awaited<ReturnType<typeof whatIsThere>>,
): Promise<void> {
  const before = `${target}.visor-before`
  // Fails where something was put there meanwhile.
  if (inPlace === 'empty') await rmdir(target)
  if (inPlace === 'export') {
    await clear(before)
    await rename(target, before)
  }
  try {
    await rename(part, target)
  } catch (error) {
    if (inPlace === 'export') await rename(before, target)
    throw error
  }
  // Also one that a killed run had moved aside.
  if (await isOwn(before)) await rm(before, { recursive: true, force: true })
}

/** Removes what an earlier run left there. Raises `conflict` where it is anything else. */
async function clear(folder: string): Promise<void> {
  if (await isOwn(folder)) await rm(folder, { recursive: true, force: true })
  else if (await isThere(folder)) throw taken(folder, 'other')
}

/** An export, or the beginning of one. */
async function isOwn(folder: string): Promise<boolean> {
  return (await isThere(join(folder, markerName))) || (await isThere(join(folder, manifestName)))
}

async function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}

function taken(folder: string, inPlace: 'export' | 'other'): VisorError {
  return new VisorError(
    'conflict',
    inPlace === 'export' ? 'There is an export already.' : 'The folder is not empty.',
    {
      detail: folder,
      consequence: 'Nothing was exported, and nothing there was touched.',
      remedy:
        inPlace === 'export' ? 'Name another folder, or replace it with --force.' : 'Name another folder.',
    },
  )
}
